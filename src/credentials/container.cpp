#include <cstring>

#include "base/ascii.h"
#include "base/wipe.h"
#include "base/writer.h"
#include "credentials/allowed_host.h"
#include "credentials/container_variables.h"
#include "credentials/credentials_document.h"
#include "profile/location.h"
#include "tinyaws/container_credentials.h"

namespace tinyaws {
namespace {

// Of the credentials server of Amazon ECS.
constexpr Str kRelativeHost = "169.254.170.2";

// A field's value (RFC 9110 section 5.5).
bool is_token_value(Str token) {
  for (char c : token) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < ' ' && byte != '\t') || byte == 0x7f) return false;
  }
  return !is_blank_text(token);
}

}  // namespace

ContainerCredentials::ContainerCredentials(Platform& platform, const Environment& environment, Files* files,
                                           MutBytes space, const ContainerOptions& options)
    : DocumentSource(platform, space, options.timeouts, options.max_attempts, CredentialsFormat::kContainer),
      environment_(environment),
      files_(files) {}

ContainerCredentials::~ContainerCredentials() {
  forget();
}

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
  const Str relative = read_variable(environment_, kContainerRelativeUri);
  const Str full = read_variable(environment_, kContainerFullUri);
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
  const Str path = read_variable(environment_, kContainerTokenFile);
  if (!path.empty()) return read_token(path);
  const Str token = read_variable(environment_, kContainerToken);
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
  if constexpr (kWithWords) {
    const Str why = files_->describe();
    remark().keep(why.empty() ? tinyaws::describe(whole.status) : why);
  }
  files_->close();
  return whole;
}

bool ContainerCredentials::write_document_request(Request& request) {
  Url url;
  problem_ = find_document(url);
  if (problem_ != Problem::kNone) return false;
  const Str token = file_token_.empty() ? read_variable(environment_, kContainerToken) : file_token_;
  headers_[0] = {"Accept", "application/json"};
  headers_[1] = {"Authorization", token};
  request.endpoint = url.endpoint;
  request.target = url.target;
  request.headers = Span<const Header>(headers_).first(token.empty() ? 1 : 2);
  return true;
}

}  // namespace tinyaws
