// The instance metadata service: the cases of imds/, and the table of its endpoints.
#include "source_folder.h"
#include "source_player.h"
#include "tinyaws/instance_metadata.h"

using namespace tinyaws;
using namespace conformance;

namespace {

constexpr size_t kCases = 57;
constexpr size_t kEndpoints = 14;

// Its last exchange is one of the profile's with STS.
const char* const kChained = "smithy-imds-assume-role";
constexpr size_t kExchangesBeforeSts = 3;

const char* const kNotThere = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
const char* const kBadRequest = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

SourceExchange exchange(const std::string& method, const std::string& url, const char* answer) {
  SourceExchange result;
  result.method = method;
  result.url = url;
  result.answer = answer;
  return result;
}

// Each of the three cases knows one place with the region; the provider looks at the others before it.
SourceCase with_places_before(SourceCase source_case) {
  const std::string host = "http://169.254.169.254";
  const bool direct = source_case.name() == "region-direct";
  const bool document = source_case.name() == "region-document";
  if (document) {
    source_case.insert(1, exchange("GET", host + "/latest/meta-data/placement/availability-zone/", kNotThere));
  }
  if (!direct) source_case.insert(1, exchange("GET", host + "/latest/meta-data/placement/region", kNotThere));
  return source_case;
}

InstanceMetadataOptions options_of(const SourceCase& source_case) {
  InstanceMetadataOptions options;
  options.allow_v1 = source_case.param("v1_fallback") == "on";
  options.max_attempts = static_cast<uint8_t>(source_case.number("attempts", options.max_attempts));
  return options;
}

std::string play_region(const SourceCase& given) {
  const SourceCase source_case = with_places_before(given);
  SourcePlayer player(source_case);
  InstanceMetadata provider(player.platform(), player.environment(), player.space(), options_of(source_case));
  const Outcome outcome = player.play_region([&](Instant now, UnixTime wall, Str& region, Call*& fetch) {
    return provider.find_region(now, wall, region, fetch);
  });
  return player.compare(outcome, "");
}

std::string play_before_sts(SourcePlayer& player, const Outcome& outcome) {
  if (outcome.status != Status::kOk || outcome.access_key_id != "ASIARSTSBASE") return "wrong credentials";
  return player.transport().played() == kExchangesBeforeSts && player.transport().wrong().empty() ? ""
                                                                                                  : "wrong request";
}

std::string play(const SourceCase& source_case) {
  if (source_case.param("what") == "region") return play_region(source_case);
  SourcePlayer player(source_case);
  InstanceMetadata provider(player.platform(), player.environment(), player.space(), options_of(source_case));
  const Outcome outcome = player.play(provider);
  if (source_case.name() == kChained) return play_before_sts(player, outcome);
  std::string wrong = player.compare(outcome, std::string(name(provider.outcome())));
  if (outcome.status == Status::kOk && !outcome.outlives_expiration) wrong += "does not outlive its expiration\n";
  return wrong;
}

// "A=b C=d e", where a value may hold blanks.
void read_environment(const std::string& text, SourceCase& source_case) {
  std::string rest = text == "-" ? "" : text;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(" AWS_"), rest.size());
    const size_t equals = rest.find('=');
    source_case.set_variable(rest.substr(0, equals), rest.substr(equals + 1, end - equals - 1));
    rest.erase(0, end + 1);
  }
}

// The value of a key in "[default]\nKEY = VALUE", whose line feed is escaped.
std::string profile_value(const std::string& config, const std::string& key) {
  const size_t at = config.find("\\n" + key + " = ");
  return at == std::string::npos ? "" : config.substr(at + key.size() + 5);
}

bool asks(const std::vector<std::string>& row) {
  const std::string& url = row.at(4);
  SourceCase source_case(row[0] + " " + row[1]);
  read_environment(row[0], source_case);
  if (url != "error") source_case.insert(0, exchange("PUT", url, kBadRequest));
  SourcePlayer player(source_case);
  const std::string endpoint = profile_value(row[1], "ec2_metadata_service_endpoint");
  const std::string mode = profile_value(row[1], "ec2_metadata_service_endpoint_mode");
  InstanceMetadataOptions options;
  options.profile = {endpoint, mode, {}};
  options.endpoint_url = row[2] == "-" ? Str() : Str(row[2]);
  if (row[3] == "IPv6") options.address = MetadataAddress::kIpv6;
  InstanceMetadata provider(player.platform(), player.environment(), player.space(), options);
  const Outcome outcome = player.play(provider);
  const MetadataOutcome expected = url == "error" ? MetadataOutcome::kBadConfiguration : MetadataOutcome::kBadRequest;
  for (const std::string& what : player.transport().wrong()) print_error("%s\n", what.c_str());
  return player.transport().wrong().empty() && provider.outcome() == expected && outcome.status != Status::kOk;
}

void endpoints(void**) {
  size_t rows = 0, wrong = 0;
  for (const std::string& line : read_lines(TINYAWS_CONFORMANCE_DIR "/imds/endpoints.tsv")) {
    ++rows;
    if (asks(split(line, '\t'))) continue;
    ++wrong;
    print_error("%s\n", line.c_str());
  }
  assert_int_equal(wrong, 0);
  assert_int_equal(rows, kEndpoints);
}

}  // namespace

int main() {
  return run_source_folder({"imds", kCases, play}, {cmocka_unit_test(endpoints)});
}
