"""What awsfetch shows of what it has found: --show-config and --export-credentials."""

import datetime
import json
import unittest

import botocore.session

import awsfetch
import credentials_case
from credentials_case import (EXPIRATION, KEY_ID, MASKED, PLAIN, ROLE, ROLE_KEY_ID,
                              ROLE_SECRET, ROLE_TOKEN, SECRET, TOKEN, instance)
from servers import answering


class ShowConfig(credentials_case.TestCase):
    def test_exact_lines(self):
        env = {**PLAIN, "AWS_REGION": "eu-west-1", "AWS_CREDENTIAL_EXPIRATION": EXPIRATION}
        self.assertEqual(self.shown("--service", "dynamodb", env=env),
                         ["region: eu-west-1 (AWS_REGION)",
                          f"credentials: environment, {MASKED}, expires {EXPIRATION}",
                          "endpoint: https://dynamodb.eu-west-1.amazonaws.com (the service's own)"])

    def test_without_a_service_there_is_no_endpoint(self):
        self.assertEqual(self.shown("--region", "eu-west-1", env=PLAIN),
                         ["region: eu-west-1 (--region)", f"credentials: environment, {MASKED}, never expires"])
        # Whatever stands in for the service does not show.
        self.assertEqual(len(self.shown("--region", "eu-west-1", env={**PLAIN, "AWS_ENDPOINT_URL_STS": "nonsense"})), 2)

    def test_region_from_everywhere(self):
        dev = self.dev_profile()
        server = self.served(answering.Answering(instance()))
        everything = {**PLAIN, **dev, **self.metadata(server), "AWS_PROFILE": "dev", "AWS_REGION": "eu-west-1",
                      "AWS_DEFAULT_REGION": "eu-west-2"}
        host = ["https://sqs.us-west-2.amazonaws.com/"]
        for arguments, without, expected in (
                ([*host, "--region", "ap-south-1"], [], "ap-south-1 (--region)"),
                (host, [], "us-west-2 (the endpoint's host)"),
                ([], [], "eu-west-1 (AWS_REGION)"),
                ([], ["AWS_REGION"], "eu-west-2 (AWS_DEFAULT_REGION)"),
                ([], ["AWS_REGION", "AWS_DEFAULT_REGION"], "eu-west-3 (profile dev)"),
                ([], ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"], "eu-north-1 (instance metadata)")):
            with self.subTest(expected=expected):
                env = {name: value for name, value in everything.items() if name not in without}
                self.assertEqual(self.shown(*arguments, env=env)[0], "region: " + expected)

    def test_endpoint_without_a_region(self):
        for arguments, env, expected in (
                (["--endpoint-url", "http://127.0.0.1:6/a"], {}, "http://127.0.0.1:6/a (--endpoint-url)"),
                (["http://127.0.0.1:6/a"], {}, "http://127.0.0.1:6 (the URL)"),
                ([], {"AWS_ENDPOINT_URL": "http://127.0.0.1:2"}, "http://127.0.0.1:2 (AWS_ENDPOINT_URL)"),
                ([], {}, "none (no region)"), (["--fips"], {}, "none (no region)")):
            with self.subTest(expected=expected):
                lines = self.shown("--service", "sqs", *arguments, env={**PLAIN, **env})
                self.assertRegex(lines[0], "^region: none ")
                self.assertEqual(lines[2], "endpoint: " + expected)
        self.assert_usage(self.call("--show-config", "--service", "sqs", env={**PLAIN, "AWS_ENDPOINT_URL": "nonsense"}),
                          "AWS_ENDPOINT_URL: \"nonsense\" is no endpoint")

    def test_endpoint_from_everywhere(self):
        dev = self.dev_profile("endpoint_url = http://127.0.0.1:4/all\nservices = local\n[services local]\n"
                               "dynamodb =\n  endpoint_url = http://[::1]:3/own\n")
        everything = {**PLAIN, **dev, "AWS_PROFILE": "dev", "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1",
                      "AWS_ENDPOINT_URL": "http://127.0.0.1:2/base"}
        for arguments, without, expected in (
                (["http://127.0.0.1:5/a/b"], [], "http://127.0.0.1:5 (the URL)"),
                (["--endpoint-url", "http://127.0.0.1:6/a"], [], "http://127.0.0.1:6/a (--endpoint-url)"),
                ([], [], "http://127.0.0.1:1 (AWS_ENDPOINT_URL_DYNAMODB)"),
                ([], ["AWS_ENDPOINT_URL_DYNAMODB"], "http://127.0.0.1:2/base (AWS_ENDPOINT_URL)"),
                ([], ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"], "http://[::1]:3/own (profile dev)")):
            with self.subTest(expected=expected):
                env = {name: value for name, value in everything.items() if name not in without}
                self.assertEqual(self.shown("--service", "dynamodb", *arguments, env=env)[2], "endpoint: " + expected)
        env = {**everything, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
        self.assertEqual(self.shown("--service", "dynamodb", env=env)[2],
                         "endpoint: https://dynamodb.eu-west-3.amazonaws.com (the service's own)")

    def test_endpoint_variants(self):
        at = ["--region", "eu-west-1"]
        for arguments, expected in (
                (["--service", "sqs", "--fips"], "sqs-fips.eu-west-1"),
                (["--service", "s3", "--dual-stack"], "s3.dualstack.eu-west-1"),
                (["--bucket", "my-bucket"], "my-bucket.s3.eu-west-1"),
                (["--bucket", "my-bucket", "--path-style"], "s3.eu-west-1")):
            with self.subTest(arguments=arguments):
                self.assertTrue(self.shown(*at, *arguments, env=PLAIN)[2].startswith(f"endpoint: https://{expected}."))
        line = self.shown(*at, "--bucket", "my-bucket", "--path-style", env=PLAIN)[2]
        self.assertEqual(line, "endpoint: https://s3.eu-west-1.amazonaws.com/my-bucket (the service's own)")

    def test_nothing_at_all(self):
        lines = self.shown("--service", "sqs", exit_code=awsfetch.USAGE)
        self.assertRegex(lines[0], r"^region: none \(.*AWS_REGION.*profile default")
        self.assertEqual(lines[1:], ["credentials: none", "endpoint: none (no region)"])

    def test_no_sign_request(self):
        self.assertEqual(self.shown("--no-sign-request", "--region", "eu-west-1")[1],
                         "credentials: none (--no-sign-request)")

    def test_control_characters_do_not_reach_a_terminal(self):
        lines = self.shown("--region", "eu-west-1", env=awsfetch.keys("AK\x1bA" + "x" * 20, SECRET))
        self.assertIn("AK\\x1bA****xxxx", lines[1])


class Export(credentials_case.TestCase):
    def test_exact_text(self):
        self.assertEqual(self.assert_ok(self.call("--export-credentials", env=PLAIN)).text,
                         f'{{"Version": 1, "AccessKeyId": "{KEY_ID}", "SecretAccessKey": "{SECRET}"}}\n')

    def test_all_members(self):
        env = {**awsfetch.keys(KEY_ID, SECRET, TOKEN), "AWS_CREDENTIAL_EXPIRATION": EXPIRATION,
               "AWS_ACCOUNT_ID": "123456789012"}
        self.assertEqual(self.exported(env=env), {
            "Version": 1, "AccessKeyId": KEY_ID, "SecretAccessKey": SECRET, "SessionToken": TOKEN,
            "Expiration": EXPIRATION, "AccountId": "123456789012"})

    def test_escapes(self):
        strange = "a\"b\\c\td\x01e\x7f\u00e4/"
        self.assertEqual(self.exported(env=awsfetch.keys(KEY_ID, strange))["SecretAccessKey"], strange)

    def test_verbose_leaves_standard_output_alone(self):
        env = self.metadata(self.served(answering.Answering(instance())))
        result = self.assert_ok(self.call("-v", "--export-credentials", env=env))
        self.assertEqual(json.loads(result.text)["AccessKeyId"], ROLE_KEY_ID)
        for secret in (ROLE_SECRET, ROLE_TOKEN, "session-token"):
            self.assertNotIn(secret, result.err)

    def test_endpoints_do_not_matter(self):
        self.exported(env={**PLAIN, "AWS_ENDPOINT_URL": "nonsense"})

    def test_expiration_is_the_one_that_holds(self):
        """Credentials of an instance outlive their expiration: whoever is told of a past one would refuse them."""
        server = self.served(answering.Answering(instance({**ROLE, "Expiration": "2020-01-02T03:04:05Z"})))
        exported = self.exported(env=self.metadata(server))
        self.assertEqual(exported["AccessKeyId"], ROLE_KEY_ID)
        end = datetime.datetime.strptime(exported["Expiration"], "%Y-%m-%dT%H:%M:%S%z")
        left = (end - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
        self.assertGreater(left, 0)
        self.assertLessEqual(left, 20 * 60)

    def test_none(self):
        result = self.assert_usage(self.call("--export-credentials"), r"\Aawsfetch: no credentials:\n")
        self.assertEqual(result.out, b"")

    def test_output_that_can_not_be_written(self):
        with open("/dev/full", "wb") as full:
            self.assert_exit(self.call("--export-credentials", env=PLAIN, stdout=full), awsfetch.FAILED)

    def test_botocore_takes_it(self):
        server = self.served(answering.Answering(instance()))
        wrapper = self.write("wrapper", "#!/bin/sh\nexec env -i " + " ".join(
            f"'{name}={value}'" for name, value in awsfetch.environment(**self.metadata(server)).items())
            + f" {awsfetch.COMMAND} \"$@\"\n", 0o700)
        config = self.write("botocore-config", f"[profile p]\ncredential_process = {wrapper} --export-credentials\n")
        session = botocore.session.Session(profile="p")
        session.set_config_variable("config_file", config)
        session.set_config_variable("credentials_file", "/nonexistent")
        found = session.get_credentials().get_frozen_credentials()
        self.assertEqual(found, (ROLE_KEY_ID, ROLE_SECRET, ROLE_TOKEN))


class Idle(credentials_case.TestCase):
    """Options that shape a request are errors where there is none."""

    def test_options_of_requests(self):
        for shown in ("--show-config", "--export-credentials"):
            for option in (["-X", "GET"], ["-H", "a: b"], ["-d", "a"], ["-o", "/nonexistent/a"], ["-i"],
                           ["--raw-path"], ["--date", "20150830T123600Z"], ["--unsigned-payload"],
                           ["--payload-hash", "x"], ["--content-sha256"], ["--no-content-sha256"], ["--single-encode"],
                           ["--double-encode"], ["--path-as-is"], ["--unsigned-token"], ["--sign-only"],
                           ["--presign", "60"]):
                with self.subTest(shown=shown, option=option):
                    result = self.call(shown, "--region", "eu-west-1", *option, env=PLAIN)
                    self.assert_usage(result, f"{shown} sends and signs .*leave out --")
                    self.assertEqual(result.out, b"")

    def test_options_of_endpoints(self):
        for option in (["--endpoint-url", "http://127.0.0.1:1"], ["--bucket", "b"], ["--path-style"]):
            with self.subTest(option=option):
                self.assert_usage(self.call("--export-credentials", *option, env=PLAIN), f"leave out {option[0]}")
                self.shown("--service", "s3", "--region", "eu-west-1", *option, env=PLAIN)

    def test_options_that_say_nothing(self):
        self.exported("--endpoint-url", "", "--bucket", "", env=PLAIN)

    def test_options_that_matter_to_what_is_fetched(self):
        self.exported("--region", "eu-west-1", "--fips", "--dual-stack", "--max-time", "9", "--connect-timeout", "9",
                      "-v", env=PLAIN)


if __name__ == "__main__":
    unittest.main()
