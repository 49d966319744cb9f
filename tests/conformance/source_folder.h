// One test for each case of a folder, and one that counts them. A folder that does not exist is skipped by its name.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "fakes/check.h"
#include "files.h"
#include "source_case.h"

namespace conformance {

/// Plays a case; what is wrong about it, empty: nothing.
using PlayCase = std::string (*)(const SourceCase& source_case);

struct SourceFolder {
  const char* name;
  size_t wanted;
  PlayCase play;
  size_t cases = 0;

  std::string path() const { return std::string(TINYAWS_CONFORMANCE_DIR "/") + name; }
};

struct SourceTest {
  const SourceFolder* folder;
  std::string name;
};

inline void play_one(void** state) {
  const auto& test = *static_cast<const SourceTest*>(*state);
  const std::string wrong = test.folder->play(SourceCase(test.folder->path(), test.name));
  CHECK(wrong.empty(), test.name + ":\n" + wrong);
}

inline void count_cases(void** state) {
  const auto& folder = *static_cast<const SourceFolder*>(*state);
  print_message("%s: %zu cases\n", folder.path().c_str(), folder.cases);
  assert_int_equal(folder.cases, folder.wanted);
}

inline void skip_folder(void** state) {
  print_message("%s does not exist: its cases are not run (TINYAWS_CONFORMANCE_DIR)\n",
                static_cast<const SourceFolder*>(*state)->path().c_str());
  skip();
}

/// Runs the folder's cases, then `more`.
inline int run_source_folder(SourceFolder folder, const std::vector<CMUnitTest>& more = {}) {
  std::deque<SourceTest> cases;
  std::vector<CMUnitTest> tests;
  if (!exists(folder.path())) {
    tests.push_back({folder.name, skip_folder, nullptr, nullptr, &folder});
  } else {
    for (const std::string& name : case_names(folder.path())) {
      const SourceTest& test = cases.emplace_back(SourceTest{&folder, name});
      tests.push_back({test.name.c_str(), play_one, nullptr, nullptr, const_cast<SourceTest*>(&test)});
    }
    folder.cases = cases.size();
    tests.push_back({"number of cases", count_cases, nullptr, nullptr, &folder});
    tests.insert(tests.end(), more.begin(), more.end());
  }
  return _cmocka_run_group_tests(folder.name, tests.data(), tests.size(), nullptr, nullptr);
}

}  // namespace conformance
