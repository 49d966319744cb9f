#include "http/response_head.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

constexpr Str kVersionPrefix = "HTTP/1.";
constexpr size_t kVersionSize = 8;  // "HTTP/1.1"
constexpr size_t kMaxLengthDigits = 19;

// "HTTP/1.1 200 OK", the reason and the blank before it being optional.
bool is_status_line(Str line) {
  if (line.size() < kVersionSize + 4 || !starts_with(line, kVersionPrefix)) return false;
  if (line[7] != '0' && line[7] != '1') return false;
  if (line[8] != ' ' || line[9] < '1' || line[9] > '5') return false;
  if (!is_digit(static_cast<unsigned char>(line[10])) || !is_digit(static_cast<unsigned char>(line[11])))
    return false;
  return line.size() == kVersionSize + 4 || line[12] == ' ';
}

bool is_field_line(Str line) {
  const size_t colon = line.find(':');
  return colon != Str::npos && is_token({line.data(), colon});
}

bool begins_like_status_line(Str line) {
  return starts_with(line, kVersionPrefix.substr(0, line.size()));
}

// The order of the checks is that of check_partial_line: a verdict must not depend on the pieces that came.
Status check_line(Str line, bool first) {
  if (first && !begins_like_status_line(line)) return Status::kMalformedHead;
  if (has_forbidden_byte(line)) return Status::kForbiddenByte;
  return (first ? is_status_line(line) : is_field_line(line)) ? Status::kOk : Status::kMalformedHead;
}

// A bare CR or a wrong start need not wait for the end of the line.
Status check_partial_line(Str line, bool first) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (first && !begins_like_status_line(line)) return Status::kMalformedHead;
  return has_forbidden_byte(line) ? Status::kForbiddenByte : Status::kPending;
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

// How many fields of a name there are; `value` is that of the last one.
size_t count_fields(Bytes head, Str name, Str& value) {
  size_t count = 0;
  Header field;
  for (FieldReader reader(head); reader.next(field);) {
    if (!equals_ignoring_case(field.name, name)) continue;
    value = field.value;
    ++count;
  }
  return count;
}

bool connection_has(Bytes head, Str option) {
  Header field;
  for (FieldReader reader(head); reader.next(field);) {
    if (equals_ignoring_case(field.name, "connection") && list_has(field.value, option)) return true;
  }
  return false;
}

Status choose_body(Bytes head, bool http_1_0, Framing& framing) {
  Str length;
  Str coding;
  const size_t lengths = count_fields(head, "content-length", length);
  const size_t codings = count_fields(head, "transfer-encoding", coding);
  if (lengths > 1 || (lengths > 0 && codings > 0)) return Status::kConflictingLength;
  if (codings > 0) {
    framing.body = Framing::Body::kChunked;
    const bool known = codings == 1 && equals_ignoring_case(coding, "chunked") && !http_1_0;
    return known ? Status::kOk : Status::kUnknownCoding;
  }
  if (lengths == 0) {
    framing.body = Framing::Body::kUntilClose;
    framing.keep_alive = false;
    return Status::kOk;
  }
  framing.body = Framing::Body::kCounted;
  return parse_length(length, framing.length) ? Status::kOk : Status::kMalformedLength;
}

}  // namespace

bool list_has(Str list, Str member) {
  while (!list.empty()) {
    if (equals_ignoring_case(trim_blanks(take_until(list, ',')), member)) return true;
  }
  return false;
}

bool has_forbidden_byte(Str line) {
  return line.find('\0') != Str::npos || line.find('\r') != Str::npos;
}

Status scan_head(Bytes received, size_t& scanned) {
  for (;;) {
    const bool first = scanned == 0;
    const Str rest(received.data() + scanned, received.size() - scanned);
    const size_t lf = rest.find('\n');
    if (lf == Str::npos) return check_partial_line(rest, first);
    if (lf == 0 || rest[lf - 1] != '\r') {
      const Status status = check_partial_line({rest.data(), lf}, first);
      return status == Status::kPending ? Status::kMalformedHead : status;
    }
    const Str line(rest.data(), lf - 1);
    if (line.empty() && !first) {
      scanned += lf + 1;
      return Status::kOk;
    }
    const Status status = check_line(line, first);
    if (status != Status::kOk) return status;
    scanned += lf + 1;
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
  const bool http_1_0 = head.bytes[7] == '0';
  framing = Framing();
  framing.keep_alive =
      !connection_has(head.bytes, "close") && (!http_1_0 || connection_has(head.bytes, "keep-alive"));
  const bool bodiless = to_head_request || head.status < 200 || head.status == 204 || head.status == 304;
  return bodiless ? Status::kOk : choose_body(head.bytes, http_1_0, framing);
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
