// One option's value each: checked, and put into the Options. They answer nothing when all is well, else the exit
// code of what they have complained about.
#pragma once

#include "options.h"

namespace awsfetch {

using Result = std::optional<Exit>;

Result bad(std::initializer_list<Str> parts);
Result set_date(Str text, Options& options);
Result set_payload_hash(Str text, Options& options);
Result set_seconds(Str name, Str text, uint32_t& milliseconds);
Result set_presign(Str text, Options& options);
Result set_attempts(Str text, Options& options);
Result set_method(Str text, Options& options);
Result add_header(Str text, Options& options);

/// What does not go together, or is only half there.
Result check_together(const Options& options);

}  // namespace awsfetch
