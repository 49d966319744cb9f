// An exchange as a script of events: what is sent, what comes in and how it is taken go in the order and the sizes
// that the input says. Whatever the order, the outcome is that of the same bytes received in one go after the
// request.
#include "fuzz.h"
#include "played_exchange.h"

using namespace tinyaws;
using namespace tinyaws::fuzz;

namespace {

/// The same answer, after the whole request and in one go.
struct Reference {
  Reference(const Setting& setting, const Run& run) : setting_copy(without_body(setting)), whole(setting_copy) {
    whole.run_on(run.fed(), SIZE_MAX, run.ended());
  }

  static Setting without_body(Setting setting) {
    setting.body.clear();
    setting.buffer_size = 4096;
    return setting;
  }

  Setting setting_copy;
  Run whole;
};

bool is_own_error(Status status) {
  return status == Status::kHeadTooLarge || status == Status::kBodySourceFailed || status == Status::kCancelled ||
         status == Status::kConnectionLost;
}

void compare(const Setting& setting, Run& run) {
  Reference reference(setting, run);
  Exchange& one = run.exchange();
  Exchange& whole = reference.whole.exchange();
  if (is_own_error(one.error())) return;
  check(one.error() == whole.error());
  check(run.head() == reference.whole.head() && run.body() == reference.whole.body());
  if (!setting.sends_at_once()) return;
  check(one.state() == whole.state());
  // Nothing is said of the other's connection by an end that one of them has seen only because it took the body late,
  // nor by a request that only one of them has sent as a whole.
  const bool alike = run.ended() == reference.whole.ended() && one.request_sent() == whole.request_sent();
  if (alike) check(one.reusable() == whole.reusable());
}

void act(Run& run, unsigned event, Str& bytes) {
  const size_t size = event >> 3;
  switch (event & 7) {
    case 0:
      run.send(1 + size * 8);
      break;
    case 1:
    case 2:
      run.receive(bytes, 1 + size);
      break;
    case 3:
      run.receive(bytes, SIZE_MAX);
      break;
    case 4:
      run.take(size);
      break;
    case 5:
      run.source().mood = static_cast<Source::Mood>(size % 5);
      run.source().piece = 1 + size * 4;
      break;
    case 6:
      run.send(SIZE_MAX);
      break;
    case 7:
      if (size < 28) run.take(SIZE_MAX);
      if (size == 28) run.send_anyway();
      if (size == 29) run.end();
      if (size == 30) run.close_sending();
      if (size == 31) run.give_up();
      break;
    default:
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  Input input(data, size);
  const Setting setting(input);
  Input script(input.text(input.byte()));
  Str bytes = input.rest();
  Run run(setting);
  while (!script.empty()) act(run, script.byte(), bytes);
  if (run.source().mood == Source::Mood::kPends) run.source().mood = Source::Mood::kGives;
  run.run_on(bytes, 1 + size % 90, true);
  check(run.finished());
  compare(setting, run);
  return 0;
}
