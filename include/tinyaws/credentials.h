// Who signs.
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

/// What AWS calls security credentials. Views: the memory belongs to whoever provides them.
/// No length limit follows from signing; a session token of 4,096 bytes is ordinary.
struct Credentials {
  Str access_key_id;
  Str secret_access_key;
  Str session_token = {};  ///< Empty for long-term keys.
};

/// Where a call gets its credentials from.
class CredentialsProvider {
 public:
  /// Fills in `credentials`. The views stay valid until the next call of `get` on this provider or its end.
  /// Returns kOk, or kNoCredentials when there are none or only half of a pair.
  virtual Status get(UnixTime now, Credentials& credentials) = 0;

  /// Where this provider looks, for messages: "environment variables AWS_ACCESS_KEY_ID ...".
  virtual Str describe() const = 0;

 protected:
  ~CredentialsProvider() = default;
};

}  // namespace tinyaws
