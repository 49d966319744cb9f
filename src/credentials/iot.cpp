#include "base/ascii.h"
#include "base/writer.h"
#include "credentials/credentials_document.h"
#include "tinyaws/backoff.h"
#include "tinyaws/config.h"
#include "tinyaws/iot_credentials.h"

namespace tinyaws {
namespace {

bool is_role_alias(Str alias) {
  return is_word(alias, "=@-_,.") && alias.size() <= kMaxRoleAliasBytes;
}

// Goes into a field's value (RFC 9110 section 5.5), and none of it may be lost on the way.
bool is_thing_name(Str name) {
  for (char c : name) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return false;
  }
  return name.size() <= kMaxThingNameBytes;
}

// Takes ":8443" off a host, if it is there. False: what stands there is no port.
bool split_port(Str& host, uint16_t& port) {
  const size_t colon = host.rfind(':');
  if (colon == Str::npos) return true;
  uint32_t number = 0;
  const Str digits = host.substr(colon + 1);
  if (!digits.empty() && (!read_decimal(digits, 65536, number) || number > 65535)) return false;
  host = {host.data(), colon};
  port = static_cast<uint16_t>(number);
  return true;
}

bool is_host_name(Str host) {
  return is_word(host, "-._") && host.size() <= kMaxHostBytes;
}

}  // namespace

IotCredentials::IotCredentials(Platform& platform, MutBytes space, const IotOptions& options)
    : DocumentSource(platform, space, options.timeouts, options.max_attempts, CredentialsFormat::kIot),
      options_(options) {}

IotCredentials::~IotCredentials() {
  forget();
}

Status IotCredentials::prepare() {
  Endpoint endpoint;
  problem_ = check(endpoint);
  return problem_ == Problem::kNone ? Status::kOk : Status::kInvalidArgument;
}

IotCredentials::Problem IotCredentials::check(Endpoint& endpoint) const {
  const Problem problem = find_endpoint(endpoint);
  if (problem != Problem::kNone) return problem;
  if (!is_role_alias(options_.role_alias)) return Problem::kRoleAlias;
  return is_thing_name(options_.thing_name) ? Problem::kNone : Problem::kThingName;
}

IotCredentials::Problem IotCredentials::find_endpoint(Endpoint& endpoint) const {
  const Str text = options_.endpoint;
  if (text.find("://") == Str::npos) {
    endpoint = {text, options_.port, true, options_.tls_settings};
    const bool good = split_port(endpoint.host, endpoint.port) && is_host_name(endpoint.host);
    return good && endpoint.port != 0 ? Problem::kNone : Problem::kEndpoint;
  }
  Url url;
  if (parse_url(text, url) != Status::kOk) return Problem::kEndpoint;
  if (!url.target.empty() && url.target != "/") return Problem::kEndpoint;
  if (!url.endpoint.tls) return Problem::kPlainHttp;
  endpoint = url.endpoint;
  endpoint.tls_settings = options_.tls_settings;
  return Problem::kNone;
}

bool IotCredentials::write_document_request(Request& request) {
  if (check(request.endpoint) != Problem::kNone) return false;
  Writer path{MutBytes(path_)};
  path.put("/role-aliases/");
  path.put(options_.role_alias);
  path.put("/credentials");
  request.target = path.text();
  thing_ = {"x-amzn-iot-thingname", options_.thing_name};
  request.headers = {&thing_, options_.thing_name.empty() ? size_t{0} : size_t{1}};
  return true;
}

bool IotCredentials::may_pass(uint16_t http_status) const {
  return is_transient(http_status);
}

}  // namespace tinyaws
