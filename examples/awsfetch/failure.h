// From the result of a call to one line that says which step failed, with whom, why and what to do.
#pragma once

#include <tinyaws/tinyaws.h>

#include "body.h"
#include "job.h"
#include "output.h"
#include "progress.h"

namespace awsfetch {

/// REQUIRES: `status` is no answer.
Exit complain_about_failure(tinyaws::Status status, Job& job, const Options& options, const Output& output,
                            const Progress& progress);

}  // namespace awsfetch
