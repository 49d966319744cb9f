"""Where awsfetch finds credentials, and what it says when there are none."""

import json
import os
import unittest

import awsfetch
import credentials_case
from credentials_case import (ASSUMED, EXPIRATION, KEY_ID, MASKED, PLAIN, ROLE, ROLE_KEY_ID,
                              ROLE_MASKED, ROLE_SECRET, ROLE_TOKEN, SCOPE, SECRET, instance)
from servers import answering, gate, misbehaving


class Places(credentials_case.TestCase):
    """Each place that credentials come from."""

    def test_profile(self):
        dev = self.dev_profile()
        line = f"credentials: profile dev, {MASKED}, never expires"
        self.assertEqual(self.shown("--profile", "dev", env=dev)[1], line)
        self.assertEqual(self.shown(env={**dev, "AWS_PROFILE": "dev"})[1], line)
        self.assertEqual(self.shown(env={**dev, "AWS_DEFAULT_PROFILE": "dev"})[1], line)

    def test_profile_option_goes_before_the_environment_and_the_variable_does_not(self):
        env = {**self.dev_profile(), **awsfetch.keys("AKIAOTHERKEYOFENV001", "other")}
        self.assertIn("profile dev", self.shown("--profile", "dev", env=env)[1])
        self.assertIn("environment", self.shown(env={**env, "AWS_PROFILE": "dev"})[1])

    def test_default_profile_in_the_home_directory(self):
        os.mkdir(os.path.join(self.directory, ".aws"))
        self.write(".aws/credentials", f"[default]\naws_access_key_id={KEY_ID}\naws_secret_access_key={SECRET}\n")
        self.write(".aws/config", "[default]\nregion=eu-west-2\n")
        self.assertEqual(self.shown(env={"HOME": self.directory}),
                         ["region: eu-west-2 (profile default)",
                          f"credentials: profile default, {MASKED}, never expires"])

    def test_instance_metadata(self):
        server = self.served(answering.Answering(instance()))
        env = self.metadata(server)
        self.assertEqual(self.shown(env=env), ["region: eu-north-1 (instance metadata)",
                                               f"credentials: instance metadata, {ROLE_MASKED}, expires {EXPIRATION}"])
        self.assertEqual(self.exported(env=env)["SessionToken"], ROLE_TOKEN)

    def test_imds_v1_only_where_it_is_allowed(self):
        env = self.metadata(self.served(answering.Answering(instance(v1_only=True))))
        self.assert_usage(self.call("--export-credentials", env=env), "credentials of instance metadata", "IMDSv1")
        self.assertEqual(self.exported("--imds-v1", env=env)["AccessKeyId"], ROLE_KEY_ID)

    def test_container(self):
        server = self.served(answering.Answering({"GET /creds?a=b": (200, {**ROLE, "AccountId": "123456789012"})}))
        env = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/creds?a=b",
               "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic abc"}
        self.assertEqual(self.shown("--region", "eu-west-1", env=env)[1],
                         f"credentials: container, {ROLE_MASKED}, expires {EXPIRATION}")
        self.assertEqual(server.asked[-1][2]["Authorization"], "Basic abc")
        self.assertEqual(self.exported(env=env)["AccountId"], "123456789012")

    def sts(self, region="eu-west-3"):
        """STS behind the gate: the request has to be signed with the source's keys."""
        service = self.served(answering.Answering({"POST /": (200, ASSUMED)}))
        return self.served(gate.Gate({KEY_ID: gate.Key(SECRET)}, region, "sts", ("127.0.0.1", service.port)))

    def test_role_of_a_profile(self):
        sts = self.sts()
        env = {**self.dev_profile("[profile admin]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = dev\n"
                                  "region = eu-west-3\n"), "AWS_ENDPOINT_URL_STS": sts.url}
        self.assertEqual(self.shown("--profile", "admin", env=env)[1],
                         f"credentials: profile admin, {ROLE_MASKED}, expires {EXPIRATION}")
        self.assertIn("Action=AssumeRole", sts.verdicts[-1].request.body.decode())
        exported = self.exported("--profile", "admin", env=env)
        self.assertEqual((exported["SecretAccessKey"], exported["SessionToken"]), (ROLE_SECRET, ROLE_TOKEN))
        self.assertTrue(all(verdict.refusal is None for verdict in sts.verdicts))

    def test_region_and_variants_of_the_command_line_count_for_sts(self):
        sts = self.sts("ap-south-1")
        env = {**self.dev_profile("[profile admin]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = dev\n"
                                  "region = eu-west-3\n"), "AWS_ENDPOINT_URL_STS": sts.url}
        at = ["--profile", "admin", "--export-credentials"]
        self.assert_ok(self.call(*at, "--region", "ap-south-1", env=env))
        asked = len(sts.verdicts)
        # A URL has no variants, so that who asks for one is not sent there.
        for option in ("--fips", "--dual-stack"):
            self.assert_usage(self.call(*at, "--region", "ap-south-1", option, env=env))
        self.assertEqual(len(sts.verdicts), asked)

    def test_role_that_is_refused(self):
        sts = self.sts()
        env = {**self.profiles("[profile admin]\nregion = eu-west-3\nrole_arn = arn:aws:iam::1:role/r\n"
                               "source_profile = dev\n"
                               f"[profile dev]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = wrong\n"),
               "AWS_ENDPOINT_URL_STS": sts.url}
        self.assert_usage(self.call("--profile", "admin", "--export-credentials", env=env),
                          r"\Aawsfetch: credentials of profile admin: .*answered with an error\n"
                          r"  profile \"admin\": a role")

    def test_web_identity(self):
        document = ASSUMED.replace("AssumeRole", "AssumeRoleWithWebIdentity")
        server = self.served(answering.Answering({"POST /": (200, document)}))
        env = {"AWS_WEB_IDENTITY_TOKEN_FILE": self.write("token", "x.y.z"), "AWS_ROLE_ARN": "arn:aws:iam::1:role/r",
               "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL_STS": server.url}
        self.assertEqual(self.shown(env=env)[1], f"credentials: web identity, {ROLE_MASKED}, expires {EXPIRATION}")
        self.assertNotIn("Authorization", server.asked[-1][2])

    def test_credential_process(self):
        document = json.dumps({"Version": 1, **{key: value for key, value in ROLE.items() if key != "Token"}})
        path = self.write("answer.json", document)
        env = self.profiles(f"[profile tool]\nregion = eu-west-1\ncredential_process = cat {path}\n")
        self.assertEqual(self.shown("--profile", "tool", env=env)[1],
                         f"credentials: profile tool, {ROLE_MASKED}, expires {EXPIRATION}")

    def test_credentials_are_used(self):
        """What was found signs, whatever --date says about the request itself."""
        verifier = self.served(gate.Gate({ROLE_KEY_ID: gate.Key(ROLE_SECRET, ROLE_TOKEN)}, "eu-north-1", "execute-api"))
        env = self.metadata(self.served(answering.Answering(instance())))
        result = self.assert_ok(self.call("-v", "--service", "execute-api", verifier.url + "/a", env=env))
        self.assertEqual(json.loads(result.out)["key_id"], ROLE_KEY_ID)
        self.assertIn(f"* signing as {ROLE_MASKED} with a session token, credentials from instance metadata, for "
                      "execute-api in eu-north-1\n", result.err)
        for secret in (ROLE_SECRET, ROLE_TOKEN):
            self.assertNotIn(secret, result.err)
        result = self.call("--service", "execute-api", "--date", "20010203T040506Z", verifier.url + "/a", env=env)
        self.assert_refused(result)
        self.assertIn("Signature expired", result.text)

    def test_verbose_names_the_place(self):
        presign = ["-v", "--presign", "60", "https://sqs.eu-west-1.amazonaws.com/"]
        self.assertIn("credentials from the environment, ", self.assert_ok(self.call(*presign, env=PLAIN)).err)
        env = {**self.dev_profile(), "AWS_PROFILE": "dev"}
        self.assertIn("credentials from profile dev, ", self.assert_ok(self.call(*presign, env=env)).err)

    def test_signing_only_fetches_what_is_needed(self):
        server = self.served(answering.Answering(instance()))
        for arguments in (["--presign", "60"], ["--sign-only"]):
            result = self.assert_ok(self.call(*arguments, "--service", "sqs", "/", env=self.metadata(server)))
            self.assertRegex(result.text, f"{ROLE_KEY_ID}(%2F|/)[0-9]+(%2F|/)eu-north-1(%2F|/)sqs")
        asked = len(server.asked)
        self.assert_ok(self.call("--sign-only", *SCOPE, "/", env={**PLAIN, **self.metadata(server)}))
        self.assertEqual(len(server.asked), asked)

    def test_long_token(self):
        token = "t" * 4096
        verifier = self.served(gate.Gate({KEY_ID: gate.Key(SECRET, token)}, "us-east-1", "execute-api"))
        server = self.served(answering.Answering(instance({**ROLE, "AccessKeyId": KEY_ID, "SecretAccessKey": SECRET,
                                                 "Token": token})))
        for env in (awsfetch.keys(KEY_ID, SECRET, token), self.metadata(server)):
            self.assert_ok(self.call(*SCOPE, verifier.url + "/", env=env))
            self.assertEqual(self.exported(env=env)["SessionToken"], token)

    def test_no_sign_request(self):
        server = self.served(answering.Answering({"GET /public": (200, "open")}))
        result = self.assert_ok(self.call("-v", *SCOPE, "--no-sign-request", server.url + "/public", env=PLAIN))
        self.assertEqual(result.text, "open")
        self.assertIn("* not signing", result.err)
        self.assertFalse([name for name in server.asked[-1][2] if name.lower().startswith(("authorization", "x-amz-"))])

    def test_bucket(self):
        server = self.served(gate.Gate({KEY_ID: gate.Key(SECRET)}, "eu-west-1", "s3"))
        result = self.call("--bucket", "my-bucket", "--path-style", "--region", "eu-west-1", "--endpoint-url",
                           server.url, "/key", env=PLAIN)
        self.assertEqual(json.loads(self.assert_ok(result).out)["target"], "/my-bucket/key")
        # An address has no room for the bucket in front, a name does.
        presigned = self.call("--bucket", "my-bucket", "--presign", "60", "https://s3.eu-west-1.amazonaws.com/key",
                              env=PLAIN)
        self.assertTrue(self.assert_ok(presigned).text.startswith("https://my-bucket.s3.eu-west-1.amazonaws.com/key?"))


class Missing(credentials_case.TestCase):
    """What is said when something is not there, and that it is said before anything is fetched."""

    def test_every_place_is_listed(self):
        env = self.profiles("[profile other]\n")
        result = self.assert_usage(self.call(*SCOPE, "http://127.0.0.1:1/", env=env))
        lines = result.err.splitlines()
        self.assertEqual(lines[0], "awsfetch: no credentials:")
        for line, pattern in zip(lines[1:], ("environment: AWS_ACCESS_KEY_ID is not set",
                                             f'profile "default": .*{env["AWS_SHARED_CREDENTIALS_FILE"]}.*'
                                             f'{env["AWS_CONFIG_FILE"]}', "web identity: ", "container: ",
                                             "instance metadata: switched off by AWS_EC2_METADATA_DISABLED")):
            self.assertRegex(line, "^  " + pattern)
        self.assertEqual(len(lines), 6)

    def test_half_a_pair_is_told(self):
        pair = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        for given in pair:
            result = self.call(*SCOPE, "http://127.0.0.1:1/", env={given: SECRET})
            told = ", ".join(f"{name} is {'' if name == given else 'not '}set" for name in pair)
            self.assert_usage(result, f"environment: {told}\n")

    def test_long_explanations_are_whole(self):
        name = "p" * 1500
        result = self.call("--export-credentials", "--profile", name, env=self.profiles())
        self.assert_usage(result, f'profile "{name}": .*config file {self.directory}')

    def test_region_places_are_listed(self):
        env = {**PLAIN, **self.dev_profile(), "AWS_PROFILE": "dev", "AWS_DEFAULT_REGION": " "}
        env["AWS_CONFIG_FILE"] = self.write("config", "")
        result = self.assert_usage(self.call("--service", "sqs", "http://127.0.0.1:1/", env=env))
        self.assertEqual(result.err.splitlines(), [
            "awsfetch: no region:", "  --region is not given", "  the host 127.0.0.1 names none",
            "  AWS_REGION is not set", "  AWS_DEFAULT_REGION is blank",
            f"  profile dev: no region in {env['AWS_CONFIG_FILE']} and {env['AWS_SHARED_CREDENTIALS_FILE']}",
            "  instance metadata: switched off by AWS_EC2_METADATA_DISABLED"])

    def test_configured_host_that_names_no_region_is_listed(self):
        result = self.call("--service", "sqs", "/", env={**PLAIN, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
        self.assert_usage(result, "no region:\n  --region is not given\n  the host 127.0.0.1 names none\n")

    def test_profile_that_is_not_there(self):
        env = {**PLAIN, **self.dev_profile()}
        for arguments, more in ((["--profile", "nope"], {}), ([], {"AWS_PROFILE": "nope"})):
            result = self.call(*SCOPE, *arguments, "http://127.0.0.1:1/", env={**env, **more})
            self.assert_usage(result, r"\Aawsfetch: settings of profile nope: .*\n"
                              r"  profile \"nope\": no such profile; ")

    def test_malformed_file(self):
        env = {**PLAIN, **self.profiles("[profile dev\nregion = x\n")}
        self.assert_usage(self.call(*SCOPE, "http://127.0.0.1:1/", env=env), "settings of profile default: ",
                          "config file .*line 1")

    def test_place_that_fails_ends_the_search(self):
        server = self.served(answering.Answering({}))
        env = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/none"}
        result = self.assert_usage(self.call(*SCOPE, "--show-config", env=env),
                                   r"\Aawsfetch: credentials of the container: ",
                                   r"\n  container: http://localhost:[0-9]+/none answered 404")
        self.assertEqual(len(result.err.splitlines()), 2)
        self.assertIn("credentials: none\n", result.text)

    def test_process_that_fails(self):
        env = self.profiles("[profile tool]\nregion = eu-west-1\ncredential_process = false\n")
        self.assert_usage(self.call("--profile", "tool", "--export-credentials", env=env),
                          "credentials of profile tool: ", "exit code 1")

    def test_command_line_comes_first(self):
        server = self.served(answering.Answering(instance()))
        env = self.metadata(server)
        url = "http://127.0.0.1:1/"
        for arguments, pattern in (
                (["--service", "sqs", "http://127.0.0.1:1/a b"], "0x20"),
                (["--service", "sqs", "-H", "a b: c", url], "header"),
                (["--service", "sqs", *["-H", "X: y"] * 70, url], "64"), ([url], "which service"),
                (["--service", "sqs", "--sign-only", *["-H", "X: y"] * 70, url], "64"),
                (["--service", "sqs", "--presign", "60", url + "?X-Amz-Date=1"], "X-Amz-Date"),
                (["--service", "sqs", "-d", "@/nonexistent", url], "/nonexistent"),
                (["--service", "sqs", "--cert", "/nonexistent", "--key", "/nonexistent", url], "/nonexistent"),
                (["--service", "sqs", "--endpoint-url", "http://a?b", "/"], "query")):
            with self.subTest(arguments=arguments):
                self.assert_usage(self.call(*arguments, env=env), pattern)
        self.assertEqual(server.asked, [])

    def test_max_time_covers_credentials(self):
        with misbehaving.Misbehaving(misbehaving.silent) as server:
            env = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url}
            result = self.call(*SCOPE, "--max-time", "0.5", "http://127.0.0.1:1/", env=env)
        self.assert_failed(result, r"0\.5 s \(--max-time\) .*credentials")
        self.assertLess(result.seconds, 5)


if __name__ == "__main__":
    unittest.main()
