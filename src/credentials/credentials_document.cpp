#include "credentials/credentials_document.h"

#include <cassert>
#include <cstring>

#include "base/ascii.h"
#include "base/wipe.h"
#include "credentials/gather.h"
#include "text/datetime.h"
#include "text/json.h"
#include "text/xml.h"

namespace tinyaws {
namespace {

constexpr size_t kMaxQuoted = 32;

// What the formats differ in.
struct Shape {
  Str keys;  // the paths of the first five fields
  bool needs_all;
  bool needs_version;
  bool has_success_code;
  bool is_xml;
  NameCase names;
};

constexpr Str kTokenKeys = "AccessKeyId SecretAccessKey Token AccountId Expiration ";

constexpr Shape kShapes[] = {
    {kTokenKeys, true, false, true, false, NameCase::kExact},
    {kTokenKeys, false, false, false, false, NameCase::kExact},
    {"credentials/AccessKeyId credentials/SecretAccessKey credentials/SessionToken credentials/AccountId "
     "credentials/Expiration ",
     true, false, false, false, NameCase::kIgnored},
    {"AccessKeyId SecretAccessKey SessionToken AccountId Expiration ", false, true, false, false, NameCase::kExact},
    {"Credentials/AccessKeyId Credentials/SecretAccessKey Credentials/SessionToken AssumedRoleUser/Arn "
     "Credentials/Expiration ",
     true, false, false, true, NameCase::kExact},
};

// What a document says, before it is judged. All but the date of the keys go into header fields.
enum Field : size_t { kKeyId, kSecret, kToken, kAccount, kExpiration, kVersion, kCode, kMessage = kCode + 3 };
constexpr size_t kFields = kMessage + 2;
constexpr Str kOtherFields = "Version Code code __type Message message";  // a code and a message have several names

using Findings = TextField[kFields];

bool is_required(const Shape& shape, size_t field) {
  return field <= kSecret || (shape.needs_all && field != kAccount);
}

Str without_namespace(Str code) {
  const size_t colon = code.find(':');
  if (colon != Str::npos) code.remove_suffix(code.size() - colon);
  const size_t hash = code.find('#');
  if (hash != Str::npos) code.remove_prefix(hash + 1);
  return code;
}

// "arn:partition:service:region:account:resource"; empty for anything else.
Str account_of(Str arn) {
  if (!starts_with(arn, "arn:")) return {};
  for (int i = 0; i < 4; ++i) {
    const size_t colon = arn.find(':');
    if (colon == Str::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  const size_t end = arn.find(':');
  if (end == Str::npos) return {};
  const Str account(arn.data(), end);
  for (char c : account) {
    if (!is_digit(static_cast<unsigned char>(c))) return {};
  }
  return account;
}

Str first_string(const TextField* fields, size_t count) {
  for (; count > 0; ++fields, --count) {
    if (fields->is_string && !fields->text.empty()) return fields->text;
  }
  return {};
}

Str code_in(const Findings& findings) {
  return without_namespace(first_string(findings + kCode, kMessage - kCode));
}

Str message_in(const Findings& findings) {
  return first_string(findings + kMessage, kFields - kMessage);
}

bool is_refusal(const Shape& shape, const Findings& findings) {
  const Str code = code_in(findings);
  if (code == "Success") return false;
  if (shape.has_success_code && !code.empty()) return true;
  const bool has_error = !code.empty() || !message_in(findings).empty();
  return has_error && (findings[kKeyId].text.empty() || findings[kSecret].text.empty());
}

// Apart, so that the reader's frame is gone when its findings are judged.
[[gnu::noinline]] Status find(const Shape& shape, MutBytes document, Findings& findings, DocumentProblem& problem) {
  Str keys = shape.keys;
  Str others = kOtherFields;
  for (TextField& field : findings) field.path = take_until(keys.empty() ? others : keys, ' ');
  const Status status = shape.is_xml ? read_xml(document, findings) : read_json(document, findings, shape.names);
  if (status == Status::kOk) return Status::kOk;
  problem.say(shape.is_xml                      ? "not XML"
              : status == Status::kValueTooLong ? "JSON that is too deep"
                                                : "not a JSON object");
  return Status::kMalformedCredentials;
}

void tidy_xml(Findings& findings) {
  for (TextField& field : findings) field.text = trim_space(field.text);
  findings[kAccount].text = account_of(findings[kAccount].text);
}

Status malformed(DocumentProblem& problem, Str a, Str b) {
  problem.say(a, b);
  return Status::kMalformedCredentials;
}

// A member that is there and is no string must not pass for a missing one: credentials whose Expiration can't be read
// would never expire.
Status check_kinds(const Shape& shape, const Findings& findings, DocumentProblem& problem) {
  for (size_t i = kKeyId; i <= kCode; ++i) {
    const TextField& field = findings[i];
    const bool is_text = i <= kExpiration || (i == kCode && shape.has_success_code);
    if (is_text && field.found() && !field.is_string) return malformed(problem, field.path, " is not a string");
  }
  const TextField& version = findings[kVersion];
  if (!shape.needs_version || (!version.is_string && version.text == "1")) return Status::kOk;
  return version.found() ? malformed(problem, "Version", " is not 1") : malformed(problem, "no ", "Version");
}

bool is_value(Str text) {
  for (char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return false;
  }
  return true;
}

Status check_value(const TextField& field, bool is_required, DocumentProblem& problem) {
  if (is_required && field.text.empty()) return malformed(problem, "no ", field.path);
  return is_value(field.text) ? Status::kOk : malformed(problem, field.path, " holds a blank or a control character");
}

// A shown date is cut, and what is not printable replaced: it goes to people's logs.
Status check_expiration(Str text, UnixTime& time, DocumentProblem& problem) {
  if (text.empty() || parse_iso8601(text, time) == Status::kOk) return Status::kOk;
  if constexpr (!kWithWords) return Status::kMalformedCredentials;
  char quoted[kMaxQuoted];
  const size_t size = text.size() < kMaxQuoted ? text.size() : kMaxQuoted;
  for (size_t i = 0; i < size; ++i) quoted[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
  problem.say("Expiration", " \"", {quoted, size});
  problem.say(problem.words(), size < text.size() ? "...\"" : "\"", " is no date");
  return Status::kMalformedCredentials;
}

Status check(const Shape& shape, const Findings& findings, UnixTime& expiration, DocumentProblem& problem) {
  Status status = check_kinds(shape, findings, problem);
  for (size_t i = kKeyId; status == Status::kOk && i <= kAccount; ++i) {
    status = check_value(findings[i], is_required(shape, i), problem);
  }
  if (status != Status::kOk) return status;
  const TextField& date = findings[kExpiration];
  if (date.text.empty() && shape.needs_all) return malformed(problem, "no ", date.path);
  return check_expiration(date.text, expiration, problem);
}

Status read(const Shape& shape, MutBytes document, Findings& findings, UnixTime& expiration,
            DocumentProblem& problem) {
  if (is_blank_text({document.data(), document.size()})) return malformed(problem, "empty", {});
  const Status status = find(shape, document, findings, problem);
  if (status != Status::kOk) return status;
  if (shape.is_xml) tidy_xml(findings);
  return is_refusal(shape, findings) ? Status::kCredentialsRefused : check(shape, findings, expiration, problem);
}

Status refuse(MutBytes document, const Findings& findings, DocumentProblem& problem) {
  problem.say("an error in place of credentials");
  problem.code = code_in(findings);
  problem.message = message_in(findings);
  Str* kept[] = {&problem.code, &problem.message};
  size_t used = 0;
  (void)gather(document, kept, used);
  return Status::kCredentialsRefused;
}

}  // namespace

void DocumentProblem::clear() {
  code = {};
  message = {};
  size_ = 0;
}

void DocumentProblem::join(Str a, Str b, Str c) {
  assert(a.size() + b.size() + c.size() <= kMaxWords);
  size_ = 0;
  for (Str part : {a, b, c}) {
    if (!part.empty()) std::memmove(text_ + size_, part.data(), part.size());
    size_ += part.size();
  }
}

Status read_credentials(CredentialsFormat format, MutBytes document, Credentials& credentials,
                        DocumentProblem& problem) {
  const Shape& shape = kShapes[static_cast<size_t>(format)];
  credentials = {};
  problem.clear();
  Findings findings = {};
  UnixTime expiration = kNoExpiration;
  const Status status = read(shape, document, findings, expiration, problem);
  if (status == Status::kCredentialsRefused) return refuse(document, findings, problem);
  if (status != Status::kOk) {
    wipe(document.data(), document.size());
    return status;
  }
  credentials.access_key_id = findings[kKeyId].text;
  credentials.secret_access_key = findings[kSecret].text;
  credentials.session_token = findings[kToken].text;
  credentials.account_id = findings[kAccount].text;
  credentials.expiration = expiration;
  size_t used = 0;
  return gather(document, credentials, used);
}

}  // namespace tinyaws
