#include "credentials/credentials_document.h"

#include <cassert>
#include <cstring>

#include "base/ascii.h"
#include "base/wipe.h"
#include "text/datetime.h"
#include "text/json.h"
#include "text/xml.h"

namespace tinyaws {
namespace {

constexpr size_t kMaxQuoted = 32;

// What the formats differ in.
struct Shape {
  Str object;  // that holds the keys; empty for the document itself
  Str token;
  bool needs_all;
  bool needs_version;
  bool has_success_code;
  NameCase names;
};

constexpr Shape kShapes[] = {
    {"", "Token", true, false, true, NameCase::kExact},
    {"", "Token", false, false, false, NameCase::kExact},
    {"credentials", "SessionToken", true, false, false, NameCase::kIgnored},
    {"", "SessionToken", false, true, false, NameCase::kExact},
    {"Credentials", "SessionToken", true, false, false, NameCase::kExact},
};

// What a document says, before it is judged. All but the date of the end go into header fields.
enum Field : size_t { kKeyId, kSecret, kToken, kAccount, kExpiration, kCode, kMessage };
constexpr size_t kFields = 7;

struct Findings {
  Str texts[kFields];

  Str& operator[](size_t field) { return texts[field]; }
  Str operator[](size_t field) const { return texts[field]; }
};

Str name_of(const Shape& shape, size_t field) {
  return field == kToken ? shape.token : nth_part("AccessKeyId SecretAccessKey - AccountId Expiration", field, ' ');
}

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

Str first_string(const JsonObject& object, Str names) {
  Str text;
  while (!names.empty()) {
    if (object.string(take_until(names, ' '), text) == Status::kOk && !text.empty()) return text;
  }
  return {};
}

void find_error(const JsonObject& object, Findings& findings) {
  findings[kCode] = without_namespace(first_string(object, "Code code __type"));
  findings[kMessage] = first_string(object, "Message message");
}

// A member that is there and is no string must not pass for a missing one: credentials whose Expiration can't be read
// would never expire.
Status find_string(const JsonObject& object, Str name, Str& text, DocumentProblem& problem) {
  if (object.string(name, text) != Status::kInvalidArgument) return Status::kOk;
  problem.say(name, " is not a string");
  return Status::kMalformedCredentials;
}

Status find_strings(const Shape& shape, const JsonObject& object, Findings& findings, DocumentProblem& problem) {
  for (size_t field = kKeyId; field <= kExpiration; ++field) {
    const Status status = find_string(object, name_of(shape, field), findings[field], problem);
    if (status != Status::kOk) return status;
  }
  Str code;
  return shape.has_success_code ? find_string(object, "Code", code, problem) : Status::kOk;
}

Status check_version(const JsonObject& object, DocumentProblem& problem) {
  int64_t version = 0;
  const Status status = object.integer("Version", version);
  if (status == Status::kOk && version == 1) return Status::kOk;
  problem.say(status == Status::kNotFound ? "no Version" : "Version is not 1");
  return Status::kMalformedCredentials;
}

bool is_refusal(const Shape& shape, const Findings& findings) {
  if (findings[kCode] == "Success") return false;
  if (shape.has_success_code && !findings[kCode].empty()) return true;
  const bool has_error = !findings[kCode].empty() || !findings[kMessage].empty();
  return has_error && (findings[kKeyId].empty() || findings[kSecret].empty());
}

// Json is large: its frame must be gone before anything else is called.
[[gnu::noinline]] Status read_json(const Shape& shape, MutBytes document, Findings& findings,
                                   DocumentProblem& problem) {
  Json json;
  const Status status = json.parse(document);
  if (status != Status::kOk) {
    problem.say(status == Status::kValueTooLong ? "JSON with too many values" : "not a JSON object");
    return Status::kMalformedCredentials;
  }
  const JsonObject root = json.root(shape.names);
  const JsonObject object = shape.object.empty() ? root : root.object(shape.object);
  find_error(root, findings);
  const Status found = find_strings(shape, object, findings, problem);
  if (is_refusal(shape, findings)) return Status::kCredentialsRefused;
  if (found != Status::kOk) return found;
  if (!object.exists()) problem.say("no object \"", shape.object, "\"");
  if (!object.exists()) return Status::kMalformedCredentials;
  return shape.needs_version ? check_version(root, problem) : Status::kOk;
}

[[gnu::noinline]] Status read_sts(const Shape& shape, MutBytes document, Findings& findings,
                                  DocumentProblem& problem) {
  Str paths =
      "Credentials/AccessKeyId Credentials/SecretAccessKey Credentials/SessionToken AssumedRoleUser/Arn "
      "Credentials/Expiration Error/Code Error/Message";
  XmlField fields[kFields] = {};
  for (XmlField& field : fields) field.path = take_until(paths, ' ');
  if (read_xml(document, fields) != Status::kOk) {
    problem.say("not XML");
    return Status::kMalformedCredentials;
  }
  for (size_t i = 0; i < kFields; ++i) findings[i] = trim_space(fields[i].text);
  findings[kAccount] = account_of(findings[kAccount]);
  return is_refusal(shape, findings) ? Status::kCredentialsRefused : Status::kOk;
}

bool is_value(Str text) {
  for (char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return false;
  }
  return true;
}

Status check_value(Str name, Str text, bool is_required, DocumentProblem& problem) {
  if (is_required && text.empty()) {
    problem.say("no ", name);
    return Status::kMalformedCredentials;
  }
  if (is_value(text)) return Status::kOk;
  problem.say(name, " holds a blank or a control character");
  return Status::kMalformedCredentials;
}

// A shown date is cut, and what is not printable replaced: it goes to people's logs.
Status check_expiration(Str text, bool is_required, UnixTime& time, DocumentProblem& problem) {
  if (text.empty() && is_required) return check_value("Expiration", text, true, problem);
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
  for (size_t field = kKeyId; field <= kAccount; ++field) {
    const Status status = check_value(name_of(shape, field), findings[field], is_required(shape, field), problem);
    if (status != Status::kOk) return status;
  }
  return check_expiration(findings[kExpiration], shape.needs_all, expiration, problem);
}

// Moves the texts, in the order in which they stand, to the front of the document.
void keep_only(MutBytes document, Span<Str*> texts) {
  for (size_t i = 1; i < texts.size(); ++i) {
    for (size_t k = i; k > 0 && texts[k]->data() < texts[k - 1]->data(); --k) {
      Str* const moved = texts[k];
      texts[k] = texts[k - 1];
      texts[k - 1] = moved;
    }
  }
  size_t end = 0;
  for (Str* text : texts) {
    if (!text->empty()) std::memmove(document.data() + end, text->data(), text->size());
    *text = text->empty() ? Str() : Str(document.data() + end, text->size());
    end += text->size();
  }
  wipe(document.data() + end, document.size() - end);
}

Status read(const Shape& shape, bool is_xml, MutBytes document, Findings& findings, UnixTime& expiration,
            DocumentProblem& problem) {
  if (is_blank_text({document.data(), document.size()})) {
    problem.say("empty");
    return Status::kMalformedCredentials;
  }
  const Status status =
      is_xml ? read_sts(shape, document, findings, problem) : read_json(shape, document, findings, problem);
  return status == Status::kOk ? check(shape, findings, expiration, problem) : status;
}

Status refuse(MutBytes document, const Findings& findings, DocumentProblem& problem) {
  problem.say("an error in place of credentials");
  problem.code = findings[kCode];
  problem.message = findings[kMessage];
  Str* kept[] = {&problem.code, &problem.message};
  keep_only(document, kept);
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
  const bool is_xml = format == CredentialsFormat::kAssumeRole;
  const Status status = read(shape, is_xml, document, findings, expiration, problem);
  if (status == Status::kCredentialsRefused) return refuse(document, findings, problem);
  if (status != Status::kOk) {
    wipe(document.data(), document.size());
    return status;
  }
  credentials.access_key_id = findings[kKeyId];
  credentials.secret_access_key = findings[kSecret];
  credentials.session_token = findings[kToken];
  credentials.account_id = findings[kAccount];
  credentials.expiration = expiration;
  Str* kept[] = {&credentials.access_key_id, &credentials.secret_access_key, &credentials.session_token,
                 &credentials.account_id};
  keep_only(document, kept);
  return Status::kOk;
}

}  // namespace tinyaws
