// The POSIX port: bodies from files and to files, and small files read whole.
#include "port_posix_fixture.h"

using namespace tinyaws;
using namespace test;
using posix::FileSink;
using posix::FileSource;

namespace {

char directory[] = "/tmp/tinyaws-posix-XXXXXX";

/// The descriptor open on `path`; -1 when none is.
int descriptor_of(const std::string& path) {
  for (int i = 0; i < 64; i++) {
    char target[256] = {};
    const std::string link = "/proc/self/fd/" + std::to_string(i);
    if (readlink(link.c_str(), target, sizeof target - 1) > 0 && path == target) return i;
  }
  return -1;
}

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

std::string content_of(const std::string& path) {
  FILE* file = fopen(path.c_str(), "r");
  if (!file) return "(no file)";
  char space[4096];
  const size_t n = fread(space, 1, sizeof space, file);
  fclose(file);
  return std::string(space, n);
}

std::string drain(FileSource& source) {
  std::string all;
  char space[7];
  for (;;) {
    const IoResult result = source.read(space);
    assert_status(result.status, Status::kOk);
    if (result.size == 0) return all;
    all.append(space, result.size);
  }
}

void source_reads_a_file_again_and_again(void**) {
  const std::string path = make_file("source", "twenty-three characters");
  FileSource source;
  assert_status(source.open(path.c_str()), Status::kOk);
  assert_true(is_close_on_exec(descriptor_of(path)));
  assert_int_equal(source.size(), 23);
  faults.interrupt = true;
  assert_string_equal(drain(source).c_str(), "twenty-three characters");
  assert_status(source.rewind(), Status::kOk);
  assert_string_equal(drain(source).c_str(), "twenty-three characters");
  assert_true(faults.interruptions > 0);
  source.close();
  assert_int_equal(descriptor_of(path), -1);
}

void source_keeps_to_the_length_it_told(void**) {
  const std::string path = make_file("source", "0123456789");
  FileSource source;
  assert_status(source.open(path.c_str()), Status::kOk);
  assert_int_equal(truncate(path.c_str(), 4), 0);
  assert_string_equal(drain(source).c_str(), "0123");
  assert_int_equal(source.size(), 10);
  make_file("source", "0123456789 and more");
  assert_status(source.rewind(), Status::kOk);
  assert_string_equal(drain(source).c_str(), "0123456789");
}

void source_reads_a_descriptor_from_where_it_stands(void**) {
  const std::string path = make_file("source", "head and body");
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  lseek(file, 9, SEEK_SET);
  {
    FileSource source;
    assert_status(source.attach(file), Status::kOk);
    assert_int_equal(source.size(), 4);
    for (int i = 0; i < 2; i++) {
      assert_string_equal(drain(source).c_str(), "body");
      assert_status(source.rewind(), Status::kOk);
    }
  }
  assert_int_equal(close(file), 0);
}

void source_names_what_it_cannot_read(void**) {
  FileSource source;
  assert_status(source.open(path_of("missing").c_str()), Status::kNotFound);
  assert_says(source.describe(), error_words(ENOENT));
  assert_status(source.open(directory), Status::kBodySourceFailed);
  assert_says(source.describe(), error_words(EISDIR));
  for (const char* hides : {"/proc/self/status", "/proc/sys/kernel/hostname"}) {
    errno = EBADF;  // of something before
    assert_status(source.open(hides), Status::kUnsupported);
    assert_says(source.describe(), "does not tell its length");
  }
  const std::string fifo = path_of("fifo");
  assert_int_equal(mkfifo(fifo.c_str(), 0600), 0);
  assert_status(source.open(fifo.c_str()), Status::kUnsupported);
  assert_says(source.describe(), "not a regular file");
  char space[4];
  assert_io(source.read(space), Status::kBodySourceFailed, 0);
  assert_says(source.describe(), error_words(EBADF));
  assert_status(source.rewind(), Status::kBodySourceFailed);
  const int file = open(make_file("source", "x").c_str(), O_WRONLY | O_CLOEXEC);
  assert_status(source.attach(file), Status::kOk);
  assert_io(source.read(space), Status::kBodySourceFailed, 0);
  close(file);
}

void put(FileSink& sink, const char* words) {
  assert_io(sink.write(words), Status::kOk, strlen(words));
}

void sink_touches_nothing_before_the_first_byte(void**) {
  const std::string path = make_file("sink", "precious");
  {
    FileSink sink;
    sink.open(path.c_str());
    assert_status(sink.restart(), Status::kOk);
    put(sink, "");
  }
  assert_string_equal(content_of(path).c_str(), "precious");
}

void sink_writes_a_file(void**) {
  const std::string path = make_file("sink", "something longer than what follows");
  FileSink sink;
  sink.open(path.c_str());
  faults.interrupt = true;
  put(sink, "first, ");
  assert_true(is_close_on_exec(descriptor_of(path)));
  put(sink, "rather long");
  assert_true(faults.interruptions > 0);
  assert_status(sink.restart(), Status::kOk);
  put(sink, "then ");
  put(sink, "short");
  faults.interrupt = false;
  assert_status(sink.finish(), Status::kOk);
  assert_int_equal(descriptor_of(path), -1);
  assert_string_equal(content_of(path).c_str(), "then short");
  assert_status(sink.finish(), Status::kOk);
  assert_status(sink.write("x").status, Status::kBodySinkFailed);
  assert_status(sink.restart(), Status::kUnsupported);
  assert_string_equal(content_of(path).c_str(), "then short");
}

void sink_creates_an_empty_file_when_told(void**) {
  const std::string path = path_of("empty");
  FileSink sink;
  sink.open(path.c_str());
  assert_string_equal(content_of(path).c_str(), "(no file)");
  assert_status(sink.finish(), Status::kOk);
  assert_string_equal(content_of(path).c_str(), "");
  assert_status(sink.restart(), Status::kUnsupported);
  make_file("empty", "not so empty");
  sink.open(path.c_str());
  assert_status(sink.finish(), Status::kOk);
  assert_string_equal(content_of(path).c_str(), "");
}

void sink_keeps_its_error(void**) {
  FileSink sink;
  sink.open("/dev/full");
  for (int i = 0; i < 2; i++) {
    assert_io(sink.write("x"), Status::kBodySinkFailed, 0);
    assert_says(sink.describe(), error_words(ENOSPC));
  }
  assert_status(sink.finish(), Status::kBodySinkFailed);
  const std::string nowhere = path_of("no/file");
  sink.open(nowhere.c_str());
  assert_says(sink.describe(), "");
  assert_io(sink.write("x"), Status::kBodySinkFailed, 0);
  assert_says(sink.describe(), error_words(ENOENT));
  assert_int_equal(mkdir(path_of("no").c_str(), 0700), 0);
  assert_io(sink.write("x"), Status::kBodySinkFailed, 0);
  assert_int_equal(rmdir(path_of("no").c_str()), 0);
  sink.open(directory);
  assert_status(sink.finish(), Status::kBodySinkFailed);
  assert_says(sink.describe(), error_words(EISDIR));
  sink.open("/dev/null");
  put(sink, "x");
  assert_status(sink.restart(), Status::kUnsupported);
}

void sink_reports_what_close_says(void**) {
  const std::string path = path_of("sink");
  FileSink sink;
  sink.open(path.c_str());
  put(sink, "x");
  faults.close_errno = EIO;
  assert_status(sink.finish(), Status::kBodySinkFailed);
  faults.close_errno = 0;
  assert_says(sink.describe(), error_words(EIO));
  assert_status(sink.finish(), Status::kBodySinkFailed);
}

void sink_writes_to_a_descriptor_once(void**) {
  int ends[2];
  assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
  {
    FileSink sink;
    sink.attach(ends[1]);
    assert_status(sink.restart(), Status::kOk);
    put(sink, "x");
    assert_status(sink.restart(), Status::kUnsupported);
    static const char much[4096] = {};
    IoResult result;
    while ((result = sink.write({much, sizeof much})).status == Status::kOk) assert_true(result.size > 0);
    assert_io(result, Status::kPending, 0);
    assert_status(sink.finish(), Status::kOk);
  }
  assert_int_equal(close(ends[0]) | close(ends[1]), 0);
  FileSink sink;
  assert_io(sink.write("x"), Status::kBodySinkFailed, 0);
  assert_says(sink.describe(), error_words(EBADF));
  sink.attach(ends[1]);
  assert_io(sink.write("x"), Status::kBodySinkFailed, 0);
  assert_says(sink.describe(), error_words(EBADF));
}

void reads_small_files(void**) {
  const std::string path = make_file("small", "0123456789");
  char out[64];
  faults.interrupt = true;
  assert_io(posix::read_file(path.c_str(), out), Status::kOk, 10);
  assert_memory_equal(out, "0123456789", 10);
  assert_true(faults.interruptions > 0);
  assert_io(posix::read_file(path.c_str(), {out, 10}), Status::kOk, 10);
  assert_io(posix::read_file(path.c_str(), {out, 9}), Status::kBufferTooSmall, 10);
  assert_io(posix::read_file(path.c_str(), {out, 3}), Status::kBufferTooSmall, 10);
  assert_io(posix::read_file(path.c_str(), {}), Status::kBufferTooSmall, 10);
  assert_io(posix::read_file("/proc/self/status", {out, 20}), Status::kBufferTooSmall, 21);
  assert_io(posix::read_file("/dev/null", {}), Status::kOk, 0);
  assert_io(posix::read_file(path_of("missing").c_str(), out), Status::kNotFound, 0);
  assert_io(posix::read_file((path + "/below").c_str(), out), Status::kNotFound, 0);
  assert_io(posix::read_file(directory, out), Status::kUnsupported, 0);
  assert_int_equal(errno, EISDIR);
  assert_int_equal(faults.inheritable_reads, 0);
}

}  // namespace

int main() {
  if (!mkdtemp(directory)) return 1;
  const CMUnitTest tests[] = {
      CASE(source_reads_a_file_again_and_again),
      CASE(source_keeps_to_the_length_it_told),
      CASE(source_reads_a_descriptor_from_where_it_stands),
      CASE(source_names_what_it_cannot_read),
      CASE(sink_touches_nothing_before_the_first_byte),
      CASE(sink_writes_a_file),
      CASE(sink_creates_an_empty_file_when_told),
      CASE(sink_keeps_its_error),
      CASE(sink_reports_what_close_says),
      CASE(sink_writes_to_a_descriptor_once),
      CASE(reads_small_files),
  };
  const int failed = cmocka_run_group_tests(tests, nullptr, nullptr);
  for (const char* name : {"source", "sink", "empty", "small", "fifo"}) unlink(path_of(name).c_str());
  rmdir(directory);
  return failed;
}
