#include "profile_case.h"

#include "files.h"
#include "unit/check.h"

using namespace tinyaws;

namespace conformance {
namespace {

std::string text(Str view) {
  return std::string(view);
}

std::string first_of(const std::string& a, const std::string& b) {
  return a.empty() ? b : a;
}

using Lines = std::vector<std::string>;

void put(Lines& lines, const std::string& key, const std::string& value) {
  if (!value.empty()) lines.push_back(key + "\t" + value);
}

void add(std::string& step, const World& world, ProfileKey key, const std::string& label) {
  const std::string value = world.get(key);
  if (!value.empty()) step += "\t" + label + "=" + value;
}

constexpr KeySet kKeys =
    key_set(ProfileKey::kAwsAccessKeyId, ProfileKey::kAwsSecretAccessKey, ProfileKey::kAwsSessionToken,
            ProfileKey::kAwsSecurityToken, ProfileKey::kAwsAccountId, ProfileKey::kRoleArn, ProfileKey::kExternalId,
            ProfileKey::kRoleSessionName, ProfileKey::kWebIdentityTokenFile, ProfileKey::kCredentialProcess,
            ProfileKey::kRegion);
constexpr KeySet kSsoKeys = key_set(ProfileKey::kSsoSession, ProfileKey::kSsoAccountId, ProfileKey::kSsoRegion,
                                    ProfileKey::kSsoRoleName, ProfileKey::kSsoStartUrl);

std::string sso_step(World& world) {
  std::string step = "step\tsso";
  const std::string session = world.get(ProfileKey::kSsoSession);
  add(step, world, ProfileKey::kSsoSession, "sso_session");
  if (!session.empty()) assert_status(load(world, SectionKind::kSsoSession, session, kSsoKeys), Status::kOk);
  for (ProfileKey key :
       {ProfileKey::kSsoAccountId, ProfileKey::kSsoRegion, ProfileKey::kSsoRoleName, ProfileKey::kSsoStartUrl}) {
    add(step, world, key, text(name(key)));
  }
  return step;
}

std::string base_step(World& world) {
  std::string step = "step\t";
  switch (world.plan.base) {
    case BaseSource::kStatic:
      step += "static";
      add(step, world, ProfileKey::kAwsAccessKeyId, "access_key_id");
      add(step, world, ProfileKey::kAwsSecretAccessKey, "secret_access_key");
      add(step, world, ProfileKey::kAwsAccountId, "account_id");
      return step;
    case BaseSource::kProcess:
      return step + "process\tcommand=" + world.get(ProfileKey::kCredentialProcess);
    case BaseSource::kWebIdentity:
      step += "web-identity";
      for (ProfileKey key : {ProfileKey::kRoleArn, ProfileKey::kWebIdentityTokenFile, ProfileKey::kRoleSessionName}) {
        add(step, world, key, text(name(key)));
      }
      return step;
    case BaseSource::kSso:
      return sso_step(world);
    case BaseSource::kEnvironment:
      return step + "credential-source\tEnvironment";
    case BaseSource::kEc2InstanceMetadata:
      return step + "credential-source\tEc2InstanceMetadata";
    case BaseSource::kEcsContainer:
      return step + "credential-source\tEcsContainer";
  }
  return step;
}

void write_steps(World& world, Lines& lines) {
  assert_status(load(world, SectionKind::kProfile, text(world.plan.name(world.plan.size() - 1)), kKeys | kSsoKeys),
                Status::kOk);
  lines.push_back(base_step(world));
  for (size_t role = world.plan.roles(); role-- > 0;) {
    assert_status(load(world, SectionKind::kProfile, text(world.plan.name(role)), kKeys), Status::kOk);
    std::string step = "step\tassume-role";
    add(step, world, ProfileKey::kRoleArn, "role_arn");
    add(step, world, ProfileKey::kExternalId, "external_id");
    add(step, world, ProfileKey::kRoleSessionName, "role_session_name");
    lines.push_back(step);
  }
}

void write_keys(World& world, const std::string& profile, Lines& lines) {
  assert_status(load(world, SectionKind::kProfile, profile, kKeys), Status::kOk);
  put(lines, "access_key_id", world.get(ProfileKey::kAwsAccessKeyId));
  put(lines, "secret_access_key", world.get(ProfileKey::kAwsSecretAccessKey));
  put(lines, "session_token",
      first_of(world.get(ProfileKey::kAwsSessionToken), world.get(ProfileKey::kAwsSecurityToken)));
}

}  // namespace

void set_up(World& world, const std::string& path) {
  world.environment.table = {{"AWS_CONFIG_FILE", "/case/config"}, {"AWS_SHARED_CREDENTIALS_FILE", "/case/creds"}};
  for (const std::string& line : read_lines(path + "/env")) world.environment.set(line);
  if (exists(path + "/config")) world.files.table["/case/config"] = read_file(path + "/config");
  if (exists(path + "/credentials")) world.files.table["/case/creds"] = read_file(path + "/credentials");
}

Status load(World& world, SectionKind kind, const std::string& section, KeySet keys) {
  return world.values.load(world.files, world.environment, kind, section, {keys, 0}, MutBytes(world.arena));
}

Lines resolve(World& world, bool in_steps) {
  Lines lines;
  const ProfileChoice choice = choose_profile(world.environment, {});
  const std::string key_id = world.variable("AWS_ACCESS_KEY_ID");
  const std::string secret = world.variable("AWS_SECRET_ACCESS_KEY");
  if (!key_id.empty() && !secret.empty()) {
    lines = {"access_key_id\t" + key_id, "secret_access_key\t" + secret};
    put(lines, "session_token", first_of(world.variable("AWS_SECURITY_TOKEN"), world.variable("AWS_SESSION_TOKEN")));
  } else {
    const Status status =
        plan_profile(world.files, world.environment, choice.name, choice.named, MutBytes(world.scratch), world.plan);
    assert_int_equal(status == Status::kOk, world.plan.error == ProfileError::kNone);
    const bool nothing = world.plan.error == ProfileError::kNoProfile && !choice.named;
    if (status != Status::kOk) return {"error\t" + (nothing ? "no-credentials" : text(name(world.plan.error)))};
    if (in_steps) {
      write_steps(world, lines);
    } else {
      assert_int_equal(static_cast<int>(world.plan.base), static_cast<int>(BaseSource::kStatic));
      write_keys(world, text(choice.name), lines);
    }
  }
  if (in_steps) return lines;
  assert_status(load(world, SectionKind::kProfile, text(choice.name), kKeys), Status::kOk);
  const std::string region = first_of(world.variable("AWS_REGION"), world.variable("AWS_DEFAULT_REGION"));
  put(lines, "region", first_of(region, world.get(ProfileKey::kRegion)));
  return lines;
}

}  // namespace conformance
