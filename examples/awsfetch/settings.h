// One option's value each: checked, and put into the Options. They answer nothing when all is well, else the exit
// code of what they have complained about.
#pragma once

#include "options.h"

namespace awsfetch {

MaybeExit set_date(Str text, Options& options);
MaybeExit set_payload_hash(Str text, Options& options);
MaybeExit set_seconds(Str name, Str text, uint32_t& milliseconds);
MaybeExit set_presign(Str text, Options& options);
MaybeExit set_attempts(Str text, Options& options);
MaybeExit set_method(Str text, Options& options);
MaybeExit add_header(Str text, Options& options);

/// What does not go together, or is only half there.
MaybeExit check_together(const Options& options);

}  // namespace awsfetch
