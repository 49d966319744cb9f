// The port that refuses: it links, says kUnsupported and leaves everything as it is.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
extern "C" {
#include <cmocka.h>
}

#include <cstring>

#include "tinyaws/none.h"
#include "tinyaws/sha256.h"

using namespace tinyaws;

namespace {

void assert_status(Status status, Status expected) {
  assert_int_equal(static_cast<int>(status), static_cast<int>(expected));
}

void assert_refused(IoResult result) {
  assert_status(result.status, Status::kUnsupported);
  assert_int_equal(result.size, 0);
}

void assert_words(Str words, const char* expected) {
  assert_int_equal(words.size(), strlen(expected));
  assert_memory_equal(words.data(), expected, words.size());
}

void transport_refuses(void**) {
  none::NullTransport null;
  Transport& transport = null;
  for (bool tls : {false, true}) assert_status(transport.open({"127.0.0.1", 80, tls}), Status::kUnsupported);
  assert_status(transport.advance({}), Status::kUnsupported);
  assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kClosed));
  char space[] = "space";
  assert_refused(transport.send("ping"));
  assert_refused(transport.recv(space));
  assert_string_equal(space, "space");
  const Interest interest = transport.interest(true, true);
  assert_int_equal(interest.handle, -1);
  assert_false(interest.read || interest.write || transport.ready());
  transport.close();
  assert_words(transport.describe(), "this build has no network");
}

void platform_stands_still(void**) {
  none::NullPlatform null;
  Platform& platform = null;
  assert_true(platform.now().ms == 0 && platform.unix_time().seconds == kUnknownTime.seconds);
  char out[] = "unchanged";
  assert_status(platform.random(out), Status::kUnsupported);
  assert_string_equal(out, "unchanged");
  platform.wait({}, kNever);
  assert_true(platform.now().ms == 0);
}

void environment_is_empty(void**) {
  none::NullEnvironment null;
  const Environment& environment = null;
  assert_true(environment.variable("PATH").empty());
}

void files_and_processes_refuse(void**) {
  char space[] = "space";
  none::NullFiles no_files;
  Files& files = no_files;
  assert_status(files.open("/dev/null"), Status::kUnsupported);
  assert_refused(files.read(space));
  files.close();
  assert_words(files.describe(), "this build has no files");
  none::NullProcesses no_processes;
  Processes& processes = no_processes;
  assert_status(processes.start("true"), Status::kUnsupported);
  assert_refused(processes.read(space));
  processes.stop();
  assert_words(processes.describe(), "this build runs no programs");
  assert_string_equal(space, "space");
}

bool is_wiped(const Sha256State& state) {
  static const Sha256State zeros{};
  return memcmp(state.storage, zeros.storage, sizeof state.storage) == 0;
}

void sha256_refuses(void**) {
  Sha256State state, copy;
  memset(&state, 0xa5, sizeof state);
  memset(&copy, 0xa5, sizeof copy);
  sha256_start(state);
  sha256_update(state, "abc");
  sha256_clone(copy, state);
  unsigned char digest[kSha256Bytes];
  memset(digest, 0xa5, sizeof digest);
  assert_status(sha256_finish(state, digest), Status::kUnsupported);
  for (unsigned char byte : digest) assert_int_equal(byte, 0);
  assert_status(sha256_finish(copy, digest), Status::kUnsupported);
  memset(&state, 0xa5, sizeof state);
  sha256_stop(state);
  assert_true(is_wiped(state) && is_wiped(copy));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(transport_refuses),    cmocka_unit_test(platform_stands_still),
      cmocka_unit_test(environment_is_empty), cmocka_unit_test(files_and_processes_refuse),
      cmocka_unit_test(sha256_refuses),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
