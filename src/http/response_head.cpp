#include "http/response_head.h"

#include <cstring>

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
  const size_t size = line.size() < kVersionPrefix.size() ? line.size() : kVersionPrefix.size();
  return std::memcmp(line.data(), kVersionPrefix.data(), size) == 0;
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

struct FramingFields {
  Str length;
  Str coding;
  int lengths = 0;
  int codings = 0;
  bool close = false;
  bool keep_alive = false;
};

FramingFields read_framing_fields(Bytes head) {
  FramingFields found;
  FieldReader reader(head);
  Header field;
  while (reader.next(field)) {
    if (equals_ignoring_case(field.name, "content-length")) {
      ++found.lengths;
      found.length = field.value;
    } else if (equals_ignoring_case(field.name, "transfer-encoding")) {
      ++found.codings;
      found.coding = field.value;
    } else if (equals_ignoring_case(field.name, "connection")) {
      found.close |= list_has(field.value, "close");
      found.keep_alive |= list_has(field.value, "keep-alive");
    }
  }
  return found;
}

Status choose_body(const FramingFields& fields, bool http_1_0, Framing& framing) {
  if (fields.lengths > 1 || (fields.lengths > 0 && fields.codings > 0)) return Status::kConflictingLength;
  if (fields.codings > 0) {
    framing.body = Framing::Body::kChunked;
    const bool known = fields.codings == 1 && equals_ignoring_case(fields.coding, "chunked") && !http_1_0;
    return known ? Status::kOk : Status::kUnknownCoding;
  }
  if (fields.lengths == 0) {
    framing.body = Framing::Body::kUntilClose;
    framing.keep_alive = false;
    return Status::kOk;
  }
  framing.body = Framing::Body::kCounted;
  return parse_length(fields.length, framing.length) ? Status::kOk : Status::kMalformedLength;
}

}  // namespace

bool list_has(Str list, Str member) {
  for (;;) {
    const size_t comma = list.find(',');
    const Str item(list.data(), comma == Str::npos ? list.size() : comma);
    if (equals_ignoring_case(trim_blanks(item), member)) return true;
    if (comma == Str::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

bool has_forbidden_byte(Str line) {
  return std::memchr(line.data(), '\0', line.size()) != nullptr ||
         std::memchr(line.data(), '\r', line.size()) != nullptr;
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
  rest_.remove_prefix(rest_.find('\n') + 1);
}

bool FieldReader::next(Header& field) {
  const size_t end = rest_.find('\r');
  if (end == 0 || end == Str::npos) return false;
  const Str line(rest_.data(), end);
  const size_t colon = line.find(':');
  field.name = Str(line.data(), colon);
  field.value = trim_blanks({line.data() + colon + 1, line.size() - colon - 1});
  rest_.remove_prefix(end + 2);
  return true;
}

Status read_framing(const ResponseHead& head, bool to_head_request, Framing& framing) {
  const bool http_1_0 = head.bytes[7] == '0';
  const FramingFields fields = read_framing_fields(head.bytes);
  framing = Framing();
  framing.keep_alive = !fields.close && (!http_1_0 || fields.keep_alive);
  const bool bodiless = to_head_request || head.status < 200 || head.status == 204 || head.status == 304;
  return bodiless ? Status::kOk : choose_body(fields, http_1_0, framing);
}

Str ResponseHead::header(Str name) const {
  if (bytes.empty()) return {};
  FieldReader reader(bytes);
  Header field;
  while (reader.next(field)) {
    if (equals_ignoring_case(field.name, name)) return field.value;
  }
  return {};
}

Str ResponseHead::status_line() const {
  return {bytes.data(), bytes.empty() ? 0 : bytes.find('\r')};
}

}  // namespace tinyaws
