// The plan's limits and errors; what the common profiles come to is tests/conformance/profiles_conformance.cpp.
#include "profile/plan.h"

#include "profile_fixture.h"

using namespace tinyaws;
using test::SharedFiles;

namespace {

class Planned {
 public:
  explicit Planned(const std::string& config, const std::string& credentials = {}, size_t scratch_bytes = 512)
      : world(config, credentials), scratch_(scratch_bytes) {}

  Status make(Str profile, bool named = true) {
    return plan_profile(world.files, world.environment, profile, named, scratch_.bytes(), plan);
  }

  SharedFiles world;
  ProfilePlan plan;

 private:
  fakes::GuardedBuffer scratch_;
};

void assert_fails(const std::string& config, Status status, ProfileError error, Str at, bool named = true) {
  Planned planned(config);
  assert_status(planned.make("a", named), status);
  assert_text(name(planned.plan.error), name(error));
  assert_text(planned.plan.name(planned.plan.size() - 1), at);
}

void assert_base(const std::string& config, BaseSource base, size_t size, size_t roles) {
  Planned planned(config);
  assert_status(planned.make("a"), Status::kOk);
  assert_int_equal(static_cast<int>(planned.plan.base), static_cast<int>(base));
  assert_int_equal(planned.plan.size(), size);
  assert_int_equal(planned.plan.roles(), roles);
}

const std::string kKeys = "aws_access_key_id = i\naws_secret_access_key = s\n";
const std::string kA = "[profile a]\n";
const std::string kB = "[profile b]\n";
const std::string kRole = "role_arn = r\n";
const std::string kFromB = "role_arn = r\nsource_profile = b\n";
const std::string kWeb = "web_identity_token_file = w\n";

void where_a_chain_ends(void**) {
  assert_base(kA + kKeys, BaseSource::kStatic, 1, 0);
  assert_base(kA + kFromB + kB + kKeys, BaseSource::kStatic, 2, 1);
  assert_base(kA + kKeys + "role_arn = r\nsource_profile = a\n", BaseSource::kStatic, 1, 1);
  assert_base(kA + kKeys + kRole + kWeb, BaseSource::kWebIdentity, 1, 0);
  assert_base(kA + kFromB + kB + kKeys + kRole + kWeb, BaseSource::kStatic, 2, 1);
  assert_base(kA + "credential_process = p\n", BaseSource::kProcess, 1, 0);
  assert_base(kA + "credential_process = p\n" + kKeys, BaseSource::kStatic, 1, 0);
  assert_base(kA + "sso_session = s\n[sso-session s]\nsso_region = r\nsso_start_url = u\n", BaseSource::kSso, 1, 0);
}

void credential_sources(void**) {
  assert_base(kA + kRole + "credential_source = Environment\n", BaseSource::kEnvironment, 1, 1);
  assert_base(kA + kRole + "credential_source = ec2instancemetadata\n", BaseSource::kEc2InstanceMetadata, 1, 1);
  assert_base(kA + kFromB + kB + kRole + "credential_source = EcsContainer\n", BaseSource::kEcsContainer, 2, 2);
  assert_base(kA + "credential_source = EcsContainer\n", BaseSource::kEcsContainer, 1, 0);
  assert_base(kA + "credential_source = EcsContainer\n" + kKeys, BaseSource::kStatic, 1, 0);
}

void names_from_the_leaf_to_the_base(void**) {
  Planned planned(kA + kFromB + kB + "role_arn = r\nsource_profile = c/d\n", "[c/d]\n" + kKeys);
  assert_status(planned.make("a"), Status::kOk);
  assert_int_equal(planned.plan.size(), 3);
  assert_text(planned.plan.name(0), "a");
  assert_text(planned.plan.name(1), "b");
  assert_text(planned.plan.name(2), "c/d");
}

void errors_and_the_profile_at_fault(void**) {
  assert_fails(kB, Status::kProfileNotFound, ProfileError::kNoProfile, "a");
  assert_fails(kB, Status::kNotFound, ProfileError::kNoProfile, "a", false);
  assert_fails(kA + "region = r\n", Status::kNotFound, ProfileError::kNoCredentials, "a");
  assert_fails(kA + kFromB + kB, Status::kProfileInvalid, ProfileError::kNoCredentials, "b");
  assert_fails(kA + "role_arn = r\nsource_profile = a\n", Status::kProfileInvalid, ProfileError::kNoCredentials, "a");
  assert_fails(kA + "aws_access_key_id = i\n", Status::kCredentialsIncomplete, ProfileError::kPartialCredentials,
               "a");
  assert_fails(kA + kFromB + kB + "aws_secret_access_key = s\n", Status::kCredentialsIncomplete,
               ProfileError::kPartialCredentials, "b");
  assert_fails(kA + kRole, Status::kProfileInvalid, ProfileError::kNoSource, "a");
  assert_fails(kA + kFromB + "credential_source = Environment\n", Status::kProfileInvalid, ProfileError::kBothSources,
               "a");
  assert_fails(kA + kRole + "credential_source = env\n", Status::kProfileInvalid, ProfileError::kUnknownSource, "a");
  assert_fails(kA + kFromB, Status::kProfileInvalid, ProfileError::kMissingSourceProfile, "b");
  assert_fails(kA + kFromB + kB + "role_arn = r\nsource_profile = a\n", Status::kProfileInvalid, ProfileError::kLoop,
               "b");
  assert_fails(kA + kWeb, Status::kProfileInvalid, ProfileError::kMissingRoleArn, "a");
  assert_fails(kA + kFromB + "mfa_serial = m\n" + kB + kKeys, Status::kUnsupported, ProfileError::kMfa, "a");
}

void sso_that_is_incomplete(void**) {
  const std::string session = "[sso-session s]\nsso_region = r\nsso_start_url = u\n";
  for (const std::string& properties : {std::string("sso_region = r\n"), std::string("sso_session = t\n"),
                                        std::string("sso_session = s\nsso_account_id = 1\n"),
                                        std::string("sso_account_id = 1\nsso_role_name = n\nsso_region = r\n"),
                                        "sso_session = " + std::string(129, 's') + "\n"}) {
    assert_fails(session + kA + properties, Status::kProfileInvalid, ProfileError::kSsoConfig, "a");
  }
  assert_base(session + kA + "sso_session = s\nsso_account_id = 1\nsso_role_name = n\n", BaseSource::kSso, 1, 0);
}

std::string chain_of(size_t depth, const std::string& tail) {
  std::string config = kA + "role_arn = r\nsource_profile = 1" + tail + "\n";
  for (size_t i = 1; i < depth; ++i) {
    config += "[profile " + std::to_string(i) + tail + "]\nrole_arn = r\nsource_profile = " + std::to_string(i + 1) +
              tail + "\n";
  }
  return config + "[profile " + std::to_string(depth) + tail + "]\n" + kKeys;
}

void chains_that_are_too_deep(void**) {
  assert_base(chain_of(kMaxProfileDepth - 1, ""), BaseSource::kStatic, kMaxProfileDepth, kMaxProfileDepth - 1);
  Planned deeper(chain_of(kMaxProfileDepth, ""));
  assert_status(deeper.make("a"), Status::kProfileInvalid);
  assert_text(name(deeper.plan.error), "too-deep");
}

void names_that_are_too_long_together(void**) {
  const std::string tail(kMaxProfileNameBytes - 1, 'x');
  assert_base(chain_of(1, tail), BaseSource::kStatic, 2, 1);
  Planned longer(chain_of(2, tail));
  assert_status(longer.make("a"), Status::kProfileInvalid);
  assert_text(name(longer.plan.error), "too-deep");
}

void files_that_fail(void**) {
  Planned malformed(kA + kKeys, "x\n");
  assert_status(malformed.make("a"), Status::kMalformedFile);
  assert_text(name(malformed.plan.error), "parse");
  assert_true(malformed.plan.file == SharedFile::kCredentials);
  assert_int_equal(malformed.plan.reports[1].line, 1);
  Planned too_long(kA + kFromB, {}, 0);
  assert_status(too_long.make("a"), Status::kValueTooLong);
  Planned missing("");
  assert_status(missing.make("default", false), Status::kNotFound);
  assert_true(missing.plan.reports[0].state == FileState::kMissing);
}

void a_plan_is_made_anew(void**) {
  Planned planned(kA + kFromB + kB + kKeys);
  assert_status(planned.make("a"), Status::kOk);
  assert_status(planned.make("c"), Status::kProfileNotFound);
  assert_int_equal(planned.plan.roles(), 0);
  assert_status(planned.make("b"), Status::kOk);
  assert_text(planned.plan.name(0), "b");
  assert_int_equal(planned.plan.size(), 1);
  assert_int_equal(planned.plan.roles(), 0);
  assert_true(planned.plan.error == ProfileError::kNone);
}

// Secrets are never copied for a plan, of whatever length.
void secrets_need_no_memory(void**) {
  Planned planned(kA + "aws_access_key_id = i\naws_secret_access_key = " + std::string(9000, 's') + "\n", {}, 0);
  assert_status(planned.make("a"), Status::kOk);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(where_a_chain_ends),
      cmocka_unit_test(credential_sources),
      cmocka_unit_test(names_from_the_leaf_to_the_base),
      cmocka_unit_test(errors_and_the_profile_at_fault),
      cmocka_unit_test(sso_that_is_incomplete),
      cmocka_unit_test(chains_that_are_too_deep),
      cmocka_unit_test(names_that_are_too_long_together),
      cmocka_unit_test(files_that_fail),
      cmocka_unit_test(a_plan_is_made_anew),
      cmocka_unit_test(secrets_need_no_memory),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
