// Credentials that take an exchange with a server to get.
#pragma once

#include <string>

#include "check.h"
#include "client_world.h"
#include "tinyaws/call.h"
#include "tinyaws/credentials.h"

namespace tinyaws::fakes {

/// Credentials that come from a server of their own, one exchange for each answer.
class FetchedCredentials final : public CredentialsProvider, public Call {
 public:
  FetchedCredentials() { request_.endpoint = {"credentials.example", 80, false}; }

  FixedCredentials fixed;
  Status outcome = Status::kOk;
  int fetches = 0;
  int cancels = 0;
  std::string body;  ///< Of what the server said.

  Status get(Instant now, UnixTime wall, Credentials& out, Call*& fetch) override {
    fetch = nullptr;
    if (running_) return Status::kPending;
    if (!fetched_) {
      ++fetches;
      running_ = true;
      sent_ = false;
      fetch = this;
      return Status::kPending;
    }
    fetched_ = false;
    return outcome == Status::kOk ? fixed.get(now, wall, out, fetch) : outcome;
  }
  Str describe() const override { return "fetched"; }
  IoResult explain(MutBytes) const override { return {}; }

  Next next(Instant, UnixTime, RequestHead& head) override {
    if (sent_) {
      running_ = false;
      fetched_ = true;
      return {};
    }
    sent_ = true;
    CHECK_STATUS(head.begin(request_), Status::kOk, "head");
    CHECK_STATUS(head.end(), Status::kOk, "head");
    return {Next::Action::kSend, kNever};
  }
  IoResult on_body(const ResponseHead&, Bytes piece) override {
    body += std::string(piece);
    return {Status::kOk, piece.size()};
  }
  void on_response(const ResponseHead&, Instant) override {}
  void on_failure(const Failure& failure, Instant) override { outcome = failure.status; }
  void on_cancel() override {
    ++cancels;
    running_ = false;
  }
  Instant deadline() const override { return kNever; }

 private:
  Request request_;
  bool running_ = false;
  bool sent_ = false;
  bool fetched_ = false;
};

}  // namespace tinyaws::fakes
