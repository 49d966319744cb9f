// Documents of credentials that were cut short or damaged. Every prefix of a valid document is refused; whatever a
// byte is changed to, taken out or doubled, the document is read within its memory, which ends at a guard page, and
// what comes of it stands at its front, with zeros behind.
#include <cstring>
#include <random>
#include <vector>

#include "../fakes/check.h"
#include "../fakes/guarded_buffer.h"
#include "credentials/credentials_document.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

using Format = CredentialsFormat;

struct Sample {
  std::string name;
  Format format;
  std::string document;
};

const std::vector<Sample>& samples() {
  static const std::vector<Sample> kSamples = {
      {"instance metadata", Format::kMetadata,
       "{\n  \"Code\" : \"Success\",\n  \"LastUpdated\" : \"2021-09-21T17:31:21Z\",\n  \"Type\" : \"AWS-HMAC\",\n"
       "  \"AccessKeyId\" : \"ASIATOPSECRET\",\n  \"SecretAccessKey\" : \"a\\/TOPSECRET\\u002b\",\n"
       "  \"Token\" : \"\\ud83d\\ude00TOPSECRET\\\"\",\n  \"Expiration\" : \"2021-09-21T23:33:13Z\"\n}"},
      {"container", Format::kContainer,
       R"({"RoleArn":"arn:aws:iam::1:role\/r","AccessKeyId":"ASIATOPSECRET","x":[1,{"y":-0.5e3},null,true],)"
       R"("SecretAccessKey":"TOPSECRET","Token":"TOPSECRET","AccountId":"012345678901",)"
       R"("Expiration" : "2009-02-13T23:31:30Z"})"},
      {"IoT", Format::kIot,
       R"({"credentials": {"accessKeyId": "ASIATOPSECRET", "secretAccessKey": "TOPSECRET", )"
       R"("sessionToken": "TOPSECRET\\", "expiration": "2021-09-21T04:16:53.000Z"}})"},
      {"process", Format::kProcess, R"({"Version":1,"AccessKeyId":"ATOPSECRET","SecretAccessKey":"TOPSECRET"})"},
      {"assumed role", Format::kAssumeRole,
       "<?xml version=\"1.0\"?><!-- x -->\n<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
       "<AssumeRoleResult><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn></AssumedRoleUser>\n"
       "<Credentials><AccessKeyId>ASIATOPSECRET</AccessKeyId><SecretAccessKey>TOP&#x53;ECRET&amp;</SecretAccessKey>"
       "<SessionToken><![CDATA[TOPSECRET]]></SessionToken><Expiration>2021-08-05T19:58:02Z</Expiration>\n"
       "</Credentials></AssumeRoleResult><x/></AssumeRoleResponse>"},
      {"refusal in JSON", Format::kContainer, R"({"message":"no\/\u00e9","code":"x#AccessDenied:y"})"},
      {"refusal in XML", Format::kAssumeRole,
       "<ErrorResponse><Error><Code>A</Code><Message>b &lt;c&gt;</Message></Error></ErrorResponse>"},
  };
  return kSamples;
}

// Reads a copy of `document` at the end of the buffer, and checks all that holds whatever is read.
Status read_at_guard(const GuardedBuffer& buffer, Format format, const std::string& document,
                     const std::string& what) {
  const MutBytes memory = buffer.last(document.size());
  if (!document.empty()) memcpy(memory.data(), document.data(), document.size());
  Credentials credentials;
  DocumentProblem problem;
  const Status status = read_credentials(format, memory, credentials, problem);
  CHECK(status == Status::kOk || status == Status::kMalformedCredentials || status == Status::kCredentialsRefused,
        what + ": " + text(status));
  CHECK(problem.words().empty() == (status == Status::kOk), what + ": words");
  CHECK(credentials.access_key_id.empty() == (status != Status::kOk), what + ": key id");
  CHECK(credentials.secret_access_key.empty() == (status != Status::kOk), what + ": secret");
  size_t kept = 0;
  for (Str view : {credentials.access_key_id, credentials.secret_access_key, credentials.session_token,
                   credentials.account_id, problem.code, problem.message}) {
    CHECK(view.empty() || (view.data() >= memory.begin() && view.data() + view.size() <= memory.end()),
          what + ": a view that leaves the document");
    kept += view.size();
  }
  const Bytes rest(memory.data() + kept, memory.size() - kept);
  CHECK(rest.find_first_not_of(Str("\0", 1)) == Bytes::npos, what + ": not wiped");
  if (status == Status::kMalformedCredentials) CHECK(kept == 0, what + ": something is kept");
  return status;
}

// Whatever comes of it.
void try_at_guard(const GuardedBuffer& buffer, Format format, const std::string& document, const std::string& what) {
  const Status status = read_at_guard(buffer, format, document, what);
  (void)status;
}

bool is_whole(Status status, const Sample& sample) {
  return status == (sample.name.find("refusal") == 0 ? Status::kCredentialsRefused : Status::kOk);
}

void every_prefix_is_refused(void**) {
  for (const Sample& sample : samples()) {
    const GuardedBuffer buffer(sample.document.size());
    const size_t whole = sample.document.size();
    for (size_t size = 0; size < whole; ++size) {
      const std::string prefix = sample.document.substr(0, size);
      const std::string what = sample.name + ", the first " + std::to_string(size) + " bytes";
      CHECK_STATUS(read_at_guard(buffer, sample.format, prefix, what), Status::kMalformedCredentials, what);
    }
    CHECK(is_whole(read_at_guard(buffer, sample.format, sample.document, sample.name), sample), sample.name);
  }
}

void every_suffix(void**) {
  for (const Sample& sample : samples()) {
    const GuardedBuffer buffer(sample.document.size());
    for (size_t from = 1; from < sample.document.size(); ++from) {
      const std::string what = sample.name + ", without its first " + std::to_string(from) + " bytes";
      try_at_guard(buffer, sample.format, sample.document.substr(from), what);
    }
  }
}

void every_byte_changed_to_every_other(void**) {
  for (const Sample& sample : samples()) {
    const GuardedBuffer buffer(sample.document.size());
    for (size_t at = 0; at < sample.document.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string changed = sample.document;
        changed[at] = static_cast<char>(byte);
        const std::string what = sample.name + ", byte " + std::to_string(at) + " is " + std::to_string(byte);
        try_at_guard(buffer, sample.format, changed, what);
      }
    }
  }
}

void every_byte_left_out_or_doubled(void**) {
  for (const Sample& sample : samples()) {
    const GuardedBuffer buffer(sample.document.size() + 1);
    for (size_t at = 0; at < sample.document.size(); ++at) {
      std::string shorter = sample.document, longer = sample.document;
      shorter.erase(at, 1);
      longer.insert(at, 1, sample.document[at]);
      try_at_guard(buffer, sample.format, shorter, sample.name + ", without byte " + std::to_string(at));
      try_at_guard(buffer, sample.format, longer, sample.name + ", byte " + std::to_string(at) + " doubled");
    }
  }
}

// Marks of both languages in any order, which random bytes would hardly ever form.
void random_marks(void**) {
  static const char* const kMarks[] = {
      "{",  "}",  "[",    "]",       "\"",        ":",    ",",          "\\",   "\\u",
      "12", "\n", "<",    ">",       "</",        "/>",   "<a>",        "</a>", "&",
      ";",  "&#", "<!--", "-->",     "<![CDATA[", "]]>",  "<?",         "?>",   "\"AccessKeyId\"",
      "=",  "'",  "a",    "\\ud800", "null",      "\xff", "\"a\":\"b\""};
  std::mt19937 random(3);
  const GuardedBuffer buffer(4096);
  for (int i = 0; i < 50000; ++i) {
    std::string document = i % 2 == 0 ? "{" : "<a>";
    for (size_t n = random() % 40; n > 0; --n) document += kMarks[random() % (sizeof kMarks / sizeof *kMarks)];
    const auto format = static_cast<Format>(random() % 5);
    try_at_guard(buffer, format, document, printable(document));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(every_prefix_is_refused),
      cmocka_unit_test(every_suffix),
      cmocka_unit_test(every_byte_changed_to_every_other),
      cmocka_unit_test(every_byte_left_out_or_doubled),
      cmocka_unit_test(random_marks),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
