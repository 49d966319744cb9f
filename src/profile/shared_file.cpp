#include "profile/shared_file.h"

#include "base/wipe.h"

namespace tinyaws {
namespace {

constexpr size_t kLongestPrefix = 16;  // "sso-session ", and the bracket
constexpr size_t kNamesBytes = kMaxProfileNameBytes + kLongestPrefix;

// kNotFound: there is nothing to read.
Status open_file(Files& files, const Environment& environment, SharedFile file, MutBytes path, FileReport& report) {
  const IoResult written = write_shared_path(environment, file, path);
  if (written.status == Status::kValueTooLong) return Status::kValueTooLong;
  const Status status = written.status == Status::kOk ? files.open(path.data()) : written.status;
  if (status == Status::kOk) {
    report.state = FileState::kRead;
    return Status::kOk;
  }
  const bool missing = status == Status::kNotFound || status == Status::kUnsupported;
  report.state = missing ? FileState::kMissing : FileState::kUnreadable;
  return status == Status::kBusy ? Status::kFileUnreadable : Status::kNotFound;
}

Status feed_all(Files& files, MutBytes buffer, IniParser& parser, FileReport& report) {
  for (bool begun = false;; begun = true) {
    const IoResult got = files.read(buffer);
    if (got.status != Status::kOk) {
      report.state = FileState::kUnreadable;
      return begun ? Status::kFileUnreadable : Status::kOk;
    }
    const Status status = got.size == 0 ? parser.end() : parser.feed({buffer.data(), got.size});
    if (status != Status::kOk || got.size == 0) return status;
  }
}

}  // namespace

// Its buffer, which must not stay while what was read is used, holds the path until the file is open, then the names
// and the pieces of the file.
[[gnu::noinline]] Status read_shared_file(Files& files, const Environment& environment, SharedFile file,
                                          IniSink& sink, FileReport& report) {
  report = {};
  char buffer[kMaxPathBytes > 2 * kNamesBytes ? kMaxPathBytes : 2 * kNamesBytes];
  const Status opened = open_file(files, environment, file, MutBytes(buffer).first(kMaxPathBytes), report);
  if (opened != Status::kOk) return opened == Status::kNotFound ? Status::kOk : opened;
  IniParser parser(sink, MutBytes(buffer).first(kNamesBytes));
  const Status status = feed_all(files, MutBytes(buffer).drop(kNamesBytes), parser, report);
  files.close();
  wipe(buffer, sizeof buffer);
  if (parser.error() != IniError::kNone) {
    report.error = parser.error();
    report.line = parser.line();
  }
  return status;
}

}  // namespace tinyaws
