// Reading one of the two shared files, piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profile/location.h"
#include "text/ini.h"
#include "tinyaws/port.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// Length of a profile's name, and of any other name or key that is looked for in a shared file. Cost: this and 16
/// bytes on the stack while a file is read. Error: kValueTooLong.
constexpr size_t kMaxProfileNameBytes = 128;

enum class FileState : uint8_t {
  kNotRead,
  kMissing,     ///< No such file, no files at all, or no HOME to find it: as if empty.
  kUnreadable,  ///< There, but it can't be read: as if empty. A directory is such a file too.
  kRead,
};

/// What became of a file the last time it was read.
struct FileReport {
  FileState state = FileState::kNotRead;
  IniError error = IniError::kNone;
  uint32_t line = 0;  ///< Of the error; 0 where there is none.
};

/// Reads a file from its start to its end. What is there no longer when it is half read is an error, for half of a
/// profile is none. Errors: kMalformedFile, kFileUnreadable (after the first bytes), kValueTooLong (its path).
Status read_shared_file(Files& files, const Environment& environment, SharedFile file, IniSink& sink,
                        FileReport& report);

}  // namespace tinyaws
