// S3's buckets: in the host, in the path, accelerated, directories.
#include "endpoint_fixture.h"

using namespace test;

namespace {

EndpointQuery bucket_query(Str bucket, Str url = {}) {
  EndpointQuery query = query_for("s3", "eu-west-1");
  query.bucket = bucket;
  query.endpoint_url = url;
  return query;
}

void expect(const EndpointQuery& query, const std::string& url, const char* name = "s3") {
  CHECK_TEXT(answer(query), url + " " + name + " eu-west-1", std::string(query.bucket));
}

void buckets_in_the_host(void**) {
  for (const char* bucket : {"abc", "my-bucket", "1234", "xn--foo", "a1b"}) {
    expect(bucket_query(bucket), "https://" + std::string(bucket) + ".s3.eu-west-1.amazonaws.com");
  }
  const std::string longest(63, 'b');
  expect(bucket_query(longest), "https://" + longest + ".s3.eu-west-1.amazonaws.com");
}

void buckets_in_the_path(void**) {
  for (const char* bucket : {"my.bucket", "My_Bucket", "Bucket", "my_bucket", "ab", "a", "192.168.1.1", "-ab", "ab-",
                             "a..b", "...", "_"}) {
    expect(bucket_query(bucket), "https://s3.eu-west-1.amazonaws.com/" + std::string(bucket));
  }
  const std::string longer(64, 'b');
  expect(bucket_query(longer), "https://s3.eu-west-1.amazonaws.com/" + longer);
  const std::string longest(kMaxBucketBytes, 'b');
  expect(bucket_query(longest), "https://s3.eu-west-1.amazonaws.com/" + longest);
}

void path_style_by_wish(void**) {
  EndpointQuery query = bucket_query("my-bucket");
  query.path_style = true;
  expect(query, "https://s3.eu-west-1.amazonaws.com/my-bucket");
  query.fips = query.dual_stack = true;
  expect(query, "https://s3-fips.dualstack.eu-west-1.amazonaws.com/my-bucket");
  query.bucket = {};
  expect(query, "https://s3-fips.dualstack.eu-west-1.amazonaws.com");
}

void names_that_no_bucket_has(void**) {
  for (const char* bad : {".", "..", "a/b", "a b", "a%2Fb", "a?b", "a#b", "a:b", "a\r\nb", "\xc3\xa4"}) {
    for (const char* url : {"", "http://h.example"}) {
      CHECK_TEXT(answer(bucket_query(bad, url)), "kInvalidArgument", printable(bad));
    }
  }
  CHECK_TEXT(answer(bucket_query(Str("a\0b", 3))), "kInvalidArgument", "NUL");
  CHECK_TEXT(answer(bucket_query(std::string(kMaxBucketBytes + 1, 'b'))), "kInvalidArgument", "too long");
  CHECK_TEXT(answer(bucket_query("arn:aws:s3:eu-west-1:123456789012:accesspoint/a")), "kUnsupported", "an ARN");
}

void acceleration(void**) {
  EndpointQuery query = bucket_query("my-bucket");
  query.accelerate = true;
  expect(query, "https://my-bucket.s3-accelerate.amazonaws.com");
  query.dual_stack = true;
  expect(query, "https://my-bucket.s3-accelerate.dualstack.amazonaws.com");
  query.dual_stack = false;
  query.bucket = {};
  expect(query, "https://s3.eu-west-1.amazonaws.com");
}

void acceleration_of_what_it_can_not(void**) {
  for (const char* bucket : {"my.bucket", "My_Bucket", "a", "b--use1-az4--x-s3"}) {
    EndpointQuery query = bucket_query(bucket);
    query.accelerate = true;
    CHECK_TEXT(answer(query), "kInvalidArgument", bucket);
  }
  EndpointQuery query = bucket_query("my-bucket");
  query.accelerate = true;
  query.path_style = true;
  CHECK_TEXT(answer(query), "kInvalidArgument", "with path style");
  query.path_style = false;
  query.fips = true;
  CHECK_TEXT(answer(query), "kInvalidArgument", "with FIPS");
}

void china_has_neither(void**) {
  EndpointQuery query = bucket_query("my-bucket");
  query.region = "cn-north-1";
  CHECK_TEXT(answer(query), "https://my-bucket.s3.cn-north-1.amazonaws.com.cn s3 cn-north-1", "plain");
  query.accelerate = true;
  CHECK_TEXT(answer(query), "kUnsupported", "accelerate");
  query.accelerate = false;
  query.fips = true;
  CHECK_TEXT(answer(query), "kUnsupported", "FIPS");
  query.bucket = {};
  CHECK_TEXT(answer(query), "kUnsupported", "FIPS without a bucket");
}

void directory_buckets(void**) {
  EndpointQuery query = bucket_query("b--use1-az4--x-s3");
  const std::string in_host = "https://b--use1-az4--x-s3.s3express-";
  expect(query, in_host + "use1-az4.eu-west-1.amazonaws.com", "s3express");
  query.path_style = true;
  expect(query, in_host + "use1-az4.eu-west-1.amazonaws.com", "s3express");
  query.fips = true;
  expect(query, in_host + "fips-use1-az4.eu-west-1.amazonaws.com", "s3express");
  query.dual_stack = true;
  expect(query, in_host + "fips-use1-az4.dualstack.eu-west-1.amazonaws.com", "s3express");
  expect(bucket_query("a--b--usw2-lax1-az1--xa-s3"),
         "https://a--b--usw2-lax1-az1--xa-s3.s3express-usw2-lax1-az1.eu-west-1.amazonaws.com", "s3express");
}

void directory_buckets_without_a_zone(void**) {
  for (const char* bad :
       {"--x-s3", "b--x-s3", "abc--x-s3", "b----x-s3", "--z--x-s3", "B--z--x-s3", "b.c--z--x-s3", "b_c--z--x-s3"}) {
    CHECK_TEXT(answer(bucket_query(bad)), "kInvalidArgument", bad);
  }
  expect(bucket_query("b--z--x-s4"), "https://b--z--x-s4.s3.eu-west-1.amazonaws.com");
  expect(bucket_query("x-s3"), "https://x-s3.s3.eu-west-1.amazonaws.com");
}

void buckets_of_other_servers(void**) {
  expect(bucket_query("my-bucket", "http://localhost:9000"), "http://my-bucket.localhost:9000");
  expect(bucket_query("my-bucket", "https://h.example:8443/base"), "https://my-bucket.h.example:8443/base");
  expect(bucket_query("my.bucket", "http://h.example"), "http://my.bucket.h.example");
  expect(bucket_query("my.bucket", "https://h.example"), "https://h.example/my.bucket");
  expect(bucket_query("My_Bucket", "http://h.example/base"), "http://h.example/base/My_Bucket");
  expect(bucket_query("My_Bucket", "http://h.example/base/"), "http://h.example/base/My_Bucket");
  expect(bucket_query("b--use1-az4--x-s3", "http://h.example"), "http://b--use1-az4--x-s3.h.example", "s3express");
  EndpointQuery query = bucket_query("my-bucket", "http://h.example/");
  query.path_style = true;
  expect(query, "http://h.example/my-bucket");
}

void servers_that_are_addresses(void**) {
  expect(bucket_query("my-bucket", "http://127.0.0.1:9000"), "http://127.0.0.1:9000/my-bucket");
  expect(bucket_query("my-bucket", "http://127.0.0.1:9000/base/"), "http://127.0.0.1:9000/base/my-bucket");
  expect(bucket_query("b--use1-az4--x-s3", "http://127.0.0.1"), "http://127.0.0.1/b--use1-az4--x-s3", "s3express");
  ResolvedEndpoint resolved;
  CHECK_STATUS(resolve_endpoint(bucket_query("my-bucket", "http://[::1]:9000"), resolved), Status::kOk, "IPv6");
  CHECK_TEXT(resolved.endpoint.host, "::1", "IPv6");
  CHECK_TEXT(resolved.base_path, "/my-bucket", "IPv6");
  expect(bucket_query("a.b.c.d", "http://a.b.c.d"), "http://a.b.c.d.a.b.c.d");
  expect(bucket_query("my-bucket", "http://1.2.3"), "http://my-bucket.1.2.3");
  expect(bucket_query("my-bucket", "http://1.2.3.4.5"), "http://my-bucket.1.2.3.4.5");
}

void room_for_host_and_path(void**) {
  const std::string bucket(63, 'b');
  for (size_t size : {kMaxHostBytes - 64, kMaxHostBytes - 63}) {
    const std::string url = "http://" + std::string(size, 'h');
    ResolvedEndpoint resolved;
    const Status status = resolve_endpoint(bucket_query(bucket, url), resolved);
    CHECK_STATUS(status, size + 64 > kMaxHostBytes ? Status::kInvalidArgument : Status::kOk, "host");
  }
  for (size_t size : {kMaxEndpointTextBytes - 64, kMaxEndpointTextBytes - 63}) {
    const std::string url = "http://127.0.0.1/" + std::string(size - 1, 'p');
    ResolvedEndpoint resolved;
    const Status status = resolve_endpoint(bucket_query(bucket, url), resolved);
    CHECK_STATUS(status, size + 64 > kMaxEndpointTextBytes ? Status::kInvalidArgument : Status::kOk, "path");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(buckets_in_the_host),
      cmocka_unit_test(buckets_in_the_path),
      cmocka_unit_test(path_style_by_wish),
      cmocka_unit_test(names_that_no_bucket_has),
      cmocka_unit_test(acceleration),
      cmocka_unit_test(acceleration_of_what_it_can_not),
      cmocka_unit_test(china_has_neither),
      cmocka_unit_test(directory_buckets),
      cmocka_unit_test(directory_buckets_without_a_zone),
      cmocka_unit_test(buckets_of_other_servers),
      cmocka_unit_test(servers_that_are_addresses),
      cmocka_unit_test(room_for_host_and_path),
  };
  return cmocka_run_group_tests_name("endpoint bucket", tests, nullptr, nullptr);
}
