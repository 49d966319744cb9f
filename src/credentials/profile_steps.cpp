// What a profile points to: a process, a web identity, roles.
#include "base/ascii.h"
#include "credentials/credentials_document.h"
#include "profile/plan.h"
#include "profile/values.h"
#include "tinyaws/profile_credentials.h"

namespace tinyaws {
namespace {

// Of a role, in the order in which they are kept.
[[maybe_unused]] constexpr ProfileKey kRoleKeys[] = {ProfileKey::kRoleArn, ProfileKey::kRoleSessionName,
                                                     ProfileKey::kExternalId, ProfileKey::kDurationSeconds,
                                                     ProfileKey::kWebIdentityTokenFile};
constexpr size_t kRoleKeyCount = sizeof(kRoleKeys) / sizeof(kRoleKeys[0]);
[[maybe_unused]] constexpr ProfileValues::Wanted kRole{
    key_set(kRoleKeys[0], kRoleKeys[1], kRoleKeys[2], kRoleKeys[3], kRoleKeys[4]), 0};
[[maybe_unused]] constexpr ProfileValues::Wanted kProcess{key_set(ProfileKey::kCredentialProcess), 0};

}  // namespace

#if TINYAWS_CREDENTIAL_PROCESS
Status ProfileCredentials::begin_process(Str profile, Instant now) {
  if (processes_ == nullptr) return Status::kUnsupported;
  ProfileValues values;
  Status status = values.load(*files_, environment_, SectionKind::kProfile, profile, kProcess, arena(space_));
  if (status == Status::kOk) status = processes_->start(values.get(ProfileKey::kCredentialProcess));
  if (status == Status::kOk) {
    output_ = 0;
    process_end_ = now + kProcessMs;
    step_ = Step::kProcess;
    return Status::kOk;
  }
  if (status == Status::kBusy) {
    step_ = Step::kBase;
    return Status::kPending;
  }
  if constexpr (kWithWords) remark_.keep(processes_->describe());
  return status == Status::kInvalidArgument ? Status::kProcessFailed : status;
}

Status ProfileCredentials::read_process(Instant now) {
  const MutBytes room = space_.drop(output_);
  const IoResult read = room.empty() ? IoResult{Status::kValueTooLong, 0} : processes_->read(room);
  if (read.status == Status::kOk && read.size > 0) {
    output_ += read.size;
    return Status::kOk;
  }
  if (read.status == Status::kPending && now < process_end_) return Status::kPending;
  if constexpr (kWithWords) {
    const bool ended = read.status != Status::kPending;
    if (read.status != Status::kOk) remark_.keep(ended ? processes_->describe() : Str("it did not end within 60 s"));
  }
  step_ = Step::kRole;
  processes_->stop();
  if (read.status == Status::kOk) return take_process_output();
  return read.status == Status::kPending ? Status::kProcessFailed : read.status;
}

Status ProfileCredentials::take_process_output() {
  DocumentProblem problem;
  const Status status = read_credentials(CredentialsFormat::kProcess, space_.first(output_), current_, problem);
  if (status == Status::kOk) return take();
  remark_.keep(problem.code.empty() ? problem.words() : problem.code, problem.message);
  return status;
}
#else
Status ProfileCredentials::begin_process(Str, Instant) {
  return Status::kUnsupported;
}

Status ProfileCredentials::read_process(Instant) {
  return Status::kUnsupported;
}
#endif

// The next role, or the end when there is none left.
Status ProfileCredentials::begin_role(Call*& fetch) {
  if (roles_ == 0) {
    step_ = Step::kOver;
    return Status::kOk;
  }
  ProfilePlan plan;
  const Status status = replan(plan);
  if (status != Status::kOk) return status;
  --roles_;
  return ask_sts(plan.name(roles_), &current_, fetch);
}

#if TINYAWS_WITH_STS
// What is asked is kept behind the credentials that sign it; the answer comes behind that.
Status ProfileCredentials::ask_sts(Str profile, const Credentials* signer, Call*& fetch) {
  ProfileValues values;
  if (free_space().empty()) return Status::kValueTooLong;
  const MutBytes behind = arena(free_space().drop(free_space().size() / 2 + 1));  // what is kept ends before it
  Status status = values.load(*files_, environment_, SectionKind::kProfile, profile, kRole, behind);
  StsQuestion question;
  Str token_file;
  Str end("\0", 1);
  Str* const texts[] = {&question.role_arn, &question.session_name, &question.external_id, &question.duration_seconds,
                        &token_file};
  for (size_t i = 0; i < kRoleKeyCount && status == Status::kOk; ++i) {
    *texts[i] = values.get(kRoleKeys[i]);
    status = keep(*texts[i]);
  }
  if (status == Status::kOk) status = keep(end);
  if (status != Status::kOk) return status;
  if (question.role_arn.empty()) return Status::kProfileInvalid;
  if (signer == nullptr) question.token_file = token_file.data();
  question.place = options_.sts;
  sts_.start(question, signer, options_.settings, free_space());
  step_ = Step::kSts;
  fetch = &sts_;
  return Status::kPending;
}

Status ProfileCredentials::take_sts() {
  const Status status = sts_.collect(current_);
  step_ = Step::kRole;
  if (status == Status::kOk) return take();
  remark_refusal();
  return status;
}

// Whose role it was, where there are several.
void ProfileCredentials::remark_refusal() {
  if constexpr (!kWithWords) return;
  ProfilePlan plan;
  const bool several = replan(plan) == Status::kOk && plan.size() > 1 && roles_ < plan.size();
  remark_.keep(several ? plan.name(roles_) : Str(), sts_.remark());
}
#else
Status ProfileCredentials::ask_sts(Str, const Credentials*, Call*&) {
  return Status::kUnsupported;
}

Status ProfileCredentials::take_sts() {
  return Status::kUnsupported;
}
#endif

}  // namespace tinyaws
