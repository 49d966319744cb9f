// What there is to say about a look at the credentials provider of AWS IoT.
#include "base/writer.h"
#include "tinyaws/iot_credentials.h"

namespace tinyaws {

void IotCredentials::put_obstacle(Writer& out) const {
  switch (problem_) {
    case Problem::kNone:
      return;
    case Problem::kEndpoint:
      return (void)out.put("the endpoint is neither a host's name nor \"https://host[:port]\"");
    case Problem::kPlainHttp:
      return (void)out.put("the endpoint is an http URL, and has to be asked over https");
    case Problem::kRoleAlias:
      return (void)out.put("the role alias is not 1 to 128 letters, digits and characters of \"=@-_,.\"");
    case Problem::kThingName:
      return (void)out.put("the thing's name is longer than 128 bytes, or holds a blank or a control character");
  }
}

void IotCredentials::put_place(Writer& out) const {
  Endpoint endpoint;
  if (check(endpoint) != Problem::kNone) return (void)out.put("the endpoint");
  out.put("role alias ");
  out.put(options_.role_alias);
  out.put(" at ");
  out.put(endpoint.host);
}

Str IotCredentials::advice() const {
  if (outcome() == Outcome::kHttpStatus) {
    if (http_status() == 403) return "; check the certificate, its policy and the thing's name";
    return http_status() == 404 ? "; check the role alias" : "";
  }
  if (outcome() != Outcome::kNoAnswer) return {};
  if (failure() == Status::kResolveFailed) return "; check the endpoint";
  if (failure() == Status::kTlsFailed) return "; check the device's certificate and key";
  return failure() == Status::kCertificateRejected ? "; check the endpoint, the trusted certificates and the clock"
                                                   : "";
}

}  // namespace tinyaws
