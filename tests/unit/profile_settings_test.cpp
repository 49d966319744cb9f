#include "profile_fixture.h"
#include "tinyaws/profile.h"

using namespace tinyaws;
using test::SharedFiles;

namespace {

// Both URLs are there: which one counts is the question.
const std::string kTwoUrls =
    "[profile a]\nservices = local\nendpoint_url = http://all\n"
    "[services other]\ndynamodb =\n  endpoint_url = http://wrong\n"
    "[services local]\ndynamodb =\n  endpoint_url = http://own # c\ncloudwatch_logs =\n  Endpoint_URL=http://logs\n"
    "s3 =\n  addressing_style = path\n";

class Subject {
 public:
  explicit Subject(const std::string& config, Str profile = "a")
      : world(config), settings(world.files, world.environment, profile) {}

  Status get(Str service) { return settings.get(service, answer); }
  void expect_url(Str service, Str url) {
    assert_status(get(service), Status::kOk);
    assert_text(answer.endpoint_url, url);
  }

  SharedFiles world;
  ProfileSettings settings;
  ServiceSettings answer;
};

void assert_nothing(const ServiceSettings& settings) {
  assert_text(settings.region, "");
  assert_text(settings.endpoint_url, "");
  assert_false(settings.use_fips_endpoint);
  assert_false(settings.use_dualstack_endpoint);
  assert_false(settings.ignore_configured_endpoint_urls);
}

void what_the_profile_says(void**) {
  Subject subject("[profile a]\nregion = r\nendpoint_url = http://all\nuse_fips_endpoint = TRUE\n");
  assert_status(subject.get("s3"), Status::kOk);
  assert_text(subject.answer.region, "r");
  assert_text(subject.answer.endpoint_url, "http://all");
  assert_true(subject.answer.use_fips_endpoint);
  assert_false(subject.answer.use_dualstack_endpoint);
  assert_false(subject.answer.ignore_configured_endpoint_urls);
}

void each_flag_on_its_own(void**) {
  for (const char* flag : {"use_fips_endpoint", "use_dualstack_endpoint", "ignore_configured_endpoint_urls"}) {
    for (const char* value : {"true", "True", "false", "yes", "1", "", "true x"}) {
      Subject subject("[profile a]\n" + std::string(flag) + " = " + value + "\n");
      assert_status(subject.get("s3"), Status::kOk);
      const bool set = Str(value) == "true" || Str(value) == "True";
      assert_int_equal(subject.answer.use_fips_endpoint, set && Str(flag) == "use_fips_endpoint");
      assert_int_equal(subject.answer.use_dualstack_endpoint, set && Str(flag) == "use_dualstack_endpoint");
      assert_int_equal(subject.answer.ignore_configured_endpoint_urls,
                       set && Str(flag) == "ignore_configured_endpoint_urls");
    }
  }
}

void urls_of_services(void**) {
  Subject subject(kTwoUrls);
  subject.expect_url("dynamodb", "http://own");
  subject.expect_url("logs", "http://logs");
  subject.expect_url("s3", "http://all");
  subject.expect_url("sqs", "http://all");
}

void the_last_part_of_a_service_counts(void**) {
  Subject subject(
      "[profile a]\nservices = l\n[services l]\ns3 =\n  endpoint_url = http://1\n  endpoint_url = http://2\n");
  subject.expect_url("s3", "http://2");
  Subject replaced("[profile a]\nservices = l\n[services l]\ns3 =\n  endpoint_url = http://1\ns3 =\n  x = y\n");
  replaced.expect_url("s3", "");
  Subject merged("[profile a]\nservices = l\n[services l]\ns3 =\n  endpoint_url = http://1\n[services l]\nx = y\n");
  merged.expect_url("s3", "http://1");
}

void sections_that_are_not_there(void**) {
  Subject subject(
      "[profile a]\nservices = gone\nendpoint_url = http://all\n[profile gone]\ns3 =\n  endpoint_url = u\n");
  subject.expect_url("s3", "http://all");
  Subject elsewhere("[profile a]\nservices = l\n");
  elsewhere.world.files.table[test::kCredentialsPath] = "[services l]\ns3 =\n  endpoint_url = u\n";
  elsewhere.expect_url("s3", "");
}

void files_are_read_once(void**) {
  Subject subject(kTwoUrls);
  subject.expect_url("dynamodb", "http://own");
  const int opens = subject.world.files.opens;
  subject.world.files.table.clear();
  subject.expect_url("dynamodb", "http://own");
  assert_int_equal(subject.world.files.opens, opens);
  subject.settings.reload();
  assert_status(subject.get("dynamodb"), Status::kProfileNotFound);
  subject.world.files.table[test::kConfigPath] = kTwoUrls;
  subject.expect_url("dynamodb", "http://own");
}

// A failure that passes is not kept: half a file is written to its end, a disk comes back.
void failures_are_not_remembered(void**) {
  Subject half("[profile a]\nx\n");
  assert_status(half.get("s3"), Status::kMalformedFile);
  half.world.files.table[test::kConfigPath] = kTwoUrls;
  half.expect_url("dynamodb", "http://own");
  Subject locked("[default]\nregion = r\nendpoint_url = http://all\n", {});
  locked.world.files.forbidden.insert(test::kConfigPath);
  assert_status(locked.get("dynamodb"), Status::kOk);
  assert_nothing(locked.answer);
  locked.world.files.forbidden.clear();
  locked.expect_url("dynamodb", "http://all");
}

// What another service had is not left over.
void services_in_turn(void**) {
  Subject subject(kTwoUrls + "[profile b]\n");
  subject.expect_url("dynamodb", "http://own");
  subject.world.files.table[test::kConfigPath] = "[profile a]\n";
  assert_status(subject.get("s3"), Status::kOk);
  assert_nothing(subject.answer);
}

void profiles_that_are_not_there(void**) {
  Subject unnamed("", {});
  assert_status(unnamed.get("s3"), Status::kOk);
  assert_nothing(unnamed.answer);
  Subject named("[default]\nregion = r\n", "b");
  assert_status(named.get("s3"), Status::kProfileNotFound);
  assert_nothing(named.answer);
  Subject variable("[default]\nregion = r\n[profile v]\nregion = of-v\n", {});
  variable.world.environment.table["AWS_PROFILE"] = "v";
  assert_status(variable.get("s3"), Status::kOk);
  assert_text(variable.answer.region, "of-v");
}

void assert_fails(const std::string& config, Status status) {
  Subject subject(config);
  assert_status(subject.get("s3"), status);
  assert_nothing(subject.answer);
  assert_status(subject.get("s3"), status);
}

void limits(void**) {
  const std::string region(kMaxRegionBytes, 'r');
  const std::string url(kMaxEndpointUrlBytes, 'u');
  Subject longest("[profile a]\nregion = " + region + "\nendpoint_url = " + url + "\n");
  longest.expect_url("s3", url);
  assert_text(longest.answer.region, region);
  Subject own("[profile a]\nservices = l\n[services l]\ns3 =\n  endpoint_url = " + url + "  # c\n");
  own.expect_url("s3", url);
  assert_fails("[profile a]\nregion = " + region + "r\n", Status::kValueTooLong);
  assert_fails("[profile a]\nendpoint_url = " + url + "u\n", Status::kValueTooLong);
  assert_fails("[profile a]\nservices = " + std::string(129, 's') + "\n", Status::kValueTooLong);
  assert_fails("[profile a]\nservices = l\n[services l]\ns3 =\n  endpoint_url = " + url + "u\n",
               Status::kValueTooLong);
}

// Of services nobody asks for, anything may be said.
void other_services_may_say_much(void**) {
  Subject subject("[profile a]\nservices = l\nx = " + std::string(9000, 'x') +
                  "\n[services l]\nsqs =\n  endpoint_url = " + std::string(9000, 'x') +
                  "\ns3 =\n  other = " + std::string(9000, 'x') + "\n  endpoint_url = u\n");
  subject.expect_url("s3", "u");
}

void errors_of_files(void**) {
  assert_fails("[profile a]\nx\n", Status::kMalformedFile);
  for (int fail_at = 1; fail_at < 40; ++fail_at) {
    Subject subject(kTwoUrls);
    subject.world.files.piece = 20;
    subject.world.files.fail_at_read = fail_at;
    const Status status = subject.get("dynamodb");
    if (status == Status::kOk) {
      assert_text(subject.answer.region, "");
    } else {
      assert_true(status == Status::kFileUnreadable || status == Status::kProfileNotFound);
      assert_nothing(subject.answer);
    }
  }
}

// It is answered; only its next turn costs another reading.
void a_service_with_a_long_name(void**) {
  Subject subject("[profile a]\nregion = r\n");
  const std::string service(kMaxProfileServiceBytes + 1, 's');
  assert_status(subject.get(service), Status::kOk);
  const int opens = subject.world.files.opens;
  assert_status(subject.get(service), Status::kOk);
  assert_text(subject.answer.region, "r");
  assert_true(subject.world.files.opens > opens);
}

void no_region_of_the_machine(void**) {
  Subject subject("[profile a]\nregion = r\n");
  Str region;
  Call* fetch = nullptr;
  assert_status(subject.settings.find_region({}, {}, region, fetch), Status::kNotFound);
  assert_null(fetch);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(what_the_profile_says),
      cmocka_unit_test(each_flag_on_its_own),
      cmocka_unit_test(urls_of_services),
      cmocka_unit_test(the_last_part_of_a_service_counts),
      cmocka_unit_test(sections_that_are_not_there),
      cmocka_unit_test(files_are_read_once),
      cmocka_unit_test(failures_are_not_remembered),
      cmocka_unit_test(services_in_turn),
      cmocka_unit_test(profiles_that_are_not_there),
      cmocka_unit_test(limits),
      cmocka_unit_test(other_services_may_say_much),
      cmocka_unit_test(errors_of_files),
      cmocka_unit_test(a_service_with_a_long_name),
      cmocka_unit_test(no_region_of_the_machine),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
