// Shared files: their grammar in one piece and in others, written again; and what a profile of two such files says.
// The first byte says which, the second in which pieces.
#include <string>

#include "base/ascii.h"
#include "fuzz.h"
#include "profile/plan.h"
#include "profile/section.h"
#include "profile/values.h"
#include "text/ini.h"

using namespace tinyaws;
using namespace tinyaws::fuzz;

namespace {

/// Writes the file again: what was told and nothing else, every line with CRLF.
class Rewriter final : public IniSink {
 public:
  std::string told;
  std::string file;
  size_t value_bytes = 0;

  void section(Str name) override {
    told += "\n[" + std::string(name) + "]";
    check(trim_blanks(name) == name && name.find("  ") == Str::npos && name.find('\n') == Str::npos);
    for (const SharedFile which : {SharedFile::kConfig, SharedFile::kCredentials}) {
      const SectionName read = read_section(name, which);
      check(is_within(read.name, name) && (read.kind == SectionKind::kOther || is_ini_identifier(read.name)));
    }
    end_property();
    file += "[" + std::string(name) + "]\r\n";
  }
  void long_section() override {
    told += "\n[...]";
    end_property();
    file += "[a b c]\r\n";
  }
  bool property(Str key) override {
    told += "\n" + std::string(key) + "=";
    check(is_ini_identifier(key) && !key.empty());
    for (char c : key) check(to_lower(c) == c);
    end_property();
    open_ = true;
    file += std::string(key) + "=";
    return true;
  }
  void value(char c) override {
    told += c == '\n' ? '|' : c;
    check(open_);
    value_ += c;
    ++value_bytes;
  }
  void drop(size_t n) override {
    told += "<" + std::to_string(n) + ">";
    check(n > 0 && n <= value_.size());
    for (size_t i = value_.size() - n; i < value_.size(); ++i) check(value_[i] == ' ' || value_[i] == '\t');
    value_.resize(value_.size() - n);
  }
  bool sub_property(Str key) override {
    told += "{" + std::string(key) + "=";
    sub_size_ = 0;
    return true;
  }
  void sub_value(char c) override {
    told += {'{', c};
    ++sub_size_;
  }
  void drop_sub(size_t n) override {
    told += "<{" + std::to_string(n) + ">";
    check(n <= sub_size_);
    sub_size_ -= n;
  }

  void end_property() {
    for (const char c : value_) file += c == '\n' ? "\r\n " : std::string(1, c);
    if (open_) file += "\r\n";
    value_.clear();
    open_ = false;
  }

 private:
  std::string value_;
  size_t sub_size_ = 0;
  bool open_ = false;
};

struct Read {
  std::string told;
  std::string file;
  IniError error;
  uint32_t line;

  bool operator==(const Read& o) const { return told == o.told && error == o.error && line == o.line; }
};

Read read_in_pieces(Str text, size_t names_size, Pieces pieces) {
  Rewriter sink;
  const Block names(names_size);
  IniParser parser(sink, names.bytes());
  const size_t size = text.size();
  while (!text.empty()) {
    const size_t n = pieces.next(text.size());
    const Block piece(Str(text.data(), n));
    check((parser.feed(piece.text()) == Status::kOk) == (parser.error() == IniError::kNone));
    text.remove_prefix(n);
  }
  check((parser.end() == Status::kOk) == (parser.error() == IniError::kNone));
  check(parser.line() >= 1 && sink.value_bytes <= size && !name(parser.error()).empty());
  sink.end_property();
  return {sink.told, sink.file, parser.error(), parser.line()};
}

Read read_whole(Str text, size_t names_size) {
  Rewriter sink;
  const Block names(names_size);
  const Block block(text);
  IniParser parser(sink, names.bytes());
  (void)parser.feed(block.text());
  (void)parser.end();
  sink.end_property();
  return {sink.told, sink.file, parser.error(), parser.line()};
}

void grammar(Str text, uint32_t seed) {
  const size_t names_size = seed % 67;
  const Read whole = read_whole(text, names_size);
  check(read_in_pieces(text, names_size, Pieces(0)) == whole);
  check(read_in_pieces(text, names_size, Pieces(seed)) == whole);
  if (whole.error != IniError::kNone) return;
  const Read written = read_whole(whole.file, 256);
  check(written.error == IniError::kNone && written.file == whole.file);
}

/// Two files in memory. Reading goes in pieces.
class TwoFiles final : public Files {
 public:
  TwoFiles(Str config, Str credentials, uint32_t seed) : config_(config), credentials_(credentials), pieces_(seed) {}

  Status open(const char* path) override {
    open_ = true;
    rest_ = Str(path) == "config" ? config_ : credentials_;
    return Status::kOk;
  }
  IoResult read(MutBytes out) override {
    check(open_ && !out.empty());
    const size_t n = pieces_.next(rest_.size() < out.size() ? rest_.size() : out.size());
    if (n > 0) memcpy(out.data(), rest_.data(), n);
    rest_.remove_prefix(n);
    return {Status::kOk, n};
  }
  void close() override { open_ = false; }
  Str describe() const override { return {}; }
  bool is_open() const { return open_; }

 private:
  Str config_;
  Str credentials_;
  Str rest_;
  Pieces pieces_;
  bool open_ = false;
};

class Variables final : public Environment {
 public:
  Str variable(const char* name) const override {
    if (Str(name) == "AWS_CONFIG_FILE") return "config";
    if (Str(name) == "AWS_SHARED_CREDENTIALS_FILE") return "credentials";
    return {};
  }
};

struct Answer {
  Status plan_status;
  std::string plan;
  Status values_status;
  std::string values;

  bool operator==(const Answer& o) const {
    return plan_status == o.plan_status && plan == o.plan && values_status == o.values_status && values == o.values;
  }
};

std::string check_plan(const ProfilePlan& plan) {
  std::string words(name(plan.error));
  check(plan.size() <= kMaxProfileDepth && plan.roles() <= plan.size() && plan.roles() + 1 >= plan.size());
  for (size_t i = 0; i < plan.size(); ++i) words += " " + std::string(plan.name(i));
  return words + " " + std::to_string(static_cast<int>(plan.base));
}

std::string check_values(const ProfileValues& values, Str arena) {
  std::string words = values.found() ? "found" : "";
  for (size_t i = 0; i < kProfileKeys; ++i) {
    const auto key = static_cast<ProfileKey>(i);
    const Str value = values.get(key);
    check(is_within(value, arena) && trim_blanks(value) == value && (value.empty() || values.has(key)));
    words += "\n" + std::string(name(key)) + (values.has(key) ? "=" : "") + std::string(value);
  }
  return words;
}

Answer ask(TwoFiles files, Str profile, size_t room) {
  const Variables environment;
  const Block memory(room);
  Answer answer;
  ProfilePlan plan;
  answer.plan_status = plan_profile(files, environment, profile, true, memory.bytes(), plan);
  check(answer.plan_status != Status::kPending && !files.is_open());
  const bool planned = plan.error == ProfileError::kNone;
  check((answer.plan_status == Status::kOk) == planned);
  answer.plan = planned ? check_plan(plan) : std::string(name(plan.error));
  ProfileValues values;
  const ProfileValues::Wanted wanted{(KeySet{1} << 20) - 1, (KeySet{1} << kProfileKeys) - 1};
  answer.values_status = values.load(files, environment, SectionKind::kProfile, profile, wanted, memory.bytes());
  check(!files.is_open());
  answer.values = check_values(values, memory.text());
  if (answer.values_status != Status::kOk) check(answer.values.find('=') == std::string::npos);
  return answer;
}

void profiles(Input input, uint32_t seed) {
  const size_t room = 4 * size_t{input.byte()};
  const Block profile(input.text_before('\n'));
  const Str config = input.text_before('\f');
  const Str credentials = input.rest();
  const Answer answer = ask(TwoFiles(config, credentials, seed), profile.text(), room);
  check(ask(TwoFiles(config, credentials, 0), profile.text(), room) == answer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  Input input(data, size);
  const bool of_profiles = input.flag();
  const uint32_t seed = input.byte();
  if (of_profiles) {
    profiles(input, seed);
  } else {
    grammar(input.rest(), seed);
  }
  return 0;
}
