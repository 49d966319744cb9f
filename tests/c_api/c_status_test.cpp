// The values in c_status.h and those in status.h: as many, in the same order, under names that differ in spelling
// only.
#include <cctype>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "../unit/check.h"
#include "tinyaws/c_status.h"
#include "tinyaws/status.h"

using namespace tinyaws;

namespace {

std::vector<std::string> enumerators_in_c() {
  std::ifstream file(C_STATUS_HEADER);
  std::stringstream text;
  text << file.rdbuf();
  std::string body = text.str();
  body = body.substr(body.find("typedef enum tinyaws_status {"));
  body = body.substr(0, body.find("} tinyaws_status;"));
  const std::regex enumerator("\n +(TINYAWS_[A-Z_]+),?");
  std::vector<std::string> names;
  for (std::sregex_iterator it(body.begin(), body.end(), enumerator), end; it != end; ++it) names.push_back((*it)[1]);
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
