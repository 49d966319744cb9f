// The tables of endpoints: services by region, S3's buckets, partitions. One test a table; all its wrong rows are
// shown before it fails.
#include "files.h"
#include "tinyaws/endpoint.h"
#include "unit/check.h"

using namespace tinyaws;
using namespace conformance;

namespace {

using Row = std::vector<std::string>;

struct Case {
  EndpointQuery query;
  std::string url;  // or a text that begins with "error"
  std::string signing_name;
  std::string signing_region;
};

// Columns of the row, or empty for "-".
Str field(const Row& row, size_t i) {
  return row.at(i) == "-" ? Str() : Str(row.at(i));
}

bool flag(const Row& row, size_t i) {
  return row.at(i) == "1";
}

bool is_error(const std::string& url) {
  return url.rfind("error", 0) == 0;
}

std::string url_of(const ResolvedEndpoint& resolved) {
  const Endpoint& server = resolved.endpoint;
  std::string url = (server.tls ? "https://" : "http://") + std::string(server.host);
  if (server.port != default_port(server.tls)) url += ":" + std::to_string(server.port);
  return url + std::string(resolved.base_path);
}

bool same(Str actual, const std::string& expected, const std::string& row) {
  if (actual == expected) return true;
  print_error("%s\n  got \"%s\"\n", row.c_str(), test::printable(actual).c_str());
  return false;
}

bool check_case(const Case& wanted, const std::string& row) {
  ResolvedEndpoint resolved;
  const Status status = resolve_endpoint(wanted.query, resolved);
  if (is_error(wanted.url)) return same(status == Status::kOk ? "no error" : "error", "error", row);
  if (status != Status::kOk) return same(name(status), "kOk", row);
  const bool url = same(url_of(resolved), wanted.url, row);
  const bool scope = same(resolved.signing_name, wanted.signing_name, row);
  return same(resolved.signing_region, wanted.signing_region, row) && url && scope;
}

bool check_service(const Row& row, const std::string& text) {
  Case wanted;
  wanted.query.service = row.at(0);
  wanted.query.region = row.at(1);
  wanted.query.fips = flag(row, 2);
  wanted.query.dual_stack = flag(row, 3);
  wanted.url = row.at(4);
  wanted.signing_name = row.at(5);
  wanted.signing_region = row.at(6);
  return check_case(wanted, text);
}

// This table has no signing names.
std::string signing_name_of(const std::string& bucket) {
  return bucket.find("--x-s3") == std::string::npos ? "s3" : "s3express";
}

bool check_bucket(const Row& row, const std::string& text) {
  Case wanted;
  wanted.query.service = "s3";
  wanted.query.bucket = row.at(0);
  wanted.query.region = row.at(1);
  wanted.query.fips = flag(row, 2);
  wanted.query.dual_stack = flag(row, 3);
  wanted.query.path_style = flag(row, 4);
  wanted.query.accelerate = flag(row, 5);
  wanted.query.endpoint_url = field(row, 6);
  wanted.url = row.at(7);
  wanted.signing_name = signing_name_of(row.at(0));
  wanted.signing_region = row.at(8);
  return check_case(wanted, text);
}

bool check_committed(const Row& row, const std::string& text) {
  Case wanted;
  wanted.query.service = row.at(0);
  wanted.query.region = row.at(1);
  wanted.query.fips = flag(row, 2);
  wanted.query.dual_stack = flag(row, 3);
  wanted.query.bucket = field(row, 4);
  wanted.query.path_style = flag(row, 5);
  wanted.query.accelerate = flag(row, 6);
  wanted.query.endpoint_url = field(row, 7);
  wanted.url = row.at(8);
  wanted.signing_name = row.at(9);
  wanted.signing_region = row.at(10);
  return check_case(wanted, text);
}

// Name, pattern, suffix, suffix of dual stack, FIPS, dual stack, the region of global services.
bool check_partition(const Row& row, const std::string& text) {
  const Str region = row.at(6);
  const bool suffix = same(partition_suffix(region), row.at(2), text);
  return same(dual_stack_suffix(region), row.at(3), text) && suffix;
}

struct Table {
  std::string path;
  size_t rows;
  bool (*check)(const Row& row, const std::string& text);
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
    wrong += table.check(split(line, '\t'), line) ? 0 : 1;
  }
  print_message("%s: %zu rows\n", table.path.c_str(), rows);
  assert_int_equal(wrong, 0);
  assert_int_equal(rows, table.rows);
}

}  // namespace

int main() {
  const std::string folder = TINYAWS_CONFORMANCE_DIR "/endpoints/";
  Table tables[] = {
      {TINYAWS_VECTORS_DIR "/endpoints.tsv", 161, check_committed},
      {folder + "endpoints.tsv", 2160, check_service},
      {folder + "s3-buckets.tsv", 288, check_bucket},
      {folder + "partitions.tsv", 8, check_partition},
  };
  std::vector<CMUnitTest> tests;
  for (Table& table : tables) tests.push_back({table.path.c_str(), check_table, nullptr, nullptr, &table});
  return _cmocka_run_group_tests("endpoints", tests.data(), tests.size(), nullptr, nullptr);
}
