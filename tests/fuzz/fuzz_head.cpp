// The head of a response: in one piece and byte by byte; its fields; written again.
#include <string>

#include "base/ascii.h"
#include "fuzz.h"
#include "http/noted_fields.h"
#include "http/response_head.h"

using namespace tinyaws;
using namespace tinyaws::fuzz;

namespace {

bool is_status_line(Str line) {
  const bool begins = line.substr(0, 9) == "HTTP/1.1 " || line.substr(0, 9) == "HTTP/1.0 ";
  if (!begins || line.size() < 12 || line[9] < '1' || line[9] > '5') return false;
  const bool digits = line[10] >= '0' && line[10] <= '9' && line[11] >= '0' && line[11] <= '9';
  return digits && (line.size() == 12 || line[12] == ' ');
}

bool is_field_line(Str line) {
  const size_t colon = line.find(':');
  return colon != Str::npos && is_token(line.substr(0, colon));
}

// The head's size, read line by line with all of it at hand; 0 when there is none.
size_t naive_head_size(Str text) {
  for (size_t begin = 0;;) {
    const size_t end = text.find("\r\n", begin);
    if (end == Str::npos) return 0;
    const Str line = text.substr(begin, end - begin);
    if (line.find_first_of(Str("\r\n\0", 3)) != Str::npos) return 0;
    if (line.empty() && begin > 0) return end + 2;
    if (!(begin == 0 ? is_status_line(line) : is_field_line(line))) return 0;
    begin = end + 2;
  }
}

// The head arrives byte by byte: the answer is the same, and stands as soon as it can.
void check_byte_by_byte(const Block& block, Status whole, size_t size) {
  size_t scanned = 0;
  Status status = Status::kPending;
  size_t n = 0;
  for (; n <= block.text().size(); ++n) {
    const size_t before = scanned;
    status = scan_head(block.reveal(n), scanned);
    check(scanned >= before && scanned <= n);
    if (status != Status::kPending) break;
  }
  check(status == whole);
  if (status == Status::kOk) check(scanned == size && n == size);
}

bool naive_list_has(Str list, Str member) {
  Input items(list);
  while (!items.empty()) {
    if (equals_ignoring_case(trim_blanks(items.text_before(',')), member)) return true;
  }
  return false;
}

void check_lists(Str value) {
  for (const Str member : {Str("close"), Str("keep-alive")}) {
    check(list_has(value, member) == naive_list_has(value, member));
  }
}

// All fields, as they were read.
std::string check_fields(Bytes head) {
  std::string written(head.data(), head.find('\n') + 1);
  FieldReader reader(head);
  Header field;
  const ResponseHead response{read_status(head), head};
  while (reader.next(field)) {
    check(is_within(field.name, head) && is_within(field.value, head));
    check(is_token(field.name) && trim_blanks(field.value) == field.value && !has_forbidden_byte(field.value));
    check(response.header(field.name).data() <= field.value.data() || field.value.empty());
    check_lists(field.value);
    written.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  return written + "\r\n";
}

void check_same(const Framing& a, const Framing& b) {
  check(a.body == b.body && a.length == b.length && a.keep_alive == b.keep_alive);
}

void check_framing(const ResponseHead& head, const ResponseHead& again, bool to_head_request) {
  Framing framing;
  Framing second;
  const Status status = read_framing(head, to_head_request, framing);
  check(read_framing(again, to_head_request, second) == status);
  if (status != Status::kOk) {
    check(status == Status::kMalformedLength || status == Status::kConflictingLength ||
          status == Status::kUnknownCoding);
    return;
  }
  check_same(framing, second);
  const bool counted = framing.body == Receiving::kCounted;
  check(counted || framing.length == 0);
  check(counted == !head.header("content-length").empty() || framing.body == Receiving::kDone);
  if (framing.body == Receiving::kChunked) check(!head.header("transfer-encoding").empty());
  if (framing.body == Receiving::kUntilClose) check(!framing.keep_alive);
  if (to_head_request || head.status == 204) check(framing.body == Receiving::kDone);
}

void check_head(Bytes bytes, bool to_head_request) {
  const ResponseHead head{read_status(bytes), bytes};
  check(head.status >= 100 && head.status <= 599);
  check(is_within(head.status_line(), bytes) && head.status_line().size() >= 12);
  const std::string written = check_fields(bytes);
  const Block again(written);
  size_t scanned = 0;
  check(scan_head(again.text(), scanned) == Status::kOk && scanned == written.size());
  check(check_fields(again.text()) == written);
  check_framing(head, {read_status(again.text()), again.text()}, to_head_request);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  Input input(data, size);
  const bool to_head_request = input.flag();
  const Block block(input.rest());
  size_t scanned = 0;
  const Status status = scan_head(block.text(), scanned);
  check(scanned <= block.text().size());
  check((status == Status::kOk ? scanned : 0) == naive_head_size(block.text()));
  check_byte_by_byte(block, status, scanned);
  if (status == Status::kOk) check_head(block.reveal(scanned), to_head_request);
  return 0;
}
