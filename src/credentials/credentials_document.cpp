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

constexpr Str kKeyId = "AccessKeyId";
constexpr Str kSecret = "SecretAccessKey";
constexpr Str kExpirationName = "Expiration";
constexpr Str kAccountId = "AccountId";

// What a document says, before it is judged.
struct Findings {
  Str key_id;
  Str secret;
  Str token;
  Str expiration;
  Str account;
  Str code;
  Str message;
};

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

Str first_string(const JsonObject& object, Str a, Str b, Str c = {}) {
  Str text;
  for (Str name : {a, b, c}) {
    if (!name.empty() && object.string(name, text) == Status::kOk && !text.empty()) return text;
  }
  return {};
}

void find_error(const JsonObject& object, Findings& findings) {
  findings.code = without_namespace(first_string(object, "Code", "code", "__type"));
  findings.message = first_string(object, "Message", "message");
}

// A member that is there and is no string must not pass for a missing one: credentials whose Expiration can't be read
// would never expire.
Status find_string(const JsonObject& object, Str name, Str& text, DocumentProblem& problem) {
  if (object.string(name, text) != Status::kInvalidArgument) return Status::kOk;
  problem.say(name, " is not a string");
  return Status::kMalformedCredentials;
}

Status find_strings(const Shape& shape, const JsonObject& object, Findings& findings, DocumentProblem& problem) {
  Str code;
  Status status = find_string(object, kKeyId, findings.key_id, problem);
  if (status == Status::kOk) status = find_string(object, kSecret, findings.secret, problem);
  if (status == Status::kOk) status = find_string(object, shape.token, findings.token, problem);
  if (status == Status::kOk) status = find_string(object, kExpirationName, findings.expiration, problem);
  if (status == Status::kOk) status = find_string(object, kAccountId, findings.account, problem);
  if (status != Status::kOk || !shape.has_success_code) return status;
  return find_string(object, "Code", code, problem);
}

Status check_version(const JsonObject& object, DocumentProblem& problem) {
  int64_t version = 0;
  const Status status = object.integer("Version", version);
  if (status == Status::kOk && version == 1) return Status::kOk;
  problem.say(status == Status::kNotFound ? "no Version" : "Version is not 1");
  return Status::kMalformedCredentials;
}

bool is_refusal(const Shape& shape, const Findings& findings) {
  if (findings.code == "Success") return false;
  if (shape.has_success_code && !findings.code.empty()) return true;
  const bool has_error = !findings.code.empty() || !findings.message.empty();
  return has_error && (findings.key_id.empty() || findings.secret.empty());
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
  XmlField fields[] = {{"Credentials/AccessKeyId"},
                       {"Credentials/SecretAccessKey"},
                       {"Credentials/SessionToken"},
                       {"Credentials/Expiration"},
                       {"AssumedRoleUser/Arn"},
                       {"Error/Code"},
                       {"Error/Message"}};
  if (read_xml(document, fields) != Status::kOk) {
    problem.say("not XML");
    return Status::kMalformedCredentials;
  }
  findings = {trim_space(fields[0].text),
              trim_space(fields[1].text),
              trim_space(fields[2].text),
              trim_space(fields[3].text),
              account_of(trim_space(fields[4].text)),
              trim_space(fields[5].text),
              trim_space(fields[6].text)};
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
  if (text.empty() && is_required) return check_value(kExpirationName, text, true, problem);
  if (text.empty() || parse_iso8601(text, time) == Status::kOk) return Status::kOk;
  char quoted[kMaxQuoted];
  const size_t size = text.size() < kMaxQuoted ? text.size() : kMaxQuoted;
  for (size_t i = 0; i < size; ++i) quoted[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
  problem.say(kExpirationName, " \"", {quoted, size});
  problem.say(problem.words(), size < text.size() ? "...\"" : "\"", " is no date");
  return Status::kMalformedCredentials;
}

Status check(const Shape& shape, const Findings& findings, UnixTime& expiration, DocumentProblem& problem) {
  Status status = check_value(kKeyId, findings.key_id, true, problem);
  if (status == Status::kOk) status = check_value(kSecret, findings.secret, true, problem);
  if (status == Status::kOk) status = check_value(shape.token, findings.token, shape.needs_all, problem);
  if (status == Status::kOk) status = check_value(kAccountId, findings.account, false, problem);
  if (status != Status::kOk) return status;
  return check_expiration(findings.expiration, shape.needs_all, expiration, problem);
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
  problem.code = findings.code;
  problem.message = findings.message;
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
  credentials.access_key_id = findings.key_id;
  credentials.secret_access_key = findings.secret;
  credentials.session_token = findings.token;
  credentials.account_id = findings.account;
  credentials.expiration = expiration;
  Str* kept[] = {&credentials.access_key_id, &credentials.secret_access_key, &credentials.session_token,
                 &credentials.account_id};
  keep_only(document, kept);
  return Status::kOk;
}

}  // namespace tinyaws
