// What services say: answers, refusals, lies; and how that arrives, whole or not.
#pragma once

#include <ctime>
#include <string>

#include "simulated_wire.h"

namespace tinyaws::fakes {

constexpr int64_t kFirstSecond = 1800000000;  // 2027-01-15T08:00:00Z: the true time when a world begins

inline int64_t true_time(Instant now) {
  return kFirstSecond + now.ms / 1000;
}

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

/// The body of an answer to the call of this number.
inline std::string body_for(size_t id) {
  std::string body = "answer to " + std::to_string(id) + ";";
  while (body.size() < id * 37 % 180) body += "and more;";
  return body;
}

/// Writes one answer after the other.
class Answers {
 public:
  explicit Answers(Chances& chances) : chances_(chances) {}

  /// For the next answers: whose they are, and whether they have a body.
  void begin(size_t id, bool is_head) {
    id_ = id;
    is_head_ = is_head;
    fields.clear();
    more.clear();
    has_right_date = false;
  }

  std::string fields;           ///< Of the next answer, in its head.
  std::string more;             ///< Of the next refusal, in its body.
  bool has_right_date = false;  ///< The last answer had one.

  void refuse(Reply& reply, bool s3, int status, const std::string& code) {
    const std::string line = std::to_string(status) + " Refused";
    const std::string id = std::to_string(chances_.dice.below(1000000));
    const std::string why(chances_.dice.one_in(10) ? 2 * kMaxErrorBytes : 2, 'w');
    if (s3) {
      fields += "x-amz-request-id: " + id + "\r\n";
      answer(reply, line, "<Error><Code>" + code + "</Code><Message>" + why + "</Message>" + more + "</Error>");
    } else {
      fields += "x-amzn-RequestId: " + id + "\r\n";
      const bool in_header = chances_.dice.one_in(4);
      if (in_header) fields += "x-amzn-ErrorType: " + code + ":http://example/\r\n";
      answer(reply, line, in_header ? "" : "{\"__type\":\"com.example#" + code + "\",\"message\":\"" + why + "\"}");
    }
    more.clear();
  }

  void answer(Reply& reply, const std::string& status, const std::string& body) {
    Dice& dice = chances_.dice;
    int64_t now = true_time(chances_.now);
    if (chances_.strikes(Mishap::kWrongDate, chances_.weather.lying / 8)) now += dice.between(-900000, 900000);
    std::string head = "HTTP/1.1 " + status + "\r\n" + fields;
    fields.clear();
    has_right_date = now == true_time(chances_.now) && !chances_.strikes(Mishap::kNoDate, 20);
    if (has_right_date || now != true_time(chances_.now))
      head += "Date: " + date("%a, %d %b %Y %H:%M:%S GMT", now) + "\r\n";
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
  Verdict lie(Reply& reply) {
    Dice& dice = chances_.dice;
    const auto kind = static_cast<Mishap>(static_cast<uint32_t>(Mishap::kNotAws) + dice.below(8));
    chances_.note(kind);
    const std::string body = body_for(id_);
    const std::string length = "Content-Length: " + std::to_string(body.size());
    switch (kind) {
      case Mishap::kNotAws:
        return pose_as_proxy(reply);
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
  static std::string date(const char* format, int64_t seconds) {
    const time_t time = seconds;
    std::tm tm;
    char text[40];
    return {text, strftime(text, sizeof text, format, gmtime_r(&time, &tm))};
  }

 private:
  Verdict pose_as_proxy(Reply& reply) {
    const int status = chances_.dice.one_in(2) ? 502 : 403;
    const bool portal = chances_.dice.one_in(3);
    fields = "Content-Type: text/html\r\n";
    answer(reply, portal ? "200 OK" : std::to_string(status) + " Proxy", "<html><body>Log in first</body></html>");
    if (portal) return Verdict::kDone;
    if (status == 502) return Verdict::kTransient;
    return is_head_ ? Verdict::kClock : Verdict::kFinal;
  }

  static std::string chunk(const std::string& data) {
    char size[20];
    snprintf(size, sizeof size, "%zx\r\n", data.size());
    return data.empty() ? "" : size + data + "\r\n";
  }

  static void end_after(Reply& reply, size_t bytes, Reply::End end) {
    reply.bytes.resize(bytes);
    reply.end = end;
  }

  Chances& chances_;
  size_t id_ = 0;
  bool is_head_ = false;
  bool whole_ = true;  // a part of the answer can be told from it
};

}  // namespace tinyaws::fakes
