#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstring>

#include "command_words.h"
#include "error_words.h"
#include "start_program.h"
#include "tinyaws/posix_processes.h"

namespace tinyaws::posix {

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
  if (const int error = make_pipe(ends)) return failure("no pipe: ", error).status;
  int child = 0;
  int error = fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 ? errno : 0;
  if (error == 0) error = start_program(words, ends[1], child);
  if (error != 0) {
    close_pipe(ends);
    return failure("can't be started: ", error).status;
  }
  close(ends[1]);
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
