// The three tables: encoding a text, normalising a path, the Host of a URL. One test a table; all its wrong rows
// are shown before it fails.
// Covers C2, C4, C11: rows of the three tables.
#include <cstdlib>
#include <functional>

#include "files.h"
#include "sigv4/canonical_path.h"
#include "text/percent.h"
#include "tinyaws/exchange.h"
#include "unit/capture.h"
#include "unit/check.h"

using namespace tinyaws;
using namespace conformance;

namespace {

using Row = std::vector<std::string>;

std::string field(const Row& row, size_t i) {
  return row.at(i) == "-" ? std::string() : row.at(i);
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(strtol(hex.substr(i, 2).c_str(), nullptr, 16));
  }
  return bytes;
}

bool same(const std::string& input, const std::string& actual, const std::string& expected) {
  if (actual == expected) return true;
  print_error("\"%s\": got \"%s\", expected \"%s\"\n", test::printable(input).c_str(),
              test::printable(actual).c_str(), test::printable(expected).c_str());
  return false;
}

std::string encode(const std::string& raw, Slash slash) {
  return test::written([&](Writer& out) { percent_encode(raw, slash, out); });
}

bool check_encoding(const Row& row) {
  const std::string raw = from_hex(field(row, 0));
  const bool query = same(raw, encode(raw, Slash::kEncode), field(row, 1));
  return same(raw, encode(raw, Slash::kKeep), field(row, 2)) && query;
}

bool check_path(const Row& row) {
  SigningPolicy policy;
  policy.double_encode = false;
  const std::string path = field(row, 0);
  return same(path, test::written([&](Writer& out) { put_canonical_path(path, policy, out); }), field(row, 1));
}

bool check_host(const Row& row) {
  Url url;
  if (parse_url(row.at(0), url) != Status::kOk) return same(row.at(0), "(refused)", row.at(1));
  Request request;
  request.endpoint = url.endpoint;
  char buffer[2048];
  RequestHead head{MutBytes(buffer)};
  if (head.begin(request) != Status::kOk) return same(row.at(0), "(no head)", row.at(1));
  return same(row.at(0), std::string(head.host()), row.at(1));
}

struct Table {
  std::string path;
  bool (*check)(const Row&);
};

void check_table(void** state) {
  const auto& table = *static_cast<const Table*>(*state);
  if (!exists(table.path)) {
    print_message("%s does not exist: its rows are not checked (TINYAWS_CONFORMANCE_DIR)\n", table.path.c_str());
    skip();
  }
  size_t rows = 0, wrong = 0;
  for (const std::string& line : read_lines(table.path)) {
    ++rows;
    wrong += table.check(split(line, '\t')) ? 0 : 1;
  }
  print_message("%s: %zu rows\n", table.path.c_str(), rows);
  assert_int_equal(wrong, 0);
  assert_true(rows > 10);
}

}  // namespace

int main() {
  std::vector<Table> tables;
  for (const char* folder : {TINYAWS_VECTORS_DIR "/", TINYAWS_CONFORMANCE_DIR "/sigv4-extra/"}) {
    tables.push_back({std::string(folder) + "uri-encode.tsv", check_encoding});
    tables.push_back({std::string(folder) + "path-normalize.tsv", check_path});
    tables.push_back({std::string(folder) + "host-from-url.tsv", check_host});
  }
  std::vector<CMUnitTest> tests;
  for (Table& table : tables) tests.push_back({table.path.c_str(), check_table, nullptr, nullptr, &table});
  return _cmocka_run_group_tests("tables", tests.data(), tests.size(), nullptr, nullptr);
}
