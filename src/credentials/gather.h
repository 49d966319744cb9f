// Texts that are brought together in one piece of memory.
#pragma once

#include <cstddef>

#include "tinyaws/bytes.h"
#include "tinyaws/credentials.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// Moves texts to the front of `space`, one behind the other, wipes what is behind them, and says in `used` how long
/// they are. They may stand anywhere in it, in any order, or elsewhere.
/// Errors: kValueTooLong, and then nothing has changed.
Status gather(MutBytes space, Span<Str*> texts, size_t& used);

/// The texts of credentials.
Status gather(MutBytes space, Credentials& credentials, size_t& used);

}  // namespace tinyaws
