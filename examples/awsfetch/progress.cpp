#include "progress.h"

#include <cstring>

namespace awsfetch {
namespace {

using tinyaws::Event;
using Kind = tinyaws::Event::Kind;

// Longer words than `out` holds end in dots.
template <size_t N>
size_t copy(Str text, char (&out)[N]) {
  const bool fits = text.size() <= N;
  const size_t size = fits ? text.size() : N - 3;
  if (size > 0) std::memcpy(out, text.data(), size);
  if (!fits) std::memcpy(out + size, "...", 3);
  return fits ? size : N;
}

}  // namespace

// What comes next after an event.
Str Progress::step_after(Kind kind, bool tls) {
  switch (kind) {
    case Kind::kResolving:
      return "resolving the host";
    case Kind::kResolved:
      return "connecting";
    case Kind::kConnected:
      return tls ? "agreeing on TLS" : "sending the request";
    case Kind::kVerified:
    case Kind::kReused:
      return "sending the request";
    case Kind::kHeadSent:
      return "sending the body";
    case Kind::kBodySent:
      return "waiting for the answer";
    case Kind::kStatus:
      return kReceiving;
    case Kind::kWaiting:
      return "waiting before the next attempt";
    case Kind::kDone:
    case Kind::kFailed:
      break;
  }
  return "finishing";
}

void Progress::on_event(const Event& event) {
  if (verbose_) print(event);
  if (event.kind == Kind::kFailed) {
    note_failure(event);
  } else if (event.kind == Kind::kConnected || event.kind == Kind::kVerified) {
    peer_size_ = copy(event.text, peer_);
  }
  step_ = step_after(event.kind, tls_);
}

void Progress::note_failure(const Event& event) {
  failure_ = event.status;
  failed_step_ = step_;
  ++failed_attempts_;
  words_size_ = 0;
  const bool tells_more = event.text != Str(peer_, peer_size_) && event.text != tinyaws::describe(event.status);
  if (tells_more) words_size_ = copy(event.text, words_);
  peer_size_ = 0;
}

void Progress::print(const Event& event) const {
  switch (event.kind) {
    case Kind::kResolving:
      return print_line({"* resolving ", event.text});
    case Kind::kResolved:
      return print_line({"* connecting to ", event.text});
    case Kind::kConnected:
      return print_line({"* connected to ", event.text});
    case Kind::kVerified:
      return print_line({"* ", event.text, ", certificate verified"});
    case Kind::kReused:
      return print_line({"* reusing the connection to ", event.text});
    case Kind::kHeadSent:
      return print_line({"> ", event.text});
    case Kind::kStatus:
      return print_line({"< ", event.text});
    case Kind::kDone:
      return print_line({"* ", Number(event.bytes_out), " bytes out, ", Number(event.bytes_in), " bytes in"});
    case Kind::kFailed:
      return print_line({"* failed: ", event.text});
    case Kind::kWaiting:
      return print_line({"* waiting"});
    case Kind::kBodySent:
      return;
  }
}

}  // namespace awsfetch
