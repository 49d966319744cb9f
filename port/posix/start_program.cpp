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

// Why it failed.
int become(char* const* words, int output) {
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  int error = take_place(output, STDOUT_FILENO);
  if (error == 0) error = take_place(open("/dev/null", O_RDONLY), STDIN_FILENO);
  return error != 0 ? error : execute(words);
}

}  // namespace

// The child runs in the memory of this process until it becomes the program or ends. So it can say what went wrong;
// and no handler of a signal may run there. Where vfork is no more than fork (under emulators) an exit code of 127
// says that something did, as in a shell.
int start_program(char* const* words, int output, int& child) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  volatile int error = 0;
  const pid_t made = vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork): see above
  if (made == 0) {
    error = become(words, output);  // NOLINT(clang-analyzer-unix.Vfork)
    _exit(127);
  }
  if (made < 0) error = errno;
  sigprocmask(SIG_SETMASK, &before, nullptr);
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
