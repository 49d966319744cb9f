#include <cassert>

#include "base/ascii.h"
#include "base/writer.h"
#include "http/noted_fields.h"
#include "text/percent.h"
#include "tinyaws/exchange.h"

namespace tinyaws {
namespace {

constexpr char kUserAgent[] = "tinyaws/" TINYAWS_VERSION_TEXT;

bool wants_length(const Request& request) {
  return request.body.size() > 0 || has_word("PATCH POST PUT", request.method);
}

Str without_final_slash(Str path) {
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  return path;
}

void put_field(Str name, Str value, Writer& out) {
  out.put(name).put(": ").put(value).put("\r\n");
}

void put_path_and_query(const Request& request, Writer& out) {
  if (!starts_with(request.path, '/')) out.put('/');
  percent_encode(request.path, Slash::kKeep, out);
  char separator = '?';
  for (const Parameter& parameter : request.query) {
    out.put(separator);
    percent_encode(parameter.name, Slash::kEncode, out);
    out.put('=');
    percent_encode(parameter.value, Slash::kEncode, out);
    separator = '&';
  }
}

// RFC 9110 section 7.2: the port only where it is not the scheme's own.
void put_authority(const Endpoint& endpoint, Writer& out) {
  const bool ipv6 = endpoint.host.has(':');
  if (ipv6) out.put('[');
  out.put_lower(endpoint.host);
  if (ipv6) out.put(']');
  if (endpoint.port == default_port(endpoint.tls)) return;
  out.put(':').put_number(endpoint.port);
}

}  // namespace

Status RequestHead::begin(const Request& request) {
  request_ = &request;
  size_ = 0;
  error_ = Status::kOk;
  require(is_token(request.method) && is_clean(request.path));
  for (const Parameter& parameter : request.query) require(is_clean(parameter.name) && is_clean(parameter.value));
  NotedFields noted;
  for (const Header& header : request.headers) {
    require(is_token(header.name) && is_clean(header.value));
    noted.note(header);
  }
  const bool asks = noted.asks_for_leave() || (request.expect_continue && !noted.has(NotedFields::kExpect));
  expects_continue_ = asks && request.body.size() > 0;
  asks_to_close_ = noted.closes();

  Writer out(buffer_);
  out.put(request.method).put(' ');
  put_target(out);
  put_host(noted, out);
  put_fields(noted, out);
  return finish(out);
}

void RequestHead::put_target(Writer& out) {
  const Request& request = *request_;
  const size_t begin = out.size();
  require(request.base_path.empty() || request.base_path.front() == '/');
  out.put(without_final_slash(request.base_path));
  if (request.target.empty()) {
    put_path_and_query(request, out);
  } else {
    const bool has_path = request.target.front() != '?';
    require(!has_path || request.target.front() == '/');
    if (!has_path && out.size() == begin) out.put('/');
    out.put(request.target);
  }
  target_ = out.text_from(begin);
  require(find_forbidden_byte(target_) == Str::npos);
}

// RFC 9112 section 3.2: the host first.
void RequestHead::put_host(const NotedFields& noted, Writer& out) {
  out.put(" HTTP/1.1\r\nHost: ");
  const size_t begin = out.size();
  if (noted.has(NotedFields::kHost)) {
    require(noted.count(NotedFields::kHost) == 1);
    out.put(noted.value(NotedFields::kHost));
  } else {
    require(is_word(request_->endpoint.host, "-._:"));
    put_authority(request_->endpoint, out);
  }
  require(out.size() > begin);
  host_ = out.text_from(begin);
  out.put("\r\n");
}

void RequestHead::put_fields(const NotedFields& noted, Writer& out) {
  for (const Header& header : request_->headers) {
    if (!equals_ignoring_case(header.name, "host")) put_field(header.name, header.value, out);
  }
  if (!noted.has(NotedFields::kUserAgent)) put_field("User-Agent", kUserAgent, out);
  put_length(noted, out);
  if (expects_continue_ && !noted.has(NotedFields::kExpect)) put_field("Expect", "100-continue", out);
}

void RequestHead::put_length(const NotedFields& noted, Writer& out) {
  char digits[20];
  Writer length{MutBytes(digits)};
  length.put_number(request_->body.size());
  const size_t count = noted.count(NotedFields::kContentLength);
  require(count == 0 || (count == 1 && noted.value(NotedFields::kContentLength) == length.text()));
  require(!noted.has(NotedFields::kTransferEncoding));
  if (count == 0 && wants_length(*request_)) put_field("Content-Length", length.text(), out);
}

Status RequestHead::add(Str name, Str value) {
  require(is_token(name) && is_clean(value));
  Writer out(space());
  put_field(name, value, out);
  return finish(out);
}

MutBytes RequestHead::value_space(Str name) {
  Writer out(space());
  out.put(name).put(": ");
  (void)finish(out);
  return space();
}

Status RequestHead::value_written(IoResult written) {
  if (written.status != Status::kOk) {
    refuse(written.status == Status::kBufferTooSmall ? Status::kRequestTooLarge : written.status);
  }
  assert(error_ != Status::kOk || written.size <= buffer_.size() - size_);
  if (error_ == Status::kOk) size_ += written.size;
  return end();
}

Status RequestHead::end() {
  Writer out(space());
  out.put("\r\n");
  return finish(out);
}

MutBytes RequestHead::space() const {
  return error_ == Status::kOk ? buffer_.drop(size_) : MutBytes();
}

// What was written into `space` belongs to the head.
Status RequestHead::finish(const Writer& out) {
  if (!out.fits()) refuse(Status::kRequestTooLarge);
  if (error_ == Status::kOk) size_ += out.size();
  return error_;
}

void RequestHead::require(bool condition) {
  if (!condition) refuse(Status::kInvalidArgument);
}

void RequestHead::refuse(Status status) {
  if (error_ == Status::kOk) error_ = status;
}

}  // namespace tinyaws
