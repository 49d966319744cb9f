#include <cassert>

#include "base/ascii.h"
#include "base/writer.h"
#include "http/response_head.h"
#include "text/percent.h"
#include "tinyaws/exchange.h"

namespace tinyaws {
namespace {

constexpr Str kUserAgent = "tinyaws/" TINYAWS_VERSION_TEXT;

// How many fields of a name there are; `value` is that of the last one.
size_t count_fields(Span<const Header> headers, Str name, Str& value) {
  size_t count = 0;
  for (const Header& header : headers) {
    if (!equals_ignoring_case(header.name, name)) continue;
    value = header.value;
    ++count;
  }
  return count;
}

bool has_field(Span<const Header> headers, Str name) {
  Str value;
  return count_fields(headers, name, value) > 0;
}

bool has_list_member(Span<const Header> headers, Str name, Str member) {
  for (const Header& header : headers) {
    if (equals_ignoring_case(header.name, name) && list_has(header.value, member)) return true;
  }
  return false;
}

bool is_clean_query(Span<const Parameter> query) {
  for (const Parameter& parameter : query) {
    if (!is_clean(parameter.name) || !is_clean(parameter.value)) return false;
  }
  return true;
}

bool wants_length(const Request& request) {
  return request.body.size() > 0 || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
}

bool is_host(Str host) {
  for (char c : host) {
    if (!is_alnum(static_cast<unsigned char>(c)) && Str("-._:").find(c) == Str::npos) return false;
  }
  return !host.empty();
}

Str without_final_slash(Str path) {
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  return path;
}

void put_field(Str name, Str value, Writer& out) {
  out.put(name);
  out.put(": ");
  out.put(value);
  out.put("\r\n");
}

void put_path_and_query(const Request& request, Writer& out) {
  if (!starts_with(request.path, "/")) out.put('/');
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
  const bool ipv6 = endpoint.host.find(':') != Str::npos;
  if (ipv6) out.put('[');
  out.put_lower(endpoint.host);
  if (ipv6) out.put(']');
  if (endpoint.port == default_port(endpoint.tls)) return;
  out.put(':');
  out.put_number(endpoint.port);
}

}  // namespace

Status RequestHead::begin(const Request& request) {
  request_ = &request;
  size_ = 0;
  error_ = Status::kOk;
  require(is_token(request.method) && is_clean(request.path) && is_clean_query(request.query));
  Writer out(buffer_);
  out.put(request.method);
  out.put(' ');
  put_target(out);
  put_host(out);
  put_fields(out);
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
void RequestHead::put_host(Writer& out) {
  out.put(" HTTP/1.1\r\nHost: ");
  const size_t begin = out.size();
  Str given;
  const size_t count = count_fields(request_->headers, "host", given);
  require(count == 1 || (count == 0 && is_host(request_->endpoint.host)));
  if (count > 0) {
    out.put(given);
  } else {
    put_authority(request_->endpoint, out);
  }
  require(out.size() > begin);
  host_ = out.text_from(begin);
  out.put("\r\n");
}

void RequestHead::put_fields(Writer& out) {
  const Span<const Header> headers = request_->headers;
  for (const Header& header : headers) {
    require(is_token(header.name) && is_clean(header.value));
    if (!equals_ignoring_case(header.name, "host")) put_field(header.name, header.value, out);
  }
  if (!has_field(headers, "user-agent")) put_field("User-Agent", kUserAgent, out);
  put_length(out);
  if (expects_continue() && !has_field(headers, "expect")) put_field("Expect", "100-continue", out);
}

void RequestHead::put_length(Writer& out) {
  char digits[20];
  Writer length{MutBytes(digits)};
  length.put_number(request_->body.size());
  Str given;
  const size_t count = count_fields(request_->headers, "content-length", given);
  require(count == 0 || (count == 1 && given == length.text()));
  require(!has_field(request_->headers, "transfer-encoding"));
  if (count == 0 && wants_length(*request_)) put_field("Content-Length", length.text(), out);
}

bool RequestHead::expects_continue() const {
  const Span<const Header> headers = request_->headers;
  if (request_->body.size() == 0) return false;
  return has_list_member(headers, "expect", "100-continue") ||
         (request_->expect_continue && !has_field(headers, "expect"));
}

bool RequestHead::asks_to_close() const {
  return has_list_member(request_->headers, "connection", "close");
}

Status RequestHead::add(Str name, Str value) {
  require(is_token(name) && is_clean(value));
  Writer out(space());
  put_field(name, value, out);
  return finish(out);
}

MutBytes RequestHead::value_space(Str name) {
  Writer out(space());
  out.put(name);
  out.put(": ");
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
