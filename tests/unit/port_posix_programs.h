// Programs for the tests of posix::Processes, and how they are run to their end.
#pragma once

#include <sys/wait.h>

#include "port_posix_fixture.h"
#include "tinyaws/posix_processes.h"

namespace test {

using posix::Processes;

inline char directory[] = "/tmp/tinyaws-programs-XXXXXX";

inline std::string path_of(const char* name) {
  return std::string(directory) + "/" + name;
}

inline std::string make_program(const char* name, const std::string& script) {
  const std::string path = path_of(name);
  FILE* file = fopen(path.c_str(), "w");
  fputs(script.c_str(), file);
  fclose(file);
  chmod(path.c_str(), 0700);
  return path;
}

inline bool has_children() {
  return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD;
}

// No child is left behind, not even a dead one, and no descriptor.
inline int tear_down_all(void** state) {
  signal(SIGCHLD, SIG_DFL);
  const int result = tear_down(state);
  return has_children() ? -1 : result;
}

struct Outcome {
  std::string output;
  Status status;
};

inline Outcome finish(Processes& processes, size_t piece = 4096) {
  Outcome outcome{};
  char space[4096];
  for (;;) {
    const IoResult result = processes.read({space, piece});
    if (result.status == Status::kPending) {
      usleep(500);
      continue;
    }
    outcome.status = result.status;
    if (result.status != Status::kOk || result.size == 0) return outcome;
    outcome.output.append(space, result.size);
  }
}

inline Outcome run(Processes& processes, const std::string& command) {
  const Status status = processes.start(command);
  return status == Status::kOk ? finish(processes) : Outcome{{}, status};
}

inline std::string output_of(const std::string& command) {
  Processes processes;
  const Outcome outcome = run(processes, command);
  if (outcome.status != Status::kOk) fail_msg("%s: %s", command.c_str(), text(processes.describe()).c_str());
  return outcome.output;
}

inline std::string shell(const std::string& script) {
  return "/bin/sh -c '" + script + "'";
}

/// Runs the tests in a directory of their own.
template <size_t N>
int run_in_directory(const CMUnitTest (&tests)[N]) {
  if (!mkdtemp(directory)) return 1;
  const int failed = cmocka_run_group_tests(tests, nullptr, nullptr);
  DIR* list = opendir(directory);
  while (const dirent* entry = readdir(list)) unlink(path_of(entry->d_name).c_str());
  closedir(list);
  rmdir(directory);
  return failed;
}

}  // namespace test

#define PROCESS_CASE(function) cmocka_unit_test_setup_teardown(function, test::set_up, test::tear_down_all)
