// What there is to say about a look at the container's server.
#include "base/writer.h"
#include "credentials/container_variables.h"
#include "credentials/printable.h"
#include "profile/location.h"
#include "tinyaws/container_credentials.h"

namespace tinyaws {
namespace {

Str without_query(Str target) {
  return {target.data(), target.find('?') == Str::npos ? target.size() : target.find('?')};
}

}  // namespace

void ContainerCredentials::put_obstacle(Writer& out) const {
  const bool relative = !read_variable(environment_, kContainerRelativeUri).empty();
  Url url;
  switch (problem_) {
    case Problem::kNotConfigured:
      return (void)out.put(
          "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set");
    case Problem::kBadUri:
      out.put(relative ? kContainerRelativeUri : kContainerFullUri);
      return (void)out.put(relative ? " is no path in wire form, with '/' at its front" : " is no http or https URL");
    case Problem::kHostNotAllowed:
      (void)find_document(url);
      out.put(kContainerFullUri);
      out.put(" names a host that may be asked over https only: ");
      return (void)out.put(url.endpoint.host);
    case Problem::kNone:
    case Problem::kTokenFile:
    case Problem::kTokenTooLong:
    case Problem::kBadToken:
      return put_token_obstacle(out);
  }
}

void ContainerCredentials::put_token_obstacle(Writer& out) const {
  const Str path = read_variable(environment_, kContainerTokenFile);
  out.put(path.empty() ? kContainerToken : kContainerTokenFile);
  if (!path.empty()) {
    out.put(": ");
    put_printable(path, out);
  }
  if (problem_ == Problem::kTokenTooLong) return (void)out.put(" is longer than its limit or the space for it");
  if (problem_ == Problem::kBadToken)
    return (void)out.put(" is empty, or holds a line end or another control character");
  out.put(" can't be read: ");
  out.put(remark().text());
}

void ContainerCredentials::put_place(Writer& out) const {
  Url url;
  if (find_document(url) != Problem::kNone) return (void)out.put("the server");
  put_endpoint(url.endpoint, out);
  out.put(without_query(url.target));
}

Str ContainerCredentials::advice() const {
  if (outcome() == Outcome::kNoAnswer) return "; is the service that serves the container's credentials running?";
  if (outcome() != Outcome::kHttpStatus) return {};
  if (http_status() == 401 || http_status() == 403) return "; check the authorization token";
  return http_status() == 404 ? "; check the URI" : "";
}

}  // namespace tinyaws
