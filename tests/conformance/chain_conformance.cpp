// The default chain: the cases of sts/, and those of imds/ and ecs/ that go through a profile.
#include <string>

#include "source_folder.h"
#include "source_player.h"
#include "tinyaws/default_credentials.h"

using namespace tinyaws;
using namespace conformance;

namespace {

constexpr size_t kStsCases = 14;

// Cases of other folders whose files and variables are for the chain as a whole.
const char* const kElsewhere[] = {
    "imds/smithy-imds-assume-role",
    "imds/smithy-imds-config-with-no-creds",
    "imds/smithy-imds-default-chain-error",
    "imds/smithy-imds-default-chain-retries",
    "imds/smithy-imds-default-chain-success",
    "imds/smithy-imds-disabled",
    "imds/smithy-imds-no-iam-role",
    "imds/smithy-imds-token-fail",
    "ecs/smithy-ecs-assume-role",
    "ecs/smithy-ecs-credentials",
    "ecs/smithy-ecs-credentials-invalid-profile",
    "ecs/smithy-eks-pod-identity-credentials",
    "ecs/smithy-eks-pod-identity-no-token-file",
};

// Recorded with the profile provider alone, whatever the environment has.
const char* const kProfileOnly = "smithy-e2e-assume-role";

std::string play(const SourceCase& source_case) {
  SourcePlayer player(source_case);
  DefaultCredentials::Options options;
  if (source_case.name() == kProfileOnly) options.profile = "default";
  DefaultCredentials credentials(player.port(), options);
  return player.compare(player.play(credentials), "any");
}

void cases_elsewhere(void**) {
  for (const std::string path : kElsewhere) {
    const size_t slash = path.find('/');
    const SourceCase source_case(TINYAWS_CONFORMANCE_DIR "/" + path.substr(0, slash), path.substr(slash + 1));
    const std::string wrong = play(source_case);
    CHECK(wrong.empty(), path + ":\n" + wrong);
  }
}

}  // namespace

int main() {
  return run_source_folder({"sts", kStsCases, play}, {cmocka_unit_test(cases_elsewhere)});
}
