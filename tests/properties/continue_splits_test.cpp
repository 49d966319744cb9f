// A body that waits for leave (Expect: 100-continue; case C18), whatever comes first and in whatever pieces: no byte
// of it leaves before leave, time or approval is there, none after a refusal, all of them for a success; and what is
// received is never written over by what is sent.
// Covers C18: leave to send, and what comes in its place.
#include <random>

#include "../unit/exchange_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

/// What a peer says, and where in it what counts is complete.
struct Incoming {
  std::string bytes;
  std::string body;
  uint16_t status = 0;
  size_t leave_at = SIZE_MAX;  // behind the first 100
  size_t final_at = 0;         // behind the final head

  void add_interim(uint16_t interim, const std::string& fields) {
    bytes += "HTTP/1.1 " + std::to_string(interim) + " Interim\r\n" + fields + "\r\n";
    if (interim == 100 && leave_at == SIZE_MAX) leave_at = bytes.size();
  }
  void add_final(uint16_t final_status, const std::string& content) {
    status = final_status;
    body = content;
    const std::string whole = answer(std::to_string(status) + " Final", body, "X-Some: field\r\n");
    final_at = bytes.size() + whole.size() - body.size();
    bytes += whole;
  }
  bool refuses() const { return status >= 300; }
  /// After so many bytes the body may go.
  bool lets_go(size_t fed) const { return fed >= leave_at || (!refuses() && fed >= final_at); }
};

Incoming some_answer(std::mt19937& random) {
  Incoming incoming;
  for (auto n = random() % 4; n > 0; --n) {
    const uint16_t kinds[] = {100, 100, 102, 103};
    incoming.add_interim(kinds[random() % 4], random() % 2 ? "Server: AmazonS3\r\nContent-Length: 9\r\n" : "");
  }
  const uint16_t finals[] = {200, 204, 301, 403, 417, 503};
  const uint16_t status = finals[random() % 6];
  incoming.add_final(status, status == 204 ? "" : pattern(random() % 2000, 7));
  return incoming;
}

/// A PUT that asks, and a ledger of what has moved.
class Upload {
 public:
  Upload(std::mt19937& random, const Incoming& incoming, std::string name)
      : fixture_(512 + random() % 700), incoming_(incoming), name_(std::move(name)) {
    const size_t sizes[] = {1, 20, 300, 2500};
    content_ = pattern(sizes[random() % 4], 3);
    source_ = FakeSource(content_);
    source_.piece = 1 + random() % 700;
    source_.pend_between = random() % 2;
    fixture_.request.method = "PUT";
    fixture_.request.body = random() % 2 ? Body(source_, content_.size()) : Body(Bytes(content_));
    fixture_.request.expect_continue = true;
    fixture_.start();
  }

  bool finished() { return fixture_.driver.finished(); }
  bool has_to_send() { return fixture_.has(Exchange::kWantSend); }

  void stop_waiting() {
    anyway_ |= fixture_.exchange().awaits_continue();
    fixture_.exchange().send_body_anyway();
  }

  void send(size_t most) {
    if (!has_to_send()) return;
    const Bytes out = fixture_.exchange().send_buf();
    if (out.empty()) return;
    const size_t n = std::min(most, out.size());
    const bool head_is_out = contains(sent_, "\r\n\r\n");
    sent_.append(out.data(), n);
    if (head_is_out) check_may_send();
    CHECK(head_is_out || body_of(sent_).empty(), name_ + ": the body leaves with the head");
    fixture_.exchange().send_ack(n);
  }

  void receive(size_t most) {
    if (!fixture_.has(Exchange::kWantRecv) || fed_ == incoming_.bytes.size()) return;
    const MutBytes space = fixture_.exchange().recv_buf();
    const size_t n = std::min({most, space.size(), incoming_.bytes.size() - fed_});
    memcpy(space.data(), incoming_.bytes.data() + fed_, n);
    fixture_.exchange().recv_ack(n);
    fed_ += n;
    check_waits_or_not();
  }

  void take(size_t most) {
    const Bytes piece = fixture_.exchange().body_buf();
    const size_t n = std::min(most, piece.size());
    received_.append(piece.data(), n);
    if (n > 0) fixture_.exchange().body_ack(n);
  }

  void check_end() {
    CHECK_STATUS(fixture_.exchange().error(), Status::kOk, name_);
    CHECK(fixture_.exchange().head().status == incoming_.status, name_ + ": status");
    CHECK_TEXT(fixture_.exchange().head().header("x-some"), "field", name_ + ": head");
    CHECK_TEXT(received_, incoming_.body, name_ + ": received");
    const std::string body = body_of(sent_);
    CHECK_TEXT(body, content_.substr(0, body.size()), name_ + ": sent");
    CHECK(incoming_.refuses() || body.size() == content_.size(), name_ + ": a success for a part of the body");
    CHECK(fixture_.exchange().reusable() == (body.size() == content_.size()), name_ + ": reusable");
  }

 private:
  void check_may_send() {
    CHECK(anyway_ || incoming_.lets_go(fed_), name_ + ": sent without leave, after " + std::to_string(fed_));
    CHECK(!incoming_.refuses() || fed_ < incoming_.final_at, name_ + ": sent after the refusal");
  }

  void check_waits_or_not() {
    const bool refused = incoming_.refuses() && fed_ >= incoming_.final_at;
    const bool waits = !anyway_ && !incoming_.lets_go(fed_) && !refused;
    CHECK(fixture_.exchange().awaits_continue() == waits, name_ + ": waits or not, after " + std::to_string(fed_));
  }

  Fixture fixture_;
  const Incoming& incoming_;
  std::string name_;
  std::string content_;
  FakeSource source_{""};
  std::string sent_;
  std::string received_;
  size_t fed_ = 0;
  bool anyway_ = false;
};

void any_order_of_steps(void**) {
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    std::mt19937 random(seed);
    const Incoming incoming = some_answer(random);
    Upload upload(random, incoming, "seed " + std::to_string(seed) + ", " + printable(incoming.bytes, 120));
    const unsigned patience = random() % 3 == 0 ? 1 + random() % 100 : 0;
    for (int steps = 0; !upload.finished(); ++steps) {
      CHECK(steps < 200000, "seed " + std::to_string(seed) + ": no end");
      const size_t most = 1 + random() % (random() % 2 ? 10 : 600);
      switch (random() % 4) {
        case 0:
          upload.send(most);
          break;
        case 1:
          upload.receive(most);
          break;
        case 2:
          upload.take(most);
          break;
        default:
          if (patience > 0 && random() % patience == 0) upload.stop_waiting();
      }
    }
    upload.check_end();
  }
}

/// All that can be sent is sent between the two parts.
void every_split_into_two(void**) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 answers(seed);
    const Incoming incoming = some_answer(answers);
    const size_t most = std::min(incoming.bytes.size(), incoming.final_at + 10);
    for (size_t at = 0; at <= most; ++at) {
      std::mt19937 random(seed);
      Upload upload(random, incoming, "seed " + std::to_string(seed) + ", split at " + std::to_string(at));
      const auto send_all = [&upload] {
        while (upload.has_to_send()) upload.send(SIZE_MAX);
      };
      send_all();
      if (at > 0) upload.receive(at);
      send_all();
      for (int steps = 0; !upload.finished(); ++steps) {
        CHECK(steps < 10000, "seed " + std::to_string(seed) + ": no end");
        upload.receive(SIZE_MAX);
        upload.take(SIZE_MAX);
        upload.send(SIZE_MAX);
      }
      upload.check_end();
    }
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(any_order_of_steps),
      cmocka_unit_test(every_split_into_two),
  };
  return cmocka_run_group_tests_name("continue_splits", tests, nullptr, nullptr);
}
