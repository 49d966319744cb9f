// What a profile points to: a process, a web identity, roles.
#include "base/ascii.h"
#include "credentials/credentials_document.h"
#include "profile/plan.h"
#include "profile/values.h"
#include "tinyaws/profile_credentials.h"

namespace tinyaws {
namespace {

[[maybe_unused]] constexpr ProfileValues::Wanted kRole{
    key_set(ProfileKey::kRoleArn, ProfileKey::kRoleSessionName, ProfileKey::kExternalId, ProfileKey::kDurationSeconds,
            ProfileKey::kWebIdentityTokenFile),
    0};
[[maybe_unused]] constexpr ProfileValues::Wanted kProcess{key_set(ProfileKey::kCredentialProcess), 0};

}  // namespace

#if TINYAWS_CREDENTIAL_PROCESS
Next ProfileCredentials::begin_process(Str profile, Instant now) {
  if (processes_ == nullptr) return finish(Status::kUnsupported);
  ProfileValues values;
  Status status = values.load(*files_, environment_, SectionKind::kProfile, profile, kProcess, arena(space_));
  if (status == Status::kOk) status = processes_->start(values.get(ProfileKey::kCredentialProcess));
  if (status == Status::kBusy) return {Next::Action::kWait, now + kPollMs};
  if (status != Status::kOk) {
    if constexpr (kWithWords) remark_.keep(processes_->describe());
    return finish(status == Status::kInvalidArgument ? Status::kProcessFailed : status);
  }
  output_ = 0;
  process_end_ = now + kProcessMs;
  return again(Step::kProcess, now);
}

Next ProfileCredentials::read_process(Instant now) {
  const MutBytes room = space_.drop(output_);
  const IoResult read = room.empty() ? IoResult{Status::kValueTooLong, 0} : processes_->read(room);
  if (read.status == Status::kOk && read.size == 0) return take_process_output(now);
  if (read.status == Status::kOk) {
    output_ += read.size;
    return again(Step::kProcess, now);
  }
  if (read.status == Status::kPending && now < process_end_) return {Next::Action::kWait, now + kPollMs};
  if constexpr (kWithWords) {
    remark_.keep(read.status == Status::kPending ? Str("it did not end within 60 s") : processes_->describe());
  }
  processes_->stop();
  return finish(read.status == Status::kPending ? Status::kProcessFailed : read.status);
}

Next ProfileCredentials::take_process_output(Instant now) {
  processes_->stop();
  Credentials credentials;
  DocumentProblem problem;
  Status status = read_credentials(CredentialsFormat::kProcess, space_.first(output_), credentials, problem);
  if (status != Status::kOk) remark_.keep(problem.code.empty() ? problem.words() : problem.code, problem.message);
  if (status == Status::kOk) status = take(credentials);
  return status == Status::kOk ? again(Step::kRole, now) : finish(status);
}
#else
Next ProfileCredentials::begin_process(Str, Instant) {
  return finish(Status::kUnsupported);
}

Next ProfileCredentials::read_process(Instant) {
  return finish(Status::kUnsupported);
}
#endif

// The next role, or the end when there is none left.
Next ProfileCredentials::begin_role(Instant now) {
  if (roles_ == 0) return finish(Status::kOk);
  ProfilePlan plan;
  const Status status = replan(plan);
  if (status != Status::kOk) return finish(status);
  --roles_;
  source_ = StaticCredentials(current_);
  return ask_sts(plan.name(roles_), source_, now);
}

#if TINYAWS_WITH_STS
// What is asked is kept behind the credentials that sign it; the answer comes behind that.
Next ProfileCredentials::ask_sts(Str profile, CredentialsProvider& source, Instant now) {
  ProfileValues values;
  if (free_space().empty()) return finish(Status::kValueTooLong);
  const MutBytes behind = arena(free_space().drop(free_space().size() / 2 + 1));  // what is kept ends before it
  Status status = values.load(*files_, environment_, SectionKind::kProfile, profile, kRole, behind);
  if (status != Status::kOk) return finish(status);
  StsQuestion question;
  question.place = options_.sts;
  question.role_arn = values.get(ProfileKey::kRoleArn);
  if (question.role_arn.empty()) return finish(Status::kProfileInvalid);
  question.session_name = values.get(ProfileKey::kRoleSessionName);
  question.external_id = values.get(ProfileKey::kExternalId);
  question.duration_seconds = values.get(ProfileKey::kDurationSeconds);
  Str token_file = values.get(ProfileKey::kWebIdentityTokenFile);
  for (Str* text :
       {&question.role_arn, &question.session_name, &question.external_id, &question.duration_seconds, &token_file}) {
    if (status == Status::kOk) status = keep(*text);
  }
  Str end("\0", 1);
  if (status == Status::kOk) status = keep(end);
  if (status != Status::kOk) return finish(status);
  if (&source == &nobody_) question.token_file = token_file.data();
  sts_.start(question, source, options_.settings, free_space());
  step_ = Step::kSts;
  return run_inside(sts_, now);
}

Next ProfileCredentials::take_sts(Instant now) {
  Credentials credentials;
  Status status = sts_.collect(credentials);
  if (status != Status::kOk) remark_refusal();
  if (status == Status::kOk) status = take(credentials);
  return status == Status::kOk ? again(Step::kRole, now) : finish(status);
}

// Whose role it was, where there are several.
void ProfileCredentials::remark_refusal() {
  if constexpr (!kWithWords) return;
  ProfilePlan plan;
  const bool several = replan(plan) == Status::kOk && plan.size() > 1 && roles_ < plan.size();
  remark_.keep(several ? plan.name(roles_) : Str(), sts_.remark());
}
#else
Next ProfileCredentials::ask_sts(Str, CredentialsProvider&, Instant) {
  return finish(Status::kUnsupported);
}

Next ProfileCredentials::take_sts(Instant) {
  return finish(Status::kUnsupported);
}
#endif

}  // namespace tinyaws
