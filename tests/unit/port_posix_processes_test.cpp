// The POSIX port: programs that are run for what they print.
#include <algorithm>

#include "port_posix_programs.h"

using namespace tinyaws;
using namespace test;

namespace {

int64_t now_ms() {
  posix::Platform platform;
  return platform.now().ms;
}

void gives_what_was_printed(void**) {
  posix::Processes processes;
  assert_status(processes.start("printf '{\"Version\": 1}'"), Status::kOk);
  faults.interrupt = true;
  const Outcome outcome = finish(processes, 3);
  assert_status(outcome.status, Status::kOk);
  assert_string_equal(outcome.output.c_str(), "{\"Version\": 1}");
  assert_true(faults.interruptions > 0);
  assert_int_equal(faults.inheritable_reads, 0);
  char space[4];
  for (int i = 0; i < 2; i++) assert_io(processes.read(space), Status::kOk, 0);
  assert_says(processes.describe(), "");
}

void tells_how_it_ended(void**) {
  struct {
    const char* script;
    Status status;
    const char* output;
    const char* words;
  } const cases[] = {
      {"exit 0", Status::kOk, "", ""},
      {"echo some; exit 3", Status::kProcessFailed, "some\n", "exit code 3"},
      {"exit 255", Status::kProcessFailed, "", "exit code 255"},
      {"kill -9 $$", Status::kProcessFailed, "", "signal 9"},
      {"echo some; kill -15 $$", Status::kProcessFailed, "some\n", "signal 15"},
      {"echo ok", Status::kOk, "ok\n", ""},
  };
  posix::Processes processes;
  for (const auto& c : cases) {
    const Outcome outcome = run(processes, shell(c.script));
    assert_string_equal(outcome.output.c_str(), c.output);
    assert_says(processes.describe(), c.words);
    assert_status(outcome.status, c.status);
    char space[4];
    assert_io(processes.read(space), c.status, 0);
    assert_false(has_children());
  }
}

void says_why_it_cannot_start(void**) {
  const std::string plain = make_program("plain", "#!/bin/sh\n");
  assert_int_equal(chmod(plain.c_str(), 0600), 0);
  const std::string no_program = make_program("no_program", "just words\n");
  const std::string no_interpreter = make_program("no_interpreter", "#!/no/such/interpreter\n");
  struct {
    std::string command;
    const char* words;
  } const cases[] = {
      {"/no/such/program x", "can't be started: No such file or directory"},
      {"no-such-program-in-path", "can't be started: No such file or directory"},
      {"''", "can't be started: No such file or directory"},
      {plain, "can't be started: Permission denied"},
      {directory, "can't be started: Permission denied"},
      {no_program, "can't be started: Exec format error"},
      {no_interpreter, "can't be started: No such file or directory"},
  };
  posix::Processes processes;
  for (const auto& c : cases) {
    assert_status(processes.start(c.command), Status::kProcessFailed);
    assert_says(processes.describe(), c.words);
    assert_int_equal(count_descriptors(), descriptors_before);
    assert_false(has_children());
  }
  assert_status(run(processes, "true").status, Status::kOk);
  assert_says(processes.describe(), "");
}

void says_that_descriptors_have_run_out(void**) {
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{0, before.rlim_max};
  posix::Processes processes;
  setrlimit(RLIMIT_NOFILE, &none);
  const Status status = processes.start("true");
  setrlimit(RLIMIT_NOFILE, &before);
  assert_status(status, Status::kProcessFailed);
  assert_says(processes.describe(), "no pipe: " + error_words(EMFILE));
}

void looks_in_path(void**) {
  make_program("only-here", "#!/bin/sh\necho \"found $1\"\n");
  const std::string before = getenv("PATH");
  setenv("PATH", (before + ":" + directory).c_str(), 1);
  const std::string output = output_of("only-here 'and there'");
  setenv("PATH", before.c_str(), 1);
  assert_string_equal(output.c_str(), "found and there\n");
  posix::Processes processes;
  assert_status(processes.start("only-here"), Status::kProcessFailed);
}

void hands_the_environment_over(void**) {
  setenv("TINYAWS_TEST", "a value", 1);
  const std::string output = output_of(shell("echo \"$TINYAWS_TEST\""));
  unsetenv("TINYAWS_TEST");
  assert_string_equal(output.c_str(), "a value\n");
}

/// Descriptors above the standard ones that this process was itself started with.
size_t count_inherited() {
  size_t count = 0;
  for (int i = 3; i < 1024; i++) count += fcntl(i, F_GETFD) >= 0 && !is_close_on_exec(i);
  return count;
}

void gives_nothing_to_read_and_no_descriptors(void**) {
  assert_string_equal(output_of("cat").c_str(), "");
  const std::string list = output_of("ls /proc/self/fd");
  const auto lines = static_cast<size_t>(std::count(list.begin(), list.end(), '\n'));
  assert_int_equal(lines, 3 + count_inherited() + 1);  // the last is what ls opens itself
  assert_string_equal(output_of("readlink /proc/self/fd/0").c_str(), "/dev/null\n");
}

void resets_signals(void**) {
  sigset_t blocked, before;
  sigfillset(&blocked);
  sigprocmask(SIG_SETMASK, &blocked, &before);
  signal(SIGPIPE, SIG_IGN);
  const std::string blocked_there = output_of("sed -n \"s/^SigBlk:\t*//p\" /proc/self/status");
  const std::string ignored_there = output_of("sed -n \"s/^SigIgn:\t*//p\" /proc/self/status");
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &before, nullptr);
  assert_string_equal(blocked_there.c_str(), "0000000000000000\n");
  // The C library keeps the signals from 32 to 34 to itself.
  assert_int_equal(strtoull(ignored_there.c_str(), nullptr, 16) & 0x7fffffff, 0);
}

void reads_a_megabyte(void**) {
  const std::string output = output_of(shell("head -c 1048576 /dev/zero | tr \"\\\\000\" x; echo end"));
  assert_int_equal(output.size(), 1048576 + 4);
  assert_true(output == std::string(1048576, 'x') + "end\n");
}

void is_pending_while_it_is_silent(void**) {
  posix::Processes processes;
  const int64_t start = now_ms();
  assert_status(processes.start(shell("sleep 0.3; echo late; sleep 0.3")), Status::kOk);
  char space[16];
  const int64_t before = now_ms();
  assert_io(processes.read(space), Status::kPending, 0);
  assert_in_range(now_ms() - before, 0, 200);
  const Outcome outcome = finish(processes);
  assert_status(outcome.status, Status::kOk);
  assert_string_equal(outcome.output.c_str(), "late\n");
  assert_in_range(now_ms() - start, 600, 5000);
}

void waits_for_one_that_closes_its_output(void**) {
  posix::Processes processes;
  const int64_t start = now_ms();
  assert_status(processes.start(shell("echo said; exec >&-; sleep 0.3; exit 4")), Status::kOk);
  const Outcome outcome = finish(processes);
  assert_string_equal(outcome.output.c_str(), "said\n");
  assert_status(outcome.status, Status::kProcessFailed);
  assert_says(processes.describe(), "exit code 4");
  assert_in_range(now_ms() - start, 300, 5000);
}

void waits_for_no_program_of_its_own(void**) {
  posix::Processes processes;
  const int64_t start = now_ms();
  const std::string number = path_of("number");
  assert_status(processes.start(shell("sleep 20 & echo $! >" + number + "; echo said")), Status::kOk);
  const Outcome outcome = finish(processes);
  assert_status(outcome.status, Status::kOk);
  assert_string_equal(outcome.output.c_str(), "said\n");
  assert_in_range(now_ms() - start, 0, 5000);
  FILE* file = fopen(number.c_str(), "r");
  int sleeper = 0;
  assert_int_equal(fscanf(file, "%d", &sleeper), 1);
  fclose(file);
  assert_int_equal(kill(sleeper, SIGKILL), 0);
}

void misses_nothing_that_was_printed_last(void**) {
  posix::Processes processes;
  for (int i = 0; i < 100; i++) {
    assert_status(processes.start("printf last"), Status::kOk);
    if (i % 2) usleep(3000);
    assert_string_equal(finish(processes).output.c_str(), "last");
  }
}

void runs_one_at_a_time(void**) {
  posix::Processes processes;
  assert_status(processes.start(shell("echo one")), Status::kOk);
  assert_status(processes.start("echo two"), Status::kBusy);
  assert_string_equal(finish(processes).output.c_str(), "one\n");
  assert_status(processes.start("echo two"), Status::kOk);
  assert_string_equal(finish(processes).output.c_str(), "two\n");
}

void stops_it(void**) {
  posix::Processes processes;
  processes.stop();
  for (int i = 0; i < 3; i++) {
    assert_status(processes.start(shell("trap \"\" TERM INT; echo $$; exec sleep 20")), Status::kOk);
    char space[16] = {};
    while (processes.read({space, 15}).status == Status::kPending) usleep(500);
    const int64_t start = now_ms();
    processes.stop();
    assert_in_range(now_ms() - start, 0, 5000);
    assert_int_equal(kill(atoi(space), 0), -1);
    assert_int_equal(errno, ESRCH);
    assert_false(has_children());
    processes.stop();
    assert_int_equal(count_descriptors(), descriptors_before);
  }
  assert_status(processes.start("true"), Status::kOk);
  usleep(50000);
  processes.stop();
  assert_false(has_children());
  {
    posix::Processes forgotten;
    assert_status(forgotten.start("sleep 20"), Status::kOk);
  }
  assert_false(has_children());
}

void leaves_other_children_alone(void**) {
  const int other = fork();
  if (other == 0) _exit(7);
  assert_string_equal(output_of("echo ok").c_str(), "ok\n");
  {
    posix::Processes processes;
    assert_status(processes.start("sleep 20"), Status::kOk);
  }
  int how = 0;
  assert_int_equal(waitpid(other, &how, 0), other);
  assert_int_equal(WEXITSTATUS(how), 7);
}

// Then nobody can know the exit code.
void judges_by_output_where_ends_are_ignored(void**) {
  signal(SIGCHLD, SIG_IGN);
  posix::Processes processes;
  for (const char* script : {"sleep 0.1; echo ok; exit 3", "echo ok"}) {
    const Outcome outcome = run(processes, shell(script));
    assert_status(outcome.status, Status::kOk);
    assert_string_equal(outcome.output.c_str(), "ok\n");
  }
  assert_status(processes.start("sleep 20"), Status::kOk);
  processes.stop();
}

// And leaves them closed.
void starts_without_standard_descriptors(void**) {
  for (int mask = 0; mask < 8; mask++) {
    const int child = fork();
    if (child == 0) {
      for (int i = 0; i < 3; i++) {
        if (mask & (1 << i)) ::close(i);
      }
      posix::Processes processes;
      if (processes.start("sh -c \"echo out; cat\"") != Status::kOk) _exit(2);
      for (int i = 0; i < 3; i++) {
        if ((mask & (1 << i)) && fcntl(i, F_GETFD) >= 0) _exit(3);
      }
      const Outcome outcome = finish(processes);
      _exit(outcome.status == Status::kOk && outcome.output == "out\n" ? 0 : 1);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    if (how != 0) fail_msg("descriptors closed: %d, ended with %x", mask, static_cast<unsigned>(how));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      PROCESS_CASE(gives_what_was_printed),
      PROCESS_CASE(tells_how_it_ended),
      PROCESS_CASE(says_why_it_cannot_start),
      PROCESS_CASE(says_that_descriptors_have_run_out),
      PROCESS_CASE(looks_in_path),
      PROCESS_CASE(hands_the_environment_over),
      PROCESS_CASE(gives_nothing_to_read_and_no_descriptors),
      PROCESS_CASE(resets_signals),
      PROCESS_CASE(reads_a_megabyte),
      PROCESS_CASE(is_pending_while_it_is_silent),
      PROCESS_CASE(waits_for_one_that_closes_its_output),
      PROCESS_CASE(waits_for_no_program_of_its_own),
      PROCESS_CASE(misses_nothing_that_was_printed_last),
      PROCESS_CASE(runs_one_at_a_time),
      PROCESS_CASE(stops_it),
      PROCESS_CASE(leaves_other_children_alone),
      PROCESS_CASE(judges_by_output_where_ends_are_ignored),
      PROCESS_CASE(starts_without_standard_descriptors),
  };
  return run_in_directory(tests);
}
