"""What the tests of awsfetch's credentials share: keys, files, and stand-ins for the places they come from."""

import json
import os

import awsfetch
from servers import answering, support

KEY_ID, SECRET, TOKEN = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "tOKen/" * 20
ROLE_KEY_ID, ROLE_SECRET, ROLE_TOKEN = "ASIAROLEKEY000000042", "role-secret/+=\\\"", "role-token=="
EXPIRATION = "2099-11-22T22:00:00Z"
MASKED, ROLE_MASKED = "AKIA****MPLE", "ASIA****0042"
PLAIN = awsfetch.keys(KEY_ID, SECRET)
SCOPE = ["--service", "execute-api", "--region", "us-east-1"]
ROLE = {"AccessKeyId": ROLE_KEY_ID, "SecretAccessKey": ROLE_SECRET, "Token": ROLE_TOKEN, "Expiration": EXPIRATION}
ASSUMED = f"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser>
<Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn><AssumedRoleId>A:s</AssumedRoleId></AssumedRoleUser><Credentials>
<AccessKeyId>{ROLE_KEY_ID}</AccessKeyId><SecretAccessKey>{ROLE_SECRET.replace('"', "&quot;")}</SecretAccessKey>
<SessionToken>{ROLE_TOKEN}</SessionToken><Expiration>{EXPIRATION}</Expiration></Credentials></AssumeRoleResult>
</AssumeRoleResponse>"""


def instance(role=None, region="eu-north-1", v1_only=False):
    """What an instance metadata service answers."""
    place = "GET /latest/meta-data/iam/security-credentials/"
    document = {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2026-11-22T16:00:00Z", **(role or ROLE)}
    return {"PUT /latest/api/token": (403 if v1_only else 200, "" if v1_only else "session-token"),
            place: (200, "the-role"), place + "the-role": (200, document),
            "GET /latest/meta-data/placement/region": (200, region)}


class TestCase(awsfetch.TestCase):
    def setUp(self):
        self.directory = support.temporary_directory("credentials")

    def call(self, *arguments, env=None, **options):
        return awsfetch.run(*arguments, env=env or {}, **options)

    def write(self, name, text, mode=0o600):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def profiles(self, config="", credentials=""):
        """The environment that names such files."""
        return {"AWS_CONFIG_FILE": self.write("config", config),
                "AWS_SHARED_CREDENTIALS_FILE": self.write("credentials", credentials)}

    def dev_profile(self, config=""):
        return self.profiles(f"[profile dev]\nregion = eu-west-3\n{config}",
                             f"[dev]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET}\n")

    def served(self, server):
        server.start()
        self.addCleanup(server.stop)
        return server

    def metadata(self, server):
        return {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url}

    def assert_usage(self, result, *patterns):
        self.assert_exit(result, awsfetch.USAGE)
        for pattern in patterns:
            self.assertRegex(result.err, pattern, f"\n{result}")
        self.assert_no_secret(result)
        return result

    def assert_no_secret(self, result):
        for secret in (SECRET, TOKEN, ROLE_SECRET, ROLE_TOKEN):
            self.assertNotIn(secret, result.text + result.err, "a secret is shown")

    def shown(self, *arguments, exit_code=awsfetch.OK, **options):
        """The lines of --show-config."""
        result = self.assert_exit(self.call("--show-config", *arguments, **options), exit_code)
        self.assert_no_secret(result)
        return result.text.splitlines()

    def exported(self, *arguments, **options):
        """The object that --export-credentials prints."""
        result = self.assert_ok(self.call("--export-credentials", *arguments, **options))
        self.assertEqual(result.err, "")
        self.assertEqual(result.text.count("\n"), 1)
        return json.loads(result.text)
