"""S3 against Swift, which also refuses a wrong region or service in the scope."""

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

    def test_wrong_region_is_refused(self):
        result = self.assert_refused(self.call("/bucket", region="eu-west-1"), 400)
        self.assertIn("AuthorizationHeaderMalformed", result.text)

    def test_wrong_service_is_refused(self):
        result = self.assert_refused(self.call("/bucket", "--content-sha256", service="sqs"), 400)
        self.assertIn("incorrect service", result.text)

    def test_wrong_secret_is_refused(self):
        result = self.assert_refused(self.call("/bucket", env=awsfetch.keys(swift.ACCESS_KEY_ID, "wrong")))
        self.assertIn("<CanonicalRequest>", result.text)

    def test_list_with_query_parameters(self):
        self.assert_ok(self.call("-X", "PUT", "-d", "x", "/bucket/list%20me"))
        self.assertIn("<Key>list me</Key>", self.assert_ok(self.call("/bucket?list-type=2&prefix=list%20")).text)


if __name__ == "__main__":
    unittest.main()
