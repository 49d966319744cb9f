// Where region and endpoint came from, in words.
#pragma once

#include <tinyaws/tinyaws.h>

#include "job.h"
#include "source.h"

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

}  // namespace awsfetch
