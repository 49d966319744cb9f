#include "base/ascii.h"
#include "tinyaws/config.h"
#include "tinyaws/http.h"

namespace tinyaws {
namespace {

bool take_prefix_ignoring_case(Str& text, Str prefix) {
  if (text.size() < prefix.size() || !equals_ignoring_case({text.data(), prefix.size()}, prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

Str take_authority(Str& text) {
  const Str authority = text.substr(0, text.find_first_of("/?#"));
  text.remove_prefix(authority.size());
  return authority;
}

bool is_host(Str host, bool ipv6) {
  return is_word(host, ipv6 ? ".:" : ".-_") && host.size() <= kMaxHostBytes;
}

// `text` is empty or begins with the colon. An empty port stands for the default one (RFC 3986 section 3.2.3).
bool parse_port(Str text, uint16_t& port) {
  if (text.empty()) return true;
  if (text.front() != ':') return false;
  text.remove_prefix(1);
  if (text.empty()) return true;
  uint32_t number = 0;
  if (text.size() > 5 || !read_decimal(text, 65536, number)) return false;
  port = static_cast<uint16_t>(number);
  return number >= 1 && number <= 65535;
}

Status parse_host_and_port(Str authority, Endpoint& endpoint) {
  const bool ipv6 = starts_with(authority, '[');
  const size_t end = authority.find(ipv6 ? ']' : ':');
  if (ipv6 && end == Str::npos) return Status::kInvalidArgument;
  const size_t host_begin = ipv6 ? 1 : 0;
  const size_t host_end = end == Str::npos ? authority.size() : end;
  endpoint.host = Str(authority.data() + host_begin, host_end - host_begin);
  authority.remove_prefix(host_end + host_begin);
  if (!is_host(endpoint.host, ipv6)) return Status::kInvalidArgument;
  return parse_port(authority, endpoint.port) ? Status::kOk : Status::kInvalidArgument;
}

}  // namespace

Status parse_url(Str text, Url& url) {
  if (take_prefix_ignoring_case(text, "https://")) {
    url.endpoint.tls = true;
  } else if (take_prefix_ignoring_case(text, "http://")) {
    url.endpoint.tls = false;
  } else {
    return Status::kInvalidArgument;
  }
  url.endpoint.port = default_port(url.endpoint.tls);
  Str authority = take_authority(text);
  const size_t user_end = authority.rfind('@');
  if (user_end != Str::npos) authority.remove_prefix(user_end + 1);
  url.target = text;
  return parse_host_and_port(authority, url.endpoint);
}

}  // namespace tinyaws
