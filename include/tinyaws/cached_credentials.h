// Credentials that are kept, and replaced before they expire.
#pragma once

#include <cstdint>

#include "tinyaws/call.h"
#include "tinyaws/config.h"
#include "tinyaws/credentials.h"
#include "tinyaws/credentials_store.h"
#include "tinyaws/port.h"

namespace tinyaws {

/// Keeps what a source gives, for any number of askers, with one fetch at a time.
///
///             given              advisory            mandatory             expired
///   kNothing -------> kFresh ----------------> kAging ---------> kEnding ---------> kExpired
///      ^               ^  |                      |                  |                  |
///      |               '--|---- given -----------'------------------'------------------'
///      '--- invalidate ---'  (from every state)
///
///   state      while nobody fetches               while a fetch runs       after a fetch that failed
///   kFresh     kept ones                          kept ones                -
///   kAging     the asker is to fetch              kept ones                kept ones until the next try
///   kEnding    the asker is to fetch              wait: kPending           kept ones until the next try
///   kExpired   the asker is to fetch              wait: kPending           the error until the next try
///   kNothing   the asker is to fetch              wait: kPending           the error until the next try
///
/// - The advisory window begins 5 minutes before the end (aws-c-auth), at most a quarter of the life, and up to half
///   of that later at random, so that a fleet does not refresh at one moment. The mandatory window is the last
///   minute, at most a twentieth of the life.
/// - Ages are counted on the monotonic clock: a wall clock that is set afterwards expires and revives nothing.
///   The life is the expiration less Credentials::issued, counted from when the fetch sent its last request; without
///   `issued` it is the expiration less the time of day when they arrive, reckoned once more when a service has said
///   that this was a minute or more off. It is taken one second short, for these times are cut to seconds, and as 36
///   hours at most, the longest that STS grants. Less than a second counts as expired.
/// - A fetch that is abandoned while kept ones hold (its asker's time was over) counts as one that failed; else the
///   next asker takes over.
/// - Credentials without an expiration are asked for again every 15 minutes (aws-c-auth), so that a file that was
///   replaced is noticed.
/// - Next tries: while kept ones hold, after a quarter to half of the time left, at random, 1 s to 10 minutes; else
///   after 1 s, doubled with each failure up to 60 s, less up to half at random. Until then the source is left alone.
///   A first kNotFound is handed on and not remembered.
/// - Credentials that outlive their expiration are kept when newer ones can't be had, and are asked for again after
///   10 minutes and 0 to 5 more at random ("static stability", as the AWS SDKs for Rust and Python do).
class CachedCredentials final : public CredentialsProvider {
 public:
  /// Both must outlive the cache; `platform` is asked for randomness, and whether its clock was corrected.
  CachedCredentials(CredentialsProvider& source, Platform& platform);
  CachedCredentials(const CachedCredentials&) = delete;
  CachedCredentials& operator=(const CachedCredentials&) = delete;

  /// As CredentialsProvider::get. Errors: those of the source; kCredentialsExpired, when it has none any more or
  /// gives expired ones; kValueTooLong, when they don't fit kMaxCredentialsBytes. The views die with the next `get`,
  /// whoever asks, and with `invalidate`.
  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override;

  Str describe() const override { return source_.describe(); }
#if TINYAWS_WITH_WORDS
  IoResult explain(MutBytes text) const override;
#endif
  Settings* settings() override {
    return source_.settings();
  }

  /// Drops what is kept, and any wait for the next try: a service has refused these credentials. A fetch that runs
  /// goes on.
  void invalidate();

  /// Drops what is kept as this version, once a minute at most: a storm of refusals is not made a storm of fetches.
  /// Credentials that were not fetched, but stand in a file or a variable, are read again, and only others than
  /// before are another version.
  bool renew(uint32_t version, Instant now, UnixTime wall) override;

  /// A fetch is under way.
  bool fetching() const {
    return fetch_.running();
  }

  /// A fetch has ended, and nobody has asked for what it brought: that still lies with the source.
  bool has_outcome() const {
    return !fetch_.running() && fetch_.sent_at() < kNever;
  }

  /// `get` answers without asking the source.
  bool is_fresh(Instant now) const {
    return has_some_ && now < advisory_;
  }

  /// That of the credentials kept, as the source gave it; kNoExpiration when there are none.
  UnixTime expiration() const {
    return store_.credentials().expiration;
  }

 private:
  /// The source's fetch in a wrapper, to learn of its end.
  class Fetch final : public NestingCall {
   public:
    void start(Call& inner, Instant now);
    bool running() const { return inner() != nullptr; }

    /// When the last request was sent; kNever when the source's next answer is none of a fetch.
    using NestingCall::sent_at;
    void forget() { set_sent_at(kNever); }

    /// It was abandoned since this was asked last.
    bool was_abandoned() {
      const bool was = abandoned_;
      abandoned_ = false;
      return was;
    }

    Instant deadline() const override;

   private:
    Next own_next(Instant, UnixTime, RequestHead&) override { return {}; }
    void own_failure(const Failure&, Instant) override { own_cancel(); }
    void own_cancel() override;

    bool abandoned_ = false;
  };

  bool holds_valid(Instant now) const {
    return has_some_ && !extended_ && now < expired_;
  }
  // kOk: what is kept may be handed out.
  Status find(Instant now, UnixTime wall, Call*& fetch);
  Status ask(Instant now, UnixTime wall, Call*& fetch);
  Status meanwhile(Instant now) const;
  void drop();
  bool source_gives_the_same(Instant now, UnixTime wall);
  void follow_clock(Instant now, UnixTime wall);
  Status keep(const Credentials& credentials, Instant now, UnixTime wall);
  bool is_dated(const Credentials& credentials) const;
  Instant end_of(const Credentials& credentials, Instant now, UnixTime wall) const;
  void plan(Instant now, Instant end);
  void extend(Instant now);
  Status fail(Status status, Instant now);
  int32_t between(int32_t least, int32_t most);

  bool has_some_ = false;
  bool extended_ = false;
  bool fetched_ = false;  // and not read where they stand
  bool dated_ = false;    // their life was reckoned with the source's clock
  uint8_t failures_ = 0;
  Status error_ = Status::kOk;
  CredentialsProvider& source_;
  Platform& platform_;
  uint32_t version_ = 0;
  uint32_t clock_moves_ = 0;  // that the plan takes account of
  size_t too_large_ = 0;      // bytes of the last credentials that did not fit
  Instant advisory_ = kNever;
  Instant mandatory_ = kNever;
  Instant expired_ = kNever;
  Instant next_try_;
  Instant next_renewal_;
  Fetch fetch_;
  CredentialsStore store_;
};

}  // namespace tinyaws
