// Where a call to a service goes: regions, partitions, endpoints, hosts.
#include "api_call_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void regions_in_their_order(void**) {
  TableEnvironment environment;
  CHECK(choose_region("", "", environment).empty(), "none");
  environment.table["AWS_DEFAULT_REGION"] = "default";
  CHECK_TEXT(choose_region("", "", environment), "default", "AWS_DEFAULT_REGION");
  environment.table["AWS_REGION"] = "";
  CHECK_TEXT(choose_region("", "", environment), "default", "an empty AWS_REGION counts as none");
  environment.table["AWS_REGION"] = "region";
  CHECK_TEXT(choose_region("", "", environment), "region", "AWS_REGION");
  CHECK_TEXT(choose_region("", "client", environment), "client", "the client's");
  CHECK_TEXT(choose_region("request", "client", environment), "request", "the request's");
}

void partitions(void**) {
  const struct {
    const char* region;
    const char* suffix;
  } cases[] = {{"eu-west-1", "amazonaws.com"},      {"cn-north-1", "amazonaws.com.cn"},
               {"us-gov-west-1", "amazonaws.com"},  {"us-iso-east-1", "c2s.ic.gov"},
               {"us-isob-east-1", "sc2s.sgov.gov"}, {"us-isof-south-1", "csp.hci.ic.gov"},
               {"eusc-de-east-1", "amazonaws.eu"},  {"cnx", "amazonaws.com"}};
  for (const auto& c : cases) CHECK_TEXT(partition_suffix(c.region), c.suffix, c.region);
}

void expect_destination(const char* url, Str host, uint16_t port, bool tls, Str base) {
  TableEnvironment environment;
  Destination destination;
  CHECK_STATUS(choose_destination("sqs", "eu-west-1", url, environment, destination), Status::kOk, url);
  CHECK_TEXT(destination.endpoint.host, host, url);
  CHECK(destination.endpoint.port == port && destination.endpoint.tls == tls, std::string(url) + ": port or TLS");
  CHECK_TEXT(destination.base_path, base, url);
}

void endpoints_given(void**) {
  expect_destination("", "sqs.eu-west-1.amazonaws.com", 443, true, "");
  expect_destination("https://h.example", "h.example", 443, true, "");
  expect_destination("http://h.example", "h.example", 80, false, "");
  expect_destination("http://h.example:8000/", "h.example", 8000, false, "/");
  expect_destination("https://h.example:8443/a/b", "h.example", 8443, true, "/a/b");
  expect_destination("http://[::1]:9000/x", "::1", 9000, false, "/x");
  expect_destination("https://user:word@h.example/", "h.example", 443, true, "/");
}

void endpoints_that_are_none(void**) {
  TableEnvironment environment;
  for (const char* url : {"h.example", "ftp://h.example", "https://", "https://h:0", "https://h:65536", "https://h:x",
                          "https://h/?a=b", "https://h?a", "https://h/a b", "https://h\r\nX: y", "https://h/%zz",
                          "https://a b/", "https://h/a\nb", "https://h/#f", "//h.example", "https:h.example"}) {
    Destination destination;
    CHECK_STATUS(choose_destination("sqs", "eu-west-1", url, environment, destination), Status::kInvalidArgument,
                 printable(url));
  }
}

void endpoints_in_their_order(void**) {
  TableEnvironment environment;
  environment.table["AWS_ENDPOINT_URL"] = "http://from.environment:1";
  Destination destination;
  CHECK_STATUS(choose_destination("sqs", "eu-west-1", "", environment, destination), Status::kOk, "environment");
  CHECK_TEXT(destination.endpoint.host, "from.environment", "AWS_ENDPOINT_URL");
  CHECK_STATUS(choose_destination("sqs", "eu-west-1", "http://given", environment, destination), Status::kOk,
               "given");
  CHECK_TEXT(destination.endpoint.host, "given", "the option");
}

void names_that_can_be_no_host(void**) {
  TableEnvironment environment;
  for (const char* bad : {"a/b", "a b", "a@b", "a:1", "a\r\nb", "a?", "a#"}) {
    Destination destination;
    CHECK_STATUS(choose_destination(bad, "eu-west-1", "", environment, destination), Status::kInvalidArgument, bad);
    CHECK_STATUS(choose_destination("sqs", bad, "", environment, destination), Status::kInvalidArgument, bad);
  }
}

void hosts_exactly_fitting(void**) {
  TableEnvironment environment;
  const std::string rest = ".eu-west-1.amazonaws.com";
  for (size_t size : {kMaxHostBytes, kMaxHostBytes + 1}) {
    const std::string service(size - rest.size(), 's');
    Destination destination;
    const Status status = choose_destination(service, "eu-west-1", "", environment, destination);
    CHECK_STATUS(status, size > kMaxHostBytes ? Status::kInvalidArgument : Status::kOk, std::to_string(size));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(regions_in_their_order),   cmocka_unit_test(partitions),
      cmocka_unit_test(endpoints_given),          cmocka_unit_test(endpoints_that_are_none),
      cmocka_unit_test(endpoints_in_their_order), cmocka_unit_test(names_that_can_be_no_host),
      cmocka_unit_test(hosts_exactly_fitting),
  };
  return cmocka_run_group_tests_name("api_call destination", tests, nullptr, nullptr);
}
