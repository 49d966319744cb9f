// A call that is watched: what it asks for, and how often it may.
#pragma once

#include <cstring>
#include <optional>
#include <string>

#include "simulated_service.h"
#include "tinyaws/api_call.h"

namespace tinyaws::fakes {

/// A body of so many bytes, which comes in pieces and not always at once.
class PiecedBody final : public BodySource {
 public:
  PiecedBody(Dice& dice) : dice_(dice) {}

  void begin(uint64_t size, bool can_rewind) {
    size_ = size;
    at_ = 0;
    can_rewind_ = can_rewind;
  }
  IoResult read(MutBytes out) override {
    if (size_ < 100000 && dice_.one_in(10)) return {Status::kPending, 0};
    const size_t n = static_cast<size_t>(std::min<uint64_t>(size_ - at_, out.size()));
    memset(out.data(), 'b', n);
    at_ += n;
    return {Status::kOk, n};
  }
  bool can_rewind() const { return can_rewind_; }
  Status rewind() override {
    if (!can_rewind_) return Status::kUnsupported;
    at_ = 0;
    return Status::kOk;
  }

 private:
  Dice& dice_;
  uint64_t size_ = 0, at_ = 0;
  bool can_rewind_ = true;
};

/// Keeps what it is given, taking its time; may be unable to forget it.
class KeepingSink final : public BodySink {
 public:
  KeepingSink(Dice& dice) : dice_(dice) {}

  std::string body;
  bool can_restart = true;

  IoResult write(Bytes bytes) override {
    const Outside outside;
    if (dice_.one_in(10)) return {Status::kPending, 0};
    const size_t n = dice_.one_in(10) ? 1 : bytes.size();
    body += bytes.substr(0, n);
    return {Status::kOk, n};
  }
  Status restart() override {
    if (!can_restart) return Status::kUnsupported;
    body.clear();
    return Status::kOk;
  }

 private:
  Dice& dice_;
};

/// What became of the exchange before.
enum class Before : uint8_t { kNothing, kAnswered, kFailed };

struct WatchedCall {
  explicit WatchedCall(Dice& dice) : source(dice), sink(dice) {}

  size_t id = SIZE_MAX;
  ApiRequest request;
  Response response;
  std::optional<ApiCall> call;
  Asked asked;
  bool is_live = false;

  std::string path, bucket, body;
  Header target;
  char memory[256];
  PiecedBody source;
  KeepingSink sink;
  bool uses_sink = false;

  // What was seen of it.
  Before before = Before::kNothing;
  Status failure = Status::kOk;
  bool was_reused = false, in_fetch = false;
  unsigned exchanges = 0, counted = 0, freed = 0, overruled = 0, moved = 0, leaves = 0;
  Instant signed_at, answered_at;
  unsigned most_attempts = 0;
  uint64_t heard = 0;       ///< Bytes of the answer that failed.
  bool knows_time = false;  ///< The service has refused a signature for its time, and said what time it is.
  bool met_trouble = false;

  /// Another request, one of many kinds.
  void choose(size_t number, Dice& dice) {
    id = number;
    asked = {};
    before = Before::kNothing;
    exchanges = counted = freed = overruled = moved = leaves = 0;
    in_fetch = met_trouble = knows_time = false;
    source.begin(0, true);
    path = "/" + std::to_string(id);
    request.headers = {};
    request.body = {};
    request.bucket = {};
    request.region = {};
    request.path = path;
    request.method = "POST";
    request.repeatable = !dice.one_in(5);
    const uint32_t kind = dice.below(10);
    if (kind < 4) {
      choose_s3(dice);
    } else {
      request.service = kind < 6 ? "dynamodb" : kind < 8 ? "kinesis" : "sqs";
      target = {"X-Amz-Target", kind < 8 ? "Some.Operation" : "AmazonSQS.ReceiveMessage"};
      request.headers = {&target, 1};
      choose_body(dice, dice.one_in(8) ? 6000 : 600);
    }
    choose_response(dice);
  }

  std::string received() const { return uses_sink ? sink.body : std::string(response.body()); }

 private:
  void choose_s3(Dice& dice) {
    constexpr const char* kBuckets[] = {"eu-west-1", "eu-west-1", "eu-west-1", "us-east-1", "ap-south-1"};
    constexpr const char* kMethods[] = {"GET", "GET", "PUT", "PUT", "HEAD"};
    request.service = "s3";
    bucket = kBuckets[dice.below(5)];
    request.bucket = bucket;
    request.method = kMethods[dice.below(5)];
    if (request.method != "PUT") return;
    choose_body(dice, dice.one_in(8) ? 6000 : 600);
    if (!dice.one_in(40)) return;
    const uint64_t size = kExpectContinueBytes + 1 + dice.below(100000);
    source.begin(size, dice.one_in(2));
    request.body = {source, size};
    request.body.payload_hash = "UNSIGNED-PAYLOAD";
  }

  void choose_body(Dice& dice, uint32_t most) {
    body.assign(dice.below(most), 'b');
    if (dice.one_in(3)) {
      source.begin(body.size(), true);
      request.body = {source, body.size()};
    } else {
      request.body = Bytes(body);
    }
  }

  void choose_response(Dice& dice) {
    sink.body.clear();
    sink.can_restart = !dice.one_in(4);
    uses_sink = dice.one_in(2);
    if (uses_sink) {
      response.hand_to(sink);
    } else {
      response.store_in(memory);
    }
  }
};

}  // namespace tinyaws::fakes
