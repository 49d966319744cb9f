#include "tinyaws/call.h"
#include "tinyaws/providers.h"

namespace tinyaws {

// When the fetch that a search was waiting for was abandoned, and its place begins another, the search begins anew.
Status CredentialsChain::get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) {
  bool resumed = place_ > 0;
  for (fetch = nullptr; place_ < places_.size(); fetch = nullptr) {
    CredentialsProvider& place = *places_[place_];
    const Status status = place.get(now, wall, credentials, fetch);
    asked_ = place_ + 1;
    if (status == Status::kNotFound) {
      ++place_;
    } else if (resumed && status == Status::kPending && fetch != nullptr) {
      fetch->on_cancel();
      place_ = 0;
    } else if (status == Status::kPending) {
      return status;
    } else {
      answered_ = &place;
      place_ = 0;
      return status;
    }
    resumed = false;
  }
  answered_ = nullptr;
  place_ = 0;
  return Status::kNotFound;
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
