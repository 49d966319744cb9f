// Signing without sending: --sign-only and --presign.
#pragma once

#include "job.h"

namespace awsfetch {

/// Prints what the options ask for.
Exit sign_offline(Job& job, const Options& options, tinyaws::UnixTime time);

}  // namespace awsfetch
