// Where the instance metadata service is.
#pragma once

#include "tinyaws/http.h"
#include "tinyaws/instance_metadata.h"

namespace tinyaws {

/// Who says where the service is.
enum class MetadataPlace : uint8_t {
  kOptionsUrl,
  kVariableUrl,
  kProfileUrl,
  kVariableMode,
  kProfileMode,
  kNowhere,  ///< Nobody: it is where it always is.
};

struct MetadataEndpoint {
  Url url;             ///< Its target is what stands before all paths; no '?' in it.
  bool named = false;  ///< Somebody gave a URL.
  MetadataPlace place = MetadataPlace::kNowhere;
};

/// Views into `options` and the environment. Errors: kInvalidArgument, and `found.place` says whose value is at
/// fault.
Status find_metadata_endpoint(const InstanceMetadataOptions& options, const Environment& environment,
                              MetadataEndpoint& found);

}  // namespace tinyaws
