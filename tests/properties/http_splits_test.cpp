// Every sample of tests/vectors/http, in every way in which it can arrive, means the same: at every split into two,
// cut off at every byte, byte by byte, in random pieces, in every buffer. All buffers end at a guard page.
//
// A decision that the samples leave open: their "truncated" is kConnectionLost for a peer that says nothing at all
// ("closed ... before ... it answered", status.h) and kTruncated once it has said a byte.
// Covers C19: every sample of tests/vectors/http, however it arrives.
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "../fakes/exchange_driver.h"
#include "../fakes/guarded_buffer.h"
#include "tinyaws/sha256.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

constexpr size_t kBuffer = 2048;  // holds the longest head of the samples

struct Sample {
  std::string name;
  std::string method;
  std::string reason;  // "ok", or why it is refused
  uint16_t status = 0;
  size_t body_size = 0;
  std::string body;  // or "sha256:..."
  bool keep_alive = false;
  std::string bytes;

  bool until_close() const { return name.compare(0, 15, "close-delimited") == 0; }
};

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  CHECK(file.good(), "can't read " + path);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

std::string unescaped(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'x':
        out += static_cast<char>(strtoul(text.substr(i + 1, 2).c_str(), nullptr, 16));
        i += 2;
        break;
      default:
        out += text[i];
    }
  }
  return out;
}

Sample parse_row(const std::string& line) {
  std::vector<std::string> columns;
  std::istringstream in(line);
  for (std::string column; std::getline(in, column, '\t');) columns.push_back(column);
  CHECK(columns.size() == 7, "expect.tsv: not seven columns: " + line);
  Sample sample;
  sample.name = columns[0];
  sample.method = columns[1];
  sample.reason = columns[2];
  sample.status = static_cast<uint16_t>(atoi(columns[3].c_str()));
  sample.body_size = static_cast<size_t>(atol(columns[4].c_str()));
  sample.body = columns[5] == "-" ? "" : unescaped(columns[5]);
  sample.keep_alive = columns[6] == "yes";
  sample.bytes = read_whole(std::string(TINYAWS_VECTORS_DIR "/http/") + sample.name + ".response");
  return sample;
}

const std::vector<Sample>& samples() {
  static std::vector<Sample> all;
  if (!all.empty()) return all;
  std::istringstream table(read_whole(TINYAWS_VECTORS_DIR "/http/expect.tsv"));
  for (std::string line; std::getline(table, line);) {
    if (!line.empty() && line[0] != '#') all.push_back(parse_row(line));
  }
  CHECK(all.size() > 100, "expect.tsv has lost its samples");
  return all;
}

Status status_of(const Sample& sample) {
  static const std::map<std::string, Status> kNames = {
      {"ok", Status::kOk},
      {"malformed_head", Status::kMalformedHead},
      {"forbidden_byte", Status::kForbiddenByte},
      {"malformed_length", Status::kMalformedLength},
      {"conflicting_length", Status::kConflictingLength},
      {"unknown_coding", Status::kUnknownCoding},
      {"malformed_chunk", Status::kMalformedChunk},
      {"truncated", Status::kTruncated},
      {"trailers_too_large", Status::kTrailersTooLarge},
      {"extensions_too_large", Status::kChunkExtensionsTooLarge},
      {"too_many_interim", Status::kTooManyInterims},
      {"unexpected_upgrade", Status::kUnexpectedUpgrade},
  };
  const auto found = kNames.find(sample.reason);
  CHECK(found != kNames.end(), sample.name + ": a reason without a Status: " + sample.reason);
  return sample.bytes.empty() ? Status::kConnectionLost : found->second;
}

std::string sha256_text(Bytes bytes) {
  Sha256State state;
  unsigned char digest[kSha256Bytes];
  sha256_start(state);
  sha256_update(state, bytes);
  CHECK_STATUS(sha256_finish(state, digest), Status::kOk, "sha256");
  sha256_stop(state);
  std::string out = "sha256:";
  for (unsigned char byte : digest) {
    char hex[3];
    snprintf(hex, sizeof hex, "%02x", byte);
    out += hex;
  }
  return out;
}

/// Where a response is received. The request takes the same memory first, as in a connection.
class Receiver {
 public:
  explicit Receiver(const Sample& sample, MutBytes buffer) : driver_(buffer) {
    request_.method = sample.method;
    request_.endpoint = {"h", 443, true};
    CHECK_STATUS(driver_.start(request_), Status::kOk, sample.name + ": start");
    driver_.send_all();
  }
  ExchangeDriver& driver() { return driver_; }
  void feed(Bytes bytes) { driver_.feed(bytes); }
  Outcome end() {
    driver_.end();
    return driver_.outcome();
  }

 private:
  Request request_;
  ExchangeDriver driver_;
};

MutBytes shared_buffer() {
  static GuardedBuffer buffer(kBuffer);
  return buffer.bytes();
}

Outcome receive_whole(const Sample& sample) {
  Receiver receiver(sample, shared_buffer());
  receiver.feed(sample.bytes);
  return receiver.end();
}

void check_same(const Outcome& actual, const Outcome& expected, const std::string& what) {
  CHECK(actual == expected, what + "\n  is       " + actual.words() + "\n  expected " + expected.words());
}

void whole_samples_mean_what_the_table_says(void**) {
  for (const Sample& sample : samples()) {
    const Outcome outcome = receive_whole(sample);
    CHECK_STATUS(outcome.error, status_of(sample), sample.name);
    if (outcome.error != Status::kOk) continue;
    CHECK(outcome.status == sample.status, sample.name + ": status " + std::to_string(outcome.status));
    CHECK(outcome.body.size() == sample.body_size, sample.name + ": body of " + std::to_string(outcome.body.size()));
    const bool hashed = sample.body.compare(0, 7, "sha256:") == 0;
    CHECK_TEXT(hashed ? sha256_text(outcome.body) : outcome.body, sample.body, sample.name + ": body");
    CHECK(outcome.reusable == sample.keep_alive, sample.name + ": keep-alive");
  }
}

/// Places of a long sample are taken in strides, but for its head and its end.
size_t stride(const Sample& sample, size_t at) {
  const bool interesting = sample.bytes.size() < 3000 || at < 200 || at + 60 > sample.bytes.size();
  return interesting ? 1 : 13;
}

void every_split_into_two(void**) {
  for (const Sample& sample : samples()) {
    const Outcome whole = receive_whole(sample);
    const Bytes bytes = sample.bytes;
    for (size_t at = 0; at <= bytes.size(); at += stride(sample, at)) {
      Receiver receiver(sample, shared_buffer());
      receiver.feed(bytes.substr(0, at));
      receiver.feed(bytes.substr(at));
      check_same(receiver.end(), whole, sample.name + ": split at " + std::to_string(at));
    }
  }
}

void byte_by_byte(void**) {
  for (const Sample& sample : samples()) {
    for (size_t body_piece : {size_t{1}, SIZE_MAX}) {
      Receiver receiver(sample, shared_buffer());
      receiver.driver().body_piece = body_piece;
      for (char c : sample.bytes) receiver.feed({&c, 1});
      check_same(receiver.end(), receive_whole(sample), sample.name + ": byte by byte");
    }
  }
}

void random_pieces(void**) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    std::mt19937 random(seed);
    for (const Sample& sample : samples()) {
      const Outcome whole = receive_whole(sample);
      Receiver receiver(sample, shared_buffer());
      receiver.driver().body_piece = 1 + random() % 40;
      for (Bytes left = sample.bytes; !left.empty();) {
        const size_t n = std::min<size_t>(left.size(), 1 + random() % (random() % 4 ? 20 : 500));
        receiver.feed(left.substr(0, n));
        left.remove_prefix(n);
      }
      check_same(receiver.end(), whole, sample.name + ": random pieces, seed " + std::to_string(seed));
    }
  }
}

/// What a prefix may come to: the sample's own end, or that the connection ended too soon. An answer without a
/// length is whole wherever it ends.
void check_prefix(const Sample& sample, const Outcome& cut, const Outcome& whole, size_t at) {
  const std::string what = sample.name + ": cut after " + std::to_string(at) + ": " + cut.words();
  CHECK(whole.body.compare(0, cut.body.size(), cut.body) == 0, what + ": not a prefix of the body");
  if (at == 0) {
    CHECK_STATUS(cut.error, Status::kConnectionLost, what);
  } else if (cut.error == Status::kOk) {
    CHECK(whole.error == Status::kOk, what + ": a part of a bad answer passed as whole");
    CHECK(sample.until_close() || cut.body == whole.body, what + ": a short body passed off as whole");
    CHECK(!(sample.until_close() && cut.reusable), what + ": reusable after its end");
  } else {
    CHECK(cut.error == Status::kTruncated || cut.error == whole.error,
          what + ": neither truncated nor its own error");
  }
}

void every_prefix_then_the_end(void**) {
  for (const Sample& sample : samples()) {
    const Outcome whole = receive_whole(sample);
    bool settled = false;  // the exchange was over before the end came
    for (size_t at = 0; at <= sample.bytes.size(); at += stride(sample, at)) {
      Receiver receiver(sample, shared_buffer());
      receiver.feed(Bytes(sample.bytes).substr(0, at));
      const bool over = receiver.driver().finished();
      const Outcome cut = receiver.end();
      check_prefix(sample, cut, whole, at);
      CHECK(over || !settled, sample.name + ": more bytes reopened it, at " + std::to_string(at));
      if (over) CHECK_STATUS(cut.error, whole.error, sample.name + ": over early, at " + std::to_string(at));
      settled = over;
    }
  }
}

/// A peer that is silent is not the same as one that ends: nothing may be decided by its silence, except that
/// what is complete is complete at its last byte.
void complete_at_the_last_byte(void**) {
  for (const Sample& sample : samples()) {
    if (sample.reason != "ok" || sample.until_close() || sample.name.find("extra-bytes") != std::string::npos)
      continue;
    Receiver receiver(sample, shared_buffer());
    receiver.feed(Bytes(sample.bytes).substr(0, sample.bytes.size() - 1));
    CHECK(!receiver.driver().finished(), sample.name + ": finished before its last byte");
    receiver.feed(Bytes(sample.bytes).substr(sample.bytes.size() - 1));
    CHECK_STATUS(receiver.driver().outcome().error, Status::kOk, sample.name + ": at its last byte");
  }
}

Outcome receive_in(const Sample& sample, MutBytes buffer, size_t piece) {
  Receiver receiver(sample, buffer);
  for (Bytes left = sample.bytes; !left.empty();) {
    const size_t n = std::min(left.size(), piece);
    receiver.feed(left.substr(0, n));
    left.remove_prefix(n);
  }
  return receiver.end();
}

void every_buffer_from_the_least(void**) {
  GuardedBuffer memory(kBuffer);
  for (const Sample& sample : samples()) {
    const Outcome whole = receive_whole(sample);
    const size_t most = sample.bytes.size() > Exchange::kMinBufferBytes ? kBuffer : 600;
    for (size_t piece : {size_t{7}, SIZE_MAX}) {
      bool fitted = false;
      for (size_t size = Exchange::kMinBufferBytes; size <= most; size += sample.bytes.size() > 3000 ? 11 : 3) {
        const Outcome outcome = receive_in(sample, memory.last(size), piece);
        const std::string what = sample.name + ": buffer of " + std::to_string(size);
        if (outcome.error == Status::kHeadTooLarge) {
          CHECK(!fitted, what + ": too small, though a smaller one was not");
        } else {
          fitted = true;
          check_same(outcome, whole, what);
        }
      }
      CHECK(fitted, sample.name + ": fits no buffer");
    }
  }
}

Sample with_head_of(size_t size, const std::string& more) {
  Sample sample;
  sample.name = "head of " + std::to_string(size);
  sample.method = "GET";
  sample.bytes = "HTTP/1.1 200 OK\r\n" + more + "X: ";
  sample.bytes += std::string(size - sample.bytes.size() - 4, 'x') + "\r\n\r\n";
  return sample;
}

/// A head is too large when it does not fit the buffer: not one byte before.
void heads_exactly_as_long_as_the_buffer(void**) {
  GuardedBuffer memory(kBuffer);
  const size_t size = 700;
  for (size_t piece : {size_t{1}, SIZE_MAX}) {
    const Sample fits = with_head_of(size, "Content-Length: 0\r\n");
    CHECK_STATUS(receive_in(fits, memory.last(size), piece).error, Status::kOk, fits.name + " in as much");
    const Sample exceeds = with_head_of(size + 1, "Content-Length: 0\r\n");
    CHECK_STATUS(receive_in(exceeds, memory.last(size), piece).error, Status::kHeadTooLarge,
                 exceeds.name + " in 700");
  }
}

/// With a body to come, the space behind the head may be gone: then that is an error with a name, or the body
/// passes through whatever is left, be it one byte.
void heads_that_leave_little_room_for_a_body(void**) {
  GuardedBuffer memory(kBuffer);
  const std::string body = "fifteen bytes..";
  for (size_t head = 690; head <= 700; ++head) {
    for (size_t piece : {size_t{1}, size_t{5}, SIZE_MAX}) {
      Sample sample = with_head_of(head, "Content-Length: 15\r\n");
      sample.bytes += body;
      const Outcome outcome = receive_in(sample, memory.last(700), piece);
      if (head == 700) {
        CHECK(outcome.error == Status::kHeadTooLarge || outcome.body == body, sample.name + ": " + outcome.words());
      } else {
        CHECK_STATUS(outcome.error, Status::kOk, sample.name);
        CHECK_TEXT(outcome.body, body, sample.name);
      }
    }
  }
}

void endless_heads_end(void**) {
  const std::string begin = "HTTP/1.1 200 OK\r\n";
  const std::string kinds[] = {"x", "A: b\r\n", "A: ", " ", "\t"};
  for (const std::string& kind : kinds) {
    Sample sample;
    sample.method = "GET";
    sample.name = "endless \"" + printable(kind) + "\"";
    for (sample.bytes = begin; sample.bytes.size() < 2 * kBuffer;) sample.bytes += kind;
    Receiver receiver(sample, shared_buffer());
    receiver.feed(sample.bytes);
    const Status error = receiver.driver().outcome().error;
    CHECK(error == Status::kHeadTooLarge || error == Status::kMalformedHead, sample.name + ": " + text(error));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(whole_samples_mean_what_the_table_says),
      cmocka_unit_test(every_split_into_two),
      cmocka_unit_test(byte_by_byte),
      cmocka_unit_test(random_pieces),
      cmocka_unit_test(every_prefix_then_the_end),
      cmocka_unit_test(complete_at_the_last_byte),
      cmocka_unit_test(every_buffer_from_the_least),
      cmocka_unit_test(heads_exactly_as_long_as_the_buffer),
      cmocka_unit_test(heads_that_leave_little_room_for_a_body),
      cmocka_unit_test(endless_heads_end),
  };
  return cmocka_run_group_tests_name("http_splits", tests, nullptr, nullptr);
}
