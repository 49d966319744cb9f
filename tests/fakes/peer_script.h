// The script that a peer plays: what it answers, how slowly, and where it fails.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tinyaws/port.h"

namespace tinyaws::fakes {

/// What a peer says in return for one request.
struct Answer {
  enum class When { kAfterRequest, kAfterHead, kAtOnce };

  std::string bytes;
  When when = When::kAfterRequest;
  size_t body_bytes = 0;  ///< For kAfterHead: and after so many bytes of the body.
  int64_t delay_ms = 0;   ///< Before the first byte.
  size_t drip = 0;        ///< Not 0: so many bytes every `drip_ms`.
  int64_t drip_ms = 1;
  bool ends = false;            ///< The peer ends its side in order after the answer.
  Status breaks = Status::kOk;  ///< Or the connection breaks, with this error of `recv`.
  int64_t end_delay_ms = 0;     ///< After the last byte.
};

/// What one connection meets, from `open` to `close`.
struct Peer {
  Peer() = default;
  explicit Peer(std::vector<Answer> script) : answers(std::move(script)) {}
  explicit Peer(std::string bytes) { answers.push_back({std::move(bytes)}); }

  std::vector<Answer> answers;  ///< One a request, in order; then silence.

  bool opens_at_once = false;
  Status open_status = Status::kPending;
  bool ready_to_advance = false;  ///< After `open`, `ready` alone announces that `advance` gets further.
  int pending_advances = 0;       ///< In each of the states before kOpen, so many calls answer kPending.
  int64_t resolve_ms = 0;         ///< Virtual time in each state.
  int64_t connect_ms = 0;
  int64_t secure_ms = 0;
  Transport::State fails_in = Transport::State::kClosed;  ///< `advance` fails in this state, with `advance_error`.
  Status advance_error = Status::kConnectFailed;

  size_t send_piece = SIZE_MAX;  ///< Bytes in one call, at most.
  size_t recv_piece = SIZE_MAX;
  bool pend_between = false;       ///< Every other send and recv answers kPending.
  bool holds_bytes = false;        ///< As TLS does: what has arrived is announced by `ready` alone, after one recv.
  size_t takes = SIZE_MAX;         ///< Bytes it takes before it takes no more ...
  Status then = Status::kPending;  ///< ... and answers this.
  std::string words = "scripted peer";
};

/// A failure at the k-th call of open, advance, send and recv, counted together from 0.
struct Fault {
  enum class Kind { kNone, kStatus, kEnd, kPendOnce, kPendForEver, kOneByte, kOpenAtOnce };
  Kind kind = Kind::kNone;
  size_t at = SIZE_MAX;
  Status status = Status::kConnectionLost;
};

}  // namespace tinyaws::fakes
