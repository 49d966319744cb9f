// What errno means, in words.
#pragma once

#include <cstddef>

#include "tinyaws/bytes.h"

namespace tinyaws::posix {

/// Writes the system's words for `error`, or only the number where the library has no words (TINYAWS_WITH_WORDS), to
/// `out` and answers how many bytes they are. Words too long are cut.
size_t write_error_words(int error, MutBytes out);

/// `text` of at most `out.size()` bytes; the rest is cut. Answers how many bytes were copied.
size_t copy_words(Str text, MutBytes out);

/// `number` in decimal digits. Answers how many bytes were copied.
size_t write_number(size_t number, MutBytes out);

}  // namespace tinyaws::posix
