#include "progress.h"

#include <cstring>

namespace awsfetch {
namespace {

using tinyaws::Event;
using Kind = tinyaws::Event::Kind;

constexpr char kReceiving[] = "receiving the answer";

// What is shown of an event, and what comes next after it.
struct Step {
  const char* line;  // null: nothing, or more than the event's text
  const char* next;
};

constexpr Step kSteps[] = {{"* resolving {}", "resolving the host"},
                           {"* connecting to {}", "connecting"},
                           {"* connected to {}", "agreeing on TLS"},
                           {"* {}, certificate verified", "sending the request"},
                           {"* reusing the connection to {}", "sending the request"},
                           {"> {}", "sending the body"},
                           {nullptr, "waiting for the answer"},
                           {"< {}", kReceiving},
                           {nullptr, "finishing"},
                           {nullptr, "finishing"},
                           {nullptr, "waiting before the next attempt"}};
static_assert(sizeof kSteps / sizeof *kSteps == static_cast<size_t>(Kind::kWaiting) + 1);

const Step& step_of(Kind kind) {
  return kSteps[static_cast<size_t>(kind)];
}

// Longer words than `out` holds end in dots.
template <size_t N>
size_t copy(Str text, char (&out)[N]) {
  const bool fits = text.size() <= N;
  const size_t size = fits ? text.size() : N - 3;
  if (size > 0) std::memcpy(out, text.data(), size);
  if (!fits) std::memcpy(out + size, "...", 3);
  return fits ? size : N;
}

// The third line begins with it: "20130524/us-east-1/s3/aws4_request".
Str region_of(Str string_to_sign) {
  for (int line = 1; line < 3; ++line) {
    const size_t end = string_to_sign.find('\n');
    if (end == Str::npos) return {};
    string_to_sign.remove_prefix(end + 1);
  }
  const size_t day = string_to_sign.find('/');
  if (day == Str::npos) return {};
  string_to_sign.remove_prefix(day + 1);
  const size_t size = string_to_sign.find('/');
  return size == Str::npos ? Str() : Str(string_to_sign.data(), size);
}

}  // namespace

bool Progress::answer_begun() const {
  return step() == kReceiving;
}

void Progress::on_event(const Event& event) {
  if (verbose_) print(event);
  if (event.kind == Kind::kFailed) {
    note_failure(event);
  } else if (event.kind == Kind::kConnected || event.kind == Kind::kVerified) {
    peer_size_ = copy(event.text, peer_);
  }
  answered_ |= event.kind == Kind::kStatus;
  step_ = step_of(tls_ || event.kind != Kind::kConnected ? event.kind : Kind::kVerified).next;
}

void Progress::note_failure(const Event& event) {
  failure_ = event.status;
  failed_step_ = step_;
  ++failed_attempts_;
  words_size_ = 0;
  if (event.text != Str(peer_, peer_size_)) words_size_ = copy(event.text, words_);
  peer_size_ = 0;
}

// What is sent again at once is not waited for: then only these say why.
void Progress::print_corrections() {
  if (corrected_.clock != nullptr) print_clock();
  if (corrected_.scope != nullptr) print_region();
}

void Progress::print_clock() {
  const tinyaws::ServiceClock& clock = corrected_.clock->service_clock();
  if (clock.moves() == clock_moves_) return;
  clock_moves_ = clock.moves();
  const int64_t ahead = -clock.offset();
  if (corrected_.clock->unix_time().seconds < clock.floor().seconds) {
    print_line("* this machine's clock is not set: going by the service's");
  } else if (ahead > 0) {
    print_line("* this machine's clock is {} s ahead of the service's: going by the service's",
               {Number(static_cast<uint64_t>(ahead))});
  } else {
    print_line("* this machine's clock is {} s behind the service's: going by the service's",
               {Number(static_cast<uint64_t>(-ahead))});
  }
}

void Progress::print_region() {
  const Str region = region_of(corrected_.scope->texts().string_to_sign);
  const Str before(region_, region_size_);
  if (!before.empty() && region != before) print_line("* now signing for the region {}", {region});
  if (region.size() <= sizeof region_) region_size_ = copy(region, region_);
}

void Progress::print(const Event& event) {
  if (event.kind == Kind::kResolving || event.kind == Kind::kReused) print_corrections();
  switch (event.kind) {
    case Kind::kDone:
      return print_line("* {} bytes out, {} bytes in", {Number(event.bytes_out), Number(event.bytes_in)});
    case Kind::kFailed:
      return print_line("* failed: {}", {event.text.empty() ? tinyaws::describe(event.status) : event.text});
    case Kind::kWaiting:
      return print_line("{}",
                        {answered_ || failed_attempts_ > 0 ? "* waiting before the next attempt" : "* waiting"});
    default:
      if (const char* const line = step_of(event.kind).line) print_line(line, {event.text});
  }
}

}  // namespace awsfetch
