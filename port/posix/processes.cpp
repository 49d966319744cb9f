#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstring>

#include "command_words.h"
#include "error_words.h"
#include "tinyaws/posix_processes.h"

extern "C" char** environ;  // not every system's unistd.h declares it

namespace tinyaws::posix {
namespace {

constexpr int kFirstFree = 3;  // behind the three standard descriptors

// A pipe must not lie where the program's standard descriptors will be: this process may have closed its own.
int move_up(int& file) {
  if (file >= kFirstFree) return 0;
  const int moved = fcntl(file, F_DUPFD_CLOEXEC, kFirstFree);
  if (moved < 0) return errno;
  close(file);
  file = moved;
  return 0;
}

int prepare_pipe(int (&ends)[2]) {
  for (int& end : ends) {
    if (const int error = move_up(end)) return error;
  }
  return fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 ? errno : 0;
}

int wait_for(int child, int options, int& how) {
  int result;
  do {
    result = waitpid(child, &how, options);
  } while (result < 0 && errno == EINTR);
  return result;
}

// What a new program starts with. Each step is one that can run out of memory.
class Beginning {
 public:
  explicit Beginning(int output) {
    error_ = posix_spawn_file_actions_init(&actions_);
    if (error_ != 0) return;
    has_actions_ = true;
    error_ = posix_spawnattr_init(&attributes_);
    if (error_ != 0) return;
    has_attributes_ = true;
    error_ = posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    if (error_ == 0) error_ = posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (error_ == 0) error_ = reset_signals();
  }
  ~Beginning() {
    if (has_actions_) posix_spawn_file_actions_destroy(&actions_);
    if (has_attributes_) posix_spawnattr_destroy(&attributes_);
  }
  Beginning(const Beginning&) = delete;
  Beginning& operator=(const Beginning&) = delete;

  int start(char* const* words, int& child) const {
    if (error_ != 0) return error_;
    return posix_spawnp(&child, words[0], &actions_, &attributes_, words, environ);
  }

 private:
  // noinline: the set must not add to what starting takes.
  [[gnu::noinline]] int reset_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    int error = posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    if (error == 0) error = posix_spawnattr_setsigdefault(&attributes_, &signals);
    if (error == 0) error = posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    return error;
  }

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
  int error_ = 0;
  bool has_actions_ = false;
  bool has_attributes_ = false;
};

}  // namespace

Status Processes::start(Str command) {
  if (output_ >= 0) return Status::kBusy;
  const SplitResult split = split_command(command, command_);
  say(split.words);
  const Status status = split.status == Status::kOk ? spawn(command_.words) : split.status;
  memset(command_.text, 0, sizeof command_.text);
  return status;
}

Status Processes::spawn(char* const* words) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return failure("no pipe: ", errno).status;
  int child = 0;
  int error = prepare_pipe(ends);
  if (error == 0) error = Beginning(ends[1]).start(words, child);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    return failure("can't be started: ", error).status;
  }
  child_ = child;
  output_ = ends[0];
  verdict_ = Status::kOk;
  return Status::kOk;
}

IoResult Processes::read(MutBytes out) {
  assert(!out.empty());
  if (output_ < 0) return {verdict_, 0};
  look_for_end();
  ssize_t n;
  do {
    n = ::read(output_, out.data(), out.size());
  } while (n < 0 && errno == EINTR);
  if (n > 0) return {Status::kOk, static_cast<size_t>(n)};
  if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return failure("its output can't be read: ", errno);
  if (child_ > 0) return {Status::kPending, 0};
  drop_output();
  return {verdict_, 0};
}

// Before its output is read, so that nothing it printed last is missed.
void Processes::look_for_end() {
  int how = 0;
  if (child_ <= 0) return;
  const int result = wait_for(child_, WNOHANG, how);
  if (result == 0) return;
  child_ = 0;
  if (result > 0) take_end(how);
}

void Processes::take_end(int how) {
  if (WIFEXITED(how) && WEXITSTATUS(how) == 0) return;
  verdict_ = Status::kProcessFailed;
  WIFEXITED(how) ? say("exit code ", WEXITSTATUS(how)) : say("signal ", WTERMSIG(how));
}

void Processes::stop() {
  look_for_end();
  if (child_ > 0) {
    int how = 0;
    kill(child_, SIGKILL);
    (void)wait_for(child_, 0, how);
  }
  child_ = 0;
  drop_output();
}

void Processes::drop_output() {
  if (output_ >= 0) close(output_);
  output_ = -1;
}

IoResult Processes::failure(Str words, int error) {
  say(words);
  words_size_ += write_error_words(error, {words_ + words_size_, sizeof words_ - words_size_});
  return {Status::kProcessFailed, 0};
}

void Processes::say(Str words) {
  words_size_ = copy_words(words, words_);
}

void Processes::say(Str words, int number) {
  say(words);
  words_size_ += write_number(static_cast<size_t>(number), {words_ + words_size_, sizeof words_ - words_size_});
}

}  // namespace tinyaws::posix
