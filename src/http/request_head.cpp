#include <cassert>
#include <cstring>

#include "base/ascii.h"
#include "base/writer.h"
#include "http/response_head.h"
#include "text/percent.h"
#include "tinyaws/exchange.h"

namespace tinyaws {
namespace {

const Header* find_header(Span<const Header> headers, Str name) {
  for (const Header& header : headers) {
    if (equals_ignoring_case(header.name, name)) return &header;
  }
  return nullptr;
}

bool is_single(Span<const Header> headers, Str name) {
  size_t count = 0;
  for (const Header& header : headers) count += equals_ignoring_case(header.name, name);
  return count <= 1;
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

bool is_number(Str text, uint64_t number) {
  char digits[20];
  Writer writer{MutBytes(digits)};
  writer.put_number(number);
  return text == writer.text();
}

Str without_final_slash(Str path) {
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  return path;
}

}  // namespace

// Lets encoders write into the head.
class RequestHead::Output {
 public:
  explicit Output(RequestHead& head) : head_(head) {}
  void put(char c) { head_.put({&c, 1}); }
  void put(Str text) { head_.put(text); }

 private:
  RequestHead& head_;
};

Status RequestHead::begin(const Request& request) {
  request_ = &request;
  size_ = 0;
  error_ = Status::kOk;
  const bool clean = is_token(request.method) && is_clean(request.path) && is_clean_query(request.query);
  const bool single = is_single(request.headers, "host") && is_single(request.headers, "content-length");
  if (!clean || !single) refuse(Status::kInvalidArgument);
  put(request.method);
  put(" ");
  put_target(request);
  put(" HTTP/1.1\r\n");
  put_host(request);
  put_fields(request);
  put_missing_fields(request);
  return error_;
}

void RequestHead::put_target(const Request& request) {
  const size_t begin = size_;
  if (!request.base_path.empty() && request.base_path.front() != '/') refuse(Status::kInvalidArgument);
  put(without_final_slash(request.base_path));
  Output out(*this);
  if (!request.target.empty()) {
    if (request.target.front() == '?' && size_ == begin) put("/");
    if (request.target.front() != '?' && request.target.front() != '/') refuse(Status::kInvalidArgument);
    put(request.target);
  } else {
    if (request.path.empty() || request.path.front() != '/') put("/");
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
  if (error_ != Status::kOk) return;
  target_ = Str(buffer_.data() + begin, size_ - begin);
  if (find_forbidden_byte(target_) != Str::npos) refuse(Status::kInvalidArgument);
}

// RFC 9112 section 3.2: the host first, its port only where it is not the scheme's own.
void RequestHead::put_host(const Request& request) {
  put("Host: ");
  const size_t begin = size_;
  const Header* given = find_header(request.headers, "host");
  if (given != nullptr) {
    put(given->value);
  } else {
    const Endpoint& endpoint = request.endpoint;
    if (!is_host(endpoint.host)) refuse(Status::kInvalidArgument);
    const bool ipv6 = endpoint.host.find(':') != Str::npos;
    Output out(*this);
    if (ipv6) put("[");
    for (char c : endpoint.host) out.put(to_lower(c));
    if (ipv6) put("]");
    if (endpoint.port != default_port(endpoint.tls)) {
      char digits[5];
      Writer number{MutBytes(digits)};
      number.put_number(endpoint.port);
      put(":");
      put(number.text());
    }
  }
  if (error_ != Status::kOk) return;
  host_ = Str(buffer_.data() + begin, size_ - begin);
  if (host_.empty() || !is_clean(host_)) refuse(Status::kInvalidArgument);
  put("\r\n");
}

void RequestHead::put_fields(const Request& request) {
  for (const Header& header : request.headers) {
    if (equals_ignoring_case(header.name, "transfer-encoding")) refuse(Status::kInvalidArgument);
    if (equals_ignoring_case(header.name, "content-length") && !is_number(header.value, request.body.size())) {
      refuse(Status::kInvalidArgument);
    }
    if (equals_ignoring_case(header.name, "host")) continue;
    if (add(header.name, header.value) != Status::kOk) return;
  }
}

void RequestHead::put_missing_fields(const Request& request) {
  if (find_header(request.headers, "user-agent") == nullptr) {
    put("User-Agent: tinyaws/");
    put(kVersion);
    put("\r\n");
  }
  if (wants_length(request) && find_header(request.headers, "content-length") == nullptr) {
    char digits[20];
    Writer number{MutBytes(digits)};
    number.put_number(request.body.size());
    put_line("Content-Length", number.text());
  }
  if (expects_continue() && find_header(request.headers, "expect") == nullptr) put_line("Expect", "100-continue");
}

bool RequestHead::expects_continue() const {
  if (request_->body.size() == 0) return false;
  bool given = false;
  for (const Header& header : request_->headers) {
    if (!equals_ignoring_case(header.name, "expect")) continue;
    if (list_has(header.value, "100-continue")) return true;
    given = true;
  }
  return request_->expect_continue && !given;
}

bool RequestHead::asks_to_close() const {
  for (const Header& header : request_->headers) {
    if (equals_ignoring_case(header.name, "connection") && list_has(header.value, "close")) return true;
  }
  return false;
}

Status RequestHead::add(Str name, Str value) {
  if (!is_token(name) || !is_clean(value)) refuse(Status::kInvalidArgument);
  put_line(name, value);
  return error_;
}

MutBytes RequestHead::value_space(Str name) {
  put(name);
  put(": ");
  return error_ == Status::kOk ? buffer_.drop(size_) : MutBytes();
}

Status RequestHead::value_written(IoResult written) {
  if (written.status != Status::kOk) {
    refuse(written.status == Status::kBufferTooSmall ? Status::kRequestTooLarge : written.status);
  }
  if (error_ != Status::kOk) return error_;
  assert(written.size <= buffer_.size() - size_);
  size_ += written.size;
  put("\r\n");
  return error_;
}

Status RequestHead::end() {
  put("\r\n");
  return error_;
}

void RequestHead::put_line(Str name, Str value) {
  put(name);
  put(": ");
  put(value);
  put("\r\n");
}

void RequestHead::put(Str text) {
  if (error_ != Status::kOk) return;
  if (text.size() > buffer_.size() - size_) {
    refuse(Status::kRequestTooLarge);
    return;
  }
  if (!text.empty()) std::memcpy(buffer_.data() + size_, text.data(), text.size());
  size_ += text.size();
}

void RequestHead::refuse(Status status) {
  if (error_ == Status::kOk) error_ = status;
}

}  // namespace tinyaws
