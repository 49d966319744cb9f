#include "tinyaws/connection.h"

// What an observer is told.

namespace tinyaws {
namespace {

// "POST /path", from the front of a head.
Str method_and_path(MutBytes head) {
  size_t blanks = 0;
  size_t end = 0;
  while (end < head.size() && head[end] != '?' && (head[end] != ' ' || ++blanks < 2)) ++end;
  return {head.data(), end};
}

}  // namespace

void Connection::tell(Event::Kind kind, Str text, Status status) {
  if (observer_ == nullptr) return;
  Event event;
  event.kind = kind;
  event.call = call_;
  event.status = status;
  event.text = text;
  event.bytes_in = bytes_in_;
  event.bytes_out = bytes_out_;
  observer_->on_event(event);
}

void Connection::tell_opening(Transport::State before) {
  using State = Transport::State;
  const State state = transport().state();
  if (before == State::kResolving && state > State::kResolving) tell(Event::Kind::kResolved, transport().describe());
  if (before <= State::kConnecting && state >= State::kSecuring)
    tell(Event::Kind::kConnected, transport().describe());
  if (link_.tls && state == State::kOpen) tell(Event::Kind::kVerified, transport().describe());
}

void Connection::tell_sent() {
  if (observer_ == nullptr) return;
  if (!head_told_ && bytes_out_ >= head_size_) {
    head_told_ = true;
    tell(Event::Kind::kHeadSent, method_and_path(buffer_));
  }
  if (!sent_told_ && exchange_.request_sent()) {
    sent_told_ = true;
    tell(Event::Kind::kBodySent);
  }
}

}  // namespace tinyaws
