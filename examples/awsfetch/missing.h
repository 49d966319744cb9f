// Why there is no way to the service: places that name no region, settings that can't be read, endpoints that are
// none.
#pragma once

#include <tinyaws/tinyaws.h>

#include "job.h"
#include "session.h"

namespace awsfetch {

/// After Client::prepare with these settings. REQUIRES: `status` is an error.
Exit complain_about_way(tinyaws::Status status, const Job& job, const Options& options, const tinyaws::Port& port,
                        const tinyaws::Settings& settings);

}  // namespace awsfetch
