// Why there is no way to the service: places that name no region, settings that can't be read, endpoints that are
// none.
#pragma once

#include <tinyaws/tinyaws.h>

#include "job.h"
#include "session.h"

namespace awsfetch {

/// Names the place that the region or the endpoint came from: "AWS_REGION", "profile dev".
class OriginName {
 public:
  OriginName(const Job& job, const Options& options, const tinyaws::Environment& environment)
      : job_(job), options_(options), environment_(environment) {}

  Place region() const;

  /// `space` holds the name of a variable.
  Place endpoint(tinyaws::MutBytes space) const;

 private:
  Place of_profile() const { return {{}, "profile", " ", profile_name(options_, environment_)}; }

  const Job& job_;
  const Options& options_;
  const tinyaws::Environment& environment_;
};

/// After Client::prepare with these settings. REQUIRES: `status` is an error.
Exit complain_about_way(tinyaws::Status status, const Job& job, const Options& options, const tinyaws::Port& port,
                        const tinyaws::Settings& settings);

/// What `settings` says of the region of the machine, in a line; empty: nothing. Lives in `text`.
Str explain_region(const tinyaws::Settings& settings, tinyaws::MutBytes text);

}  // namespace awsfetch
