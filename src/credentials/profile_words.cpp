// What was found in the shared files, in words.
#include "base/writer.h"
#include "credentials/printable.h"
#include "profile/location.h"
#include "profile/plan.h"
#include "tinyaws/profile_credentials.h"

namespace tinyaws {
namespace {

Str words_of(ProfileError error) {
  switch (error) {
    case ProfileError::kNone:
    case ProfileError::kFile:
      return {};
    case ProfileError::kNoProfile:
      return "no such profile";
    case ProfileError::kNoCredentials:
      return "it has no credentials";
    case ProfileError::kPartialCredentials:
      return "aws_access_key_id and aws_secret_access_key: one without the other";
    case ProfileError::kNoSource:
      return "role_arn needs source_profile or credential_source";
    case ProfileError::kBothSources:
      return "source_profile and credential_source: only one can be";
    case ProfileError::kUnknownSource:
      return "credential_source is none of Environment, Ec2InstanceMetadata, EcsContainer";
    case ProfileError::kMissingSourceProfile:
      return "there is no profile of the name that source_profile has";
    case ProfileError::kLoop:
      return "the source profiles go round in a circle";
    case ProfileError::kTooDeep:
      return "too many source profiles, one behind the other, or too long a name";
    case ProfileError::kMissingRoleArn:
      return "web_identity_token_file needs role_arn";
    case ProfileError::kSsoConfig:
      return "the settings of IAM Identity Center (sso_...) are incomplete";
    case ProfileError::kMfa:
      return "mfa_serial: there is nobody to type a code";
  }
  return {};
}

Str words_of(FileState state) {
  switch (state) {
    case FileState::kNotRead:
      return "not read";
    case FileState::kMissing:
      return "no such file";
    case FileState::kUnreadable:
      return "can't be read";
    case FileState::kRead:
      return "read";
  }
  return {};
}

// It has to be opened once more: of an earlier attempt nobody has kept the words.
void put_reason(Files& files, const char* path, Writer& out) {
  const Status status = files.open(path);
  if (status != Status::kOk && !files.describe().empty()) {
    out.put(" (");
    out.put(files.describe());
    out.put(')');
  }
  files.close();
}

// Its path must not lie in the frame of who makes the plan.
[[gnu::noinline]] void put_file(SharedFile file, const FileReport& report, const Environment& environment,
                                Files& files, Writer& out) {
  char path[kMaxPathBytes];
  const IoResult written = write_shared_path(environment, file, MutBytes(path));
  out.put(name(file));
  out.put(' ');
  if (written.status == Status::kOk) {
    put_printable({path, written.size}, out);
  } else {
    out.put(written.status == Status::kNotFound ? Str("~/.aws, HOME is not set") : Str("path too long"));
  }
  out.put(": ");
  out.put(words_of(report.state));
  if (report.state == FileState::kUnreadable) put_reason(files, path, out);
  if (report.error == IniError::kNone) return;
  out.put(", line ");
  out.put_number(report.line);
  out.put(": ");
  out.put(name(report.error));
}

}  // namespace

// The space may be in use, and the frame must not stay while files are opened once more.
[[gnu::noinline]] Status ProfileCredentials::plan_apart(ProfilePlan& plan) const {
  char scratch[3 * kMaxProfileNameBytes];
  return this->plan(plan, MutBytes(scratch));
}

IoResult ProfileCredentials::explain(MutBytes text) const {
  Writer out(text);
  const ProfileChoice choice = choose_profile(environment_, options_.profile);
  out.put("profile \"");
  put_printable(choice.name, out);
  out.put('"');
  if (files_ == nullptr) {
    out.put(": there are no files on this system");
    return out.result();
  }
  ProfilePlan plan;
  const Status planned = plan_apart(plan);
  if (planned == Status::kOk) {
    explain_steps(plan, out);
    return out.result();
  }
  if (plan.size() > 1) {
    out.put(", source profile \"");
    put_printable(plan.name(plan.size() - 1), out);
    out.put('"');
  }
  out.put(": ");
  const Str words = words_of(plan.error);
  out.put(words.empty() ? tinyaws::describe(planned) : words);
  for (SharedFile file : {SharedFile::kCredentials, SharedFile::kConfig}) {
    out.put("; ");
    put_file(file, plan.reports[static_cast<size_t>(file)], environment_, *files_, out);
  }
  return out.result();
}

// The profile is in order: what became of where it leads.
void ProfileCredentials::explain_steps(const ProfilePlan& plan, Writer& out) const {
  constexpr Str kBases[] = {"keys",
                            "credential_process",
                            "web identity",
                            "IAM Identity Center (sso_...)",
                            "the environment",
                            "instance metadata",
                            "the container"};
  out.put(": ");
  if (plan.roles() > 0) out.put("a role, by way of ");
  out.put(kBases[static_cast<size_t>(plan.base)]);
  if (status_ == Status::kOk) return;
  out.put(": ");
  out.put(tinyaws::describe(status_));
  if (base_ != nullptr && remark_.empty()) {
    out.put("; ");
    out.wrote(base_->explain(out.rest()).size);
  }
  if (remark_.empty()) return;
  out.put(" (");
  out.put(remark_.text());
  out.put(')');
}

}  // namespace tinyaws
