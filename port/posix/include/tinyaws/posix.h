// The POSIX port: TCP sockets, clocks, environment variables, files and programs. Linux with glibc or musl, 32 and 64
// bits.
//
// No signal is raised or handled, nothing is shared between objects that were not given each other, no memory is
// allocated but by the C library's getaddrinfo. Every descriptor is closed on exec and may be above 1024. System
// calls that a signal interrupts are made again, except in `wait`, which then returns.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/http.h"
#include "tinyaws/port.h"
#include "tinyaws/posix_tcp.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

#if TINYAWS_CREDENTIAL_PROCESS
#include "tinyaws/posix_processes.h"
#endif

namespace tinyaws::posix {

/// Room for the words of one error of the system; words too long are cut. Cost: this many bytes in a Files, in a
/// FileSource and in a FileSink.
constexpr size_t kErrorWordBytes = 64;

/// Milliseconds that Files waits in all, from the first time on, for what a named pipe or a device has to say.
/// Cost: the call of `read` takes so long. Error: kFileUnreadable.
constexpr int64_t kMaxPipeWaitMs = 1000;

/// Interests that `Platform::wait` watches at once; with more it returns after 10 ms, or `until` if that is sooner: a
/// Poller has no such limit. Cost: 8 bytes each on its stack. Error: none.
constexpr size_t kMaxWatched = 64;

/// Clocks, chance and waiting.
class Platform final : public tinyaws::Platform {
 public:
  /// With kTimeFloor as the floor of its service_clock(): a system that has booted into 1970 is known to be wrong.
  Platform() { service_clock().set_floor({kTimeFloor}); }

  /// Time since boot, sleep of the board included where the kernel can tell (CLOCK_BOOTTIME).
  Instant now() override;

  UnixTime unix_time() override;

  /// From getrandom, or from /dev/urandom where that is missing. Early after boot it blocks until the kernel has
  /// gathered entropy. Errors: kCryptoFailed; `out` is then partly written.
  Status random(MutBytes out) override;

  /// Returns early when a signal was handled. Handles below 0, and interests in neither reading nor writing, are
  /// skipped. The clock is looked at every second, for poll does not count the time that the board sleeps.
  void wait(Span<const Interest> interests, Instant until) override;
};

/// The variables of the process.
class Environment final : public tinyaws::Environment {
 public:
  /// Valid until the process changes its environment.
  Str variable(const char* name) const override;
};

/// Small files to read. What is open stays what it was when another file takes its name.
///
/// Named pipes and devices are read as well (a shell's `<(program)` is one), although they may have to be waited for:
/// for kMaxPipeWaitMs between `open` and `close`, then `read` answers kFileUnreadable, "no data".
class Files final : public tinyaws::Files {
 public:
  Files() = default;
  ~Files() { Files::close(); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  /// Errors: kNotFound for ENOENT and ENOTDIR, kFileUnreadable for all others and for directories; each with words.
  Status open(const char* path) override;

  /// Errors: kFileUnreadable. It does not close.
  IoResult read(MutBytes out) override;

  void close() override;

  /// The last error in the words of the system, "Permission denied"; `close` leaves them as they are.
  Str describe() const override { return {words_, words_size_}; }

 private:
  Status look_at();
  int wait();
  Status failure(int error, Status status);
  IoResult no_data();

  int file_ = -1;
  bool silent_pipe_ = false;  // whose end may only mean that nobody writes to it yet
  Instant patience_ends_ = kNever;
  size_t words_size_ = 0;
  char words_[kErrorWordBytes];
};

/// The body of a request from a regular file. Its length is that at `open`: what is appended later is not sent;
/// a file that has become shorter ends early, which ends the call with kBodySourceFailed.
class FileSource final : public BodySource {
 public:
  FileSource() = default;
  ~FileSource() { close(); }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  /// Opens a file; one that was open is closed. Errors: kNotFound; kUnsupported for what has no length (a pipe, a
  /// device, a file of /proc); kBodySourceFailed otherwise, see `describe`.
  Status open(const char* path);

  /// Reads from a descriptor, from where it stands to the end of the file. The descriptor must live as long as it
  /// is read from, remains the caller's to close, and is moved. Errors: as for `open`.
  Status attach(int descriptor);

  /// Bytes of the body: what Body::length has to be.
  uint64_t size() const { return size_; }

  IoResult read(MutBytes out) override;
  Status rewind() override;
  void close();

  /// The last error in the words of the system, "Permission denied"; empty when there was none.
  Str describe() const { return {words_, words_size_}; }

 private:
  Status measured();
  Status measure();
  Status failure(int error, Status status);
  Status refuse(Str words);

  int file_ = -1;
  bool owned_ = false;
  int64_t start_ = 0;
  uint64_t size_ = 0;
  uint64_t left_ = 0;
  size_t words_size_ = 0;
  char words_[kErrorWordBytes];
};

/// The body of a response to a file or a descriptor. Call `finish` after a call that succeeded; without it an
/// error of the last moment goes unseen and an empty body leaves no file. Nothing is synced to the disk.
///
/// A pipe whose reader has gone raises SIGPIPE, as it does for every program that writes to one; with that signal
/// ignored it is kBodySinkFailed.
class FileSink final : public BodySink {
 public:
  FileSink() = default;
  ~FileSink() { abandon(); }
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  /// Names the file, and touches nothing: it is created, or emptied, when the first byte or `finish` comes, so
  /// that a call that fails before leaves an existing file alone. `path` must live until `finish`.
  void open(const char* path);

  /// Writes to a descriptor, which remains the caller's to close and must live as long as the sink is used.
  void attach(int descriptor);

  /// kPending where a descriptor that does not block is full. Errors: kBodySinkFailed, again and again until
  /// `restart`, `open` or `attach`.
  IoResult write(Bytes bytes) override;

  /// Empties the file. kUnsupported when that can't be done: bytes have gone to a descriptor, or to a path that
  /// is no regular file.
  Status restart() override;

  /// Creates the file if no byte has come, and closes it. A second call answers the same and does nothing.
  /// Errors: kBodySinkFailed, for an earlier error of `write` as well.
  Status finish();

  /// The last error in the words of the system, "No space left on device"; empty when there was none.
  Str describe() const { return {words_, words_size_}; }

 private:
  bool create();
  void abandon();
  void begin(const char* path, int descriptor);
  Status failure(int error);

  const char* path_ = nullptr;
  int file_ = -1;
  bool written_ = false;
  bool failed_ = false;
  bool finished_ = false;
  size_t words_size_ = 0;
  char words_[kErrorWordBytes];
};

/// Reads a small file as a whole; blocks as long as the file does. kOk with its size. Errors: kNotFound;
/// kBufferTooSmall with the size needed (at least: more where the file does not tell its length); kUnsupported for
/// what is there but can't be read, with the reason in `errno`.
IoResult read_file(const char* path, MutBytes out);

}  // namespace tinyaws::posix
