// Covers C26: documents that are none, and long tokens.
#include "credentials/credentials_document.h"

#include <string>

#include "check.h"
#include "text/json.h"

using namespace tinyaws;

namespace {

using Format = CredentialsFormat;

// A document and what was read of it.
struct Result {
  Result(Format format, std::string document) : memory(std::move(document)) {
    credentials.access_key_id = "stale";
    problem.code = "stale";
    problem.say("stale");
    status = read_credentials(format, {&memory[0], memory.size()}, credentials, problem);
  }

  std::string memory;
  Credentials credentials;
  DocumentProblem problem;
  Status status;
};

std::string text(Str view) {
  return std::string(view);
}

// "key id|secret|token|account|expiration", or the status and the problem's words.
std::string summary(const Result& result) {
  const Credentials& c = result.credentials;
  if (result.status == Status::kOk) {
    const bool expires = c.expiration.seconds != kNoExpiration.seconds;
    return text(c.access_key_id) + "|" + text(c.secret_access_key) + "|" + text(c.session_token) + "|" +
           text(c.account_id) + "|" + (expires ? std::to_string(c.expiration.seconds) : "never");
  }
  return text(name(result.status)) + ": " + text(result.problem.words());
}

bool is_empty(const Credentials& c) {
  return c.access_key_id.empty() && c.secret_access_key.empty() && c.session_token.empty() && c.account_id.empty() &&
         c.expiration.seconds == kNoExpiration.seconds;
}

void assert_zero_from(const std::string& memory, size_t begin) {
  for (size_t i = begin; i < memory.size(); ++i) assert_int_equal(memory[i], 0);
}

// What is kept stands at the front, one after the other, and nothing else is left.
void check_memory(const Result& result) {
  size_t kept = 0;
  for (Str view :
       {result.credentials.access_key_id, result.credentials.secret_access_key, result.credentials.session_token,
        result.credentials.account_id, result.problem.code, result.problem.message}) {
    if (view.empty()) continue;
    assert_true(view.data() >= result.memory.data());
    kept += view.size();
    assert_true(view.data() + view.size() <= result.memory.data() + result.memory.size());
  }
  assert_zero_from(result.memory, kept);
}

void assert_read(Format format, const std::string& document, const std::string& expected) {
  const Result result(format, document);
  const bool has_words = result.status != Status::kOk && kWithWords;
  const bool is_cut = result.status != Status::kOk && !kWithWords;
  assert_text(summary(result), is_cut ? expected.substr(0, expected.find(": ") + 2) : expected);
  assert_true(result.problem.words().empty() != has_words);
  assert_true(result.status == Status::kOk || is_empty(result.credentials));
  assert_int_equal(result.credentials.issued.seconds, 0);
  assert_false(result.credentials.outlives_expiration);
  check_memory(result);
}

void assert_malformed(Format format, const std::string& document, const std::string& words) {
  assert_read(format, document, "kMalformedCredentials: " + words);
  const Result result(format, document);
  assert_true(result.problem.code.empty() && result.problem.message.empty());
  assert_zero_from(result.memory, 0);
}

void assert_refused(Format format, const std::string& document, Str code, Str message) {
  assert_read(format, document, "kCredentialsRefused: an error in place of credentials");
  const Result result(format, document);
  assert_text(result.problem.code, code);
  assert_text(result.problem.message, message);
}

const std::string kExpires = R"("Expiration":"2021-09-21T04:16:53Z")";
const std::string kKeys = R"("AccessKeyId":"A","SecretAccessKey":"S")";

std::string sts(const std::string& credentials, const std::string& before = "") {
  return "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <AssumeRoleResult>\n" + before +
         "<Credentials>\n" + credentials +
         "</Credentials></AssumeRoleResult>\n<ResponseMetadata><RequestId>x</RequestId></ResponseMetadata>\n"
         "</AssumeRoleResponse>\n";
}

const std::string kStsKeys =
    "<AccessKeyId>A</AccessKeyId>\n<SecretAccessKey>S/+=</SecretAccessKey><SessionToken>T</SessionToken>";
const std::string kStsExpires = "<Expiration>2021-08-05T19:58:02Z</Expiration>";

void instance_metadata(void**) {
  assert_read(Format::kMetadata,
              R"({"Code": "Success", "LastUpdated": "2021-09-20T21:42:26Z", "Type": "AWS-HMAC", )"
              R"("AccessKeyId": "ASIARTEST", "SecretAccessKey": "testsecret", "Token": "testtoken", )" +
                  kExpires + "}",
              "ASIARTEST|testsecret|testtoken||1632197813");
  assert_read(Format::kMetadata, "{\n  \"Token\" : \"T\",\n" + kKeys + "," + kExpires + "\n}\n", "A|S|T||1632197813");
  assert_read(Format::kMetadata,
              R"({"Code":"Success","AccessKeyId":"\u0041SIA","SecretAccessKey":"a\/b\u002bc",)"
              R"("Token":"t\"q\\\u00e9",)" +
                  kExpires + "}",
              "ASIA|a/b+c|t\"q\\\xc3\xa9||1632197813");
  assert_read(
      Format::kMetadata,
      "{" + kKeys + R"(,"Token":"T","Extra":{"a":[1,{"b":"}"}]},"AccountId":"123456789012",)" + kExpires + "}",
      "A|S|T|123456789012|1632197813");
}

void missing_members(void**) {
  const Format m = Format::kMetadata;
  const std::string t = R"("Token":"T",)";
  assert_malformed(m, "{" + t + R"("SecretAccessKey":"S",)" + kExpires + "}", "no AccessKeyId");
  assert_malformed(m, "{" + t + R"("AccessKeyId":"A",)" + kExpires + "}", "no SecretAccessKey");
  assert_malformed(m, "{" + kKeys + "," + kExpires + "}", "no Token");
  assert_malformed(m, "{" + t + kKeys + "}", "no Expiration");
  assert_malformed(m, R"({"Code":"Success"})", "no AccessKeyId");
  assert_malformed(m, R"({"AccessKeyId":"A","SecretAccessKey":"","Token":"T",)" + kExpires + "}",
                   "no SecretAccessKey");
  assert_malformed(m, R"({"AccessKeyId":null,"SecretAccessKey":"S","Token":"T",)" + kExpires + "}", "no AccessKeyId");
  assert_malformed(m, R"({"AccessKeyId":"A","AccessKeyId":null,"SecretAccessKey":"S","Token":"T",)" + kExpires + "}",
                   "no AccessKeyId");
  assert_malformed(m, R"({"x":{"AccessKeyId":"A"},"SecretAccessKey":"S","Token":"T",)" + kExpires + "}",
                   "no AccessKeyId");
  assert_malformed(m, R"({"accesskeyid":"A","SecretAccessKey":"S","Token":"T",)" + kExpires + "}", "no AccessKeyId");
}

void members_of_another_kind(void**) {
  const Format c = Format::kContainer;
  assert_malformed(c, R"({"AccessKeyId":1,"SecretAccessKey":"S"})", "AccessKeyId is not a string");
  assert_malformed(c, R"({"AccessKeyId":"A","SecretAccessKey":["S"]})", "SecretAccessKey is not a string");
  assert_malformed(c, "{" + kKeys + R"(,"Token":{}})", "Token is not a string");
  assert_malformed(c, "{" + kKeys + R"(,"Expiration":1632197813})", "Expiration is not a string");
  assert_malformed(c, "{" + kKeys + R"(,"AccountId":123456789012})", "AccountId is not a string");
  assert_malformed(Format::kMetadata, "{\"Code\":0,\"Token\":\"T\"," + kKeys + "," + kExpires + "}",
                   "Code is not a string");
}

void values_that_fit_no_header_field(void**) {
  for (const char* bad : {"a b", " a", "a ", "a\\n", "a\\r", "a\\tb", "a\\u0000b", "\\u001f", "a\\u007f"}) {
    const std::string value = "\"" + std::string(bad) + "\"";
    assert_malformed(Format::kContainer, "{\"SecretAccessKey\":\"S\",\"AccessKeyId\":" + value + "}",
                     "AccessKeyId holds a blank or a control character");
    assert_malformed(Format::kContainer, "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":" + value + "}",
                     "SecretAccessKey holds a blank or a control character");
    assert_malformed(Format::kContainer, "{" + kKeys + ",\"Token\":" + value + "}",
                     "Token holds a blank or a control character");
    assert_malformed(Format::kContainer, "{" + kKeys + ",\"AccountId\":" + value + "}",
                     "AccountId holds a blank or a control character");
  }
}

void dates(void**) {
  const auto with = [](const std::string& date) { return "{" + kKeys + ",\"Expiration\":\"" + date + "\"}"; };
  assert_read(Format::kContainer, with("2021-09-21T04:16:53.000Z"), "A|S|||1632197813");
  assert_read(Format::kContainer, with("2021-09-20T21:16:53-07:00"), "A|S|||1632197813");
  assert_read(Format::kContainer, with(""), "A|S|||never");
  assert_malformed(Format::kContainer, with("x"), "Expiration \"x\" is no date");
  assert_malformed(Format::kContainer, with("2021-02-30T00:00:00Z"),
                   "Expiration \"2021-02-30T00:00:00Z\" is no date");
  assert_malformed(Format::kContainer, with("a\\n\\u00e9\\\"b"), "Expiration \"a???\"b\" is no date");
  assert_malformed(Format::kContainer, with(std::string(32, 'y')),
                   "Expiration \"" + std::string(32, 'y') + "\" is no date");
  assert_malformed(Format::kContainer, with(std::string(5000, 'y')),
                   "Expiration \"" + std::string(32, 'y') + "...\" is no date");
}

void containers(void**) {
  assert_read(Format::kContainer, "{" + kKeys + "}", "A|S|||never");
  assert_read(Format::kContainer, "{" + kKeys + R"(,"Token":null,"Expiration":null,"AccountId":null})",
              "A|S|||never");
  assert_read(Format::kContainer,
              R"({"RoleArn":"arn:aws:iam::123456789:role/r",)" + kKeys +
                  R"(,"Token":"T","AccountId":"012345678901","Expiration" : "2009-02-13T23:31:30Z"})",
              "A|S|T|012345678901|1234567890");
  assert_malformed(Format::kContainer, R"({"AccessKeyId":"A","Token":"T",)" + kExpires + "}", "no SecretAccessKey");
}

void iot(void**) {
  assert_read(Format::kIot,
              R"({"credentials": {"accessKeyId": "ASIAIOT", "secretAccessKey": "iotsecret", )"
              R"("sessionToken": "iottoken", "expiration": "2021-09-21T04:16:53.000Z"}})",
              "ASIAIOT|iotsecret|iottoken||1632197813");
  assert_read(Format::kIot, R"({"Credentials":{"SessionToken":"T",)" + kKeys + "," + kExpires + "}}",
              "A|S|T||1632197813");
  assert_malformed(Format::kIot, R"({"credentials":{"accessKeyId":"A","secretAccessKey":"S","sessionToken":"T"}})",
                   "no credentials/Expiration");
  assert_malformed(Format::kIot, R"({"credentials":{"accessKeyId":"A","secretAccessKey":"S",)" + kExpires + "}}",
                   "no credentials/SessionToken");
  assert_malformed(Format::kIot, R"({"NotTheExpectedDocumentFormat":"Error"})", "no credentials/AccessKeyId");
  assert_malformed(Format::kIot, R"({"credentials":"x"})", "no credentials/AccessKeyId");
  assert_malformed(Format::kIot, R"({"x":{"accessKeyId":1},"credentials":["x",{"accessKeyId":"A"}]})",
                   "no credentials/AccessKeyId");
  assert_malformed(Format::kIot, R"({"credentials":{"accessKeyId":1}})", "credentials/AccessKeyId is not a string");
  assert_malformed(Format::kIot, "{\"SessionToken\":\"T\"," + kKeys + "," + kExpires + "}",
                   "no credentials/AccessKeyId");
}

void processes(void**) {
  assert_read(Format::kProcess, "{\"Version\":1," + kKeys + "}\n", "A|S|||never");
  assert_read(Format::kProcess,
              "{\"Version\": 1," + kKeys + R"(,"SessionToken":"T","AccountId":"1",)" + kExpires + "}",
              "A|S|T|1|1632197813");
  assert_malformed(Format::kProcess, "{" + kKeys + "}", "no Version");
  for (const char* other : {"2", "0", "-1", "\"1\"", "1.0", "1e0", "true", "11", "{}"}) {
    assert_malformed(Format::kProcess, "{\"Version\":" + std::string(other) + "," + kKeys + "}", "Version is not 1");
  }
  assert_malformed(Format::kProcess, R"({"Version":1,"SecretAccessKey":"S"})", "no AccessKeyId");
  assert_malformed(Format::kProcess, "{\"Version\":1," + kKeys + "} ok", "not a JSON object");
}

void assumed_roles(void**) {
  assert_read(Format::kAssumeRole, sts(kStsKeys + kStsExpires), "A|S/+=|T||1628193482");
  assert_read(Format::kAssumeRole,
              sts(kStsKeys + kStsExpires,
                  "<AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId><Arn>arn:aws:sts::123456789012:"
                  "assumed-role/r/s</Arn></AssumedRoleUser>"),
              "A|S/+=|T|123456789012|1628193482");
  assert_read(Format::kAssumeRole,
              "<?xml version='1.0'?><s:R xmlns:s='x'><s:Credentials>" +
                  std::string("<s:Expiration> 2021-08-05T19:58:02Z\n</s:Expiration><s:SessionToken><![CDATA[T&]]>") +
                  "</s:SessionToken><s:SecretAccessKey>&lt;&#x53;</s:SecretAccessKey><s:AccessKeyId>\n A<!-- -->B\t"
                  "</s:AccessKeyId></s:Credentials><AssumedRoleUser><Arn>arn:aws-cn:sts::1:r</Arn></AssumedRoleUser>"
                  "</s:R>",
              "AB|<S|T&|1|1628193482");
  for (const char* arn : {"", "x", "arn:aws:sts::123", "arn:aws:sts:::r", "arn:aws:sts::12a:r", "urn:a:b:c:1:r"}) {
    assert_read(Format::kAssumeRole,
                sts(kStsKeys + kStsExpires, "<AssumedRoleUser><Arn>" + std::string(arn) + "</Arn></AssumedRoleUser>"),
                "A|S/+=|T||1628193482");
  }
}

void malformed_answers_of_sts(void**) {
  assert_malformed(Format::kAssumeRole, sts(kStsKeys), "no Credentials/Expiration");
  assert_malformed(Format::kAssumeRole, sts(kStsExpires), "no Credentials/AccessKeyId");
  assert_malformed(Format::kAssumeRole, sts(kStsKeys + "<Expiration>soon</Expiration>"),
                   "Expiration \"soon\" is no date");
  assert_malformed(Format::kAssumeRole, sts("<AccessKeyId>A B</AccessKeyId><SecretAccessKey>S</SecretAccessKey>"),
                   "Credentials/AccessKeyId holds a blank or a control character");
  assert_malformed(Format::kAssumeRole, "<!DOCTYPE html>" + sts(kStsKeys + kStsExpires), "not XML");
  assert_malformed(Format::kAssumeRole, "{" + kKeys + "}", "not XML");
  assert_malformed(Format::kAssumeRole, "<html>login</html>", "no Credentials/AccessKeyId");
}

void what_is_no_document(void**) {
  for (Format format : {Format::kMetadata, Format::kContainer, Format::kIot, Format::kProcess, Format::kAssumeRole}) {
    assert_malformed(format, "", "empty");
    assert_malformed(format, " \r\n", "empty");
    const char* const words = format == Format::kAssumeRole ? "not XML" : "not a JSON object";
    assert_malformed(format, "x", words);
    assert_malformed(format, "[]", words);
    assert_malformed(format, "{\"AccessKeyId\":", words);
  }
  assert_malformed(Format::kMetadata, "<html>login</html>", "not a JSON object");
  const std::string deep = std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']');
  assert_malformed(Format::kContainer, "{" + kKeys + ",\"x\":" + deep + "}", "JSON that is too deep");
}

void any_number_of_members(void**) {
  std::string many = "{" + kKeys + ",\"x\":[0";
  for (int i = 0; i < 1000; ++i) many += ",{\"AccessKeyId\":\"B\"}";
  assert_read(Format::kContainer, many + "]}", "A|S|||never");
}

void refusals(void**) {
  assert_refused(Format::kMetadata,
                 R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role my-role.",)"
                 R"("LastUpdated":"2021-09-20T21:42:26Z"})",
                 "AssumeRoleUnauthorizedAccess", "EC2 cannot assume the role my-role.");
  assert_refused(Format::kMetadata, "{\"Code\":\"Failed\",\"Token\":\"T\"," + kKeys + "," + kExpires + "}", "Failed",
                 "");
  assert_refused(Format::kMetadata, "{\"Code\":\"success\",\"Token\":\"T\"," + kKeys + "," + kExpires + "}",
                 "success", "");
  assert_refused(Format::kContainer, R"({"message":"no\/","code":"AccessDenied"})", "AccessDenied", "no/");
  assert_refused(Format::kContainer, R"({"__type":"com.amazonaws.x#Denied:http://y/","Message":"m"})", "Denied", "m");
  assert_refused(Format::kContainer, R"({"code":"C","AccessKeyId":"A"})", "C", "");
  assert_refused(Format::kIot, R"({"message":"Access Denied"})", "", "Access Denied");
  assert_refused(Format::kIot, R"({"Message":"m","credentials":{"accessKeyId":"A"}})", "", "m");
  assert_refused(Format::kAssumeRole,
                 "<ErrorResponse xmlns=\"x\">\n<Error><Type>Sender</Type>\n<Code>InvalidIdentityToken</Code>"
                 "<Message>No &quot;provider&quot;</Message></Error><RequestId>1</RequestId></ErrorResponse>",
                 "InvalidIdentityToken", "No \"provider\"");
  assert_read(Format::kContainer, "{\"message\":\"hello\"," + kKeys + "}", "A|S|||never");
}

void long_tokens(void**) {
  std::string raw, escaped;
  for (int i = 0; i < 4096; ++i) {
    const bool slash = i % 3 == 0;
    raw += slash ? '/' : static_cast<char>('a' + i % 26);
    escaped += slash ? "\\/" : std::string(1, raw.back());
  }
  const std::string keys = R"("AccessKeyId":"A","SecretAccessKey":"S",)";
  assert_read(Format::kMetadata, "{\"Token\":\"" + escaped + "\"," + keys + kExpires + "}",
              "A|S|" + raw + "||1632197813");
  assert_read(Format::kMetadata, "{" + keys + kExpires + ",\"Token\":\"" + escaped + "\"}",
              "A|S|" + raw + "||1632197813");
  assert_read(Format::kAssumeRole,
              sts("<SessionToken>" + raw + "</SessionToken><AccessKeyId>A</AccessKeyId>" +
                  "<SecretAccessKey>S</SecretAccessKey>" + kStsExpires),
              "A|S|" + raw + "||1628193482");
}

// A document that says "secret" all over: of it nothing remains but the members that are handed over.
void nothing_is_left_of_other_members(void**) {
  const Result result(Format::kContainer,
                      R"({"x":"secret","SecretAccessKey":"old-secret","SecretAccessKey":"new","y":["secret"],)"
                      R"("AccessKeyId":"A","z":"secret"})");
  assert_text(summary(result), "A|new|||never");
  assert_true(result.memory.find("secret") == std::string::npos);
  assert_text(Str(result.memory.data(), 5), Str("newA\0", 5));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(instance_metadata),
      cmocka_unit_test(missing_members),
      cmocka_unit_test(members_of_another_kind),
      cmocka_unit_test(values_that_fit_no_header_field),
      cmocka_unit_test(dates),
      cmocka_unit_test(containers),
      cmocka_unit_test(iot),
      cmocka_unit_test(processes),
      cmocka_unit_test(assumed_roles),
      cmocka_unit_test(malformed_answers_of_sts),
      cmocka_unit_test(what_is_no_document),
      cmocka_unit_test(any_number_of_members),
      cmocka_unit_test(refusals),
      cmocka_unit_test(long_tokens),
      cmocka_unit_test(nothing_is_left_of_other_members),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
