// Who signs.
#pragma once

#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

class Call;
class Settings;

/// The expiration of what does not expire.
constexpr UnixTime kNoExpiration{INT64_MAX};

/// What AWS calls security credentials. Views: the memory belongs to whoever provides them.
/// No length limit follows from signing; a session token of 4,096 bytes is ordinary.
struct Credentials {
  Str access_key_id;
  Str secret_access_key;
  Str session_token = {};  ///< Empty for long-term keys.
  Str account_id = {};     ///< Empty where the source does not say.
  UnixTime expiration = kNoExpiration;

  /// The time of day at the source when it gave them, so that a wrong clock of ours does not shorten or stretch their
  /// life; 0 where the source does not say: then the life is counted from our own wall clock.
  UnixTime issued = {};

  /// The source wants them used beyond their expiration as long as it has no newer ones (instance metadata:
  /// "static stability").
  bool outlives_expiration = false;

  /// Which set of a provider's this is; 0 from a provider that keeps none. See CredentialsProvider::renew.
  uint32_t version = 0;
};

/// Where a call gets its credentials from.
class CredentialsProvider {
 public:
  /// Asks for credentials. Answers
  ///   kOk        `credentials` is filled in; its views are valid until the next `get` on this provider or its end;
  ///   kNotFound  nothing is configured here: ask the next place;
  ///   kPending   not yet. When `fetch` is not null, the asker runs that call to its end inside its own and asks
  ///              again; when it is null, somebody else is fetching: ask again within 20 ms or so;
  ///   or an error: this place is configured, and fails.
  /// A provider has one fetch at most. Whoever was given it must run it, or tell it `on_cancel`. What a fetch brought
  /// is handed over by the next `get`; a provider that fetches does so anew for each kOk: put CachedCredentials
  /// in front of it.
  virtual Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) = 0;

  /// Which place this is, in a few words: "environment", "profile", "instance metadata".
  virtual Str describe() const = 0;

  /// Writes what was looked at by the last `get` and what was found there, for a person: one line for each place,
  /// without a secret, lines separated by LF: "anonymous: requests go unsigned". kOk with the length, or
  /// kBufferTooSmall with the length needed. Length 0: there is nothing to say, as where kWithWords is false.
  virtual IoResult explain(MutBytes text) const {
    (void)text;
    return {};
  }

  /// A service has refused what `get` gave as this version: expired, or unknown. True: it is no longer given, and
  /// another may be had from `get`. False: there is no other here, or the last one was dropped just now.
  virtual bool renew(uint32_t version, Instant now, UnixTime wall) {
    (void)version;
    (void)now;
    (void)wall;
    return false;
  }

  /// The settings that belong to these credentials (those of the profile); null when there are none.
  virtual Settings* settings() { return nullptr; }

 protected:
  ~CredentialsProvider() = default;
};

}  // namespace tinyaws
