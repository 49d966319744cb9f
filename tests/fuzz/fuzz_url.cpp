// URLs and what becomes of them in a request's head; percent-encoding there and back. The first byte says which.
#include <string>

#include "base/ascii.h"
#include "fuzz.h"
#include "text/percent.h"
#include "tinyaws/config.h"
#include "tinyaws/exchange.h"

using namespace tinyaws;
using namespace tinyaws::fuzz;

namespace {

struct Output final : Drain {
  void take(Str part) override { text += part; }
  std::string text;
};

std::string write_url(const Url& url, Str user) {
  const bool ipv6 = url.endpoint.host.find(':') != Str::npos;
  std::string out = url.endpoint.tls ? "https://" : "http://";
  out.append(user).append(ipv6 ? "[" : "").append(url.endpoint.host).append(ipv6 ? "]" : "");
  return out + ":" + std::to_string(url.endpoint.port) + std::string(url.target);
}

size_t count(Str text, char c) {
  size_t n = 0;
  for (char each : text) n += each == c;
  return n;
}

// Nothing that a caller says makes a line of its own.
void check_lines(const RequestHead& head, size_t lines) {
  const Str text(head.buffer().data(), head.size());
  check(count(text, '\n') == lines && count(text, '\r') == lines && count(text, '\0') == 0);
  check(text.substr(text.size() - 4) == "\r\n\r\n");
  check(text.find('\r') == text.find(" HTTP/1.1\r\n") + 9);
  check(count({text.data(), text.find('\r')}, ' ') == 2);
  check(is_within(head.host(), text) && is_within(head.target(), text));
  check(find_forbidden_byte(head.target()) == Str::npos && head.target().front() == '/');
}

void write_request(const Request& request, size_t lines) {
  const Block buffer(size_t{1024});
  RequestHead head(buffer.bytes());
  const Status begun = head.begin(request);
  const Status ended = head.end();
  check(begun == Status::kOk || begun == ended);
  if (ended == Status::kOk) return check_lines(head, lines);
  check(ended == Status::kInvalidArgument || ended == Status::kRequestTooLarge);
}

void read_url(Str text) {
  Url url;
  const Status status = parse_url(text, url);
  check(status == Status::kOk || status == Status::kInvalidArgument);
  if (status != Status::kOk) return;
  check(is_within(url.endpoint.host, text) && is_within(url.target, text));
  check(!url.endpoint.host.empty() && url.endpoint.host.size() <= kMaxHostBytes && url.endpoint.port > 0);
  for (const Str user : {Str(), Str("me@"), Str("a:b@c:d@")}) {
    const Block written(write_url(url, user));
    Url again;
    check(parse_url(written.text(), again) == Status::kOk);
    check(again.endpoint.host == url.endpoint.host && again.endpoint.port == url.endpoint.port);
    check(again.endpoint.tls == url.endpoint.tls && again.target == url.target);
  }
  Request request;
  request.endpoint = url.endpoint;
  request.target = url.target;
  write_request(request, 4);
}

std::string encode(Str raw, Slash slash) {
  Output output;
  Writer out({}, &output);
  percent_encode(raw, slash, out);
  return output.text;
}

std::string decode(Str encoded) {
  std::string out;
  while (!encoded.empty()) out += static_cast<char>(take_decoded(encoded));
  return out;
}

void percent(Str text) {
  for (const Slash slash : {Slash::kEncode, Slash::kKeep}) {
    const Block encoded(encode(text, slash));
    check(find_forbidden_byte(encoded.text()) == Str::npos);
    check(encoded.text().size() <= 3 * text.size() && decode(encoded.text()) == text);
  }
  const std::string decoded = decode(text);
  check(decoded.size() <= text.size() && decoded.size() + 2 * count(text, '%') >= text.size());
  check(decode(encode(decoded, Slash::kEncode)) == decoded);
}

bool is_escape(Str text, size_t at) {
  return at + 2 < text.size() && isxdigit(static_cast<unsigned char>(text[at + 1])) != 0 &&
         isxdigit(static_cast<unsigned char>(text[at + 2])) != 0;
}

void forbidden(Str text) {
  const size_t found = find_forbidden_byte(text);
  check(found == Str::npos || found < text.size());
  for (size_t i = 0; i <= found && i < text.size(); ++i) {
    const bool plain =
        is_unreserved(static_cast<unsigned char>(text[i])) || memchr("!$&'()*+,;=:@/?", text[i], 15) != nullptr;
    check((plain || (text[i] == '%' && is_escape(text, i))) == (i != found));
  }
}

void requests(Input input) {
  Request request;
  request.endpoint.host = input.text_before('|');
  request.method = input.text_before('|');
  const std::string base_path = "/" + std::string(input.text_before('|'));
  request.base_path = base_path;
  request.path = input.text_before('|');
  request.target = input.text_before('|');
  const Parameter query[] = {{input.text_before('|'), input.text_before('|')}};
  const Header headers[] = {{"user-agent", "a"}, {input.text_before('|'), input.text_before('|')}};
  request.query = query;
  request.headers = headers;
  const bool replaces = equals_ignoring_case(headers[1].name, "host");
  const bool has_length = equals_ignoring_case(headers[1].name, "content-length");
  const bool wants_length = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  write_request(request, 4 + !replaces + (wants_length && !has_length));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  Input input(data, size);
  const size_t which = input.below(4);
  const Block block(input.rest());
  if (which == 0) read_url(block.text());
  if (which == 1) percent(block.text());
  if (which == 2) forbidden(block.text());
  if (which == 3) requests(Input(block.text()));
  return 0;
}
