// What STS is asked, whom, and who signs; what is made of each kind of answer.
#include "fakes/check_words.h"
#include "sts_fixture.h"

using namespace test;

namespace {

using Form = std::map<std::string, std::string>;

void check_form(const Form& actual, const Form& expected, const std::string& what) {
  std::string a, b;
  for (const auto& one : actual) a += one.first + "=" + one.second + "\n";
  for (const auto& one : expected) b += one.first + "=" + one.second + "\n";
  CHECK_TEXT(a, b, what);
}

void assume_role(void**) {
  StsWorld world;
  world.question.session_name = "me@device=1,a.b-c";
  world.question.external_id = "ext/1:2";
  world.question.duration_seconds = "900";
  check_role_given(world, "AssumeRole");
  check_form(world.form(),
             {{"Action", "AssumeRole"},
              {"Version", "2011-06-15"},
              {"RoleArn", kRole},
              {"RoleSessionName", "me@device=1,a.b-c"},
              {"ExternalId", "ext/1:2"},
              {"DurationSeconds", "900"}},
             "all values");
  CHECK_TEXT(world.last_signer, "AKIDSOURCE", "who signed");
  CHECK_TEXT(world.transport.requests(), "POST sts.eu-west-1.amazonaws.com/\n", "one request");
  const SentRequest sent = parse_sent(world.transport.heard[0].bytes);
  CHECK(sent.one("content-type").find("application/x-www-form-urlencoded") == 0, sent.one("content-type"));
  CHECK(is_signed(sent, "content-type") && is_signed(sent, "host"), signed_names(sent));
  CHECK_TEXT(sent.one("host"), kStsHost, "host");
  CHECK_WORDS_TEXT(world.call().remark(), "", "nothing to remark");
}

void a_token_of_the_source(void**) {
  StsWorld world;
  world.source.token = std::string(4096, 'q');
  world.know("AKIDSOURCE", world.source.secret, world.source.token);
  check_role_given(world, "signed with a session token");
}

void defaults(void**) {
  StsWorld world;
  check_role_given(world, "defaults");
  check_form(world.form(),
             {{"Action", "AssumeRole"},
              {"Version", "2011-06-15"},
              {"RoleArn", kRole},
              {"RoleSessionName", "tinyaws-1440938160"}},
             "empty values are left out");
  world.time.pass(5000);
  check_role_given(world, "later");
  CHECK_TEXT(world.form().at("RoleSessionName"), "tinyaws-1440938165", "the name follows the clock");
}

void web_identity(void**) {
  StsWorld world;
  world.use_web_identity();
  world.question.session_name = "s1";
  world.question.external_id = "of AssumeRole only";
  check_role_given(world, "web identity");
  check_form(world.form(),
             {{"Action", "AssumeRoleWithWebIdentity"},
              {"Version", "2011-06-15"},
              {"RoleArn", kRole},
              {"RoleSessionName", "s1"},
              {"WebIdentityToken", kJwt}},
             "web identity");
  const SentRequest sent = parse_sent(world.transport.heard[0].bytes);
  for (const char* name : {"authorization", "x-amz-date", "x-amz-security-token"}) {
    CHECK(sent.all(name).empty(), std::string("unsigned, but there is ") + name);
  }
  CHECK(sent.one("content-type").find("application/x-www-form-urlencoded") == 0, sent.one("content-type"));
  world.files.table[kTokenPath] = "rotated.token";
  world.transport.heard.clear();
  check_role_given(world, "rotated");
  CHECK_TEXT(world.form().at("WebIdentityToken"), "rotated.token", "read anew");
}

void check_host(StsWorld& world, const std::string& host, const std::string& what) {
  std::string asked;
  world.transport.servers[host] = world.transport.servers[kStsHost];
  world.transport.heard.clear();
  check_role_given(world, what);
  CHECK_TEXT(world.transport.heard.back().host, host, what);
}

void regions(void**) {
  StsWorld world;
  world.question.place.region = "us-west-2";
  check_host(world, "sts.us-west-2.amazonaws.com", "given");
  world.question.place.region = "cn-north-1";
  check_host(world, "sts.cn-north-1.amazonaws.com.cn", "another partition");
  world.question.place.region = "";
  check_host(world, "sts.eu-west-1.amazonaws.com", "AWS_REGION");
  world.environment.table.erase("AWS_REGION");
  check_host(world, "sts.us-east-1.amazonaws.com", "no region at all");
  world.environment.table["AWS_DEFAULT_REGION"] = "sa-east-1";
  check_host(world, "sts.sa-east-1.amazonaws.com", "AWS_DEFAULT_REGION");
  world.environment.table.erase("AWS_DEFAULT_REGION");
  world.has_settings = true;
  check_host(world, "sts.us-east-1.amazonaws.com", "settings without a region");
  world.settings.machine_region = "ap-south-1";
  check_host(world, "sts.ap-south-1.amazonaws.com", "the machine's");
  world.settings.configured.region = "eu-north-1";
  check_host(world, "sts.eu-north-1.amazonaws.com", "the profile's");
  CHECK_TEXT(world.settings.asked_service, "sts", "the settings' service");
  world.use_web_identity();
  check_host(world, "sts.eu-north-1.amazonaws.com", "web identity");
}

void endpoints(void**) {
  StsWorld world;
  world.has_settings = true;
  world.settings.configured.endpoint_url = "https://sts.example";
  check_host(world, "sts.example", "the profile's");
  world.environment.table["AWS_ENDPOINT_URL"] = "https://all.example";
  check_host(world, "all.example", "AWS_ENDPOINT_URL");
  world.environment.table["AWS_ENDPOINT_URL_STS"] = "http://localhost:4566/base";
  check_host(world, "localhost", "AWS_ENDPOINT_URL_STS");
  CHECK(world.transport.wire.endpoints.back().port == 4566, "port");
  CHECK(!world.transport.wire.endpoints.back().tls, "without TLS");
  CHECK(world.transport.heard.back().bytes.find("POST /base") == 0, world.transport.heard.back().bytes);
  world.environment.table["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  check_host(world, kStsHost, "ignored");
}

void settings_that_fail(void**) {
  StsWorld world;
  world.has_settings = true;
  world.settings.status = Status::kMalformedFile;
  CHECK_STATUS(world.ask_sts(), Status::kMalformedFile, "settings");
  CHECK(world.transport.heard.empty(), "nothing is sent");
}

// STS may be asked while the region comes from the instance, or while somebody else is fetching it.
void a_region_to_be_fetched(void**) {
  StsWorld world;
  world.environment.table.erase("AWS_REGION");
  world.has_settings = true;
  world.settings.machine_region = "eu-west-1";
  ScriptedFetch fetch;
  fetch.script = {{Next::Action::kAgain, {}}, {Next::Action::kWait, Instant{1500}}};
  fetch.start();
  world.settings.region_fetch = &fetch;
  check_role_given(world, "fetched");
  CHECK(fetch.ended, "the fetch was run to its end");
  world.settings.region_busy = true;
  world.start();
  CHECK_STATUS(world.connection.start(world.call()), Status::kOk, "start");
  for (int i = 0; i < 10; ++i) CHECK(world.step(), "ended without a region");
  world.settings.region_busy = false;
  while (world.step()) {
  }
  CHECK_STATUS(world.call().status(), Status::kOk, "waited for");
}

void the_answer(void**) {
  StsWorld world;
  check_role_given(world, "answer");
  CHECK_TEXT(world.credentials.account_id, "123456789012", "account");
  CHECK(world.credentials.issued.seconds == 1440938160, "issued");
  CHECK(world.credentials.expiration.seconds == 1440938160 + 3600, "expiration");
  CHECK(!world.credentials.outlives_expiration, "not for ever");
  const MutBytes space = world.space.bytes();
  const char* first = world.credentials.access_key_id.data();
  for (Str text :
       {world.credentials.secret_access_key, world.credentials.session_token, world.credentials.account_id}) {
    first = std::min(first, text.data());
  }
  CHECK(first == space.data(), "from the start of the space on");
}

// STS's clock counts, whatever ours says.
void the_date_of_the_answer(void**) {
  StsWorld world;
  world.token_size = 4096;
  const FixedCredentials& fresh = world.issue("role");
  const std::string body =
      "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>" + fresh.key_id +
      "</AccessKeyId><SecretAccessKey>" + fresh.secret + "</SecretAccessKey><SessionToken>" + fresh.token +
      "</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>"
      "</AssumeRoleResponse>";
  world.says(http("200 OK", body, "Date: Mon, 31 Dec 2029 23:00:00 GMT\r\n"));
  check_role_given(world, "another clock");
  CHECK(world.credentials.issued.seconds == 1893456000 - 3600, std::to_string(world.credentials.issued.seconds));
  CHECK(world.credentials.expiration.seconds == 1893456000, "expiration");
  CHECK_TEXT(world.credentials.account_id, "", "no account");
  world.says(http("200 OK", body));
  check_role_given(world, "without a Date");
  CHECK(world.credentials.issued.seconds == 0, "not known");
}

void spaces_of_every_size(void**) {
  size_t enough = 0;
  for (size_t size = 0; size <= 1400; size += size < 400 ? 7 : 1) {
    StsWorld world(size);
    const std::string what = "space of " + std::to_string(size);
    const Status status = world.ask_sts();
    if (status == Status::kOk) {
      world.check_given(world.last_key_id, what);
      if (enough == 0) enough = size;
    } else {
      CHECK_STATUS(status, Status::kValueTooLong, what);
      CHECK(enough == 0, what + ": too small, though less was enough");
      world.check_space_clean(what);
    }
  }
  CHECK(enough > 400, "enough: " + std::to_string(enough));
  StsWorld world(6144);
  world.token_size = 4096;
  check_role_given(world, "a token of 4,096 bytes in 6 KB");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(assume_role),
      cmocka_unit_test(a_token_of_the_source),
      cmocka_unit_test(defaults),
      cmocka_unit_test(web_identity),
      cmocka_unit_test(regions),
      cmocka_unit_test(endpoints),
      cmocka_unit_test(settings_that_fail),
      cmocka_unit_test(a_region_to_be_fetched),
      cmocka_unit_test(the_answer),
      cmocka_unit_test(the_date_of_the_answer),
      cmocka_unit_test(spaces_of_every_size),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
