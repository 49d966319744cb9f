// What goes before fetching: the time limit of a whole run, and a region that is known already.
#pragma once

#include <tinyaws/settings.h>
#include <tinyaws/tinyaws.h>

namespace awsfetch {

using tinyaws::Str;

/// Credentials and settings of others, whose fetches end when the time is over: then all is kDeadlineExceeded.
class Patience final : public tinyaws::CredentialsProvider, public tinyaws::Settings, private tinyaws::NestingCall {
 public:
  /// From `now` on; 0: no limit.
  Patience(tinyaws::CredentialsProvider& provider, tinyaws::Settings& settings, uint32_t total_ms,
           tinyaws::Instant now)
      : provider_(provider), settings_(settings), end_(total_ms > 0 ? now + total_ms : tinyaws::kNever) {}

  bool is_over() const { return over_; }

  /// A region that goes before the instance's, and behind all others: that of the host of a configured URL.
  void set_region(Str region) { region_ = region; }
  bool has_told_region() const { return has_told_region_; }

  /// What is left of the limit, for the request itself; 0: no limit.
  uint32_t left_ms(tinyaws::Instant now) const {
    if (end_ == tinyaws::kNever) return 0;
    return now < end_ ? static_cast<uint32_t>(end_ - now) : 1;
  }

  tinyaws::Status get(tinyaws::Instant now, tinyaws::UnixTime wall, tinyaws::Credentials& credentials,
                      tinyaws::Call*& fetch) override {
    fetch = nullptr;
    return over_ ? tinyaws::Status::kDeadlineExceeded : bound(provider_.get(now, wall, credentials, fetch), fetch);
  }
  bool renew(uint32_t version, tinyaws::Instant now, tinyaws::UnixTime wall) override {
    return !over_ && provider_.renew(version, now, wall);
  }
  tinyaws::Status find_region(tinyaws::Instant now, tinyaws::UnixTime wall, Str& region,
                              tinyaws::Call*& fetch) override {
    fetch = nullptr;
    if (!region_.empty()) {
      region = region_;
      has_told_region_ = true;
      return tinyaws::Status::kOk;
    }
    return over_ ? tinyaws::Status::kDeadlineExceeded : bound(settings_.find_region(now, wall, region, fetch), fetch);
  }
  tinyaws::Status get(Str service, tinyaws::ServiceSettings& settings) override {
    return settings_.get(service, settings);
  }

  Str describe() const override { return provider_.describe(); }
  tinyaws::IoResult explain(tinyaws::MutBytes text) const override { return provider_.explain(text); }
  tinyaws::IoResult explain_region(tinyaws::MutBytes text) const override { return settings_.explain_region(text); }
  tinyaws::Settings* settings() override { return this; }

 private:
  tinyaws::Status bound(tinyaws::Status status, tinyaws::Call*& fetch) {
    fetch_ = fetch;
    if (fetch != nullptr) fetch = this;
    return status;
  }

  tinyaws::Next own_next(tinyaws::Instant, tinyaws::UnixTime, tinyaws::RequestHead&) override {
    tinyaws::Call* const fetch = fetch_;
    fetch_ = nullptr;
    return fetch != nullptr ? run_inside(*fetch) : tinyaws::Next();
  }
  void own_head(const tinyaws::ResponseHead&, tinyaws::Instant) override {}
  tinyaws::IoResult own_body(const tinyaws::ResponseHead&, tinyaws::Bytes piece) override {
    return {tinyaws::Status::kOk, piece.size()};
  }
  void own_response(const tinyaws::ResponseHead&, tinyaws::Instant) override {}
  void own_failure(const tinyaws::Failure&, tinyaws::Instant) override { over_ = true; }
  tinyaws::Instant deadline() const override { return end_; }

  tinyaws::CredentialsProvider& provider_;
  tinyaws::Settings& settings_;
  const tinyaws::Instant end_;
  tinyaws::Call* fetch_ = nullptr;
  Str region_;
  bool has_told_region_ = false;
  bool over_ = false;
};

}  // namespace awsfetch
