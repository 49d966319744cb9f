// Where the instance metadata service is.
#pragma once

#include "tinyaws/http.h"
#include "tinyaws/instance_metadata.h"

namespace tinyaws {

struct MetadataEndpoint {
  Endpoint endpoint;
  Str base_path;       ///< Of a named endpoint; no '?' in it.
  bool named = false;  ///< Somebody gave a URL.
};

/// Views into `options` and the environment. Errors: kInvalidArgument; `problem` then says why, and lives for ever.
Status find_metadata_endpoint(const InstanceMetadataOptions& options, const Environment& environment,
                              MetadataEndpoint& found, Str& problem);

}  // namespace tinyaws
