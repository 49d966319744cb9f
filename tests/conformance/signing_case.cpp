#include "signing_case.h"

#define JSMN_STATIC
#include <jsmn.h>
#include <strings.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>

#include "files.h"

namespace conformance {
namespace {

// Every scalar of a JSON document by its key; keys are unique in context.json, within "credentials" too.
class FlatJson {
 public:
  explicit FlatJson(const std::string& text) : text_(text) {
    jsmn_parser parser;
    jsmn_init(&parser);
    const int count = jsmn_parse(&parser, text.data(), text.size(), tokens_, kMaxTokens);
    if (count < 0) fail("context.json is no JSON");
    size_ = count;
  }

  std::string text(const char* key, const std::string& otherwise = {}) const {
    for (int i = 1; i + 1 < size_; ++i) {
      const bool is_key = tokens_[i].type == JSMN_STRING && tokens_[i].size == 1;
      if (is_key && slice(tokens_[i]) == key) return slice(tokens_[i + 1]);
    }
    return otherwise;
  }

  bool flag(const char* key, bool otherwise) const {
    const std::string value = text(key, otherwise ? "true" : "false");
    if (value != "true" && value != "false") fail("a flag of context.json is neither true nor false");
    return value == "true";
  }

  [[noreturn]] static void fail(const char* reason) {
    fprintf(stderr, "%s\n", reason);
    exit(1);
  }

 private:
  static constexpr int kMaxTokens = 64;

  // Nothing in these files is escaped but "\"" and "\\", which no value that is used here has.
  std::string slice(const jsmntok_t& token) const {
    const std::string value = text_.substr(token.start, token.end - token.start);
    if (token.type == JSMN_STRING && token.size == 0 && value.find('\\') != std::string::npos) return unescape(value);
    return value;
  }

  static std::string unescape(const std::string& value) {
    std::string out;
    for (size_t i = 0; i < value.size(); ++i) {
      if (value[i] == '\\' && ++i < value.size() && value[i] != '"' && value[i] != '\\' && value[i] != '/') {
        fail("context.json has an escape that this test does not read");
      }
      out += value[i];
    }
    return out;
  }

  const std::string& text_;
  jsmntok_t tokens_[kMaxTokens];
  int size_ = 0;
};

int64_t parse_time(const std::string& text) {
  tm parts = {};
  if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr) FlatJson::fail("a timestamp is malformed");
  return timegm(&parts);
}

void add_header_line(const std::string& line, RequestText& request) {
  if ((line[0] == ' ' || line[0] == '\t') && !request.headers.empty()) {
    request.headers.back().second += ' ' + line;
    return;
  }
  const size_t colon = line.find(':');
  if (colon == std::string::npos) FlatJson::fail("a header line of request.txt has no colon");
  request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
}

bool is_host(const std::string& name) {
  return name.size() == 4 && strcasecmp(name.c_str(), "host") == 0;
}

std::string hash_of(const std::string& body) {
  tinyaws::PayloadHash hash;
  hash.update(body);
  char hex[64];
  if (hash.finish(hex) != tinyaws::Status::kOk) FlatJson::fail("SHA-256 failed");
  return {hex, sizeof hex};
}

std::string without_final_line_feed(std::string text) {
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

RequestText parse_request(const std::string& text) {
  RequestText request;
  size_t at = text.find('\n');
  const std::string line = text.substr(0, at);
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == std::string::npos || first == last) FlatJson::fail("a request line is malformed");
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, last - first - 1);
  while (at != std::string::npos && ++at < text.size()) {
    const size_t end = text.find('\n', at);
    const std::string header = text.substr(at, end == std::string::npos ? end : end - at);
    at = end;
    if (header.empty()) {
      if (end != std::string::npos) request.body = text.substr(end + 1);
      break;
    }
    add_header_line(header, request);
  }
  for (const auto& header : request.headers) {
    if (is_host(header.first)) request.host = header.second;
  }
  return request;
}

Context parse_context(const std::string& json_text) {
  const FlatJson json(json_text);
  Context context;
  context.access_key_id = json.text("access_key_id");
  context.secret_access_key = json.text("secret_access_key");
  context.token = json.text("token");
  context.region = json.text("region");
  context.service = json.text("service");
  context.payload = json.text("payload");
  context.time = parse_time(json.text("timestamp"));
  context.expires = static_cast<uint32_t>(strtoul(json.text("expiration_in_seconds", "0").c_str(), nullptr, 10));
  context.policy.normalize_path = json.flag("normalize", true);
  context.policy.double_encode = json.flag("double_encode", true);
  context.policy.content_sha256 = json.flag("sign_body", false);
  context.policy.sign_token = !json.flag("omit_session_token", false);
  return context;
}

SigningCase::SigningCase(const std::string& folder, const std::string& name)
    : folder_(folder + "/" + name),
      name_(name),
      context_(parse_context(read_file(folder_ + "/context.json"))),
      request_(parse_request(read_file(folder_ + "/request.txt"))) {
  for (const auto& header : request_.headers) headers_.push_back({header.first, header.second});
  payload_hash_ = context_.payload.empty() ? hash_of(request_.body) : context_.payload;
}

std::string SigningCase::path(Kind kind, const char* what) const {
  return folder_ + (kind == Kind::kHeader ? "/header-" : "/query-") + what + ".txt";
}

bool SigningCase::has(Kind kind) const {
  return exists(path(kind, "signature"));
}

Expected SigningCase::expected(Kind kind) const {
  Expected expected;
  expected.canonical_request = without_final_line_feed(read_file(path(kind, "canonical-request")));
  expected.string_to_sign = without_final_line_feed(read_file(path(kind, "string-to-sign")));
  expected.signature = without_final_line_feed(read_file(path(kind, "signature")));
  const std::string signed_request = path(kind, "signed-request");
  if (exists(signed_request)) expected.signed_request = read_file(signed_request);
  return expected;
}

tinyaws::SigningInput SigningCase::input() const {
  return {request_.method, request_.host, request_.target, {headers_.data(), headers_.size()}, payload_hash_};
}

tinyaws::Credentials SigningCase::credentials() const {
  return {context_.access_key_id, context_.secret_access_key, context_.token};
}

}  // namespace conformance
