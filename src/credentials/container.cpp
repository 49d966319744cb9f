#include <cstring>

#include "base/ascii.h"
#include "base/wipe.h"
#include "base/writer.h"
#include "credentials/allowed_host.h"
#include "credentials/credentials_document.h"
#include "credentials/printable.h"
#include "tinyaws/container_credentials.h"

namespace tinyaws {
namespace {

constexpr char kRelativeUri[] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr char kFullUri[] = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr char kToken[] = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr char kTokenFile[] = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

// Of the credentials server of Amazon ECS.
constexpr Str kRelativeHost = "169.254.170.2";

Str set_variable(const Environment& environment, const char* name) {
  const Str value = environment.variable(name);
  return is_blank_text(value) ? Str() : value;
}

// A field's value (RFC 9110 section 5.5).
bool is_token_value(Str token) {
  for (char c : token) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < ' ' && byte != '\t') || byte == 0x7f) return false;
  }
  return !is_blank_text(token);
}

Str without_query(Str target) {
  return {target.data(), target.find('?') == Str::npos ? target.size() : target.find('?')};
}

}  // namespace

Timeouts ContainerOptions::default_timeouts() {
  Timeouts timeouts;
  timeouts.connect_ms = 2000;
  timeouts.tls_ms = 5000;
  timeouts.first_byte_ms = 5000;
  timeouts.stall_ms = 5000;
  timeouts.attempt_ms = 10000;
  return timeouts;
}

ContainerCredentials::ContainerCredentials(Platform& platform, const Environment& environment, Files* files,
                                           MutBytes space, const ContainerOptions& options)
    : DocumentSource(platform, space, options.timeouts, options.max_attempts, CredentialsFormat::kContainer),
      environment_(environment),
      files_(files) {}

Status ContainerCredentials::prepare() {
  Url url;
  problem_ = find_document(url);
  if (problem_ == Problem::kNone) problem_ = find_token();
  switch (problem_) {
    case Problem::kNone:
      return Status::kOk;
    case Problem::kNotConfigured:
      return Status::kNotFound;
    case Problem::kTokenFile:
      return Status::kFileUnreadable;
    case Problem::kTokenTooLong:
      return Status::kValueTooLong;
    case Problem::kBadUri:
    case Problem::kHostNotAllowed:
    case Problem::kBadToken:
      break;
  }
  return Status::kInvalidArgument;
}

ContainerCredentials::Problem ContainerCredentials::find_document(Url& url) const {
  const Str relative = set_variable(environment_, kRelativeUri);
  const Str full = set_variable(environment_, kFullUri);
  if (!relative.empty()) {
    url.endpoint = {kRelativeHost, default_port(false), false};
    url.target = relative;
    if (relative.front() != '/') return Problem::kBadUri;
  } else if (full.empty()) {
    return Problem::kNotConfigured;
  } else if (parse_url(full, url) != Status::kOk) {
    return Problem::kBadUri;
  }
  if (find_forbidden_byte(url.target) != Str::npos) return Problem::kBadUri;
  const bool allowed = url.endpoint.tls || is_allowed_without_tls(url.endpoint.host);
  return allowed ? Problem::kNone : Problem::kHostNotAllowed;
}

ContainerCredentials::Problem ContainerCredentials::find_token() {
  file_token_ = {};
  const Str path = set_variable(environment_, kTokenFile);
  if (!path.empty()) return read_token(path);
  const Str token = set_variable(environment_, kToken);
  if (token.size() > kMaxContainerTokenBytes) return Problem::kTokenTooLong;
  return token.empty() || is_token_value(token) ? Problem::kNone : Problem::kBadToken;
}

// The path needs a NUL behind it, which views do not have: it stands at the front of the space while its file is
// read, and the token then moves to the end, out of the document's way.
ContainerCredentials::Problem ContainerCredentials::read_token(Str path) {
  Writer front(space());
  front.put(path);
  front.put('\0');
  if (!front.fits()) return Problem::kTokenTooLong;
  const MutBytes room = space().drop(front.size());
  const IoResult read = read_whole_file(room);
  const Str token(room.data(), read.size);
  if (read.status == Status::kOk && is_token_value(token)) {
    keep_token(token);
    return Problem::kNone;
  }
  wipe(space().data(), space().size());
  if (read.status == Status::kOk) return Problem::kBadToken;
  return read.status == Status::kValueTooLong ? Problem::kTokenTooLong : Problem::kTokenFile;
}

void ContainerCredentials::keep_token(Str token) {
  reserve(token.size());
  std::memmove(reserved().data(), token.data(), token.size());
  wipe(space().data(), space().size() - token.size());
  file_token_ = {reserved().data(), reserved().size()};
}

IoResult ContainerCredentials::read_whole_file(MutBytes out) {
  if (files_ == nullptr) {
    remark().keep("there are no files here");
    return {Status::kUnsupported, 0};
  }
  IoResult whole{files_->open(space().data()), 0};
  for (bool more = true; more && whole.status == Status::kOk;) {
    if (whole.size == out.size() || whole.size > kMaxContainerTokenBytes) {
      whole.status = Status::kValueTooLong;
    } else {
      const IoResult piece = files_->read(out.drop(whole.size));
      whole = {piece.status, whole.size + piece.size};
      more = piece.size > 0;
    }
  }
  const Str why = files_->describe();
  remark().keep(why.empty() ? tinyaws::describe(whole.status) : why);
  files_->close();
  return whole;
}

bool ContainerCredentials::write_document_request(Request& request) {
  Url url;
  problem_ = find_document(url);
  if (problem_ != Problem::kNone) return false;
  const Str token = file_token_.empty() ? set_variable(environment_, kToken) : file_token_;
  headers_[0] = {"Accept", "application/json"};
  headers_[1] = {"Authorization", token};
  request.endpoint = url.endpoint;
  request.target = url.target;
  request.headers = Span<const Header>(headers_).first(token.empty() ? 1 : 2);
  return true;
}

void ContainerCredentials::put_obstacle(Writer& out) const {
  const bool relative = !set_variable(environment_, kRelativeUri).empty();
  Url url;
  switch (problem_) {
    case Problem::kNotConfigured:
      return out.put("neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set");
    case Problem::kBadUri:
      out.put(relative ? kRelativeUri : kFullUri);
      return out.put(relative ? " is no path in wire form, with '/' at its front" : " is no http or https URL");
    case Problem::kHostNotAllowed:
      (void)find_document(url);
      out.put(kFullUri);
      out.put(" names a host that may be asked over https only: ");
      return out.put(url.endpoint.host);
    case Problem::kNone:
    case Problem::kTokenFile:
    case Problem::kTokenTooLong:
    case Problem::kBadToken:
      return put_token_obstacle(out);
  }
}

void ContainerCredentials::put_token_obstacle(Writer& out) const {
  const Str path = set_variable(environment_, kTokenFile);
  out.put(path.empty() ? kToken : kTokenFile);
  if (!path.empty()) {
    out.put(": ");
    put_printable(path, out);
  }
  if (problem_ == Problem::kTokenTooLong) return out.put(" is longer than its limit or the space for it");
  if (problem_ == Problem::kBadToken) return out.put(" is empty, or holds a line end or another control character");
  out.put(" can't be read: ");
  out.put(remark().text());
}

void ContainerCredentials::put_place(Writer& out) const {
  Url url;
  if (find_document(url) != Problem::kNone) return out.put("the server");
  const bool ipv6 = url.endpoint.host.find(':') != Str::npos;
  out.put(url.endpoint.tls ? "https://" : "http://");
  if (ipv6) out.put('[');
  out.put(url.endpoint.host);
  if (ipv6) out.put(']');
  if (url.endpoint.port != default_port(url.endpoint.tls)) {
    out.put(':');
    out.put_number(url.endpoint.port);
  }
  out.put(without_query(url.target));
}

Str ContainerCredentials::advice() const {
  if (outcome() == Outcome::kNoAnswer) return "; is the service that serves the container's credentials running?";
  if (outcome() != Outcome::kHttpStatus) return {};
  if (http_status() == 401 || http_status() == 403) return "; check the authorization token";
  return http_status() == 404 ? "; check the URI" : "";
}

}  // namespace tinyaws
