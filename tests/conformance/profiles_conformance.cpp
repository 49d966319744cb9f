// The shared files: their grammar, their merging, the plan that a profile comes to, where they are and what becomes
// of those that can't be read.
//
//   profiles_conformance             the committed cases
//   profiles_conformance profiles    the conformance data, which must hold so many cases; skipped where there is none
// Covers C30: grammar, merging and files that can't be read.
#include <cstdio>
#include <cstring>
#include <map>
#include <set>

#include "files.h"
#include "profile_case.h"
#include "unit/check.h"

using namespace tinyaws;
using namespace conformance;

namespace {

using Lines = std::vector<std::string>;

struct Folder {
  std::string path;
  size_t parse_cases;
  size_t resolve_cases;
  size_t location_rows;
  size_t file_rows;
};

// Of tests/vectors/profiles: change them together.
const Folder kCommitted = {TINYAWS_VECTORS_DIR "/profiles", 14, 12, 0, 0};
const Folder kConformance = {TINYAWS_CONFORMANCE_DIR "/profiles", 150, 56, 8, 7};
const Folder* folder = &kCommitted;

std::string text(Str view) {
  return std::string(view);
}

std::string escaped(Str value) {
  std::string out;
  for (char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    char hex[8];
    snprintf(hex, sizeof hex, "\\x%02x", byte);
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += byte < 0x20 || byte == 0x7f ? hex : std::string(1, c);
    }
  }
  return out;
}

std::string unescaped(const std::string& value) {
  const std::map<char, char> letters = {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'\\', '\\'}};
  std::string out;
  for (size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\') {
      out += value[i];
    } else if (value[++i] == 'x') {
      out += static_cast<char>(strtol(value.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      out += letters.at(value[i]);
    }
  }
  return out;
}

// Every section and property of both files, merged as the rules say: written apart from ProfileValues, which only
// ever reads one section.
class Everything final : public IniSink {
 public:
  using Section = std::map<std::string, std::string>;
  std::map<std::string, Section> sections;  // "kind\tname"
  SharedFile file = SharedFile::kConfig;

  void section(Str section_text) override {
    const SectionName read = read_section(section_text, file);
    const char* const kKinds[] = {"profile", "sso-session", "services"};
    open_ = nullptr;
    if (read.kind == SectionKind::kOther) return;
    const std::string key = std::string(kKinds[static_cast<size_t>(read.kind)]) + "\t" + text(read.name);
    if (key == "profile\tdefault" && file == SharedFile::kConfig) {
      if (read.prefixed && !prefixed_) sections.erase(key);
      if (!read.prefixed && prefixed_) return;
      prefixed_ = read.prefixed;
    }
    open_ = &sections[key];
  }
  void long_section() override { open_ = nullptr; }
  bool property(Str key) override {
    if (open_ == nullptr) return false;
    value_ = &(*open_)[text(key)];
    value_->clear();
    return true;
  }
  void value(char c) override { *value_ += c; }
  void drop(size_t n) override { value_->resize(value_->size() - n); }

 private:
  Section* open_ = nullptr;
  std::string* value_ = nullptr;
  bool prefixed_ = false;
};

// Of a case: nothing for a file that is not there.
std::string file_of(const std::string& path) {
  return exists(path) ? read_file(path) : std::string();
}

std::set<std::string> read_everything(const std::string& path) {
  Everything everything;
  for (SharedFile file : {SharedFile::kConfig, SharedFile::kCredentials}) {
    everything.file = file;
    char names[8192];
    IniParser parser(everything, MutBytes(names));
    Status status = parser.feed(file_of(path + (file == SharedFile::kConfig ? "/config" : "/credentials")));
    if (status == Status::kOk) status = parser.end();
    if (status != Status::kOk) return {"error\t" + text(name(parser.error()))};
  }
  std::set<std::string> lines = {"ok"};
  for (const auto& section : everything.sections) {
    lines.insert("section\t" + section.first);
    for (const auto& property : section.second) {
      lines.insert("prop\t" + section.first + "\t" + property.first + "\t" + property.second);
    }
  }
  return lines;
}

std::set<std::string> expected_lines(const std::string& path) {
  std::set<std::string> lines;
  for (const std::string& line : read_lines(path + "/expect.tsv")) lines.insert(unescaped(line));
  return lines;
}

template <class Lines>
bool same(const std::string& what, const Lines& actual, const Lines& expected) {
  if (actual == expected) return true;
  print_error("%s: got\n", what.c_str());
  for (const std::string& line : actual) print_error("  %s\n", escaped(line).substr(0, 300).c_str());
  print_error("expected\n");
  for (const std::string& line : expected) print_error("  %s\n", escaped(line).substr(0, 300).c_str());
  return false;
}

// --- The tests

template <class Check>
void check_cases(const char* part, size_t expected_cases, Check check) {
  const std::string path = folder->path + "/" + part + "/";
  size_t cases = 0, wrong = 0;
  for (const std::string& name : read_lines(path + "INDEX")) {
    ++cases;
    wrong += check(path + name) ? 0 : 1;
  }
  print_message("%s: %zu cases\n", path.c_str(), cases);
  assert_int_equal(wrong, 0);
  assert_int_equal(cases, expected_cases);
}

void skip_what_is_not_there() {
  if (exists(folder->path)) return;
  print_message("%s does not exist: its cases are not checked (TINYAWS_CONFORMANCE_DIR)\n", folder->path.c_str());
  skip();
}

void parse(void**) {
  skip_what_is_not_there();
  check_cases("parse", folder->parse_cases,
              [](const std::string& path) { return same(path, read_everything(path), expected_lines(path)); });
}

void resolve(void**) {
  skip_what_is_not_there();
  check_cases("resolve", folder->resolve_cases, [](const std::string& path) {
    const Lines expected = read_lines(path + "/expect.tsv");
    World world;
    set_up(world, path);
    Lines actual = conformance::resolve(world, expected.at(0).compare(0, 5, "step\t") == 0);
    // A case names a region only when it is about it.
    const bool region = expected.back().compare(0, 7, "region\t") == 0;
    if (!region && actual.back().compare(0, 7, "region\t") == 0) actual.pop_back();
    return same(path, actual, expected);
  });
}

std::string path_of(const Environment& environment, SharedFile file) {
  char out[kMaxPathBytes];
  const IoResult written = write_shared_path(environment, file, MutBytes(out));
  assert_status(written.status, Status::kOk);
  assert_int_equal(out[written.size], '\0');
  return {out, written.size};
}

void locations(void**) {
  skip_what_is_not_there();
  size_t rows = 0, wrong = 0;
  for (const std::string& line : read_lines(folder->path + "/locations.tsv")) {
    const Lines row = split(line, '\t');
    Variables environment;
    for (const std::string& setting : split(row.at(0), ' ')) environment.set(setting);
    const Lines actual = {row.at(0), text(choose_profile(environment, {}).name),
                          path_of(environment, SharedFile::kConfig), path_of(environment, SharedFile::kCredentials)};
    wrong += same("locations.tsv", actual, row) ? 0 : 1;
    ++rows;
  }
  assert_int_equal(wrong, 0);
  assert_int_equal(rows, folder->location_rows);
}

constexpr KeySet kAll = (KeySet{1} << kProfileKeys) - 1;
const char* const kKeysOfDefault = "[default]\naws_access_key_id = A\naws_secret_access_key = S\n";

// The profile is read from the other file.
void is_as_if_empty(void (*spoil)(fakes::TableFiles&), FileState state) {
  World world;
  world.environment.table = {{"HOME", "/h"}};
  world.files.table["/h/.aws/credentials"] = kKeysOfDefault;
  spoil(world.files);
  assert_status(load(world, SectionKind::kProfile, "default", kAll), Status::kOk);
  assert_text(world.get(ProfileKey::kAwsSecretAccessKey), "S");
  assert_int_equal(static_cast<int>(world.values.report(SharedFile::kConfig).state), static_cast<int>(state));
}

void bytes_that_are_not_utf8_pass() {
  World world;
  world.environment.table = {{"HOME", "/h"}};
  world.files.table["/h/.aws/config"] = "[default]\nregion = caf\xe9\n";
  assert_status(load(world, SectionKind::kProfile, "default", kAll), Status::kOk);
  assert_text(world.get(ProfileKey::kRegion), "caf\xe9");
}

void path_is(const char* named, const char* expected) {
  Variables environment;
  environment.table = {{"HOME", "/h"}, {"AWS_CONFIG_FILE", named}};
  assert_text(path_of(environment, SharedFile::kConfig), expected);
}

void files_that_cannot_be_read(void**) {
  skip_what_is_not_there();
  const std::map<std::string, void (*)()> checks = {
      {"missing", [] { is_as_if_empty([](fakes::TableFiles&) {}, FileState::kMissing); }},
      {"no permission",
       [] {
         is_as_if_empty([](fakes::TableFiles& files) { files.forbidden.insert("/h/.aws/config"); },
                        FileState::kUnreadable);
       }},
      {"is a directory",
       [] {
         is_as_if_empty([](fakes::TableFiles& files) { files.directories.insert("/h/.aws/config"); },
                        FileState::kUnreadable);
       }},
      {"path set in code, unreadable", [] {}},  // there is no such setting
      {"not UTF-8", bytes_that_are_not_utf8_pass},
      {"~ alone or ~/...",
       [] {
         path_is("~", "/h");
         path_is("~/c", "/h/c");
         path_is("~aws/config", "~aws/config");
       }},
      {"$VAR in the path", [] { path_is("$HOME/c", "$HOME/c"); }},
  };
  size_t rows = 0;
  for (const std::string& line : read_lines(folder->path + "/files.tsv")) {
    const auto check = checks.find(split(line, '\t').at(0));
    if (check == checks.end()) fail_msg("files.tsv has a row without a check: %s", line.c_str());
    check->second();
    ++rows;
  }
  assert_int_equal(rows, folder->file_rows);
}

}  // namespace

int main(int argc, char** argv) {
  const CMUnitTest committed[] = {cmocka_unit_test(parse), cmocka_unit_test(resolve)};
  if (argc < 2) return cmocka_run_group_tests(committed, nullptr, nullptr);
  folder = &kConformance;
  const CMUnitTest all[] = {cmocka_unit_test(parse), cmocka_unit_test(resolve), cmocka_unit_test(locations),
                            cmocka_unit_test(files_that_cannot_be_read)};
  return strcmp(argv[1], "profiles") == 0 ? cmocka_run_group_tests(all, nullptr, nullptr) : 2;
}
