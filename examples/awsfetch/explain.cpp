#include "explain.h"

#include <algorithm>

#include "base/ascii.h"
#include "target.h"
#include "text/percent.h"
#include "values.h"

namespace awsfetch {
namespace {

using tinyaws::ApiRequest;
using tinyaws::Header;

// Signed or not: see tinyaws::kMaxHeaders.
constexpr size_t kMaxGivenHeaders = 250;

// The first byte that is no part of a token.
size_t find_no_token(Str text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (!tinyaws::is_token_char(static_cast<unsigned char>(text[i]))) return i;
  }
  return Str::npos;
}

size_t find_line_end(Str text) {
  return text.find_first_of("\r\n");
}

MaybeExit check_clean(Str what, Str text) {
  const size_t at = find_line_end(text);
  if (at == Str::npos) return {};
  return usage_error("{} has the byte {} inside, which would end the line: take it out", {what, ByteName(text[at])});
}

MaybeExit check_token(Str what, Str text) {
  const size_t at = find_no_token(text);
  if (at == Str::npos) return {};
  return usage_error("{} \"{}\" has the byte {} inside, which may not stand there", {what, text, ByteName(text[at])});
}

MaybeExit check_framing(const Header& header, uint64_t body_size) {
  if (equals_ignoring_case(header.name, "transfer-encoding")) {
    return usage_error("header Transfer-Encoding: awsfetch sends bodies with their length only: leave it out");
  }
  const Number length(body_size);
  if (equals_ignoring_case(header.name, "content-length") && header.value != Str(length)) {
    return usage_error("header Content-Length: \"{}\" is not the length of the body, {}: leave it out, it is added",
                       {header.value, length});
  }
  return {};
}

MaybeExit check_headers(const ApiRequest& request) {
  size_t lengths = 0;
  for (const Header& header : request.headers) {
    if (auto failed = check_token("header name", header.name)) return failed;
    if (find_line_end(header.value) != Str::npos) {
      return usage_error("the value of header {} has the byte {} inside, which would end the line: take it out",
                         {header.name, ByteName(header.value[find_line_end(header.value)])});
    }
    if (auto failed = check_framing(header, request.body.size())) return failed;
    if (header.value.empty() && equals_ignoring_case(header.name, "host")) {
      return usage_error("header Host is empty: leave it out, it is added");
    }
    lengths += equals_ignoring_case(header.name, "content-length") ? 1 : 0;
    if (lengths > 1) {
      return usage_error("header {} is given more than once: leave it out, it is added", {header.name});
    }
  }
  return {};
}

MaybeExit check_credentials(const tinyaws::Credentials& credentials) {
  if (auto failed = check_clean("the access key id", credentials.access_key_id)) return failed;
  if (auto failed = check_clean("the secret access key", credentials.secret_access_key)) return failed;
  return check_clean("the session token", credentials.session_token);
}

MaybeExit check_rest(const ApiRequest& request) {
  if (auto failed = check_clean("the service", request.service)) return failed;
  if (auto failed = check_clean("the region", request.region)) return failed;
  if (auto failed = check_clean("the payload hash", request.body.payload_hash)) return failed;
  return check_clean("the URL", request.target);
}

// The name may be written with needless escapes.
bool is_name(Str encoded, Str name) {
  while (!encoded.empty() && !name.empty()) {
    const auto byte = static_cast<char>(tinyaws::take_decoded(encoded));
    if (!tinyaws::equals_ignoring_case({&byte, 1}, {name.data(), 1})) return false;
    name.remove_prefix(1);
  }
  return encoded.empty() && name.empty();
}

// What presigning adds to the query itself. REQUIRES: no byte of the target is forbidden.
MaybeExit check_parameters(Str target) {
  constexpr Str kReserved[] = {"X-Amz-Algorithm", "X-Amz-Credential",    "X-Amz-Date",          "X-Amz-Expires",
                               "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Security-Token"};
  for (size_t at = target.find('?'); at != Str::npos; at = target.find('&', at + 1)) {
    const size_t end = target.find_first_of("=&", at + 1);
    const Str encoded(target.data() + at + 1, (end == Str::npos ? target.size() : end) - at - 1);
    for (Str name : kReserved) {
      if (!is_name(encoded, name)) continue;
      return usage_error("parameter {} is what --presign adds: take it out of the URL", {name});
    }
  }
  return {};
}

// As it is written in the URL. REQUIRES: is_url(url).
Str host_of(Str url) {
  const size_t begin = url.find("//") + 2;
  Str host(url.data() + begin, std::min(url.find_first_of("/?#", begin), url.size()) - begin);
  host.remove_prefix(host.rfind('@') + 1);  // npos + 1 is 0
  return {host.data(), std::min(host.find(starts_with(host, '[') ? ']' : ':'), host.size())};
}

}  // namespace

Exit complain_about_endpoint(Str url, Str from) {
  const Str colon = from.empty() ? Str() : Str(": ");
  tinyaws::Url parts;
  const size_t host_size = is_url(url) ? host_of(url).size() : 0;
  if (host_size > tinyaws::kMaxHostBytes) {
    return usage_error("{}{}the host has {} characters: no more than {} are possible (TINYAWS_MAX_HOST_BYTES)",
                       {from, colon, Number(host_size), Number(tinyaws::kMaxHostBytes)});
  }
  if (tinyaws::parse_url(url, parts) != tinyaws::Status::kOk) {
    return usage_error(
        "{}{}\"{}\" is no endpoint: expected http://HOST or https://HOST, with a :PORT from 1 to 65535 where needed",
        {from, colon, url});
  }
  if (parts.target.find('?') != Str::npos) {
    return usage_error("{}{}endpoint \"{}\" has a query: write it behind the path of the request instead",
                       {from, colon, url});
  }
  return complain_about_target(parts.target, true, from);
}

Exit complain_about_scope(const ApiRequest& request) {
  return usage_error(
      "no host can be made of the service \"{}\" and the region \"{}\": letters, digits, \"-\" and \".\" may stand "
      "there, and all in all {} characters of a host (TINYAWS_MAX_HOST_BYTES); or give --endpoint-url",
      {request.service, request.region, Number(tinyaws::kMaxHostBytes)});
}

Exit complain_about_target(Str target, bool raw_path, Str from) {
  const Str colon = from.empty() ? Str() : Str(": ");
  const size_t at = tinyaws::find_forbidden_byte(target);
  const char byte = target[at];
  const Str or_raw = at < target.find('?') && !raw_path ? ", or use --raw-path" : "";
  if (byte == '%') {
    return usage_error("{}{}\"%\" at position {} of \"{}\" stands before no two hex digits: write %25{}",
                       {from, colon, Number(at + 1), target, or_raw});
  }
  return usage_error("{}{}byte {} at position {} of \"{}\" may not stand in a URL: write %{}{}",
                     {from, colon, ByteName(byte), Number(at + 1), target, Hex(byte, kUpperDigits), or_raw});
}

Exit complain_about_header_count(size_t given) {
  const Number signed_most(tinyaws::kMaxHeaders);
  if (given > kMaxGivenHeaders) {
    return usage_error(
        "{} headers are given: no more than {} can be, and no more than {} signed (TINYAWS_MAX_HEADERS)",
        {Number(given), Number(kMaxGivenHeaders), signed_most});
  }
  return usage_error("more than {} headers, with those that awsfetch adds, can't be signed (TINYAWS_MAX_HEADERS)",
                     {signed_most});
}

MaybeExit check_request(const ApiRequest& request, bool raw_path) {
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
  return usage_error("the request can't be signed or sent: {}",
                     {tinyaws::describe(tinyaws::Status::kInvalidArgument)});
}

Exit complain_about_signing(tinyaws::Status status, const ApiRequest& request,
                            const tinyaws::Credentials& credentials, const Options& options) {
  if (status == tinyaws::Status::kTooManyHeaders) return complain_about_header_count(options.header_count);
  if (status == tinyaws::Status::kCryptoFailed || status == tinyaws::Status::kUnsupported) {
    return complain(kFailed, "could not sign: {}", {tinyaws::describe(status)});
  }
  return complain_about_request(request, credentials, options.raw_path);
}

}  // namespace awsfetch
