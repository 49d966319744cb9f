// Container credentials: the cases of ecs/, and the table of the hosts that may be asked.
// Covers C28: the table of hosts.
#include "fakes/surroundings.h"
#include "fakes/virtual_platform.h"
#include "source_folder.h"
#include "source_player.h"
#include "tinyaws/container_credentials.h"

using namespace tinyaws;
using namespace conformance;

namespace {

constexpr size_t kCases = 28;
constexpr size_t kHosts = 23;

// Its second exchange is one of the profile's with STS.
const char* const kChained = "smithy-ecs-assume-role";

std::string error_class(const ContainerCredentials& provider) {
  using Problem = ContainerCredentials::Problem;
  switch (provider.problem()) {
    case Problem::kNotConfigured:
      return "ecs-not-configured";
    case Problem::kBadUri:
      return "ecs-bad-uri";
    case Problem::kHostNotAllowed:
      return "ecs-host-not-allowed";
    case Problem::kTokenFile:
      return "ecs-token-file";
    case Problem::kTokenTooLong:
    case Problem::kBadToken:
      return "ecs-bad-token";
    case Problem::kNone:
      break;
  }
  if (provider.outcome() == DocumentSource::Outcome::kHttpStatus) return "ecs-http-status";
  if (provider.outcome() == DocumentSource::Outcome::kBadResponse) return "ecs-bad-response";
  return std::string(name(provider.failure()));
}

std::string play_first_exchange(SourcePlayer& player, const Outcome& outcome) {
  if (outcome.status != Status::kOk || outcome.access_key_id != "ASIARTEST") return "wrong credentials";
  return player.transport().played() == 1 && player.transport().wrong().empty() ? "" : "wrong request";
}

std::string play(const SourceCase& source_case) {
  SourcePlayer player(source_case);
  ContainerOptions options;
  options.max_attempts = static_cast<uint8_t>(source_case.number("attempts", options.max_attempts));
  ContainerCredentials provider(player.platform(), player.environment(), &player.files(), player.space(), options);
  const Outcome outcome = player.play(provider);
  if (source_case.name() == kChained) return play_first_exchange(player, outcome);
  return player.compare(outcome, error_class(provider));
}

bool is_asked(const std::string& uri) {
  fakes::VirtualTime time;
  fakes::ScriptedTransport transport(time);
  fakes::VirtualPlatform platform(time, transport);
  fakes::TableEnvironment environment;
  environment.table["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = uri;
  char space[64];
  ContainerCredentials provider(platform, environment, nullptr, MutBytes(space));
  Credentials credentials;
  Call* fetch = nullptr;
  return provider.get(time.now, time.wall, credentials, fetch) == Status::kPending && fetch != nullptr;
}

void hosts(void**) {
  size_t rows = 0, wrong = 0;
  for (const std::string& line : read_lines(TINYAWS_CONFORMANCE_DIR "/ecs/hosts.tsv")) {
    const std::vector<std::string> row = split(line, '\t');
    ++rows;
    if (is_asked(row.at(0)) == (row.at(1) == "yes")) continue;
    ++wrong;
    print_error("%s: expected %s\n", row[0].c_str(), row[1].c_str());
  }
  assert_int_equal(wrong, 0);
  assert_int_equal(rows, kHosts);
}

}  // namespace

int main() {
  return run_source_folder({"ecs", kCases, play}, {cmocka_unit_test(hosts)});
}
