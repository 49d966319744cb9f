// Who gives credentials that expire: a server, and the source that asks it.
#pragma once

#include <string>
#include <vector>

#include "simulated_answers.h"
#include "tinyaws/call.h"
#include "tinyaws/credentials.h"
#include "tinyaws/exchange.h"

namespace tinyaws::fakes {

constexpr const char* kIssuer = "issuer.example";

/// One set, named by its number.
struct Issued {
  Instant given;
  Instant ends;
  bool is_revoked = false;
};

/// How a world's credentials are.
struct CredentialsManner {
  int64_t life_seconds = 900;
  bool is_dated = true;  ///< The source says when it gave them.
  bool outlives_expiration = false;
  uint32_t refusing = 40;  ///< In thousandths, besides the weather.
};

class Issuer {
 public:
  Issuer(Chances& chances, const CredentialsManner& how) : manner(how), chances_(chances) {}

  const CredentialsManner manner;
  std::vector<Issued> sets;

  static std::string key_id(size_t set) { return "AKID" + std::to_string(set); }
  static std::string secret(size_t set) { return "secret-of-" + std::to_string(set); }

  /// Its number; SIZE_MAX for one that was never given.
  size_t find(Str key_id) const {
    if (key_id.substr(0, 4) != "AKID") return SIZE_MAX;
    const size_t set = static_cast<size_t>(strtoull(std::string(key_id.substr(4)).c_str(), nullptr, 10));
    return set < sets.size() ? set : SIZE_MAX;
  }
  UnixTime expiration(size_t set) const { return {true_time(sets[set].ends)}; }

  void on_request(Reply& reply) {
    reply.delay_ms = chances_.dice.between(1, 200);
    if (chances_.strikes(Mishap::kSourceRefuses, chances_.weather.failing / 2 + manner.refusing)) {
      reply.bytes = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
      return;
    }
    const bool is_old = chances_.strikes(Mishap::kSourceGivesExpired, 60);
    sets.push_back({chances_.now, chances_.now + (is_old ? 0 : manner.life_seconds * 1000), false});
    std::string body = key_id(sets.size() - 1);
    if (chances_.strikes(Mishap::kSourceGarbles, 60)) body = "<html>";
    reply.bytes = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

 private:
  Chances& chances_;
};

/// Asks an Issuer, once for each `get`.
class IssuedCredentials final : public CredentialsProvider, public Call {
 public:
  explicit IssuedCredentials(const Issuer& issuer) : issuer_(issuer) {
    request_.endpoint = {kIssuer, 80, false};
    limits_.connect_ms = 1000;
    limits_.first_byte_ms = 1000;
    limits_.stall_ms = 1000;
    limits_.attempt_ms = 4000;
  }

  Status get(Instant, UnixTime, Credentials& credentials, Call*& fetch) override {
    const Outside outside;
    fetch = nullptr;
    CHECK(!is_running_, "the source was asked while its fetch runs");
    if (!is_ready_) return begin(fetch);
    is_ready_ = false;
    if (outcome_ != Status::kOk) return outcome_;
    const size_t set = issuer_.find(answer_);
    if (set == SIZE_MAX) return Status::kMalformedCredentials;
    secret_ = Issuer::secret(set);
    credentials = {answer_, secret_, "token"};
    credentials.expiration = issuer_.expiration(set);
    if (issuer_.manner.is_dated) credentials.issued = {true_time(issuer_.sets[set].given)};
    credentials.outlives_expiration = issuer_.manner.outlives_expiration;
    return Status::kOk;
  }
  Str describe() const override { return "issuer"; }
  IoResult explain(MutBytes) const override { return {}; }

  Next next(Instant, UnixTime, RequestHead& head) override {
    const Outside outside;
    CHECK(is_running_, "a fetch is asked that does not run");
    if (is_sent_) {
      is_running_ = false;
      is_ready_ = true;
      return {};
    }
    is_sent_ = true;
    answer_.clear();
    CHECK_STATUS(head.begin(request_), Status::kOk, "head");
    CHECK_STATUS(head.end(), Status::kOk, "head");
    return {Next::Action::kSend, kNever};
  }
  IoResult on_body(const ResponseHead&, Bytes piece) override {
    const Outside outside;
    answer_ += piece;
    return {Status::kOk, piece.size()};
  }
  void on_response(const ResponseHead& head, Instant) override {
    outcome_ = head.status == 200 ? Status::kOk : Status::kCredentialsRefused;
  }
  void on_failure(const Failure&, Instant) override { outcome_ = Status::kCredentialsUnavailable; }
  void on_cancel() override {
    const Outside outside;
    CHECK(is_running_, "a fetch is cancelled that does not run");
    is_running_ = false;
  }
  Instant deadline() const override { return kNever; }
  const Timeouts* timeouts() const override { return &limits_; }
  bool is_secret() const override { return true; }

  bool is_running() const { return is_running_; }

 private:
  Status begin(Call*& fetch) {
    is_running_ = true;
    is_sent_ = false;
    outcome_ = Status::kCredentialsUnavailable;
    fetch = this;
    return Status::kPending;
  }

  const Issuer& issuer_;
  Request request_;
  Timeouts limits_;
  std::string answer_, secret_;
  Status outcome_ = Status::kOk;
  bool is_running_ = false, is_sent_ = false, is_ready_ = false;
};

}  // namespace tinyaws::fakes
