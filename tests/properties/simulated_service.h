// A service, or many, that know what time it is and whose credentials hold: they do what they are asked for, or
// refuse, or fail, or lie.
#pragma once

#include <ctime>
#include <string>

#include "../fakes/verify_signature.h"
#include "simulated_issuer.h"

namespace tinyaws::fakes {

/// What the service has made of a request.
enum class Verdict : uint8_t {
  kNone,
  kDone,
  kThrottled,
  kTransient,
  kClock,
  kCredentials,
  kMoved,
  kNoLeave,
  kFinal,  ///< Refused for good, or nonsense.
};

/// A call, as far as services know it.
struct Asked {
  Verdict last = Verdict::kNone;
  unsigned requests = 0;   ///< Whole ones.
  unsigned performed = 0;  ///< What may have been done.
  bool lied_to = false;    ///< The answer's body is not what it should be.
};

/// Who watches over what is asked.
class Watch {
 public:
  virtual Asked& asked_by(size_t id) = 0;
  virtual void on_signed(size_t id, size_t set, UnixTime date) = 0;

 protected:
  ~Watch() = default;
};

/// The body of an answer to the call of this number.
inline std::string body_for(size_t id) {
  std::string body = "answer to " + std::to_string(id) + ";";
  while (body.size() < id * 37 % 180) body += "and more;";
  return body;
}

class SimulatedService final : public Service {
 public:
  static constexpr size_t kVerifiedOneIn = 16;
  static constexpr const char* kHome = "eu-west-1";

  SimulatedService(Chances& chances, Issuer& issuer, Watch& watch)
      : chances_(chances), issuer_(issuer), watch_(watch) {}

  bool on_head(const std::string& host, const std::string& head, Reply& reply) override {
    if (host == kIssuer) return false;
    Dice& dice = chances_.dice;
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
    refuse(reply, is_s3(host), 503, "SlowDown");
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
      fields_.clear();
      is_head_ = request.compare(0, 5, "HEAD ") == 0;
      const Verdict verdict = judge(host, request, reply);
      note(id_, verdict);
      Asked& asked = watch_.asked_by(id_);
      ++asked.requests;
      asked.performed += verdict == Verdict::kDone || verdict == Verdict::kTransient || is_nonsense_ ? 1 : 0;
    }
    deliver(reply);
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
    CHECK(at != std::string::npos, std::string("a request without ") + name);
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
    if (chances_.dice.thousandths(weather.lying)) return lie(reply, s3);
    if (chances_.strikes(Mishap::kThrottles, weather.throttling)) return throttle(reply, s3);
    if (chances_.strikes(Mishap::kFails, weather.failing)) return fail_now(reply, s3);
    const int64_t off = date.seconds - true_time(chances_.now);
    if (off > (s3 ? 900 : 300) || off < (s3 ? -900 : -300)) return refuse_time(reply, s3);
    const Verdict refused = refuse_keys(reply, set, s3);
    if (refused != Verdict::kNone) return refused;
    if (s3 && redirect(reply, host, scope)) return Verdict::kMoved;
    if (s3 && request.compare(0, 4, "PUT ") == 0 && chances_.strikes(Mishap::kFailsIn200, weather.failing + 10)) {
      fields_ = "Content-Type: application/xml\r\n";
      answer(reply, "200 OK", "<?xml version=\"1.0\"?><Error><Code>InternalError</Code></Error>");
      return Verdict::kTransient;
    }
    answer(reply, "200 OK", body_for(id_));
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

  Verdict throttle(Reply& reply, bool s3) {
    Dice& dice = chances_.dice;
    if (dice.one_in(3)) fields_ += "x-amz-retry-after: " + std::to_string(dice.between(0, 8000)) + "\r\n";
    if (dice.one_in(30)) fields_ += "x-amz-retry-after: soon\r\n";
    if (dice.one_in(5)) return answer(reply, "429 Too Many Requests", ""), Verdict::kThrottled;
    refuse(reply, s3, s3 ? 503 : 400, s3 ? "SlowDown" : "ThrottlingException");
    return s3 && is_head_ ? Verdict::kTransient : Verdict::kThrottled;
  }

  Verdict fail_now(Reply& reply, bool s3) {
    constexpr int kStatus[] = {500, 502, 503, 504};
    const int status = kStatus[chances_.dice.below(4)];
    refuse(reply, s3, status, s3 ? "InternalError" : "InternalFailure");
    return Verdict::kTransient;
  }

  Verdict refuse_time(Reply& reply, bool s3) {
    chances_.note(Mishap::kSkewed);
    if (s3 && chances_.dice.one_in(2)) {
      more_ = "<ServerTime>" + date("%Y-%m-%dT%H:%M:%SZ", true_time(chances_.now)) + "</ServerTime>";
    }
    refuse(reply, s3, s3 ? 403 : 400, s3 ? "RequestTimeTooSkewed" : "InvalidSignatureException");
    return Verdict::kClock;
  }

  Verdict refuse_keys(Reply& reply, size_t set, bool s3) {
    if (chances_.strikes(Mishap::kDenied, 10)) {
      refuse(reply, s3, 403, s3 ? "AccessDenied" : "AccessDeniedException");
      return s3 && !is_head_ ? Verdict::kFinal : Verdict::kClock;  // with a wrong Date it may mean that
    }
    Issued& keys = issuer_.sets[set];
    if (chances_.dice.thousandths(2)) keys.is_revoked = true;
    if (!keys.is_revoked && chances_.now < keys.ends) return Verdict::kNone;
    chances_.note(keys.is_revoked ? Mishap::kRevoked : Mishap::kExpired);
    if (keys.is_revoked) {
      refuse(reply, s3, s3 ? 403 : 400, s3 ? "InvalidAccessKeyId" : "UnrecognizedClientException");
    } else {
      refuse(reply, s3, 400, s3 ? "ExpiredToken" : "ExpiredTokenException");
    }
    return is_head_ ? Verdict::kClock : Verdict::kCredentials;
  }

  /// A bucket is named after the region that it is in; what is called "other" sends on from host to host.
  bool redirect(Reply& reply, const std::string& host, const std::string& scope) {
    Dice& dice = chances_.dice;
    const bool wanders = host[0] == 'o' ? dice.one_in(3) : dice.one_in(100);
    if (wanders) {
      chances_.note(Mishap::kOtherHost);
      fields_ +=
          "Location: https://other" + std::to_string(dice.below(3)) + ".example/" + std::to_string(id_) + "\r\n";
      refuse(reply, true, 307, "TemporaryRedirect");
      return true;
    }
    const std::string home = host.substr(0, host.find('.'));
    if (host[0] == 'o' || home == scope) return false;
    chances_.note(Mishap::kWrongRegion);
    if (dice.one_in(3) && !is_head_) {
      more_ = "<Region>" + home + "</Region>";
      refuse(reply, true, 400, "AuthorizationHeaderMalformed");
    } else {
      fields_ += "x-amz-bucket-region: " + home + "\r\n";
      refuse(reply, true, 301, "PermanentRedirect");
    }
    return true;
  }

  Verdict lie(Reply& reply, bool s3) {
    Dice& dice = chances_.dice;
    const auto kind = static_cast<Mishap>(static_cast<uint32_t>(Mishap::kNotAws) + dice.below(8));
    chances_.note(kind);
    is_nonsense_ = true;
    watch_.asked_by(id_).lied_to = true;
    const std::string body = body_for(id_);
    const std::string length = "Content-Length: " + std::to_string(body.size());
    switch (kind) {
      case Mishap::kNotAws:
        return pose_as_proxy(reply, s3);
      case Mishap::kGarbage:
        for (uint32_t n = 1 + dice.below(300); n > 0; --n) reply.bytes += static_cast<char>(dice.below(256));
        reply.end = Reply::End::kEnds;
        break;
      case Mishap::kTooLong:
        reply.bytes = "HTTP/1.1 200 OK\r\n" + length + "0\r\n\r\n" + body;
        if (dice.one_in(2)) reply.end = Reply::End::kEnds;
        break;
      case Mishap::kTooShort:
        reply.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + body;
        return Verdict::kDone;
      case Mishap::kTwoLengths:
        reply.bytes = "HTTP/1.1 200 OK\r\n" + length + "\r\nContent-Length: 7\r\n\r\n" + body;
        break;
      case Mishap::kBadChunk:
        reply.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\nxyz\r\n";
        break;
      case Mishap::kEndlessHead:
        reply.bytes = "HTTP/1.1 200 OK\r\nX: " + std::string(5000, 'x') + "\r\n\r\n";
        break;
      default:
        for (int i = 0; i < 20; ++i) reply.bytes += "HTTP/1.1 103 Early Hints\r\n\r\n";
        break;
    }
    return Verdict::kFinal;
  }

  Verdict pose_as_proxy(Reply& reply, bool s3) {
    const int status = chances_.dice.one_in(2) ? 502 : 403;
    const bool portal = chances_.dice.one_in(3);
    fields_ = "Content-Type: text/html\r\n";
    answer(reply, portal ? "200 OK" : std::to_string(status) + " Proxy", "<html><body>Log in first</body></html>");
    if (portal) return Verdict::kDone;
    if (status == 502) return Verdict::kTransient;
    return is_head_ && s3 ? Verdict::kClock : Verdict::kFinal;
  }

  void refuse(Reply& reply, bool s3, int status, const std::string& code) {
    const std::string line = std::to_string(status) + " Refused";
    const std::string id = std::to_string(chances_.dice.below(1000000));
    if (s3) {
      fields_ += "x-amz-request-id: " + id + "\r\n";
      answer(reply, line, "<Error><Code>" + code + "</Code><Message>no</Message>" + more_ + "</Error>");
    } else {
      fields_ += "x-amzn-RequestId: " + id + "\r\n";
      const bool in_header = chances_.dice.one_in(4);
      if (in_header) fields_ += "x-amzn-ErrorType: " + code + ":http://example/\r\n";
      answer(reply, line, in_header ? "" : "{\"__type\":\"com.example#" + code + "\",\"message\":\"no\"}");
    }
    more_.clear();
  }

  static std::string date(const char* format, int64_t seconds) {
    const time_t time = seconds;
    std::tm tm;
    char text[40];
    return {text, strftime(text, sizeof text, format, gmtime_r(&time, &tm))};
  }

  void answer(Reply& reply, const std::string& status, const std::string& body) {
    Dice& dice = chances_.dice;
    int64_t now = true_time(chances_.now);
    if (chances_.strikes(Mishap::kWrongDate, chances_.weather.lying / 8)) now += dice.between(-900000, 900000);
    std::string head = "HTTP/1.1 " + status + "\r\n" + fields_;
    fields_.clear();
    if (!chances_.strikes(Mishap::kNoDate, 20)) head += "Date: " + date("%a, %d %b %Y %H:%M:%S GMT", now) + "\r\n";
    const bool closes = dice.one_in(30);
    if (closes) {
      head += "Connection: close\r\n";
      reply.end = Reply::End::kEnds;
    }
    if (!is_head_ && dice.one_in(5)) {
      const size_t half = body.size() / 2;
      reply.bytes = head + "Transfer-Encoding: chunked\r\n\r\n" + chunk(body.substr(0, half)) +
                    chunk(body.substr(half)) + "0\r\n\r\n";
    } else {
      if (!closes || dice.one_in(2)) head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
      whole_ = head.find("Content-Length") != std::string::npos;
      reply.bytes = head + "\r\n" + (is_head_ ? "" : body);
      if (!whole_) return;
    }
    whole_ = true;
  }
  static std::string chunk(const std::string& data) {
    char size[20];
    snprintf(size, sizeof size, "%zx\r\n", data.size());
    return data.empty() ? "" : size + data + "\r\n";
  }

  void deliver(Reply& reply) {
    Dice& dice = chances_.dice;
    const uint32_t line = chances_.weather.line;
    if (chances_.strikes(Mishap::kSlowAnswer, line)) reply.delay_ms = dice.between(100, 2500);
    if (chances_.strikes(Mishap::kDrips, line)) {
      reply.piece = 1 + dice.below(60);
      reply.gap_ms = dice.between(1, 150);
    }
    const bool cuts = whole_ && !reply.bytes.empty();
    const size_t part = cuts ? 1 + dice.below(static_cast<uint32_t>(reply.bytes.size() - 1)) : reply.bytes.size();
    if (chances_.strikes(Mishap::kNoAnswer, line / 5)) {
      reply.bytes.clear();
      reply.end = Reply::End::kStays;
    } else if (chances_.strikes(Mishap::kResetBeforeAnswer, line / 3)) {
      end_after(reply, 0, Reply::End::kResets);
    } else if (cuts && chances_.strikes(Mishap::kCutAnswer, line / 3)) {
      end_after(reply, part, Reply::End::kEnds);
    } else if (cuts && chances_.strikes(Mishap::kResetInAnswer, line / 3)) {
      end_after(reply, part, Reply::End::kResets);
    } else if (cuts && chances_.strikes(Mishap::kStallsInAnswer, line / 5)) {
      end_after(reply, part, Reply::End::kStays);
    } else if (reply.end == Reply::End::kStays && chances_.dice.thousandths(line + 20)) {
      const bool resets = dice.one_in(3);
      chances_.note(resets ? Mishap::kIdleReset : Mishap::kIdleClose);
      reply.end = resets ? Reply::End::kResets : Reply::End::kEnds;
      reply.end_delay_ms = dice.between(1, 3000);
    }
    whole_ = true;
  }
  static void end_after(Reply& reply, size_t bytes, Reply::End end) {
    reply.bytes.resize(bytes);
    reply.end = end;
  }

  Chances& chances_;
  Issuer& issuer_;
  Watch& watch_;
  size_t id_ = 0;
  std::string fields_;  // of the next answer
  std::string more_;    // in the body of the next refusal
  bool is_head_ = false;
  bool is_nonsense_ = false;
  bool whole_ = true;  // a part of the answer can be told from it
};

}  // namespace tinyaws::fakes
