#include "tinyaws/call.h"
#include "tinyaws/providers.h"

namespace tinyaws {

Status CredentialsChain::get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  bool resumed = place_ > 0;
  for (; place_ < places_.size(); ++place_) {
    CredentialsProvider& place = *places_[place_];
    const Status status = place.get(now, wall, credentials, fetch);
    if (resumed && status == Status::kPending && fetch != nullptr) return start_again(now, wall, credentials, fetch);
    resumed = false;
    asked_ = place_ + 1;
    if (status == Status::kNotFound) continue;
    if (status != Status::kPending) {
      answered_ = &place;
      place_ = 0;
    }
    return status;
  }
  answered_ = nullptr;
  place_ = 0;
  return Status::kNotFound;
}

// The fetch that the search was waiting for was abandoned, and the place begins another: so does the search.
Status CredentialsChain::start_again(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) {
  fetch->on_cancel();
  place_ = 0;
  return get(now, wall, credentials, fetch);
}

Str CredentialsChain::describe() const {
  return answered_ != nullptr ? answered_->describe() : Str("chain");
}

Settings* CredentialsChain::settings() {
  if (settings_ != nullptr) return settings_;
  for (CredentialsProvider* place : places_) {
    if (Settings* settings = place->settings()) return settings;
  }
  return nullptr;
}

}  // namespace tinyaws
