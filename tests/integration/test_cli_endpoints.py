"""What endpoints that are configured do to a request, and what is said of endpoints and regions that can't be used."""

import unittest

import credentials_case
from credentials_case import PLAIN, instance
from servers import answering


class Configured(credentials_case.TestCase):
    def test_region_of_a_configured_host_counts_last(self):
        server = self.served(answering.Answering(instance()))
        own = "https://sqs.us-west-2.amazonaws.com"
        dev = {**self.dev_profile(), "AWS_PROFILE": "dev"}
        host = "us-west-2 (the endpoint's host)"
        for arguments, env, expected in (
                (["--region", "eu-west-1"], {"AWS_ENDPOINT_URL": own}, "eu-west-1 (--region)"),
                ([], {"AWS_ENDPOINT_URL": own, "AWS_REGION": "eu-west-1"}, "eu-west-1 (AWS_REGION)"),
                ([], {"AWS_ENDPOINT_URL_SQS": own, "AWS_DEFAULT_REGION": "eu-west-1"},
                 "eu-west-1 (AWS_DEFAULT_REGION)"),
                ([], {"AWS_ENDPOINT_URL": own, **dev}, "eu-west-3 (profile dev)"),
                ([], {"AWS_ENDPOINT_URL": own.upper().replace("HTTPS", "https")}, host),
                ([], {"AWS_ENDPOINT_URL_SQS": own, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, host),
                ([], {"AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:1"}, "eu-north-1 (instance metadata)"),
                ([], {"AWS_ENDPOINT_URL": own, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
                 "eu-north-1 (instance metadata)")):
            with self.subTest(env=env, arguments=arguments):
                found = self.shown("--service", "sqs", *arguments, env={**PLAIN, **self.metadata(server), **env})
                self.assertEqual(found[0], "region: " + expected)
        urls = self.profiles(f"[profile dev]\nendpoint_url = {own}\n[profile other]\nendpoint_url = {own}\n"
                             "ignore_configured_endpoint_urls = true\n")
        for profile, expected in (("dev", host), ("other", "eu-north-1 (instance metadata)")):
            with self.subTest(profile=profile):
                env = {**PLAIN, **self.metadata(server), **urls, "AWS_PROFILE": profile}
                self.assertEqual(self.shown("--service", "sqs", env=env)[0], "region: " + expected)

    def test_region_of_a_configured_host_signs(self):
        env = {**PLAIN, "AWS_ENDPOINT_URL": "https://sqs.us-west-2.amazonaws.com"}
        presign = ["--presign", "60", "--service", "sqs", "/"]
        self.assertIn("us-west-2%2Fsqs", self.assert_ok(self.call(*presign, env=env)).text)
        text = self.assert_ok(self.call(*presign, env={**env, "AWS_REGION": "eu-west-1"})).text
        self.assertIn("https://sqs.us-west-2.amazonaws.com/?", text)
        self.assertIn("eu-west-1%2Fsqs", text)
        # It has no say in which service that is.
        self.assert_usage(self.call("--presign", "60", "/", env=env), "which service")

    def test_endpoint_that_is_ignored_is_no_error(self):
        env = {**PLAIN, "AWS_ENDPOINT_URL": "nonsense", "AWS_ENDPOINT_URL_SQS": "worse"}
        line = "endpoint: https://sqs.eu-west-1.amazonaws.com (the service's own)"
        at = ["--service", "sqs", "--region", "eu-west-1"]
        self.assertEqual(self.shown(*at, env={**env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"})[2], line)
        ignoring = self.profiles("[default]\nignore_configured_endpoint_urls = true\n")
        self.assertEqual(self.shown(*at, env={**env, **ignoring})[2], line)
        self.assertEqual(self.shown(*at, "--endpoint-url", "http://127.0.0.1:6", env=env)[2],
                         "endpoint: http://127.0.0.1:6 (--endpoint-url)")


class Unusable(credentials_case.TestCase):
    def test_endpoints_that_can_not_be_used(self):
        at = ["--service", "sqs", "--region", "eu-west-1"]
        self.assert_usage(self.call(*at, "--fips", "http://127.0.0.1:1/", env=PLAIN), "--fips")
        self.assert_usage(self.call(*at, "/", env={**PLAIN, "AWS_ENDPOINT_URL_SQS": "nonsense"}), "nonsense")
        self.assert_usage(self.call(*at, "/", env={**PLAIN, "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
                                                   "AWS_USE_FIPS_ENDPOINT": "true"}), "AWS_USE_FIPS_ENDPOINT")
        env = {**PLAIN, **self.dev_profile("endpoint_url = nonsense\n"), "AWS_PROFILE": "dev"}
        self.assert_usage(self.call(*at, "/", env=env), "endpoint_url of profile dev")
        self.assert_usage(self.call(*at, "--bucket", "b", "/", env=PLAIN), "--service s3")
        self.assert_usage(self.call("--region", "eu-west-1", "--bucket", "a/b", "/", env=PLAIN), "a/b")
        self.assert_usage(self.call("--region", "eu-west-1", "--bucket", "arn:aws:s3:x", "/", env=PLAIN), "ARN")
        self.assert_usage(self.call("--service", "sqs", "--region", "r" * 300, "/", env=PLAIN), "MAX_REGION_BYTES")

    def test_endpoints_are_named_by_where_they_came_from(self):
        at = ["--service", "sqs", "--region", "eu-west-1"]
        for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS"):
            for url, why in (("nonsense", "\"nonsense\" is no endpoint"), ("http://a?b", "endpoint .* has a query"),
                             ("http://a/b%", "\"%\" at position 3"), ("http://a/b c", "byte 0x20"),
                             ("http://" + "h" * 300, "the host has 300")):
                with self.subTest(name=name, url=url):
                    self.assert_usage(self.call(*at, "/", env={**PLAIN, name: url}), rf"\Aawsfetch: {name}: {why}")
        fips = {**PLAIN, "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_USE_FIPS_ENDPOINT": "true"}
        self.assert_usage(self.call(*at, "/", env=fips), r"http://127.0.0.1:1 \(AWS_ENDPOINT_URL\): leave out")
        self.assert_usage(self.call(*at, "http://127.0.0.1:1/", env=fips), r"http://127.0.0.1:1 \(the URL\): leave out")
        # Nothing is told of a variable that the command line overrules.
        self.assert_usage(self.call(*at, "--endpoint-url", "bad", "/", env=fips), r"\Aawsfetch: \"bad\" is no endpoint")

    def test_regions_are_named_by_where_they_came_from(self):
        profile = self.profiles("[default]\nregion = eu west 1\n")
        long_profile = {"AWS_CONFIG_FILE": self.write("long", f"[default]\nregion = {'r' * 65}\n")}
        for arguments, env, place in (
                (["--region", "eu west 1"], {}, "--region"), ([], {"AWS_REGION": "eu west 1"}, "AWS_REGION"),
                ([], {"AWS_DEFAULT_REGION": "eu west 1"}, "AWS_DEFAULT_REGION"), ([], profile, "profile default")):
            for more in (["--service", "sqs"], ["--bucket", "b-1"]):
                with self.subTest(place=place, more=more):
                    self.assert_usage(self.call(*arguments, *more, "/", env={**PLAIN, **env}),
                                      rf"\Aawsfetch: the region \"eu west 1\" of {place} can't ")
        many = "r" * 300
        for arguments, env, place in (
                (["--region", many], {"AWS_REGION": "eu-west-1"}, "--region"),
                ([], {"AWS_REGION": many, "AWS_DEFAULT_REGION": "b"}, "AWS_REGION"),
                ([], {"AWS_DEFAULT_REGION": many}, "AWS_DEFAULT_REGION")):
            with self.subTest(place=place, long=True):
                self.assert_usage(self.call("--service", "sqs", *arguments, "/", env={**PLAIN, **env}),
                                  rf"\Aawsfetch: the region of {place} is longer than .*MAX_REGION_BYTES")
        self.assert_usage(self.call("--service", "sqs", "/", env={**PLAIN, **long_profile}), "profile default")
        # Of the service it is the service that is told.
        odd = self.call("--service", "s q s", "--region", "eu-west-1", "/", env=PLAIN)
        self.assert_usage(odd, "no host can be made")

    def test_no_fips_in_china(self):
        for more in ([], ["--bucket", "my-bucket"]):
            at = ["--service", "s3", "--region", "cn-north-1", *more]
            words = "there is no FIPS endpoint of s3 in the partition of cn-north-1\n"
            self.assert_usage(self.call(*at, "--fips", "/", env=PLAIN), rf"\Aawsfetch: {words}\Z")
            self.assert_usage(self.call(*at, "/", env={**PLAIN, "AWS_USE_FIPS_ENDPOINT": "true"}), words)
        arn = ["--region", "cn-north-1", "--fips", "--bucket", "arn:aws-cn:s3:x", "/"]
        self.assert_usage(self.call(*arn, env=PLAIN), "not ARNs")

    def test_bad_buckets_are_told_at_any_endpoint(self):
        at = ["--region", "eu-west-1", "--endpoint-url", "http://127.0.0.1:1"]
        self.assert_usage(self.call(*at, "--bucket", "a/b", "/", env=PLAIN), "--bucket a/b: expected the name")


if __name__ == "__main__":
    unittest.main()
