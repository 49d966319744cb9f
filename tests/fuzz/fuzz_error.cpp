// Errors of services: head and body as they come. The first byte says status and extent; then come the head's fields,
// a line each, an empty line, and the body.
#include <string>

#include "base/ascii.h"
#include "fuzz.h"
#include "http/response_head.h"
#include "text/xml.h"
#include "tinyaws/error_info.h"
#include "tinyaws/http.h"

using namespace tinyaws;
using namespace tinyaws::fuzz;

namespace {

constexpr Str kStatuses[] = {"400 Bad Request",       "403 Forbidden",       "404",   "503 Slow Down", "500 ",
                             "301 Moved Permanently", "429 Too Many Things", "200 OK"};

std::string write_head(Str status, Str& rest) {
  std::string out = "HTTP/1.1 " + std::string(status) + "\r\n";
  Input input(rest);
  for (Str line = input.text_before('\n'); !line.empty(); line = input.text_before('\n')) {
    out.append(line).append("\r\n");
  }
  rest = input.rest();
  size_t scanned = 0;
  if (scan_head(out + "\r\n", scanned) == Status::kOk) return out + "\r\n";
  return "HTTP/1.1 " + std::string(status) + "\r\n\r\n";
}

bool same(const ErrorTraits& a, const ErrorTraits& b) {
  return a.transient == b.transient && a.throttling == b.throttling && a.clock == b.clock &&
         a.credentials == b.credentials;
}

void check_views(const ErrorInfo& error, Str head, Str document) {
  for (const Str view : {error.code, error.message, error.request_id, error.extended_request_id, error.region}) {
    check(is_within(view, head) || is_within(view, document));
  }
}

void check_none(const ErrorInfo& error) {
  check(error.status == 0 && error.error_class() == ErrorClass::kNone && !error.retryable());
  check(error.code.empty() && error.message.empty() && error.request_id.empty() && error.region.empty());
  check(!error.parsed && !error.message_cut && same(error.traits, {}));
}

void check_traits(const ErrorInfo& error, const ResponseHead& head) {
  ErrorTraits wanted = traits_of(error.code, error.status < 300 ? 500 : error.status);
  if (error.code == "AccessDeniedException" && head.header("date").empty()) wanted.clock = false;
  check(same(error.traits, wanted));
  check(error.retryable() == (error.traits.transient || error.traits.throttling));
  check(error.error_class() != ErrorClass::kNone && !name(error.error_class()).empty());
  if (error.status == 503) check(error.retryable());
  if (error.status == 429) check(error.error_class() == ErrorClass::kThrottling);
}

void check_error(const ErrorInfo& error, const ResponseHead& head, Str document, Extent extent) {
  check_views(error, head.bytes, document);
  if (!error.is_error()) return check_none(error);
  check(error.status == head.status && !error.code.empty());
  check(error.parsed || error.code == head.status_line().substr(9, 3));
  check(!error.message_cut || extent == Extent::kBeginning || !error.message.empty());
  for (const char c : error.code) check(static_cast<unsigned char>(c) >= ' ');
  check_traits(error, head);
}

struct Answer {
  Answer(const ResponseHead& head, Str text, Extent extent) : document(text) {
    read_error(head, document.text(), extent, error);
    check(document.text() == text);
    check_error(error, head, document.text(), extent);
    const ErrorInfo before = error;
    decode_error(document.bytes(), error);
    check(error.message.size() <= before.message.size() && error.code == before.code);
    check(error.parsed == before.parsed && error.message_cut == before.message_cut);
    check_views(error, head.bytes, document.text());
  }

  Block document;
  ErrorInfo error;
};

// A well-formed document of S3 says the same to the reader of whole documents.
void compare_with_xml(const ErrorInfo& error, Str text) {
  const Block document(text);
  TextField fields[] = {{"/Error/Code"}, {"/Error/Message"}};
  if (read_xml(document.bytes(), fields) != Status::kOk || !fields[1].found()) return;
  check(trim_space(error.message) == trim_space(fields[1].text) || trim_space(fields[1].text).empty());
}

// Half of a message is the beginning of it. (Where messages stand in messages it may be one that turns out to hold
// elements, and then is none.)
void check_cut(const ResponseHead& head, Str text, const ErrorInfo& whole) {
  const Block document(text);
  TextField fields[] = {{"/Error/Message"}};
  if (read_xml(document.bytes(), fields) != Status::kOk || !fields[0].found()) return;
  if (text.find("<Message") != text.rfind("<Message")) return;
  const size_t stride = 1 + text.size() / 16;
  for (size_t size = text.size(); size > stride; size -= stride) {
    const Answer cut(head, {text.data(), size}, Extent::kBeginning);
    if (!cut.error.message_cut) continue;
    check(whole.message.substr(0, cut.error.message.size()) == cut.error.message);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  Input input(data, size);
  const unsigned choice = input.byte();
  const Extent extent = (choice & 8) != 0 ? Extent::kBeginning : Extent::kWhole;
  Str text = input.rest();
  const Block bytes(write_head(kStatuses[choice % 8], text));
  const ResponseHead head{read_status(bytes.text()), bytes.text()};
  const Answer answer(head, text, extent);
  if (!answer.error.is_error()) return 0;
  if (extent == Extent::kWhole) {
    compare_with_xml(answer.error, text);
    check_cut(head, text, answer.error);
  }
  return 0;
}
