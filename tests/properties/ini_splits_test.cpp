// A shared file means the same in every way in which it can arrive: in every split into two, byte by byte, in random
// pieces, and with memory for names of every size; and a prefix of it never says what the whole does not.
// Covers C30: files in pieces.
#include <algorithm>
#include <random>
#include <vector>

#include "../fakes/check.h"
#include "../fakes/guarded_buffer.h"
#include "text/ini.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

constexpr size_t kNames = 48;

// All that is told, in order.
class Script final : public IniSink {
 public:
  std::string told;

  void section(Str name) override { told += "\n[" + std::string(name) + "]"; }
  void long_section() override { told += "\n[...]"; }
  bool property(Str key) override {
    told += "\n" + std::string(key) + "=";
    return key != "unwanted";
  }
  void value(char c) override { told += c == '\n' ? '|' : c; }
  void drop(size_t n) override { told += "<" + std::to_string(n) + ">"; }
  bool sub_property(Str key) override {
    told += "{" + std::string(key) + "=";
    return true;
  }
  void sub_value(char c) override { told += {'{', c}; }
  void drop_sub(size_t n) override { told += "<{" + std::to_string(n) + ">"; }
};

struct Outcome {
  std::string told;
  IniError error;
  uint32_t line;

  bool operator==(const Outcome& other) const {
    return told == other.told && error == other.error && line == other.line;
  }
  std::string words() const {
    return std::string(name(error)) + " at line " + std::to_string(line) + ": " + printable(told);
  }
};

class Reader {
 public:
  explicit Reader(size_t names_size = kNames) : names_(names_size), parser_(script_, names_.bytes()) {}

  void feed(Bytes bytes) {
    // Of its own, so that reading past the end of a piece is a fault.
    GuardedBuffer piece(bytes.size());
    if (!bytes.empty()) memcpy(piece.bytes().data(), bytes.data(), bytes.size());
    const Status status = parser_.feed({piece.bytes().data(), bytes.size()});
    CHECK((status == Status::kOk) == (parser_.error() == IniError::kNone), "feed");
  }
  Outcome end() {
    const Status status = parser_.end();
    CHECK((status == Status::kOk) == (parser_.error() == IniError::kNone), "end");
    return {script_.told, parser_.error(), parser_.line()};
  }
  Outcome so_far() const { return {script_.told, parser_.error(), parser_.line()}; }

 private:
  Script script_;
  GuardedBuffer names_;
  IniParser parser_;
};

const std::vector<std::string>& samples() {
  static const std::vector<std::string> all = {
      "",
      "# x\r\n\r\n[ profile \t a ] ; c\r\nregion = eu-west-1\t# c\r\nunwanted = v\r\n w\r\nbad key = 1\r\n w\r\n",
      "[default]\naws_access_key_id = AK#ID\naws_secret_access_key = a/b+c= \naws_session_token =T==",
      "[services x]\ns3 =\n  endpoint_url = http://h:9000  # c\n\n# c\n\tother=2 \ndynamodb = \n  a = b\n[b]\nc = "
      "d\r",
      "[a]\nk = one  two \n  three  # four \n\t[b]\n\nl\r=\r1\r\r\n",
      "[a]\nk = v\n[b\nc = d\n",
      "[a]\nk = v\n[b] x\n",
      "[a]\nk = v\nl # = x\n",
      "[a]\nk =\n n = v\n m # = v\n",
      "[a]\nk =\n n = v\n = v\n",
      "[a]\n k = v\n",
      "\xef\xbb\xbf[a]\n",
      "[a]\n = v\n",
      "[a name that is longer than there is memory for it, by far]\nk = v\nand a key that is longer than the same"
      " memory, by far, too = v\n[b]\nk = v\n",
  };
  return all;
}

Outcome read_whole(const std::string& sample, size_t names_size = kNames) {
  Reader reader(names_size);
  reader.feed(sample);
  return reader.end();
}

void check_same(const Outcome& actual, const Outcome& expected, const std::string& what) {
  CHECK(actual == expected, what + "\n  is       " + actual.words() + "\n  expected " + expected.words());
}

void every_split_into_three(void**) {
  for (const std::string& sample : samples()) {
    const Outcome whole = read_whole(sample);
    const Bytes bytes = sample;
    for (size_t at = 0; at <= bytes.size(); ++at) {
      for (size_t then : {at, std::min(at + 1, bytes.size()), (at + bytes.size()) / 2}) {
        Reader reader;
        reader.feed(bytes.substr(0, at));
        reader.feed(bytes.substr(at, then - at));
        reader.feed(bytes.substr(then));
        check_same(reader.end(), whole, printable(sample) + ": split at " + std::to_string(at));
      }
    }
  }
}

void byte_by_byte(void**) {
  for (const std::string& sample : samples()) {
    Reader reader;
    for (char c : sample) reader.feed({&c, 1});
    check_same(reader.end(), read_whole(sample), printable(sample) + ": byte by byte");
  }
}

// More bytes add to what was told, and never take an error back.
void every_prefix(void**) {
  for (const std::string& sample : samples()) {
    const Outcome whole = read_whole(sample);
    Reader reader;
    for (size_t at = 0; at < sample.size(); ++at) {
      reader.feed({&sample[at], 1});
      const Outcome now = reader.so_far();
      const std::string what = printable(sample) + ": after " + std::to_string(at + 1);
      CHECK(whole.told.compare(0, now.told.size(), now.told) == 0, what + ": " + now.words());
      CHECK(now.error == IniError::kNone || now.error == whole.error, what + ": " + now.words());
    }
  }
}

// A cut off line is whole or malformed: what its end adds is only the end of a line.
void every_prefix_and_its_end(void**) {
  for (const std::string& sample : samples()) {
    for (size_t at = 0; at <= sample.size(); ++at) {
      const std::string prefix = sample.substr(0, at);
      if (at > 0 && prefix.back() == '\r') continue;
      const Outcome ended = read_whole(prefix);
      const Outcome with_lf = read_whole(prefix + "\n");
      const std::string what = printable(prefix);
      CHECK(ended.told == with_lf.told && ended.error == with_lf.error, what + ": " + ended.words());
    }
  }
}

// Where a line ends with LF or CRLF is all the same.
void line_ends_do_not_matter(void**) {
  for (const std::string& sample : samples()) {
    std::string lf;
    for (size_t i = 0; i < sample.size(); ++i) {
      const bool ends = sample[i] == '\r' && (i + 1 == sample.size() || sample[i + 1] == '\n');
      if (!ends) lf += sample[i];
    }
    std::string crlf;
    for (char c : lf) crlf += c == '\n' ? "\r\n" : std::string(1, c);
    check_same(read_whole(crlf), read_whole(lf), printable(sample) + ": with CRLF");
  }
}

void memory_for_names_of_every_size(void**) {
  for (const std::string& sample : samples()) {
    const Outcome whole = read_whole(sample, 256);
    for (size_t size = 0; size < 128; ++size) {
      const Outcome outcome = read_whole(sample, size);
      const std::string what = printable(sample) + ": names of " + std::to_string(size);
      CHECK(outcome.error == whole.error && outcome.line == whole.line, what + ": " + outcome.words());
    }
  }
}

// What random bytes of the grammar mean, in random pieces: nothing is read or written out of bounds, and all the
// same.
void random_files_in_random_pieces(void**) {
  const char* const kWords[] = {"[",   "]",           "profile ",     "a",      "=",         " ",        "\t",
                                "#",   ";",           "\n",           "\r",     "\r\n",      "\n ",      "k",
                                " = ", "[default]\n", "region = r\n", "s3 =\n", "  n = v\n", "\xc3\xa9", ":"};
  std::mt19937 random(20);
  for (int round = 0; round < 3000; ++round) {
    std::string file = random() % 4 == 0 ? "" : "[a]\n";
    for (size_t words = random() % 40; words-- > 0;) file += kWords[random() % (sizeof kWords / sizeof kWords[0])];
    const Outcome whole = read_whole(file, 16);
    Reader reader(16);
    for (Bytes left = file; !left.empty();) {
      const size_t n = std::min<size_t>(left.size(), random() % 6);
      reader.feed(left.substr(0, n));
      left.remove_prefix(n);
    }
    check_same(reader.end(), whole, printable(file));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(every_split_into_three),
      cmocka_unit_test(byte_by_byte),
      cmocka_unit_test(every_prefix),
      cmocka_unit_test(every_prefix_and_its_end),
      cmocka_unit_test(line_ends_do_not_matter),
      cmocka_unit_test(memory_for_names_of_every_size),
      cmocka_unit_test(random_files_in_random_pieces),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
