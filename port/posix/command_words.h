// A command line taken apart without a shell.
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/posix_processes.h"
#include "tinyaws/status.h"

namespace tinyaws::posix {

/// How it went, and why in words: empty with kOk.
struct SplitResult {
  Status status;
  Str words;
};

/// Splits as POSIX.1-2017, Shell Command Language, section 2.2 (Quoting) has it, and expands nothing: outside quotes
/// `$`, `*`, `~`, `#`, `|` and `;` are text like any other. Blanks are space, tab, CR and LF; a backslash before an
/// LF joins two lines. Errors: kInvalidArgument (no words, a quote or a backslash that is not closed, a NUL);
/// kValueTooLong (more than kMaxCommandBytes or kMaxCommandWords).
SplitResult split_command(Str command, CommandWords& out);

}  // namespace tinyaws::posix
