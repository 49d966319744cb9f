// The values in c_status.h and those in status.h: as many, in the same order, under names that differ in spelling
// only.
#include <cctype>
#include <cstdio>
#include <string>
#include <vector>

#include "../unit/check.h"
#include "tinyaws/c_status.h"
#include "tinyaws/status.h"

using namespace tinyaws;

namespace {

std::string header() {
  std::FILE* file = std::fopen(C_STATUS_HEADER, "r");
  assert_non_null(file);
  std::string text(1 << 16, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}

std::vector<std::string> enumerators_in_c() {
  const std::string prefix = "\n  TINYAWS_", text = header();
  const size_t end = text.find("} tinyaws_status;");
  std::vector<std::string> names;
  for (size_t at = text.find("typedef enum tinyaws_status {"); (at = text.find(prefix, at)) < end; ++at) {
    const size_t begin = at + prefix.find('T');
    names.push_back(text.substr(begin, text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", begin) - begin));
  }
  return names;
}

// "TINYAWS_TLS_FAILED" -> "kTlsFailed"
std::string name_in_cpp(const std::string& name) {
  std::string result = "k";
  bool begins = true;
  for (char c : name.substr(sizeof "TINYAWS_" - 1)) {
    if (c != '_') result += begins ? c : static_cast<char>(std::tolower(c));
    begins = c == '_';
  }
  return result;
}

void every_status_has_its_counterpart(void**) {
  const std::vector<std::string> names = enumerators_in_c();
  assert_int_equal(names.size(), static_cast<size_t>(Status::kServiceError) + 1);
  for (size_t i = 0; i < names.size(); ++i) {
    assert_text(name(static_cast<Status>(i)), name_in_cpp(names[i]));
    const tinyaws_str said = tinyaws_status_name(static_cast<tinyaws_status>(i));
    assert_text(Str(said.data, said.size), name_in_cpp(names[i]));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {cmocka_unit_test(every_status_has_its_counterpart)};
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
