#include "start_program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"

extern "C" char** environ;  // not every system's unistd.h declares it

namespace tinyaws::posix {
namespace {

constexpr int kFirstFree = 3;  // behind the three standard descriptors

int take_place(int file, int place) {
  if (file < 0 || dup2(file, place) < 0) return errno;
  if (file != place) close(file);
  return 0;
}

bool join(Str directory, Str name, char (&path)[kMaxPathBytes + 1]) {
  if (directory.size() + 1 + name.size() > kMaxPathBytes) return false;
  char* end = path;
  for (const char c : directory) *end++ = c;
  if (!directory.empty()) *end++ = '/';
  for (const char c : name) *end++ = c;
  *end = '\0';
  return true;
}

// As execvp, which in glibc has a shell read what is no program. Why it failed.
int execute(char* const* words) {
  const Str name = words[0];
  if (name.empty() || name.size() > kMaxPathBytes || name.has('/')) {
    execve(words[0], words, environ);
    return errno;
  }
  const char* const listed = getenv("PATH");
  int error = ENOENT;
  for (Str rest = listed != nullptr ? listed : "/bin:/usr/bin";; rest.remove_prefix(1)) {
    const Str directory = rest.before(':');
    char path[kMaxPathBytes + 1];
    if (join(directory, name, path)) {
      execve(path, words, environ);
      if (errno == EACCES) error = errno;
      if (errno != EACCES && errno != ENOENT && errno != ENOTDIR) return errno;
    }
    rest.remove_prefix(directory.size());
    if (rest.empty()) return error;
  }
}

// Why it failed. Not inlined: what it keeps on the stack must be apart from what its parent does.
[[gnu::noinline]] int become(char* const* words, int output) {
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  int error = take_place(output, STDOUT_FILENO);
  if (error == 0) error = take_place(open("/dev/null", O_RDONLY), STDIN_FILENO);
  if (error != 0) return error;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  return execute(words);
}

int move_up(int& file) {
  if (file >= kFirstFree) return 0;
  const int moved = fcntl(file, F_DUPFD_CLOEXEC, kFirstFree);
  if (moved < 0) return errno;
  close(file);
  file = moved;
  return 0;
}

int read_error(int file) {
  int error = 0;
  while (read(file, &error, sizeof error) < 0 && errno == EINTR) {
  }
  return error;
}

}  // namespace

int make_pipe(int (&ends)[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  int error = move_up(ends[0]);
  if (error == 0) error = move_up(ends[1]);
  if (error != 0) close_pipe(ends);
  return error;
}

void close_pipe(const int (&ends)[2]) {
  for (const int end : ends) close(end);
}

// The child runs in the memory of this process until it becomes the program or ends, and no handler of a signal may
// run there. Where vfork is no more than fork (musl on some processors, emulators) what went wrong comes through the
// pipe, or its end when the program runs. Only there it is waited for: another thread's child may hold the pipe as
// well.
int start_program(char* const* words, int output, int& child) {
  constexpr int kNotTold = -1;
  int report[2];
  if (const int failed = make_pipe(report)) return failed;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  volatile int error = kNotTold;
  const pid_t made = vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork): see above
  if (made == 0) {
    // NOLINTBEGIN(clang-analyzer-unix.Vfork): see above
    error = 0;
    const int failed = become(words, output);
    error = failed;
    (void)!write(report[1], &failed, sizeof failed);
    // NOLINTEND(clang-analyzer-unix.Vfork)
    _exit(127);
  }
  if (made < 0) error = errno;
  sigprocmask(SIG_SETMASK, &before, nullptr);
  close(report[1]);
  if (error == kNotTold) error = read_error(report[0]);
  close(report[0]);
  int how = 0;
  if (made > 0 && error != 0) (void)wait_for(made, 0, how);
  child = made;
  return error;
}

int wait_for(int child, int options, int& how) {
  int result;
  do {
    result = waitpid(child, &how, options);
  } while (result < 0 && errno == EINTR);
  return result;
}

}  // namespace tinyaws::posix
