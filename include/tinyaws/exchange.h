// One HTTP/1.1 request and its response as bytes out and bytes in (RFC 9112). No socket, no clock, no heap.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/http.h"
#include "tinyaws/status.h"

namespace tinyaws {

class NotedFields;
class Writer;

/// Writes a request's head into a buffer of the caller's: `begin`, any number of `add`, `end`.
/// Errors stick: after the first, every function returns it until the next `begin`.
class RequestHead {
 public:
  explicit RequestHead(MutBytes buffer) : buffer_(buffer) {}

  /// Writes the request line and the request's headers, with Host, User-Agent and Content-Length where they are
  /// missing, and Expect where the request wants to ask first. `request` must live until the exchange has ended.
  /// Errors: kInvalidArgument (CR, LF or NUL anywhere, a name or method that is no token, a target with a byte
  /// that RFC 3986 forbids, a Content-Length that is not the body's, Transfer-Encoding), kRequestTooLarge.
  Status begin(const Request& request);

  /// What was written, in wire form, for the signer. Valid while the buffer is.
  Str host() const { return host_; }
  Str target() const { return target_; }

  /// Adds one field. The framing is `begin`'s business: not for Content-Length or Transfer-Encoding.
  /// Errors: kInvalidArgument, kRequestTooLarge.
  Status add(Str name, Str value);

  /// Adds a field whose value somebody else writes: `value_space` opens it and answers the space left (empty
  /// after an error), `value_written` closes it after so many bytes of value.
  MutBytes value_space(Str name);
  Status value_written(IoResult written);

  /// Writes the empty line.
  Status end();

  /// The head says "Expect: 100-continue", and there is a body to ask leave for (RFC 9110 section 10.1.1). Not so
  /// when the caller's headers have another Expect: it replaces this one. REQUIRES: after `begin`.
  bool expects_continue() const { return expects_continue_; }
  /// The head says "Connection: close" (RFC 9112 section 9.6). REQUIRES: after `begin`.
  bool asks_to_close() const { return asks_to_close_; }

  Status error() const { return error_; }
  const Request& request() const { return *request_; }
  MutBytes buffer() const { return buffer_; }
  size_t size() const { return size_; }

 private:
  void put_target(Writer& out);
  void put_host(const NotedFields& noted, Writer& out);
  void put_fields(const NotedFields& noted, Writer& out);
  void put_length(const NotedFields& noted, Writer& out);
  MutBytes space() const;
  Status finish(const Writer& out);
  void require(bool condition);
  void refuse(Status status);

  // The smallest members first: see Exchange.
  Status error_ = Status::kOk;
  bool expects_continue_ = false;
  bool asks_to_close_ = false;
  MutBytes buffer_;
  const Request* request_ = nullptr;
  Str host_;
  Str target_;
  size_t size_ = 0;
};

/// The framing of a chunked body (RFC 9112 section 7.1), byte by byte. Extensions and trailer fields are checked,
/// counted and dropped.
class ChunkedFraming {
 public:
  void start() { *this = ChunkedFraming(); }

  /// Reads framing up to the next byte of data, the end of the body, an error or the end of `bytes`; answers how
  /// many bytes that were.
  size_t read(Bytes bytes);

  /// Bytes of data that come next, before more framing.
  uint64_t data_left() const { return state_ == State::kData ? data_left_ : 0; }
  void data_taken(size_t n);

  bool done() const { return state_ == State::kDone; }
  Status error() const { return error_; }

 private:
  enum class State : uint8_t {
    kSize,
    kExtension,
    kSizeLf,
    kData,
    kDataCr,
    kDataLf,
    kTrailerStart,
    kTrailerName,
    kTrailerValue,
    kTrailerLf,
    kEndLf,
    kDone,
  };

  void read_byte(unsigned char byte);
  void read_size(unsigned char byte);
  void read_extension(unsigned char byte);
  void read_trailer(unsigned char byte);
  void expect(unsigned char byte, unsigned char wanted, State next, Status otherwise);
  void start_size(unsigned char byte);
  void size_line_ended(unsigned char byte);

  uint8_t digits_ = 0;
  State state_ = State::kSize;
  Status error_ = Status::kOk;
  size_t extension_bytes_ = 0;
  size_t trailer_bytes_ = 0;
  uint64_t data_left_ = 0;
};

/// What of an answer is still to come: its head, or a body of one of three framings (RFC 9112 section 6.3).
enum class Receiving : uint8_t { kDone, kHead, kCounted, kUntilClose, kChunked };

/// The exchange as an engine: it never calls anybody but the request's body source. Ask which flags hold, do one
/// of these things, ask again. All of it follows from the buffers; an error stays until the next `start`.
///
///            .---- kWantSend: hand `send_buf()` to the transport, then `send_ack(n)`
///  start ----+---- kWantRecv: read into `recv_buf()`, then `recv_ack(n)`, or `recv_eof()`
///            '---- kHasBody:  use `body_buf()`, then `body_ack(n)`
///                  ... until kDone, or kFailed with `error()`
///
/// Once the head is out (with the body, if that is short) both directions are open, so that an early refusal is heard
/// while a body is being sent: an answer of 300 or above ends the sending. One of 2xx does not; the exchange is done
/// when both directions are, and approval of half a request is kConnectionLost.
///
/// After a head with "Expect: 100-continue" the body is withheld, be it short or long (RFC 9110 section 10.1.1):
///
///                              .-- 100, or send_body_anyway() --> the body is sent
///  head --> awaits_continue() -+-- 2xx -------------------------> the body is sent
///                              '-- 300 and above ---------------> no body; the connection is not used again
///
/// A 2xx is not taken for the end of a request whose body nobody has got: the body is owed, as without the question,
/// and the exchange is done when it is out. Other interim answers give no leave; a 100 late or twice changes nothing.
class Exchange {
 public:
  enum Flags : unsigned {
    kWantSend = 1,
    kWantRecv = 2,
    kHasBody = 4,
    kDone = 8,
    kFailed = 16,
  };

  /// Least buffer: response heads of AWS take 200 to 800 bytes.
  static constexpr size_t kMinBufferBytes = 512;

  /// Begins with a finished head. The head's buffer serves the exchange to its end: head and streamed body on the
  /// way out, head and body on the way in.
  /// Errors: what stuck to the head; kBufferTooSmall under kMinBufferBytes.
  Status start(const RequestHead& head);

  unsigned state() const;

  /// Bytes to send, asked of the body source where necessary. The same bytes are offered until they are
  /// acknowledged. Empty while the source has none (`source_pending`) and after an error.
  Bytes send_buf();
  void send_ack(size_t n);
  bool source_pending() const { return source_pending_; }

  /// The head is out, the body withheld: there is nothing to send, and kWantRecv holds. The engine has no clock;
  /// whoever has waited long enough says so. `send_body_anyway` does nothing at any other time.
  bool awaits_continue() const { return error_ == Status::kOk && sending_ == Sending::kWithheld; }
  void send_body_anyway();

  /// The transport takes no more: what remains is dropped, the answer is still awaited.
  void send_closed();

  MutBytes recv_buf();
  void recv_ack(size_t n);
  /// The peer has ended its side: this completes an answer without a length; any other is kTruncated, or
  /// kConnectionLost when no byte of it had come.
  void recv_eof();

  /// A piece of the decoded body.
  Bytes body_buf() const;
  void body_ack(size_t n);

  /// Ends the exchange from outside.
  void give_up(Status status);
  Status error() const { return error_; }

  /// The head of the final answer is complete; `head()` is then valid until the next `start`.
  bool has_head() const { return head_.status != 0; }
  const ResponseHead& head() const { return head_; }

  /// Some byte of the answer has arrived.
  bool heard() const { return heard_; }
  /// And there is more to come of it: true from the first byte on, but not after a 100 that was asked for.
  bool answering() const { return answering_; }
  /// Head and body are on their way.
  bool request_sent() const { return sending_ == Sending::kDone; }

  /// After kDone: the connection may carry another exchange (RFC 9112 section 9.3).
  bool reusable() const;

 private:
  enum class Sending : uint8_t { kDone, kHead, kBody, kWithheld, kClosed };

  bool owes_body() const { return sending_ == Sending::kBody || sending_ == Sending::kWithheld; }
  void send_advanced();
  void refill();
  void read_heads();
  bool pass_interim(size_t size);
  void make_room_for_head();
  void check_cut();
  void accept_head(size_t size);
  void begin_body();
  void decode();
  void check_end();
  void move_received_to(size_t at);
  Bytes received() const { return {buffer_.data() + in_begin_, in_end_ - in_begin_}; }

  // The smallest members first: Thumb instructions reach them with two bytes less.
  Sending sending_ = Sending::kDone;
  Receiving receiving_ = Receiving::kDone;
  Status error_ = Status::kOk;
  bool source_pending_ = false;
  bool heard_ = false;
  bool answering_ = false;
  bool asks_ = false;    // the request says Expect: 100-continue
  bool closes_ = false;  // the request says Connection: close
  bool keep_alive_ = false;
  bool eof_ = false;
  bool gave_way_ = false;  // the sending was cut for a long head

  MutBytes buffer_;
  const Request* request_ = nullptr;
  ResponseHead head_;
  size_t out_begin_ = 0;  // head, or a piece from the source, still to be sent
  size_t out_end_ = 0;
  size_t in_base_ = 0;   // where received bytes go when there are none: behind the final head, once it is there
  size_t in_begin_ = 0;  // received and not yet decoded
  size_t in_end_ = 0;
  size_t scanned_ = 0;  // bytes from in_begin_ known not to end the head
  uint64_t to_send_ = 0;
  uint64_t data_left_ = 0;
  size_t interims_ = 0;
  ChunkedFraming chunks_;
};

}  // namespace tinyaws
