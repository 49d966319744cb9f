// Settings about where requests go, beside what the caller and the environment say.
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

class Call;

/// What is configured for one service. Views: valid until the next call on the Settings they came from.
struct ServiceSettings {
  Str region;                                    ///< Empty: none.
  Str endpoint_url;                              ///< The service's own, else the one for all; empty: none.
  bool use_fips_endpoint = false;                ///< "use_fips_endpoint"
  bool use_dualstack_endpoint = false;           ///< "use_dualstack_endpoint"
  bool ignore_configured_endpoint_urls = false;  ///< Then neither this URL nor the environment's counts.
};

/// A place with settings: the profile, and the instance for its region.
class Settings {
 public:
  /// What is configured for a service, named by its signing name or as its endpoint is. All empty where nothing is.
  /// Errors: kFileUnreadable, kMalformedFile, kValueTooLong, kProfileNotFound.
  virtual Status get(Str service, ServiceSettings& settings) = 0;

  /// The region of the machine itself, asked for when nothing else names one. kOk, kNotFound, or kPending as of
  /// CredentialsProvider::get. `region` is valid until the next call.
  virtual Status find_region(Instant now, UnixTime wall, Str& region, Call*& fetch) = 0;

  /// Writes one line, without its end, about what the last `find_region` found: "instance metadata:
  /// http://169.254.169.254 did not answer (no connection within the time limit)". Length 0: there is nothing to say,
  /// as where no machine is asked. kOk, or kBufferTooSmall and the size needed.
  virtual IoResult explain_region(MutBytes text) const {
    (void)text;
    return {};
  }

 protected:
  ~Settings() = default;
};

}  // namespace tinyaws
