// A service, or many, that know what time it is and whose credentials hold: they do what they are asked for, or
// refuse, or fail, or lie.
#pragma once

#include <string>

#include "../fakes/verify_signature.h"
#include "simulated_answers.h"
#include "simulated_issuer.h"

namespace tinyaws::fakes {

/// A call, as far as services know it.
struct Asked {
  Verdict last = Verdict::kNone;
  unsigned performed = 0;  ///< What may have been done.
  bool lied_to = false;    ///< The answer's body is not what it should be.
  bool told_time = false;  ///< The answer's date is right.
};

/// Who watches over what is asked.
class Watch {
 public:
  virtual Asked& asked_by(size_t id) = 0;
  virtual void on_signed(size_t id, size_t set, UnixTime date) = 0;

 protected:
  ~Watch() = default;
};

class SimulatedService final : public Service {
 public:
  static constexpr size_t kVerifiedOneIn = 16;
  static constexpr const char* kHome = "eu-west-1";

  SimulatedService(Chances& chances, Issuer& issuer, Watch& watch)
      : chances_(chances), issuer_(issuer), watch_(watch) {}

  bool on_head(const std::string& host, const std::string& head, Reply& reply) override {
    if (host == kIssuer) return false;
    Dice& dice = chances_.dice;
    answers_.begin(id_of(head), false);
    reply.delay_ms = dice.between(1, 100);
    if (contains(head, "\r\nExpect: 100-continue\r\n")) {
      if (dice.one_in(3)) return chances_.note(Mishap::kLeaveLate), false;
      reply.is_last = chances_.strikes(Mishap::kNoLeave, 400);
      reply.bytes = reply.is_last ? "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"
                                  : "HTTP/1.1 100 Continue\r\n\r\n";
      if (reply.is_last) note(id_of(head), Verdict::kNoLeave);
      return true;
    }
    if (!chances_.strikes(Mishap::kEarlyRefusal, chances_.weather.throttling / 4)) return false;
    answers_.refuse(reply, is_s3(host), 503, "SlowDown");
    note(id_of(head), Verdict::kThrottled);
    reply.end = Reply::End::kEnds;
    return true;
  }

  void on_request(const std::string& host, const std::string& request, Reply& reply) override {
    reply.delay_ms = chances_.dice.between(1, 60);
    if (host == kIssuer) {
      issuer_.on_request(reply);
    } else {
      id_ = id_of(request);
      is_head_ = request.compare(0, 5, "HEAD ") == 0;
      answers_.begin(id_, is_head_);
      const Verdict verdict = judge(host, request, reply);
      note(id_, verdict);
      Asked& asked = watch_.asked_by(id_);
      asked.told_time = answers_.has_right_date;
      asked.performed += verdict == Verdict::kDone || verdict == Verdict::kTransient || is_nonsense_ ? 1 : 0;
    }
    answers_.deliver(reply);
  }

 private:
  static bool is_s3(const std::string& host) { return contains(host, ".s3.") || contains(host, "other"); }
  static size_t id_of(const std::string& request) {
    return static_cast<size_t>(strtoull(request.c_str() + request.find('/') + 1, nullptr, 10));
  }
  void note(size_t id, Verdict verdict) { watch_.asked_by(id).last = verdict; }

  std::string field(const std::string& request, const char* name) const {
    const std::string start = std::string("\r\n") + name + ": ";
    const size_t at = request.find(start);
    CHECK(at != std::string::npos, std::string("a request without ") + name + ": " + request.substr(0, 300));
    return request.substr(at + start.size(), request.find("\r\n", at + 2) - at - start.size());
  }

  Verdict judge(const std::string& host, const std::string& request, Reply& reply) {
    const Weather& weather = chances_.weather;
    const bool s3 = is_s3(host);
    is_nonsense_ = watch_.asked_by(id_).lied_to = false;
    const std::string authorization = field(request, "Authorization");
    const size_t begin = authorization.find("Credential=") + 11;
    const size_t slash = authorization.find('/', begin);
    const size_t set = issuer_.find(Str(authorization).substr(begin, slash - begin));
    CHECK(set != SIZE_MAX, "signed with what nobody has given");
    const size_t region = authorization.find('/', slash + 1) + 1;
    const std::string scope = authorization.substr(region, authorization.find('/', region) - region);
    const UnixTime date = parse_amz_date(field(request, "X-Amz-Date"));
    watch_.on_signed(id_, set, date);
    if (chances_.dice.one_in(kVerifiedOneIn)) verify(request, set, scope, authorization);
    if (chances_.dice.thousandths(weather.lying)) return lie(reply);
    if (chances_.strikes(Mishap::kThrottles, weather.throttling)) return throttle(reply, s3);
    if (chances_.strikes(Mishap::kFails, weather.failing)) return fail_now(reply, s3);
    const int64_t off = date.seconds - true_time(chances_.now);
    if (off > (s3 ? 900 : 300) || off < (s3 ? -900 : -300)) return refuse_time(reply, s3);
    const Verdict refused = refuse_keys(reply, set, s3);
    if (refused != Verdict::kNone) return refused;
    if (s3 && redirect(reply, host, scope)) return Verdict::kMoved;
    if (s3 && request.compare(0, 4, "PUT ") == 0 && chances_.strikes(Mishap::kFailsIn200, weather.failing + 10)) {
      answers_.fields = "Content-Type: application/xml\r\n";
      answers_.answer(reply, "200 OK", "<?xml version=\"1.0\"?><Error><Code>InternalError</Code></Error>");
      return Verdict::kTransient;
    }
    answers_.answer(reply, "200 OK", body_for(id_));
    return Verdict::kDone;
  }

  void verify(const std::string& request, size_t set, const std::string& region, const std::string& authorization) {
    FixedCredentials keys;
    keys.key_id = Issuer::key_id(set);
    keys.secret = Issuer::secret(set);
    keys.token = "token";
    const size_t at = authorization.find('/' + region + '/') + region.size() + 2;
    const std::string service = authorization.substr(at, authorization.find('/', at) - at);
    const bool s3 = service == "s3";
    const std::string hash = s3 ? field(request, "X-Amz-Content-Sha256") : std::string();
    (void)check_signed(request, keys, {region, service}, "a signature", hash);
  }

  Verdict lie(Reply& reply) {
    is_nonsense_ = watch_.asked_by(id_).lied_to = true;
    return answers_.lie(reply);
  }

  Verdict throttle(Reply& reply, bool s3) {
    Dice& dice = chances_.dice;
    if (dice.one_in(3)) answers_.fields += "x-amz-retry-after: " + std::to_string(dice.between(0, 8000)) + "\r\n";
    if (dice.one_in(30)) answers_.fields += "x-amz-retry-after: soon\r\n";
    if (dice.one_in(5)) return answers_.answer(reply, "429 Too Many Requests", ""), Verdict::kThrottled;
    answers_.refuse(reply, s3, s3 ? 503 : 400, s3 ? "SlowDown" : "ThrottlingException");
    return s3 && is_head_ ? Verdict::kTransient : Verdict::kThrottled;
  }

  Verdict fail_now(Reply& reply, bool s3) {
    constexpr int kStatus[] = {500, 502, 503, 504};
    const int status = kStatus[chances_.dice.below(4)];
    answers_.refuse(reply, s3, status, s3 ? "InternalError" : "InternalFailure");
    return Verdict::kTransient;
  }

  Verdict refuse_time(Reply& reply, bool s3) {
    chances_.note(Mishap::kSkewed);
    if (s3 && chances_.dice.one_in(2)) {
      answers_.more = "<ServerTime>" + Answers::date("%Y-%m-%dT%H:%M:%SZ", true_time(chances_.now)) + "</ServerTime>";
    }
    answers_.refuse(reply, s3, s3 ? 403 : 400, s3 ? "RequestTimeTooSkewed" : "InvalidSignatureException");
    return Verdict::kClock;
  }

  Verdict refuse_keys(Reply& reply, size_t set, bool s3) {
    if (chances_.strikes(Mishap::kDenied, 10)) {
      answers_.refuse(reply, s3, 403, s3 ? "AccessDenied" : "AccessDeniedException");
      return s3 && !is_head_ ? Verdict::kFinal : Verdict::kClock;  // with a wrong Date it may mean that
    }
    Issued& keys = issuer_.sets[set];
    if (chances_.dice.thousandths(2)) keys.is_revoked = true;
    if (!keys.is_revoked && chances_.now < keys.ends) return Verdict::kNone;
    chances_.note(keys.is_revoked ? Mishap::kRevoked : Mishap::kExpired);
    if (keys.is_revoked) {
      answers_.refuse(reply, s3, s3 ? 403 : 400, s3 ? "InvalidAccessKeyId" : "UnrecognizedClientException");
    } else {
      answers_.refuse(reply, s3, 400, s3 ? "ExpiredToken" : "ExpiredTokenException");
    }
    return is_head_ ? Verdict::kClock : Verdict::kCredentials;
  }

  /// A bucket is named after the region that it is in; what is called "other" sends on from host to host.
  bool redirect(Reply& reply, const std::string& host, const std::string& scope) {
    Dice& dice = chances_.dice;
    const bool wanders = host[0] == 'o' ? dice.one_in(3) : dice.one_in(100);
    if (wanders) {
      chances_.note(Mishap::kOtherHost);
      answers_.fields +=
          "Location: https://other" + std::to_string(dice.below(3)) + ".example/" + std::to_string(id_) + "\r\n";
      answers_.refuse(reply, true, 307, "TemporaryRedirect");
      return true;
    }
    const std::string home = host.substr(0, host.find('.'));
    if (host[0] == 'o' || home == scope) return false;
    chances_.note(Mishap::kWrongRegion);
    if (dice.one_in(3) && !is_head_) {
      answers_.more = "<Region>" + home + "</Region>";
      answers_.refuse(reply, true, 400, "AuthorizationHeaderMalformed");
    } else {
      answers_.fields += "x-amz-bucket-region: " + home + "\r\n";
      answers_.refuse(reply, true, 301, "PermanentRedirect");
    }
    return true;
  }

  Chances& chances_;
  Issuer& issuer_;
  Watch& watch_;
  Answers answers_{chances_};
  size_t id_ = 0;
  bool is_head_ = false;
  bool is_nonsense_ = false;
};

}  // namespace tinyaws::fakes
