// The cases of iot/: the credentials provider of AWS IoT.
#include "source_folder.h"
#include "source_player.h"
#include "tinyaws/iot_credentials.h"

using namespace tinyaws;
using namespace conformance;

namespace {

constexpr size_t kCases = 12;

std::string error_class(const IotCredentials& provider) {
  if (provider.outcome() == DocumentSource::Outcome::kHttpStatus) return "iot-http-status";
  if (provider.outcome() == DocumentSource::Outcome::kBadResponse) return "iot-bad-response";
  return std::string(name(provider.failure()));
}

std::string play(const SourceCase& source_case) {
  SourcePlayer player(source_case);
  const std::string endpoint = source_case.param("endpoint");
  const std::string alias = source_case.param("role_alias");
  const std::string thing = source_case.param("thing_name");
  IotOptions options{endpoint, alias, thing};
  options.max_attempts = static_cast<uint8_t>(source_case.number("attempts", options.max_attempts));
  IotCredentials provider(player.platform(), player.space(), options);
  const Outcome outcome = player.play(provider);
  return player.compare(outcome, error_class(provider));
}

}  // namespace

int main() {
  return run_source_folder({"iot", kCases, play});
}
