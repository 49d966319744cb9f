"""Profiles with roles, assumed for real: radosgw's STS gives the credentials, its S3 takes them."""

import json
import os
import time
import unittest

import awsfetch
import session
from servers import radosgw, support

USER = awsfetch.keys(radosgw.ACCESS_KEY_ID, radosgw.SECRET_ACCESS_KEY)

# {url}: where radosgw is.
CONFIG = """
[profile keys]
aws_access_key_id = {key_id}
aws_secret_access_key = {secret}
region = us-east-1
endpoint_url = {url}

[profile role]
role_arn = {role}
role_session_name = device-1
duration_seconds = 900
source_profile = keys
region = us-east-1
endpoint_url = {url}

[profile services]
role_arn = {role}
source_profile = keys
region = us-east-1
services = local

[services local]
sts =
  endpoint_url = {url}
s3 =
  endpoint_url = {url}

[profile variables]
role_arn = {role}
source_profile = keys
region = us-east-1

[profile environment]
role_arn = {role}
credential_source = Environment
region = us-east-1
endpoint_url = {url}

[profile another-role]
role_arn = arn:aws:iam:::role/another
source_profile = keys
region = us-east-1
endpoint_url = {url}

[profile wrong-keys]
aws_access_key_id = {key_id}
aws_secret_access_key = wrong

[profile wrong-source]
role_arn = {role}
source_profile = wrong-keys
region = us-east-1
endpoint_url = {url}

[profile loop]
role_arn = {role}
source_profile = loop-back
region = us-east-1
endpoint_url = {url}

[profile loop-back]
role_arn = {role}
source_profile = loop
"""


class Roles(session.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.start(radosgw.Radosgw())
        cls.config = os.path.join(cls.directory, "config")
        with open(cls.config, "w", encoding="ascii") as file:
            file.write(CONFIG.format(url=cls.server.url, key_id=radosgw.ACCESS_KEY_ID, secret=radosgw.SECRET_ACCESS_KEY,
                                     role=radosgw.ROLE_ARN))
        cls().assert_ok(cls.call("keys", "-X", "PUT", "/bucket"))

    @classmethod
    def environment(cls, **variables):
        return {"AWS_CONFIG_FILE": cls.config, "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", **variables}

    @classmethod
    def call(cls, profile, *arguments, env=None):
        return awsfetch.run("--profile", profile, "--service", "s3", *arguments, env=cls.environment(**(env or {})))

    def put_and_get(self, profile, env=None):
        text = f"by {profile}"
        self.assert_ok(self.call(profile, "-X", "PUT", "-d", text, "/bucket/object", env=env))
        self.assertEqual(self.assert_ok(self.call(profile, "/bucket/object", env=env)).text, text)

    def exported(self, profile, env=None):
        return json.loads(self.assert_ok(self.call(profile, "--export-credentials", env=env)).out)

    def assert_no_credentials(self, result, *patterns):
        self.assert_exit(result, awsfetch.USAGE)
        for pattern in patterns:
            self.assertRegex(result.err, pattern, f"\n{result}")
        self.assertNotIn(radosgw.SECRET_ACCESS_KEY, result.err)

    def test_endpoint_of_the_profile(self):
        self.put_and_get("role")

    def test_endpoints_of_the_services_section(self):
        self.put_and_get("services")

    def test_endpoints_of_variables(self):
        self.put_and_get("variables", {"AWS_ENDPOINT_URL_STS": self.server.url, "AWS_ENDPOINT_URL_S3": self.server.url})
        self.put_and_get("variables", {"AWS_ENDPOINT_URL": self.server.url})

    def test_keys_of_the_environment(self):
        self.put_and_get("environment", USER)

    def test_profile_of_a_variable(self):
        result = awsfetch.run("--service", "s3", "/bucket?location", env=self.environment(AWS_PROFILE="role"))
        self.assertIn("LocationConstraint", self.assert_ok(result).text)

    def test_what_the_role_gives(self):
        exported = self.exported("role")
        self.assertNotEqual(exported["AccessKeyId"], radosgw.ACCESS_KEY_ID)
        self.assertTrue(exported["SessionToken"])
        expiration = time.mktime(time.strptime(exported["Expiration"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
        self.assertAlmostEqual(expiration, time.time() + 900, delta=60)

    def test_exported_ones_are_taken_by_others(self):
        """Credentials that left through --export-credentials serve as a credential_process, and as variables."""
        exported = self.exported("role")
        variables = awsfetch.keys(exported["AccessKeyId"], exported["SecretAccessKey"], exported["SessionToken"])
        result = awsfetch.run("--service", "s3", "--region", "us-east-1", "--endpoint-url", self.server.url,
                              "/bucket?location", env=variables)
        self.assertIn("LocationConstraint", self.assert_ok(result).text)
        with open(self.config, "a", encoding="ascii") as file:
            file.write(f"\n[profile process]\ncredential_process = '{awsfetch.COMMAND}' --export-credentials"
                       f" --profile role\nregion = us-east-1\nendpoint_url = {self.server.url}\n")
        self.put_and_get("process")

    def test_a_program_that_runs_for_long(self):
        program = self.session("default", "role", env=self.environment())
        first = program.find()
        self.assertEqual((first.status, first.place), ("kOk", "profile"), first)
        self.assertEqual(program.find().key_id, first.key_id)
        program.forward(901)
        self.assertNotEqual(self.assert_found(program.find(), program.find().key_id).key_id, first.key_id)

    def test_another_role_is_refused_in_the_words_of_sts(self):
        self.assert_no_credentials(self.call("another-role", "/bucket"),
                                   r'profile "another-role": .*\(another-role: NoSuchEntity: HTTP status 404\)')

    def test_wrong_secret_is_refused_in_the_words_of_sts(self):
        self.assert_no_credentials(self.call("wrong-source", "/bucket"),
                                   r'profile "wrong-source": .*\(wrong-source: SignatureDoesNotMatch: ')

    def test_source_without_credentials(self):
        self.assert_no_credentials(self.call("environment", "/bucket"), 'profile "environment": .* the environment')

    def test_profiles_in_a_circle(self):
        self.assert_no_credentials(self.call("loop", "/bucket"),
                                   'profile "loop", source profile "loop-back": .* circle')

    def test_nobody_listens(self):
        nobody = f"http://127.0.0.1:{support.choose_port()}"
        result = self.call("variables", "--max-attempts", "1", "/bucket",
                           env={"AWS_ENDPOINT_URL_STS": nobody, "AWS_ENDPOINT_URL_S3": self.server.url})
        self.assert_no_credentials(result, 'profile "variables": .*STS: .*127.0.0.1:[0-9]+: Connection refused')


if __name__ == "__main__":
    unittest.main()
