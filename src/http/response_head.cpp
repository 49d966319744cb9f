#include "http/response_head.h"

#include "base/ascii.h"
#include "http/noted_fields.h"

namespace tinyaws {
namespace {

constexpr size_t kPrefixSize = 7;  // "HTTP/1."
constexpr size_t kStatusEnd = 12;  // "HTTP/1.1 200"
constexpr size_t kMaxLengthDigits = 19;

// Whether all of the first `size` bytes that are there lie between the lowest and the highest that may stand there.
bool begins_like_status_line(Str line, size_t size) {
  static constexpr char kBounds[] = "HHTTTTPP//11..01  150909";
  for (size_t i = 0; i < size && i < line.size(); ++i) {
    if (line[i] < kBounds[2 * i] || line[i] > kBounds[2 * i + 1]) return false;
  }
  return true;
}

// "HTTP/1.1 200 OK", the reason and the blank before it being optional.
bool is_status_line(Str line) {
  return line.size() >= kStatusEnd && begins_like_status_line(line, kStatusEnd) &&
         (line.size() == kStatusEnd || line[kStatusEnd] == ' ');
}

bool is_field_line(Str line) {
  const size_t colon = line.find(':');
  return colon != Str::npos && is_token({line.data(), colon});
}

// What can be told of a line before its end has come: a verdict must not depend on the pieces that came.
Status check_begun(Str line, bool first) {
  if (first && !begins_like_status_line(line, kPrefixSize)) return Status::kMalformedHead;
  return has_forbidden_byte(line) ? Status::kForbiddenByte : Status::kOk;
}

bool parse_length(Str text, uint64_t& length) {
  if (text.empty() || text.size() > kMaxLengthDigits) return false;
  length = 0;
  for (char c : text) {
    if (!is_digit(static_cast<unsigned char>(c))) return false;
    length = length * 10 + static_cast<uint64_t>(c - '0');
  }
  return true;
}

Status choose_body(const NotedFields& noted, bool http_1_0, Framing& framing) {
  const size_t lengths = noted.count(NotedFields::kContentLength);
  const size_t codings = noted.count(NotedFields::kTransferEncoding);
  if (lengths > 1 || (lengths > 0 && codings > 0)) return Status::kConflictingLength;
  if (codings > 0) {
    framing.body = Receiving::kChunked;
    const bool known =
        codings == 1 && !http_1_0 && equals_ignoring_case(noted.value(NotedFields::kTransferEncoding), "chunked");
    return known ? Status::kOk : Status::kUnknownCoding;
  }
  if (lengths == 0) {
    framing.body = Receiving::kUntilClose;
    framing.keep_alive = false;
    return Status::kOk;
  }
  framing.body = Receiving::kCounted;
  return parse_length(noted.value(NotedFields::kContentLength), framing.length) ? Status::kOk
                                                                                : Status::kMalformedLength;
}

}  // namespace

bool has_forbidden_byte(Str line) {
  return line.has('\0') || line.has('\r');
}

Status scan_head(Bytes received, size_t& scanned) {
  for (;;) {
    const bool first = scanned == 0;
    const Str rest(received.data() + scanned, received.size() - scanned);
    Str line = rest.before('\n');
    const bool has_lf = line.size() < rest.size();
    const bool has_cr = !line.empty() && line.back() == '\r';
    if (has_cr) line.remove_suffix(1);
    const Status status = check_begun(line, first);
    if (status != Status::kOk) return status;
    if (!has_lf) return Status::kPending;
    const bool ends_head = line.empty() && !first;
    const bool good = ends_head || (first ? is_status_line(line) : is_field_line(line));
    if (!has_cr || !good) return Status::kMalformedHead;
    scanned += line.size() + 2;
    if (ends_head) return Status::kOk;
  }
}

uint16_t read_status(Bytes head) {
  return static_cast<uint16_t>((head[9] - '0') * 100 + (head[10] - '0') * 10 + (head[11] - '0'));
}

FieldReader::FieldReader(Bytes head) : rest_(head) {
  (void)take_until(rest_, '\n');
}

bool FieldReader::next(Header& field) {
  Str line = take_until(rest_, '\n');
  if (line.size() < 2) return false;
  line.remove_suffix(1);
  field.name = take_until(line, ':');
  field.value = trim_blanks(line);
  return true;
}

Status read_framing(const ResponseHead& head, bool to_head_request, Framing& framing) {
  NotedFields noted;
  Header field;
  for (FieldReader reader(head.bytes); reader.next(field);) noted.note(field);
  const bool http_1_0 = head.bytes[kPrefixSize] == '0';
  framing = Framing();
  framing.keep_alive = !noted.closes() && (!http_1_0 || noted.keeps_alive());
  const bool bodiless = to_head_request || head.status < 200 || head.status == 204 || head.status == 304;
  return bodiless ? Status::kOk : choose_body(noted, http_1_0, framing);
}

Str ResponseHead::header(Str name) const {
  Header field;
  for (FieldReader reader(bytes); reader.next(field);) {
    if (equals_ignoring_case(field.name, name)) return field.value;
  }
  return {};
}

Str ResponseHead::status_line() const {
  return bytes.before('\r');
}

}  // namespace tinyaws
