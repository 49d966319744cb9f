// The POSIX port: programs that are run for what they print. Part of posix.h, and of the library, where
// TINYAWS_CREDENTIAL_PROCESS is on.
#pragma once

#include <cstddef>

#include "tinyaws/bytes.h"
#include "tinyaws/port.h"
#include "tinyaws/status.h"

namespace tinyaws::posix {

/// Bytes of a command. Cost: this many bytes in a Processes. Error: kValueTooLong.
constexpr size_t kMaxCommandBytes = 1024;

/// Words of a command, the program's name among them. Cost: a pointer each in a Processes. Error: kValueTooLong.
constexpr size_t kMaxCommandWords = 64;

/// Room for the words of the last error; words too long are cut. Cost: this many bytes in a Processes.
constexpr size_t kProcessWordBytes = 96;

/// What execve wants: words that end with a NUL, and a null pointer behind the last.
struct CommandWords {
  char text[kMaxCommandBytes + 1];
  char* words[kMaxCommandWords + 1];
};

/// Programs without a shell. A program gets this process's environment and standard error, /dev/null to read, a pipe
/// to print to, and every signal as it is by default. Descriptors that the process has not set to close on exec
/// go along, as they always do.
///
/// Only the program that was started is waited for, by its number: other children of the process are left alone.
/// Where somebody else takes its end (SIGCHLD is ignored, or a handler waits for every child), its exit code can't be
/// known, and what it has printed counts as good.
///
/// Nothing is allocated, nor copied of the process: until the program runs it is the process that waits (vfork), its
/// signals blocked. Where vfork is a fork (musl on ARM64 and MIPS, emulators) the process is copied.
class Processes final : public tinyaws::Processes {
 public:
  Processes() = default;
  ~Processes() { Processes::stop(); }
  Processes(const Processes&) = delete;
  Processes& operator=(const Processes&) = delete;

  /// Starts a program, which is looked up in PATH when its name has no '/'. `command` is split as a POSIX shell
  /// splits it (POSIX.1-2017, Shell Command Language, section 2.2) and nothing in it is expanded: `$HOME`, `*`, `|`
  /// and `;` are plain text. It is not kept. Returns kOk; kBusy until `read` has told the end of the last one, or
  /// `stop`. Errors, with words in `describe`: kInvalidArgument (no words, a quote that is not closed, a NUL,
  /// a backslash at the end); kValueTooLong (kMaxCommandBytes, kMaxCommandWords); kProcessFailed (no such program, no
  /// permission, no more descriptors or processes).
  Status start(Str command) override;

  /// What it has printed; never waits. REQUIRES: started and not stopped, `out` not empty. kPending while it is
  /// silent, and after it has closed its output until it ends. When it has ended and all that it printed is read, kOk
  /// with 0 or kProcessFailed, again and again; a program of its own that still holds the pipe is not waited for.
  IoResult read(MutBytes out) override;

  /// Kills the program with SIGKILL if it runs, and takes its end so that no zombie is left: waits for the kernel,
  /// not for the program. What it has started itself is left alone.
  void stop() override;

  /// "can't be started: No such file or directory", "exit code 3", "signal 9", "a single quote is not closed".
  Str describe() const override { return {words_, words_size_}; }

 private:
  Status spawn(char* const* words);
  void look_for_end();
  void take_end(int how);
  void drop_output();
  IoResult failure(Str words, int error);
  void say(Str words);
  void say(Str words, int number);

  CommandWords command_;  // during `start`: too large for its stack
  int child_ = 0;         // 0: none, or it has ended
  int output_ = -1;
  Status verdict_ = Status::kOk;
  size_t words_size_ = 0;
  char words_[kProcessWordBytes];
};

}  // namespace tinyaws::posix
