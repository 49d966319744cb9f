// Drives an Exchange by hand: a request out, bytes in, and what came of it.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>

#include "check.h"
#include "tinyaws/exchange.h"

namespace tinyaws::fakes {

struct Outcome {
  Status error = Status::kPending;  ///< kOk: done; kPending: neither done nor failed.
  uint16_t status = 0;
  std::string head;
  std::string body;
  bool reusable = false;

  bool operator==(const Outcome& o) const {
    return error == o.error && status == o.status && head == o.head && body == o.body && reusable == o.reusable;
  }
  std::string words() const {
    return text(error) + ", status " + std::to_string(status) + ", body of " + std::to_string(body.size()) + " \"" +
           printable(body, 60) + "\", " + (reusable ? "reusable" : "not reusable");
  }
};

class ExchangeDriver {
 public:
  explicit ExchangeDriver(MutBytes buffer) : head_(buffer) {}

  size_t body_piece = SIZE_MAX;  ///< Bytes of the body taken at once.

  Exchange& exchange() { return exchange_; }
  RequestHead& head() { return head_; }

  Status start(const Request& request) {
    body_.clear();
    left_over_ = 0;
    const Status begun = head_.begin(request);
    const Status ended = head_.end();
    CHECK(begun == Status::kOk || ended == begun, "an error of begin does not stick until end");
    return exchange_.start(head_);
  }

  /// Everything that the exchange has to send now, in pieces of at most `piece`.
  std::string send_all(size_t piece = SIZE_MAX) {
    std::string sent;
    while (exchange_.state() & Exchange::kWantSend) {
      const Bytes bytes = exchange_.send_buf();
      if (bytes.empty()) break;
      CHECK(exchange_.send_buf() == bytes, "the same bytes are offered until they are acknowledged");
      const size_t n = std::min(piece, bytes.size());
      sent.append(bytes.data(), n);
      exchange_.send_ack(n);
    }
    return sent;
  }

  /// The peer says `bytes`. False when the exchange is at its end and wanted no more of them.
  bool feed(Bytes bytes) {
    drain();
    while (!bytes.empty()) {
      if (finished()) return left_over_ += bytes.size(), false;
      CHECK(exchange_.state() & Exchange::kWantRecv, "not finished, yet nothing is wanted from the peer");
      const MutBytes space = exchange_.recv_buf();
      CHECK(!space.empty(), "kWantRecv with an empty recv_buf");
      const size_t n = std::min(space.size(), bytes.size());
      memcpy(space.data(), bytes.data(), n);
      exchange_.recv_ack(n);
      bytes.remove_prefix(n);
      drain();
    }
    return true;
  }

  void end() {
    if (!finished()) exchange_.recv_eof();
    drain();
  }

  bool finished() const { return exchange_.state() & (Exchange::kDone | Exchange::kFailed); }

  /// What has come of it. Bytes of the peer that the exchange no longer wanted make the connection unfit for
  /// another: the connection finds them when it looks whether the idle transport has something to say.
  Outcome outcome() const {
    Outcome out;
    const unsigned flags = exchange_.state();
    CHECK(!((flags & Exchange::kDone) && (flags & Exchange::kFailed)), "both done and failed");
    if (flags & Exchange::kFailed) {
      CHECK(exchange_.error() != Status::kOk && exchange_.error() != Status::kPending, "failed without an error");
      CHECK(!exchange_.reusable(), "reusable after a failure");
      out.error = exchange_.error();
    } else if (flags & Exchange::kDone) {
      CHECK_STATUS(exchange_.error(), Status::kOk, "error() after kDone");
      out.error = Status::kOk;
      out.reusable = exchange_.reusable() && left_over_ == 0;
    }
    out.status = exchange_.head().status;
    if (exchange_.has_head()) out.head = std::string(exchange_.head().bytes);
    out.body = body_;
    return out;
  }

 private:
  void drain() {
    while (exchange_.state() & Exchange::kHasBody) {
      const Bytes piece = exchange_.body_buf();
      CHECK(!piece.empty(), "kHasBody with an empty body_buf");
      const size_t n = std::min(piece.size(), body_piece);
      body_.append(piece.data(), n);
      exchange_.body_ack(n);
    }
  }

  RequestHead head_;
  Exchange exchange_;
  std::string body_;
  size_t left_over_ = 0;
};

}  // namespace tinyaws::fakes
