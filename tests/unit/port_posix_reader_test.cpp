// The POSIX port: small files read piece by piece.
// Covers C30: a file that is replaced while it is read.
#include <sys/wait.h>

#include "port_posix_fixture.h"

using namespace tinyaws;
using namespace test;

namespace {

char directory[] = "/tmp/tinyaws-reader-XXXXXX";

std::string path_of(const char* name) {
  return std::string(directory) + "/" + name;
}

std::string make_file(const char* name, const std::string& content) {
  const std::string path = path_of(name);
  FILE* file = fopen(path.c_str(), "w");
  fwrite(content.data(), 1, content.size(), file);
  fclose(file);
  return path;
}

std::string make_fifo(const char* name) {
  const std::string path = path_of(name);
  unlink(path.c_str());
  assert_int_equal(mkfifo(path.c_str(), 0600), 0);
  return path;
}

std::string drain(Files& files, size_t piece = 7) {
  std::string all;
  char space[4096];
  for (;;) {
    const IoResult result = files.read({space, piece});
    assert_status(result.status, Status::kOk);
    assert_true(result.size <= piece);
    if (result.size == 0) return all;
    all.append(space, result.size);
  }
}

int64_t now_ms() {
  posix::Platform platform;
  return platform.now().ms;
}

void reads_a_file_in_pieces(void**) {
  const std::string path = make_file("file", "[default]\nregion = eu-west-1\n");
  posix::Files files;
  faults.interrupt = true;
  assert_status(files.open(path.c_str()), Status::kOk);
  assert_string_equal(drain(files).c_str(), "[default]\nregion = eu-west-1\n");
  assert_string_equal(drain(files).c_str(), "");
  assert_true(faults.interruptions > 0);
  assert_int_equal(faults.inheritable_reads, 0);
  assert_says(files.describe(), "");
  files.close();
  files.close();
}

void reads_files_of_any_size(void**) {
  std::string big(3 * 1024 * 1024 + 17, 'x');
  for (size_t i = 0; i < big.size(); i++) big[i] = static_cast<char>(i * 7 + i / 251);
  const std::string path = make_file("big", big);
  posix::Files files;
  assert_status(files.open(path.c_str()), Status::kOk);
  assert_true(drain(files, 4096) == big);
  assert_status(files.open(make_file("empty", "").c_str()), Status::kOk);
  assert_string_equal(drain(files).c_str(), "");
  assert_status(files.open("/proc/self/status"), Status::kOk);
  assert_memory_equal(drain(files).data(), "Name:", 5);
  assert_status(files.open("/dev/null"), Status::kOk);
  assert_string_equal(drain(files).c_str(), "");
}

// set_up and tear_down count the descriptors.
void has_one_file_open_at_a_time(void**) {
  const std::string first = make_file("file", "the first");
  const std::string second = make_file("second", "the second");
  posix::Files files;
  for (int i = 0; i < 3; i++) {
    assert_status(files.open(first.c_str()), Status::kOk);
    assert_status(files.open(second.c_str()), Status::kOk);
    assert_string_equal(drain(files).c_str(), "the second");
  }
  assert_int_equal(count_descriptors(), descriptors_before + 1);
  assert_status(files.open(path_of("missing").c_str()), Status::kNotFound);
  assert_int_equal(count_descriptors(), descriptors_before);
  assert_status(files.open(first.c_str()), Status::kOk);
}

void keeps_to_the_file_it_opened(void**) {
  const std::string path = make_file("file", "old content");
  posix::Files files;
  assert_status(files.open(path.c_str()), Status::kOk);
  char space[4];
  assert_io(files.read(space), Status::kOk, 4);
  const std::string other = make_file("second", "new and different content");
  assert_int_equal(rename(other.c_str(), path.c_str()), 0);
  assert_string_equal(drain(files).c_str(), "content");
  assert_status(files.open(path.c_str()), Status::kOk);
  assert_string_equal(drain(files).c_str(), "new and different content");
}

void names_what_it_cannot_read(void**) {
  const std::string file = make_file("file", "x");
  const std::string loop = path_of("loop");
  assert_int_equal(symlink(loop.c_str(), loop.c_str()), 0);
  const std::string long_name = path_of(std::string(300, 'a').c_str());
  struct {
    std::string path;
    Status status;
    int error;
  } const cases[] = {
      {path_of("missing"), Status::kNotFound, ENOENT},    {path_of("no/way"), Status::kNotFound, ENOENT},
      {file + "/below", Status::kNotFound, ENOTDIR},      {"", Status::kNotFound, ENOENT},
      {directory, Status::kFileUnreadable, EISDIR},       {loop, Status::kFileUnreadable, ELOOP},
      {long_name, Status::kFileUnreadable, ENAMETOOLONG},
  };
  posix::Files files;
  for (const auto& c : cases) {
    assert_status(files.open(c.path.c_str()), c.status);
    assert_says(files.describe(), error_words(c.error));
    files.close();
    assert_says(files.describe(), error_words(c.error));
  }
  assert_status(files.open(file.c_str()), Status::kOk);
  assert_says(files.describe(), "");
  char space[4];
  assert_status(files.open("/proc/self/mem"), Status::kOk);
  assert_io(files.read(space), Status::kFileUnreadable, 0);
  assert_says(files.describe(), error_words(EIO));
}

constexpr uid_t kNobody = 65534;

void says_that_permission_is_denied(void**) {
  static std::string path;  // skip() runs no destructors
  path = make_file("secret", "x");
  assert_int_equal(chmod(path.c_str(), 0), 0);
  const uid_t user = geteuid();
  if (user == 0 && seteuid(kNobody) != 0) {
    print_message("skipped says_that_permission_is_denied: this user may read everything\n");
    skip();
  }
  posix::Files files;
  const Status status = files.open(path.c_str());
  if (user == 0) assert_int_equal(seteuid(user), 0);
  assert_status(status, Status::kFileUnreadable);
  assert_says(files.describe(), error_words(EACCES));
}

void says_that_descriptors_have_run_out(void**) {
  const std::string path = make_file("file", "x");
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{0, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  posix::Files files;
  const Status status = files.open(path.c_str());
  setrlimit(RLIMIT_NOFILE, &before);
  assert_status(status, Status::kBusy);
  assert_says(files.describe(), error_words(EMFILE));
}

/// Writes `words` to `path` after `ms`, in a process of its own; closes it after `hold_ms` more.
int write_later(const std::string& path, int ms, const char* words, int hold_ms = 0) {
  const int child = fork();
  if (child != 0) return child;
  usleep(static_cast<useconds_t>(ms) * 1000);
  const int file = ::open(path.c_str(), O_WRONLY);
  if (::write(file, words, strlen(words)) < 0) _exit(1);
  usleep(static_cast<useconds_t>(hold_ms) * 1000);
  _exit(0);
}

void reap(int child) {
  int how = 0;
  while (waitpid(child, &how, 0) < 0) assert_int_equal(errno, EINTR);
  assert_int_equal(how, 0);
}

void reads_a_pipe_whose_writer_comes_later(void**) {
  const std::string path = make_fifo("fifo");
  posix::Files files;
  assert_status(files.open(path.c_str()), Status::kOk);
  const int child = write_later(path, 100, "from another program", 100);
  assert_string_equal(drain(files).c_str(), "from another program");
  reap(child);
}

void reads_what_a_writer_has_left_in_a_pipe(void**) {
  const std::string path = make_fifo("fifo");
  const int holder = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  const int writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  assert_int_equal(::write(writer, "left", 4), 4);
  ::close(writer);
  posix::Files files;
  assert_status(files.open(path.c_str()), Status::kOk);
  const int64_t start = now_ms();
  assert_string_equal(drain(files).c_str(), "left");
  assert_in_range(now_ms() - start, 0, 500);
  ::close(holder);
}

void an_empty_pipe_ends_when_its_writer_leaves(void**) {
  const std::string path = make_fifo("fifo");
  posix::Files files;
  assert_status(files.open(path.c_str()), Status::kOk);
  const int child = write_later(path, 50, "", 50);
  const int64_t start = now_ms();
  assert_string_equal(drain(files).c_str(), "");
  assert_in_range(now_ms() - start, 50, 900);
  reap(child);
}

void gives_a_silent_pipe_one_second(void**) {
  const std::string path = make_fifo("fifo");
  posix::Files files;
  for (const bool has_writer : {false, true}) {
    int64_t start = now_ms();
    assert_status(files.open(path.c_str()), Status::kOk);
    assert_in_range(now_ms() - start, 0, 500);
    const int writer = has_writer ? ::open(path.c_str(), O_WRONLY | O_CLOEXEC) : -1;
    char space[4];
    const SignalStorm storm(20000);
    start = now_ms();
    assert_io(files.read(space), Status::kFileUnreadable, 0);
    assert_in_range(now_ms() - start, 1000, 3000);
    assert_true(signals > 10);
    assert_says(files.describe(), "no data");
    start = now_ms();
    assert_io(files.read(space), Status::kFileUnreadable, 0);
    assert_in_range(now_ms() - start, 0, 500);
    files.close();
    if (has_writer) ::close(writer);
  }
}

void gives_a_slow_pipe_one_second_in_all(void**) {
  const std::string path = make_fifo("fifo");
  posix::Files files;
  assert_status(files.open(path.c_str()), Status::kOk);
  const int child = write_later(path, 600, "late", 5000);
  const int64_t start = now_ms();
  char space[8];
  assert_io(files.read(space), Status::kOk, 4);
  assert_io(files.read(space), Status::kFileUnreadable, 0);
  assert_in_range(now_ms() - start, 1000, 1500);
  assert_says(files.describe(), "no data");
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

}  // namespace

int main() {
  if (!mkdtemp(directory)) return 1;
  const CMUnitTest tests[] = {
      CASE(reads_a_file_in_pieces),
      CASE(reads_files_of_any_size),
      CASE(has_one_file_open_at_a_time),
      CASE(keeps_to_the_file_it_opened),
      CASE(names_what_it_cannot_read),
      CASE(says_that_permission_is_denied),
      CASE(says_that_descriptors_have_run_out),
      CASE(reads_a_pipe_whose_writer_comes_later),
      CASE(reads_what_a_writer_has_left_in_a_pipe),
      CASE(an_empty_pipe_ends_when_its_writer_leaves),
      CASE(gives_a_silent_pipe_one_second),
      CASE(gives_a_slow_pipe_one_second_in_all),
  };
  const int failed = cmocka_run_group_tests(tests, nullptr, nullptr);
  for (const char* name : {"file", "second", "big", "empty", "loop", "secret", "fifo"}) unlink(path_of(name).c_str());
  rmdir(directory);
  return failed;
}
