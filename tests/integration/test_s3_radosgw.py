"""S3 and STS against radosgw, which verifies headers, presigned URLs, body hashes and session tokens."""
# Covers C1, C12, C13: odd keys, bodies and tokens that radosgw accepts.

import hashlib
import os
import re
import socket
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

import awsfetch
from s3_keys import ODD_KEYS, wire_form
from servers import radosgw, support

CREDENTIALS = awsfetch.keys(radosgw.ACCESS_KEY_ID, radosgw.SECRET_ACCESS_KEY)
LARGE_SIZE = 64 * 1024 * 1024
# A quarter of what is sent: holding the object, or even a copy of a part of it for each request, would be far above.
PEAK_LIMIT_KIB = 16 * 1024


class RadosgwTest(awsfetch.TestCase):
    """radosgw starts once for all classes of this file."""

    server = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.directory = support.temporary_directory("s3")

    @staticmethod
    def options(service="s3"):
        return ["--endpoint-url", RadosgwTest.server.url, "--service", service, "--region", "us-east-1"]

    def call(self, *arguments, env=None, service="s3"):
        return awsfetch.run(*self.options(service), *arguments, env=env or CREDENTIALS)

    def file(self, name, content=None):
        path = os.path.join(self.directory, name)
        if content is not None:
            with open(path, "wb") as file:
                file.write(content)
        return path


def setUpModule():
    RadosgwTest.server = radosgw.Radosgw()
    RadosgwTest.server.start()
    unittest.addModuleCleanup(RadosgwTest.server.stop)
    test = RadosgwTest()
    test.setUpClass()
    test.assert_ok(test.call("-X", "PUT", "/bucket"))


class Objects(RadosgwTest):
    def test_put_get_head_delete_of_odd_keys(self):
        for key in ODD_KEYS:
            with self.subTest(key=key):
                self.put_get_head_delete("/bucket/" + wire_form(key), key.encode())

    def test_odd_keys_as_raw_paths(self):
        # A question mark begins the query in any path given on the command line.
        for key in (key for key in ODD_KEYS if "?" not in key):
            with self.subTest(key=key):
                self.assert_ok(self.call("-X", "PUT", "--raw-path", "-d", key, "/bucket/" + key))
                self.put_is_found_at("/bucket/" + wire_form(key), key.encode())
                self.assert_ok(self.call("-X", "DELETE", "--raw-path", "/bucket/" + key))
                self.assert_refused(self.call("/bucket/" + wire_form(key)), 404)

    def put_get_head_delete(self, path, content):
        self.assert_ok(self.call("-X", "PUT", "-d", "@" + self.file("body", content), path))
        self.put_is_found_at(path, content)
        head = self.assert_ok(self.call("-X", "HEAD", "-i", path)).text
        self.assertRegex(head.lower(), rf"content-length: {len(content)}\r?\n")
        self.assertEqual(self.assert_ok(self.call("-X", "DELETE", path)).out, b"")
        self.assert_refused(self.call(path), 404)

    def put_is_found_at(self, path, content):
        self.assertEqual(self.assert_ok(self.call(path)).out, content)

    def test_head_prints_nothing(self):
        self.assert_ok(self.call("-X", "PUT", "-d", "hello", "/bucket/head"))
        self.assertEqual(self.assert_ok(self.call("-X", "HEAD", "/bucket/head")).out, b"")

    def test_empty_and_binary_objects(self):
        for name, content in (("empty", b""), ("binary", bytes(range(256)) * 100)):
            with self.subTest(name):
                self.assert_ok(self.call("-X", "PUT", "-d", "@" + self.file("body", content), "/bucket/" + name))
                self.put_is_found_at("/bucket/" + name, content)

    def test_metadata_comes_back(self):
        self.assert_ok(self.call("-X", "PUT", "-d", "x", "-H", "x-amz-meta-place:  roof   north ",
                                 "-H", "Content-Type: text/plain", "/bucket/meta"))
        head = self.assert_ok(self.call("-X", "HEAD", "-i", "/bucket/meta")).text.lower()
        self.assertRegex(head, r"x-amz-meta-place: roof +north\r?\n")
        self.assertRegex(head, r"content-type: text/plain")

    def test_range(self):
        self.assert_ok(self.call("-X", "PUT", "-d", "0123456789", "/bucket/range"))
        self.assertEqual(self.assert_ok(self.call("-H", "Range: bytes=2-4", "/bucket/range")).out, b"234")

    def test_unsigned_payload(self):
        self.assert_ok(self.call("-X", "PUT", "--unsigned-payload", "-d", "hello", "/bucket/unsigned"))
        self.put_is_found_at("/bucket/unsigned", b"hello")

    def test_payload_hash_of_the_caller(self):
        right = hashlib.sha256(b"hello").hexdigest()
        self.assert_ok(self.call("-X", "PUT", "--payload-hash", right, "-d", "hello", "/bucket/hash"))
        wrong = hashlib.sha256(b"hello!").hexdigest()
        self.assert_refused(self.call("-X", "PUT", "--payload-hash", wrong, "-d", "hello", "/bucket/hash"), 400)

    def test_wrong_secret_is_refused(self):
        result = self.assert_refused(
            self.call("/bucket", env=awsfetch.keys(radosgw.ACCESS_KEY_ID, radosgw.SECRET_ACCESS_KEY + "x")))
        self.assertIn("<Code>SignatureDoesNotMatch</Code>", result.text)

    def test_old_date_is_refused(self):
        result = self.assert_refused(self.call("--date", "20200101T000000Z", "/bucket"))
        self.assertIn("RequestTimeTooSkewed", result.text)


class Lists(RadosgwTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls()
        test.assert_ok(test.call("-X", "PUT", "/list"))
        for key in ("logs/2024 01", "logs/2024+02", "logs/a/b", "other"):
            test.assert_ok(test.call("-X", "PUT", "-d", "x", "/list/" + wire_form(key)))

    def listed(self, query):
        root = ElementTree.fromstring(self.assert_ok(self.call("/list" + query)).out)
        return [element.text for element in root.iter() if element.tag.rpartition("}")[2] == "Key"]

    def test_list_with_query_parameters(self):
        self.assertEqual(self.listed("?list-type=2&prefix=logs%2F&delimiter=%2F"), ["logs/2024 01", "logs/2024+02"])
        self.assertEqual(self.listed("?list-type=2&prefix=logs%2F2024%2B"), ["logs/2024+02"])
        self.assertEqual(self.listed("?prefix=logs/2024%20&list-type=2&max-keys=1"), ["logs/2024 01"])

    def test_subresource_without_value(self):
        self.assertIn("LocationConstraint", self.assert_ok(self.call("/list?location")).text)

    def test_virtual_hosted_bucket_by_host_header(self):
        host = f"list.localhost:{self.server.port}"
        self.assertEqual(self.assert_ok(self.call("-H", f"Host: {host}", "/other")).out, b"x")

    def test_virtual_hosted_bucket_by_url(self):
        try:
            socket.getaddrinfo("list.localhost", self.server.port)
        except socket.gaierror:
            self.skipTest("this machine does not resolve names under localhost")
        result = awsfetch.run("--service", "s3", "--region", "us-east-1",
                              f"http://list.localhost:{self.server.port}/other", env=CREDENTIALS)
        self.assertEqual(self.assert_ok(result).out, b"x")


class Presigned(RadosgwTest):
    """URLs from awsfetch, fetched by curl, which knows nothing of signatures here."""

    def url(self, method, path, *options, env=None):
        lines = self.assert_ok(self.call("-X", method, "--presign", "300", *options, path, env=env)).text.splitlines()
        self.assertEqual(len(lines), 1, lines)
        return lines[0]

    @staticmethod
    def curl(url, *options):
        done = subprocess.run(
            ["curl", "-sS", "--path-as-is", "--globoff", "--max-time", "20", "-w", "\n%{http_code}", *options, url],
            capture_output=True, check=True)
        body, _, status = done.stdout.rpartition(b"\n")
        return int(status), body

    def test_put_and_get_of_odd_keys(self):
        for key in ODD_KEYS:
            with self.subTest(key=key):
                path = "/bucket/presigned/" + wire_form(key)
                body = ["-X", "PUT", "--data-binary", key, "-H", "Content-Type:"]
                self.assertEqual(self.curl(self.url("PUT", path), *body)[0], 200)
                self.assertEqual(self.curl(self.url("GET", path)), (200, key.encode()))

    def test_query_of_the_caller_is_signed(self):
        self.assert_ok(self.call("-X", "PUT", "-d", "x", "/bucket/typed"))
        url = self.url("GET", "/bucket/typed?response-content-type=text%2Fcsv")
        self.assertEqual(self.curl(url)[0], 200)
        self.assertEqual(self.curl(url.replace("csv", "xml"))[0], 403)

    def test_another_method_or_secret_is_refused(self):
        self.assertEqual(self.curl(self.url("GET", "/bucket/x"), "-X", "PUT", "--data-binary", "x")[0], 403)
        wrong = awsfetch.keys(radosgw.ACCESS_KEY_ID, "wrong")
        self.assertEqual(self.curl(self.url("GET", "/bucket/x", env=wrong))[0], 403)

    def test_url_past_its_time_is_refused(self):
        self.assertEqual(self.curl(self.url("GET", "/bucket/x", "--date", "20200101T000000Z"))[0], 403)


class SessionTokens(RadosgwTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls()
        answer = test.assert_ok(test.call(
            "-H", "Content-Type: application/x-www-form-urlencoded; charset=utf-8",
            "-d", f"Action=AssumeRole&Version=2011-06-15&RoleArn={radosgw.ROLE_ARN}&RoleSessionName=device-1",
            "/", service="sts")).text
        names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        cls.session = [re.search(f"<{name}>(.*?)</{name}>", answer).group(1) for name in names]

    def test_token_of_assume_role_opens_s3(self):
        env = awsfetch.keys(*self.session)
        self.assert_ok(self.call("-X", "PUT", "-d", "by role", "/bucket/role", env=env))
        self.assertEqual(self.assert_ok(self.call("/bucket/role", env=env)).out, b"by role")

    def test_presigned_with_token(self):
        self.assert_ok(self.call("-X", "PUT", "-d", "x", "/bucket/role-url"))
        url = self.assert_ok(self.call("--presign", "60", "/bucket/role-url", env=awsfetch.keys(*self.session))).text
        self.assertEqual(Presigned.curl(url.strip()), (200, b"x"))

    def test_session_keys_without_their_token_are_refused(self):
        self.assert_refused(self.call("/bucket", env=awsfetch.keys(*self.session[:2])))

    def test_session_keys_with_another_token_are_refused(self):
        token = self.session[2]
        env = awsfetch.keys(*self.session[:2], token[:40] + "AAAA" + token[44:])
        self.assert_refused(self.call("/bucket", env=env))


class Large(RadosgwTest):
    """64 MiB up and down in constant memory."""

    def measured(self, *arguments):
        result = self.assert_ok(awsfetch.run_measured(*self.options(), *arguments, env=CREDENTIALS))
        print(f"\n{arguments[0]}: peak resident size {result.peak_kib} KiB, {result.seconds:.1f} s", flush=True)
        if awsfetch.HAS_TRUE_SIZE:
            self.assertGreater(result.peak_kib, 0)
            self.assertLess(result.peak_kib, PEAK_LIMIT_KIB)

    def test_up_and_down(self):
        block = os.urandom(1024 * 1024)
        source = self.file("large", block * (LARGE_SIZE // len(block)))
        target = self.file("received")
        self.measured("-X", "PUT", "-d", "@" + source, "/bucket/large")
        self.measured("-o", target, "/bucket/large")
        self.assertEqual(sha256_of(target), sha256_of(source))


def sha256_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    unittest.main()
