"""S3 against Swift, which also refuses a wrong region or service in the scope."""

import re
import unittest

import awsfetch
from s3_keys import ODD_KEYS, wire_form
from servers import swift

CREDENTIALS = awsfetch.keys(swift.ACCESS_KEY_ID, swift.SECRET_ACCESS_KEY)


class SwiftTest(awsfetch.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.start(swift.Swift())
        cls.assert_ok(cls(), cls.call("-X", "PUT", "/bucket"))

    @classmethod
    def call(cls, *arguments, region=swift.REGION, service="s3", env=None):
        return awsfetch.run("--endpoint-url", cls.server.url, "--service", service, "--region", region, *arguments,
                            env=env or CREDENTIALS)

    def test_put_get_delete_of_odd_keys(self):
        for key in ODD_KEYS:
            with self.subTest(key=key):
                path = "/bucket/" + wire_form(key)
                self.assert_ok(self.call("-X", "PUT", "-d", key, path))
                self.assertEqual(self.assert_ok(self.call(path)).out, key.encode())
                self.assert_ok(self.call("-X", "DELETE", path))
                self.assert_refused(self.call(path), 404)

    def test_wrong_region_is_followed_to_the_right_one(self):
        """Swift names its region when it refuses another."""
        result = self.assert_ok(self.call("-v", "/bucket", region="eu-west-1"))
        self.assertEqual(re.findall(r"^< HTTP/1\.1 (\d+)", result.err, flags=re.MULTILINE), ["400", "200"])

    def test_wrong_service_is_refused(self):
        result = self.assert_refused(self.call("/bucket", "--content-sha256", service="sqs"), 400)
        self.assertIn("incorrect service", result.text)

    def explain(self, *arguments, **options):
        """What -v says of a refused signature, between the steps and the last line."""
        result = self.assert_refused(self.call("-v", *arguments, **options))
        self.assertIn("<CanonicalRequest>", result.text)
        lines = result.err.splitlines()
        self.assertRegex(lines[-1], r"^awsfetch: SignatureDoesNotMatch: .* \(HTTP 403, request id tx[0-9a-f-]+\)$")
        steps = max(number for number, line in enumerate(lines) if " bytes out, " in line)
        return lines[steps + 1:-1]

    def test_wrong_secret_is_explained(self):
        same, cause = self.explain("/bucket", env=awsfetch.keys(swift.ACCESS_KEY_ID, "wrong"))
        self.assertEqual(same, "* the service signed the same string")
        self.assertIn("* likely cause: the secret access key", cause)

    def test_path_that_was_encoded_twice_is_explained(self):
        found = self.explain("--double-encode", "-X", "PUT", "-d", "x", "/bucket/a%20b")
        self.assertEqual(found[:3], ["* the canonical requests differ in the path",
                                     '* signed:   "/bucket/a%2520b"', '* expected: "/bucket/a%20b"'])
        self.assertIn("once more than the service does it", found[3])

    def test_plus_is_explained(self):
        found = self.explain("/bucket?prefix=x+y")
        self.assertEqual(found[:3], ["* the canonical requests differ in the query, first in the parameter prefix",
                                     '* signed:   "prefix=x%2By"', '* expected: "prefix=x%20y"'])
        self.assertIn("write %20 for a blank", found[3])

    def test_nothing_is_explained_without_verbose(self):
        result = self.assert_refused(self.call("/bucket", env=awsfetch.keys(swift.ACCESS_KEY_ID, "wrong")))
        self.assertEqual(len(result.err.splitlines()), 1)

    def test_code_and_request_id_are_the_last_line(self):
        result = self.assert_refused(self.call("/no-such-bucket"), 404)
        self.assertRegex(result.err, r"\Aawsfetch: NoSuchBucket: [^\n]+ \(HTTP 404, request id tx[0-9a-f-]+\)\n\Z")

    def test_list_with_query_parameters(self):
        self.assert_ok(self.call("-X", "PUT", "-d", "x", "/bucket/list%20me"))
        self.assertIn("<Key>list me</Key>", self.assert_ok(self.call("/bucket?list-type=2&prefix=list%20")).text)


if __name__ == "__main__":
    unittest.main()
