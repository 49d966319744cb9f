#include "explain.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "target.h"
#include "values.h"

namespace awsfetch {
namespace {

using tinyaws::ApiRequest;
using tinyaws::Header;

// Signed or not: see tinyaws::kMaxHeaders.
constexpr size_t kMaxGivenHeaders = 250;

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

// The first byte that is no part of a token (RFC 9110 section 5.6.2).
size_t find_no_token(Str text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (!is_alnum(text[i]) && (text[i] == '\0' || std::strchr("!#$%&'*+-.^_`|~", text[i]) == nullptr)) return i;
  }
  return Str::npos;
}

size_t find_line_end(Str text) {
  return text.find_first_of("\r\n");
}

std::optional<Exit> check_clean(Str what, Str text) {
  const size_t at = find_line_end(text);
  if (at == Str::npos) return {};
  return usage_error({what, " has the byte ", ByteName(text[at]), " inside, which would end the line: take it out"});
}

std::optional<Exit> check_token(Str what, Str text) {
  const size_t at = find_no_token(text);
  if (at == Str::npos) return {};
  return usage_error(
      {what, " \"", text, "\" has the byte ", ByteName(text[at]), " inside, which may not stand there"});
}

std::optional<Exit> check_framing(const Header& header, uint64_t body_size) {
  if (equals_ignoring_case(header.name, "transfer-encoding")) {
    return usage_error({"header Transfer-Encoding: awsfetch sends bodies with their length only: leave it out"});
  }
  const Number length(body_size);
  if (equals_ignoring_case(header.name, "content-length") && header.value != Str(length)) {
    return usage_error({"header Content-Length: \"", header.value, "\" is not the length of the body, ", length,
                        ": leave it out, it is added"});
  }
  return {};
}

std::optional<Exit> check_headers(const ApiRequest& request) {
  size_t lengths = 0;
  for (const Header& header : request.headers) {
    if (auto failed = check_token("header name", header.name)) return failed;
    if (find_line_end(header.value) != Str::npos) {
      return usage_error({"the value of header ", header.name, " has the byte ",
                          ByteName(header.value[find_line_end(header.value)]),
                          " inside, which would end the line: take it out"});
    }
    if (auto failed = check_framing(header, request.body.size())) return failed;
    if (header.value.empty() && equals_ignoring_case(header.name, "host")) {
      return usage_error({"header Host is empty: leave it out, it is added"});
    }
    lengths += equals_ignoring_case(header.name, "content-length") ? 1 : 0;
    if (lengths > 1) {
      return usage_error({"header ", header.name, " is given more than once: leave it out, it is added"});
    }
  }
  return {};
}

std::optional<Exit> check_credentials(const tinyaws::Credentials& credentials) {
  if (auto failed = check_clean("the access key id", credentials.access_key_id)) return failed;
  if (auto failed = check_clean("the secret access key", credentials.secret_access_key)) return failed;
  return check_clean("the session token", credentials.session_token);
}

std::optional<Exit> check_rest(const ApiRequest& request) {
  if (auto failed = check_clean("the service", request.service)) return failed;
  if (auto failed = check_clean("the region", request.region)) return failed;
  if (auto failed = check_clean("the payload hash", request.body.payload_hash)) return failed;
  return check_clean("the URL", request.target);
}

int digit_value(char c) {
  return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

// Takes the next byte off, decoded. REQUIRES: no "%" stands before anything else than two hex digits.
char take_decoded(Str& text) {
  const char c = text.front();
  const char byte = c == '%' ? static_cast<char>(digit_value(text[1]) * 16 + digit_value(text[2])) : c;
  text.remove_prefix(c == '%' ? 3 : 1);
  return byte;
}

// The name may be written with needless escapes.
bool is_name(Str encoded, Str name) {
  while (!encoded.empty() && !name.empty()) {
    const char byte = take_decoded(encoded);
    if (!equals_ignoring_case({&byte, 1}, {name.data(), 1})) return false;
    name.remove_prefix(1);
  }
  return encoded.empty() && name.empty();
}

// What presigning adds to the query itself. REQUIRES: no byte of the target is forbidden.
std::optional<Exit> check_parameters(Str target) {
  constexpr Str kReserved[] = {"X-Amz-Algorithm", "X-Amz-Credential",    "X-Amz-Date",          "X-Amz-Expires",
                               "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Security-Token"};
  for (size_t at = target.find('?'); at != Str::npos; at = target.find('&', at + 1)) {
    const size_t end = target.find_first_of("=&", at + 1);
    const Str encoded(target.data() + at + 1, (end == Str::npos ? target.size() : end) - at - 1);
    for (Str name : kReserved) {
      if (!is_name(encoded, name)) continue;
      return usage_error({"parameter ", name, " is what --presign adds: take it out of the URL"});
    }
  }
  return {};
}

// As it is written in the URL. REQUIRES: is_url(url).
Str host_of(Str url) {
  const size_t begin = url.find("//") + 2;
  Str host(url.data() + begin, std::min(url.find_first_of("/?#", begin), url.size()) - begin);
  host.remove_prefix(host.rfind('@') + 1);  // npos + 1 is 0
  return {host.data(), std::min(host.find(!host.empty() && host.front() == '[' ? ']' : ':'), host.size())};
}

}  // namespace

Exit complain_about_endpoint(Str url, Str from) {
  const Str colon = from.empty() ? Str() : Str(": ");
  tinyaws::Url parts;
  const size_t host_size = is_url(url) ? host_of(url).size() : 0;
  if (host_size > tinyaws::kMaxHostBytes) {
    return usage_error({from, colon, "the host has ", Number(host_size), " characters: no more than ",
                        Number(tinyaws::kMaxHostBytes), " are possible (TINYAWS_MAX_HOST_BYTES)"});
  }
  if (tinyaws::parse_url(url, parts) != tinyaws::Status::kOk) {
    return usage_error({from, colon, "\"", url,
                        "\" is no endpoint: expected http://HOST or https://HOST, with a :PORT from 1 to 65535 ",
                        "where needed"});
  }
  if (parts.target.find('?') != Str::npos) {
    return usage_error(
        {from, colon, "endpoint \"", url, "\" has a query: write it behind the path of the request instead"});
  }
  return complain_about_target(parts.target, true, from);
}

Exit complain_about_scope(const ApiRequest& request) {
  return usage_error({"no host can be made of the service \"", request.service, "\" and the region \"",
                      request.region, "\": letters, digits, \"-\" and \".\" may stand there, and all in all ",
                      Number(tinyaws::kMaxHostBytes),
                      " characters of a host (TINYAWS_MAX_HOST_BYTES); or give --endpoint-url"});
}

Exit complain_about_target(Str target, bool raw_path, Str from) {
  const Str colon = from.empty() ? Str() : Str(": ");
  const size_t at = tinyaws::find_forbidden_byte(target);
  const char byte = target[at];
  const Str or_raw = at < target.find('?') && !raw_path ? ", or use --raw-path" : "";
  if (byte == '%') {
    return usage_error({from, colon, "\"%\" at position ", Number(at + 1), " of \"", target,
                        "\" stands before no two hex digits: write %25", or_raw});
  }
  constexpr char kDigits[] = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  const char encoded[] = {'%', kDigits[value >> 4], kDigits[value & 15], '\0'};
  return usage_error({from, colon, "byte ", ByteName(byte), " at position ", Number(at + 1), " of \"", target,
                      "\" may not stand in a URL: write ", encoded, or_raw});
}

Exit complain_about_header_count(size_t given) {
  const Number signed_most(tinyaws::kMaxHeaders);
  if (given > kMaxGivenHeaders) {
    return usage_error({Number(given), " headers are given: no more than ", Number(kMaxGivenHeaders),
                        " can be, and no more than ", signed_most, " signed (TINYAWS_MAX_HEADERS)"});
  }
  return usage_error(
      {"more than ", signed_most, " headers, with those that awsfetch adds, can't be signed (TINYAWS_MAX_HEADERS)"});
}

std::optional<Exit> check_request(const ApiRequest& request, bool raw_path) {
  if (auto failed = check_token("method", request.method)) return failed;
  if (tinyaws::find_forbidden_byte(request.target) != Str::npos) {
    return complain_about_target(request.target, raw_path);
  }
  if (auto failed = check_headers(request)) return failed;
  return check_rest(request);
}

Exit complain_about_request(const ApiRequest& request, const tinyaws::Credentials& credentials, bool raw_path) {
  if (auto failed = check_request(request, raw_path)) return *failed;
  if (auto failed = check_credentials(credentials)) return *failed;
  if (auto failed = check_parameters(request.target)) return *failed;
  return usage_error({"the request can't be signed or sent: ", tinyaws::describe(tinyaws::Status::kInvalidArgument)});
}

Exit complain_about_signing(tinyaws::Status status, const ApiRequest& request,
                            const tinyaws::Credentials& credentials, const Options& options) {
  if (status == tinyaws::Status::kTooManyHeaders) return complain_about_header_count(options.header_count);
  if (status == tinyaws::Status::kCryptoFailed || status == tinyaws::Status::kUnsupported) {
    return complain(kFailed, {"could not sign: ", tinyaws::describe(status)});
  }
  return complain_about_request(request, credentials, options.raw_path);
}

}  // namespace awsfetch
