// The words of HTTP: where to send, what to send, what came back. Views throughout: whoever fills them in
// keeps the memory until the call has ended.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/error_info.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// What to trust and whom to be, in terms of the port that makes TLS: `mbedtls::TlsConfig`, for one.
class TlsSettings {
 protected:
  ~TlsSettings() = default;
};

/// A server. `host` is a name or an address; IPv6 addresses stand without brackets.
struct Endpoint {
  Str host;
  uint16_t port = 443;
  bool tls = true;
  /// For servers that are shown another client certificate than the others. Null: those of the transport. Must be
  /// of the port that the transport belongs to, and live until the exchange has ended: no connection made with them
  /// is kept.
  const TlsSettings* tls_settings = nullptr;
};

constexpr uint16_t default_port(bool tls) {
  return tls ? 443 : 80;
}

/// A URL taken apart. Views into the text it was parsed from.
struct Url {
  Endpoint endpoint;
  Str target;  ///< From the first '/' or '?' on, as it stands; empty when the URL ends with its authority.
};

/// Takes an absolute http or https URL apart (RFC 3986 section 3). User information is dropped.
/// Errors: kInvalidArgument for another scheme, a port outside 1..65535, an empty or overlong host, or a
/// byte in the host that may not stand there (percent-encoded hosts are refused).
Status parse_url(Str text, Url& url);

/// A header field. Names compare without regard to case (RFC 9110 section 5.1).
struct Header {
  Str name;
  Str value;
};

/// A query parameter, not yet percent-encoded.
struct Parameter {
  Str name;
  Str value;
};

/// A body that is pulled piece by piece.
class BodySource {
 public:
  /// Writes at most `out.size()` bytes. kOk with how many (0: the body ends here), kPending when there are none
  /// just now (it is asked again within 10 ms), any other status ends the call with kBodySourceFailed.
  virtual IoResult read(MutBytes out) = 0;

  /// Starts again at the first byte: after the body was hashed, and before it is sent again. kUnsupported when
  /// that can't be done; then the caller has to give Body::payload_hash, and the request is not repeated.
  virtual Status rewind() = 0;

 protected:
  ~BodySource() = default;
};

/// The body of a request: bytes in memory, or a source of known length.
struct Body {
  Body() = default;
  Body(Bytes content) : bytes(content) {}        // NOLINT(google-explicit-constructor)
  Body(const char* text) : Body(Bytes(text)) {}  // NOLINT(google-explicit-constructor): text that ends with a NUL
  Body(BodySource& body_source, uint64_t body_length) : source(&body_source), length(body_length) {}

  Bytes bytes;
  BodySource* source = nullptr;  ///< Used instead of `bytes` when not null.
  uint64_t length = 0;           ///< Of the source.

  /// Bytes to be sent.
  uint64_t size() const { return source ? length : bytes.size(); }

  /// What is signed in place of the content's hash: 64 hex digits known beforehand, "UNSIGNED-PAYLOAD", or
  /// another of the texts that the service's documentation names. Empty: the hash of the content, for which
  /// a source is read twice.
  Str payload_hash;
};

/// One HTTP/1.1 request.
struct Request {
  Str method = "GET";
  Endpoint endpoint;

  /// Wire form of the path that the endpoint itself has ("/stage", or empty); stands before all that follows.
  Str base_path;

  /// Path and query as the service knows them; percent-encoded once, when the head is written. CR, LF and NUL are
  /// refused here as everywhere: a key that has them is written as `target`.
  Str path = "/";
  Span<const Parameter> query;

  /// Or both in wire form, "/a%20b?x=1", instead: sent byte for byte. Not empty: `path` and `query` are unused.
  Str target;

  /// Sent in this order. "Host" replaces the host of the endpoint, "User-Agent" the library's; "Content-Length"
  /// must be the body's length; "Transfer-Encoding" is refused, for the framing is the library's business.
  Span<const Header> headers;

  Body body;

  /// Ask for leave to send the body: "Expect: 100-continue" (RFC 9110 section 10.1.1). One that is among the headers
  /// does the same.
  bool expect_continue = false;
};

/// The first byte of `target` that RFC 3986 does not allow in a path or query, a '%' without two hex digits
/// among them; `Str::npos` when all may stand.
size_t find_forbidden_byte(Str target);

/// Receives the body of a response piece by piece.
class BodySink {
 public:
  /// Takes `bytes` or a part of them. kOk with how many were taken; kPending for none just now (asked again
  /// within 10 ms); any other status ends the call with kBodySinkFailed.
  virtual IoResult write(Bytes bytes) = 0;

  /// Forgets all that was written: the request is repeated and a new body begins. kUnsupported when that
  /// can't be done; then the request is not repeated.
  virtual Status restart() = 0;

 protected:
  ~BodySink() = default;
};

/// The head of a response. A view into a connection's buffer: valid until that connection goes on.
struct ResponseHead {
  uint16_t status = 0;
  Bytes bytes;  ///< Status line and fields as received, with the empty line at their end.

  /// The value of the first field of this name, blanks around it taken off; empty when there is none.
  Str header(Str name) const;

  /// The status line without its CRLF: "HTTP/1.1 200 OK".
  Str status_line() const;
};

/// Where the answer goes, and what it was. Belongs to the caller; may be used again for the next call.
/// Cost: kMaxErrorBytes and some 200 bytes.
class Response {
 public:
  /// Drops the body, counting it.
  Response() = default;
  /// Stores the body in memory of the caller's. A body that does not fit ends the call with kBufferTooSmall; of an
  /// error's body the beginning is kept (see `body_cut`).
  explicit Response(MutBytes body) : buffer_(body), stores_(true) {}
  template <size_t N>
  explicit Response(char (&body)[N]) : Response(MutBytes(body)) {}
  /// Hands the body on.
  explicit Response(BodySink& sink) : sink_(&sink) {}
  ~Response() { forget_error(); }
  Response(const Response&) = delete;
  Response& operator=(const Response&) = delete;

  /// Where bodies go from now on, as of the constructors. Not during a call.
  void store_in(MutBytes body);
  void hand_to(BodySink& sink);

  /// 200, 404 ...; 0 when no answer came.
  uint16_t status() const { return head_.status; }

  /// Valid until the next call on the same client; with AsyncClient in Completion::on_done only.
  const ResponseHead& head() const { return head_; }
  Str header(Str name) const { return head_.header(name); }

  /// What was stored; empty with a sink.
  Bytes body() const { return {buffer_.data(), stored_}; }

  /// Bytes of the body received, wherever they went.
  uint64_t body_size() const { return received_; }

  /// Of an error's body only this beginning fitted.
  bool body_cut() const { return stores_ && stored_ < received_; }

  /// What the service said in an error: when the call ended with kServiceError, and when the answer broke off or
  /// could not be passed on. Request ids are valid as `head` is, the rest until the next call with this Response.
  const ErrorInfo& error() const { return error_; }

  // For calls. `begin` forgets an earlier answer; `restart` takes back what was written of this one.
  void begin();
  Status restart();
  void set_head(const ResponseHead& head) { head_ = head; }
  IoResult write(Bytes bytes);

  // For calls whose answer may be an error, and not the last one: its body is held back until that is known.
  /// Keeps what fits of `bytes`; answers how many that were. 0: it is full.
  size_t hold(Bytes bytes);
  bool holds() const { return passed_ < held_size_; }
  /// Reads what is held as an error.
  const ErrorInfo& judge(const ResponseHead& head, Extent extent);
  /// Writes what is held, as `write` does. kOk when that is all.
  Status pass_on();
  /// After all was passed on: makes `error` fit to be read.
  void settle_error() {
    if (error_.is_error()) decode_error({held_, held_size_}, error_);
  }
  void forget_error();

 private:
  IoResult store(Bytes bytes);

  ResponseHead head_;
  MutBytes buffer_;
  BodySink* sink_ = nullptr;
  size_t stored_ = 0;
  uint64_t received_ = 0;
  ErrorInfo error_;
  size_t held_size_ = 0;
  size_t passed_ = 0;
  bool stores_ = false;
  char held_[kMaxErrorBytes];
};

}  // namespace tinyaws
