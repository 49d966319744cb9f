// The POSIX port: programs where vfork is a fork, as in musl on some processors and under emulators.
#include "port_posix_programs.h"

using namespace tinyaws;
using namespace test;

extern "C" pid_t vfork() noexcept {
  return fork();
}

namespace {

void says_why_it_cannot_start(void**) {
  const std::string plain = make_program("plain", "#!/bin/sh\n");
  assert_int_equal(chmod(plain.c_str(), 0600), 0);
  posix::Processes processes;
  assert_status(processes.start("no-such-program-in-path"), Status::kProcessFailed);
  assert_says(processes.describe(), "can't be started: No such file or directory");
  assert_status(processes.start(plain), Status::kProcessFailed);
  assert_says(processes.describe(), "can't be started: Permission denied");
  assert_false(has_children());
}

void gives_what_was_printed(void**) {
  posix::Processes processes;
  const Outcome outcome = run(processes, shell("echo some; exit 127"));
  assert_status(outcome.status, Status::kProcessFailed);
  assert_string_equal(outcome.output.c_str(), "some\n");
  assert_says(processes.describe(), "exit code 127");
  assert_string_equal(output_of("echo good").c_str(), "good\n");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      PROCESS_CASE(says_why_it_cannot_start),
      PROCESS_CASE(gives_what_was_printed),
  };
  return run_in_directory(tests);
}
