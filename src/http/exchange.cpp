#include "tinyaws/exchange.h"

#include <cassert>
#include <cstring>

#include "http/response_head.h"

namespace tinyaws {

Status Exchange::start(const RequestHead& head) {
  *this = Exchange();
  error_ = head.error();
  buffer_ = head.buffer();
  if (error_ == Status::kOk && buffer_.size() < kMinBufferBytes) error_ = Status::kBufferTooSmall;
  if (error_ != Status::kOk) return error_;
  request_ = &head.request();
  out_end_ = head.size();
  closes_ = head.asks_to_close();
  asks_ = head.expects_continue();
  to_send_ = request_->body.size();
  sending_ = Sending::kHead;
  receiving_ = Receiving::kHead;

  // A short body leaves together with the head: one packet, one TLS record.
  const Bytes body = request_->body.bytes;
  if (!asks_ && request_->body.source == nullptr && to_send_ > 0 && body.size() <= buffer_.size() - out_end_) {
    std::memcpy(buffer_.data() + out_end_, body.data(), body.size());
    out_end_ += body.size();
    to_send_ = 0;
  }
  return Status::kOk;
}

unsigned Exchange::state() const {
  if (error_ != Status::kOk) return kFailed;
  const bool sending = sending_ == Sending::kHead || sending_ == Sending::kBody;
  const bool receiving = receiving_ != Receiving::kDone;
  if (!sending && !receiving) return kDone;
  unsigned flags = 0;
  if (sending) flags |= kWantSend;
  if (receiving && sending_ != Sending::kHead && !eof_ && in_end_ < buffer_.size()) flags |= kWantRecv;
  if (!body_buf().empty()) flags |= kHasBody;
  return flags;
}

Bytes Exchange::send_buf() {
  if (error_ != Status::kOk || (sending_ != Sending::kHead && sending_ != Sending::kBody)) return {};
  if (out_begin_ == out_end_ && request_->body.source != nullptr) refill();
  if (out_begin_ < out_end_) return {buffer_.data() + out_begin_, out_end_ - out_begin_};
  if (request_->body.source != nullptr) return {};
  const Bytes body = request_->body.bytes;
  return {body.data() + (body.size() - static_cast<size_t>(to_send_)), static_cast<size_t>(to_send_)};
}

void Exchange::send_ack(size_t n) {
  if (out_begin_ < out_end_) {
    assert(n <= out_end_ - out_begin_);
    out_begin_ += n;
  } else {
    assert(n <= to_send_);
    to_send_ -= n;
  }
  if (out_begin_ == out_end_) send_advanced();
}

// The head, or a piece of the body, is out.
void Exchange::send_advanced() {
  const bool streams = request_->body.source != nullptr;
  const bool head_out = sending_ == Sending::kHead;
  if (head_out && to_send_ > 0 && streams) in_base_ = in_begin_ = in_end_ = buffer_.size() / 2;
  sending_ = to_send_ > 0 ? Sending::kBody : Sending::kDone;
  if (head_out && asks_) sending_ = Sending::kWithheld;
  if (sending_ == Sending::kDone && streams && !has_head()) move_received_to(0);
}

// While a body streams out, pieces of it take the first half of the buffer and the answer the second.
void Exchange::refill() {
  const size_t half = buffer_.size() / 2;
  const size_t wanted = to_send_ < half ? static_cast<size_t>(to_send_) : half;
  const IoResult result = request_->body.source->read(buffer_.first(wanted));
  source_pending_ = result.status == Status::kPending;
  if (source_pending_) return;
  if (result.status != Status::kOk || result.size == 0 || result.size > wanted)
    return give_up(Status::kBodySourceFailed);
  out_begin_ = 0;
  out_end_ = result.size;
  to_send_ -= result.size;
}

void Exchange::send_body_anyway() {
  if (sending_ == Sending::kWithheld) sending_ = Sending::kBody;
}

void Exchange::send_closed() {
  if (sending_ == Sending::kDone) return;
  const bool streamed = owes_body() && request_->body.source != nullptr;
  sending_ = Sending::kClosed;
  source_pending_ = false;
  if (streamed && !has_head()) move_received_to(0);
  check_cut();
}

// Half a request that was approved all the same is no success.
void Exchange::check_cut() {
  if (sending_ != Sending::kClosed || !has_head() || head_.status >= 300) return;
  if (error_ == Status::kOk) error_ = gave_way_ ? Status::kHeadTooLarge : Status::kConnectionLost;
}

MutBytes Exchange::recv_buf() {
  return buffer_.drop(in_end_);
}

void Exchange::recv_ack(size_t n) {
  assert(n <= buffer_.size() - in_end_);
  in_end_ += n;
  heard_ |= n > 0;
  answering_ |= n > 0;
  if (receiving_ == Receiving::kHead) read_heads();
  if (receiving_ != Receiving::kHead) decode();
}

void Exchange::recv_eof() {
  eof_ = true;
  if (receiving_ == Receiving::kHead) return give_up(heard_ ? Status::kTruncated : Status::kConnectionLost);
  check_end();
}

void Exchange::read_heads() {
  for (;;) {
    const Status status = scan_head(received(), scanned_);
    if (status == Status::kPending) {
      if (in_end_ == buffer_.size()) make_room_for_head();
      return;
    }
    if (status != Status::kOk) return give_up(status);
    const size_t size = scanned_;
    scanned_ = 0;
    if (!pass_interim(size)) return accept_head(size);
    if (error_ != Status::kOk) return;
  }
}

// A long head that comes while a body streams out is a refusal, most likely: it gets the whole buffer.
void Exchange::make_room_for_head() {
  gave_way_ = owes_body();
  send_closed();
  if (in_end_ == buffer_.size()) give_up(Status::kHeadTooLarge);
}

// RFC 9110 section 15.2: any number of interim answers may come first; ours is bounded.
bool Exchange::pass_interim(size_t size) {
  const uint16_t status = read_status(received());
  if (status >= 200) return false;
  if (status == 101) give_up(Status::kUnexpectedUpgrade);
  if (gave_way_) give_up(Status::kHeadTooLarge);
  if (++interims_ > kMaxInterimResponses) give_up(Status::kTooManyInterims);
  in_begin_ += size;
  move_received_to(in_base_);
  if (status == 100 && asks_) {
    answering_ = !received().empty();
    send_body_anyway();
  }
  return true;
}

void Exchange::accept_head(size_t size) {
  head_.bytes = Bytes(buffer_.data() + in_begin_, size);
  head_.status = read_status(head_.bytes);
  in_begin_ += size;
  in_base_ = in_begin_;
  // A service that has refused gets nothing more of the body. One that has not is owed it, asked for or not.
  if (head_.status >= 300 && owes_body()) send_closed();
  send_body_anyway();
  check_cut();
  begin_body();
}

void Exchange::begin_body() {
  Framing framing;
  const Status status = read_framing(head_, request_->method == "HEAD", framing);
  if (status != Status::kOk) return give_up(status);
  keep_alive_ = framing.keep_alive && !closes_;
  data_left_ = framing.length;
  receiving_ = framing.body;
  if (receiving_ == Receiving::kDone) return;
  const bool empty = receiving_ == Receiving::kCounted && data_left_ == 0;
  if (in_base_ == buffer_.size() && !empty) give_up(Status::kHeadTooLarge);
}

Bytes Exchange::body_buf() const {
  if (error_ != Status::kOk) return {};
  uint64_t limit = 0;
  if (receiving_ == Receiving::kCounted) limit = data_left_;
  if (receiving_ == Receiving::kChunked) limit = chunks_.data_left();
  if (receiving_ == Receiving::kUntilClose) limit = UINT64_MAX;
  const Bytes bytes = received();
  return bytes.size() <= limit ? bytes : Bytes(bytes.data(), static_cast<size_t>(limit));
}

void Exchange::body_ack(size_t n) {
  assert(n <= body_buf().size());
  if (n == 0) return;
  in_begin_ += n;
  if (receiving_ == Receiving::kCounted) data_left_ -= n;
  if (receiving_ == Receiving::kChunked) chunks_.data_taken(n);
  decode();
}

// Goes on to the next byte of data.
void Exchange::decode() {
  if (error_ != Status::kOk) return;
  if (receiving_ == Receiving::kChunked) {
    in_begin_ += chunks_.read(received());
    if (chunks_.error() != Status::kOk) return give_up(chunks_.error());
  }
  if (in_begin_ == in_end_) in_begin_ = in_end_ = in_base_;
  check_end();
}

void Exchange::check_end() {
  const bool counted_out = receiving_ == Receiving::kCounted && data_left_ == 0;
  const bool chunked_out = receiving_ == Receiving::kChunked && chunks_.done();
  const bool dry = eof_ && received().empty();
  if (counted_out || chunked_out || (dry && receiving_ == Receiving::kUntilClose)) {
    receiving_ = Receiving::kDone;
  } else if (dry && receiving_ != Receiving::kDone) {
    give_up(Status::kTruncated);
  }
}

void Exchange::move_received_to(size_t at) {
  const Bytes bytes = received();
  std::memmove(buffer_.data() + at, bytes.data(), bytes.size());
  in_base_ = in_begin_ = at;
  in_end_ = at + bytes.size();
}

void Exchange::give_up(Status status) {
  if (error_ == Status::kOk && (state() & kDone) == 0) error_ = status;
}

bool Exchange::reusable() const {
  return error_ == Status::kOk && receiving_ == Receiving::kDone && sending_ == Sending::kDone && keep_alive_ &&
         !eof_ && received().empty();
}

}  // namespace tinyaws
