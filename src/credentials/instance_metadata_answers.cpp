// What the answers of the instance metadata service mean.
#include <cassert>
#include <cstring>

#include "base/ascii.h"
#include "base/writer.h"
#include "credentials/credentials_document.h"
#include "text/json.h"
#include "tinyaws/instance_metadata.h"

namespace tinyaws {
namespace {

using Outcome = MetadataOutcome;

constexpr uint32_t kLongestLife = 21600;
constexpr uint32_t kRenewedBefore = 120;

Str as_text(MutBytes bytes) {
  return {bytes.data(), bytes.size()};
}

// The first line that is not blank, without white space at its ends.
Str first_line(Str text) {
  text = trim_space(text);
  size_t end = 0;
  while (end < text.size() && text[end] != '\r' && text[end] != '\n') ++end;
  return trim_blanks({text.data(), end});
}

// What a login page or another stranger answers is no name: "<html>".
bool is_name(Str text) {
  for (char c : text) {
    if (c <= ' ' || c > '~' || c == '<' || c == '>') return false;
  }
  return !text.empty();
}

// A role's name becomes the end of a path: with such a segment in it, it would lead elsewhere.
bool has_dot_segment(Str path) {
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const size_t size = slash == Str::npos ? path.size() : slash;
    const Str segment = {path.data(), size};
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(slash == Str::npos ? size : size + 1);
  }
  return false;
}

// How long a token may be used, in seconds, by what the service says; an unreadable number counts as none.
uint32_t life_of(Str seconds) {
  uint32_t life = kLongestLife;
  (void)read_decimal(seconds, kLongestLife, life);
  return life;
}

bool is_timeout_of_answer(Status failure) {
  return failure == Status::kFirstByteTimedOut || failure == Status::kStalled || failure == Status::kAttemptTimedOut;
}

// Lost when there already was a connection.
bool is_broken_off(Status failure) {
  return failure == Status::kConnectionLost || failure == Status::kTruncated;
}

// Copies a text of an answer. kNone: it is as it should be, and it fits.
Outcome copy(Str text, bool is_good, MutBytes out, uint16_t& size) {
  if (!is_good) return Outcome::kBadResponse;
  if (text.size() > out.size()) return Outcome::kTooLarge;
  std::memcpy(out.data(), text.data(), text.size());
  size = static_cast<uint16_t>(text.size());
  return Outcome::kNone;
}

}  // namespace

DocumentCall::Verdict InstanceMetadata::judge(const Answer& answer) {
  const Step step = asks_token_ ? Step::kToken : step_;
  heard_ = heard_ || answer.heard || answer.status == Status::kOk;
  const Verdicts verdicts = answer.status != Status::kOk ? judge_failure(answer.status)
                            : answer.http_status != 200  ? judge_status(answer.http_status)
                            : asks_token_                ? judge_token(answer)
                                                         : judge_document(answer);
  if (verdicts.may_pass() && may_repeat()) return Verdict::kRepeat;
  if (verdicts.outcome() == Outcome::kNone) return Verdict::kGoOn;
  if (asks_token_ && verdicts.version_1() && allows_version_1()) {
    version_1_ = true;
    return Verdict::kGoOn;
  }
  finding_ = {verdicts.outcome(), step, answer.status, {}, answer.http_status};
  step_ = Step::kOver;
  return Verdict::kGoOn;
}

InstanceMetadata::Verdicts InstanceMetadata::judge_failure(Status failure) {
  if (failure == Status::kValueTooLong) return {Outcome::kTooLarge};
  const bool is_no_http = failure >= Status::kMalformedHead && failure != Status::kTruncated;
  if (is_no_http) return {Outcome::kBadResponse};
  const bool worth_it =
      heard_ ? is_transient(failure) && failure != Status::kConnectTimedOut : is_broken_off(failure);
  const bool timed_out = asks_token_ && is_timeout_of_answer(failure);
  const bool repeats = worth_it && !(timed_out && allows_version_1());
  return {Outcome::kUnavailable, repeats, is_broken_off(failure) || timed_out};
}

InstanceMetadata::Verdicts InstanceMetadata::judge_status(uint16_t http_status) {
  if (is_transient(http_status)) return {Outcome::kUnavailable, true, true};
  if (http_status == 400) return {Outcome::kBadRequest};
  if (asks_token_) {
    const bool refused = http_status == 403 || http_status == 404 || http_status == 405;
    return {refused ? Outcome::kVersion1Disabled : Outcome::kUnavailable, false, refused};
  }
  if (take_new_token(http_status) || has_next_place(http_status)) return {Outcome::kNone};
  if (http_status == 401 || http_status == 403) return {Outcome::kForbidden};
  if (http_status != 404) return {Outcome::kUnavailable};
  return {task_ == Task::kRegion ? Outcome::kNoRegion : Outcome::kNoRole};
}

bool InstanceMetadata::take_new_token(uint16_t http_status) {
  if (http_status != 401 || version_1_) return false;
  forget_token();
  const bool first = !token_refused_;
  token_refused_ = true;
  return first;
}

bool InstanceMetadata::has_next_place(uint16_t http_status) {
  if (http_status != 404 || (step_ != Step::kRegion && step_ != Step::kZone)) return false;
  step_ = step_ == Step::kRegion ? Step::kZone : Step::kDocument;
  return true;
}

InstanceMetadata::Verdicts InstanceMetadata::judge_token(const Answer& answer) {
  const Str token = trim_space(as_text(answer.document));
  if (token.empty()) return {Outcome::kBadResponse, false, true};
  forget_token();
  const Outcome outcome = copy(token, is_name(token), MutBytes(token_), token_size_);
  if (outcome != Outcome::kNone) return {outcome};
  const uint32_t life = life_of(answer.head->header("x-aws-ec2-metadata-token-ttl-seconds"));
  token_until_ = sent_ + int64_t{life > 2 * kRenewedBefore ? life - kRenewedBefore : life / 2} * 1000;
  token_asked_ = true;
  return {Outcome::kNone};
}

InstanceMetadata::Verdicts InstanceMetadata::judge_document(const Answer& answer) {
  if (step_ == Step::kRole) return judge_role(answer);
  if (step_ == Step::kCredentials) return judge_credentials(answer);
  return judge_region(answer);
}

InstanceMetadata::Verdicts InstanceMetadata::judge_role(const Answer& answer) {
  const Str role = first_line(as_text(answer.document));
  if (role.empty()) return {Outcome::kNoRole};
  if (!is_name(role) || has_dot_segment(role)) return {Outcome::kBadResponse};
  if (role.size() > kMaxMetadataRoleBytes) return {Outcome::kTooLarge};
  Writer path{MutBytes(role_path_)};
  path.put(path_of(Step::kRole)).put(role);
  assert(path.fits());
  role_path_size_ = static_cast<uint16_t>(path.size());
  step_ = Step::kCredentials;
  return {Outcome::kNone};
}

InstanceMetadata::Verdicts InstanceMetadata::judge_credentials(const Answer& answer) {
  const Status status = read(CredentialsFormat::kMetadata, answer, remark_);
  if (status == Status::kCredentialsRefused) return {Outcome::kErrorDocument};
  if (status != Status::kOk) return {Outcome::kBadResponse, true};
  return {Outcome::kFound};
}

InstanceMetadata::Verdicts InstanceMetadata::judge_region(const Answer& answer) {
  Str region;
  if (step_ == Step::kDocument) {
    TextField found[] = {{"region"}};
    if (read_json(answer.document, found) != Status::kOk) return {Outcome::kBadResponse};
    if (!found[0].is_string) return {Outcome::kNoRegion};
    region = found[0].text;
  } else {
    region = first_line(as_text(answer.document));
    if (step_ == Step::kZone && !region.empty()) region.remove_suffix(1);
  }
  const Outcome outcome = copy(region, is_word(region, "-"), MutBytes(region_), region_size_);
  return {outcome == Outcome::kNone ? Outcome::kFound : outcome};
}

}  // namespace tinyaws
