"""What awsfetch promises its callers: exit codes, messages, what goes to standard output, and what never shows."""
# Covers C38: no secret in what is printed.

import hashlib
import json
import os
import re
import ssl
import subprocess
import sys
import unittest

import awsfetch
from servers import gate, misbehaving, support, tls

KEY_ID, SECRET, TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "tOKen/" * 20
PLAIN = awsfetch.keys(KEY_ID, SECRET)
WITH_TOKEN = awsfetch.keys(KEY_ID, SECRET, TOKEN)
SCOPE = ["--service", "execute-api", "--region", "us-east-1"]
# A slow machine under a sanitizer, or an emulator, still has to be told from a client that hangs.
PATIENCE = 10 if awsfetch.SLOW else 4


def sections(text):
    """The parts of --sign-only by their title, without the line feed that ends each."""
    parts = re.split(r"^== (.*)\n", text, flags=re.MULTILINE)
    return {title: content.removesuffix("\n") for title, content in zip(parts[1::2], parts[2::2])}


def answers(*parts):
    """A behaviour of misbehaving.Misbehaving: reads a request, writes that, and closes."""
    def behaviour(connection):
        misbehaving.read_head(connection)
        connection.sendall(b"".join(parts))
    return behaviour


def cuts_tls(certificate, *parts):
    """The same over TLS, without the close_notify that tells an end from a connection that was cut."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)

    def behaviour(connection):
        # A copy of the socket: the session goes without a word, and the connection with the server's own.
        with context.wrap_socket(connection.dup(), server_side=True) as session:
            answers(*parts)(session)
    return behaviour


class CliTest(awsfetch.TestCase):
    def call(self, *arguments, env=PLAIN, **options):
        return awsfetch.run(*arguments, env=env, **options)

    def assert_one_line(self, text):
        self.assertRegex(text, r"\A[^\n]+\n\Z", "one line was expected")

    def assert_usage(self, result, pattern):
        self.assert_exit(result, awsfetch.USAGE)
        self.assertRegex(result.err, pattern, f"\n{result}")
        self.assertEqual(result.out, b"")


class Usage(CliTest):
    @staticmethod
    def known_options():
        path = awsfetch.SOURCE_DIRECTORY / "examples" / "awsfetch" / "option_table.h"
        return ["--" + name for name in re.findall(r'^ *\{"([a-z0-9-]+)", ', path.read_text(), flags=re.MULTILINE)]

    def test_help_and_version(self):
        help_text = self.assert_ok(self.call("--help")).text
        self.assertGreater(len(self.known_options()), 40)
        for option in self.known_options():
            self.assertRegex(help_text, rf"(?<![\w-]){option}(?![\w-])")
        self.assertRegex(self.assert_ok(self.call("--version")).text, r"\d+\.\d+")

    def test_no_option_is_the_beginning_of_another(self):
        names = sorted(self.known_options())
        for name, following in zip(names, names[1:]):
            self.assertFalse(following.startswith(name), name)

    def test_options_end_at_two_dashes(self):
        self.assert_usage(self.call("--", "--region", "--region"), "more than one URL or PATH: --region;")

    def test_no_url(self):
        self.assert_usage(self.call(), r"(?i)url|usage")

    def test_unknown_option_is_named(self):
        self.assert_usage(self.call("--no-such-option", "http://127.0.0.1/"), "no-such-option")

    def test_unknown_option_of_a_cluster_is_named(self):
        for arguments in (["--verbose", "-zv"], ["--verbose", "-vz"], ["-X", "GET", "-iz"], ["-zv"]):
            with self.subTest(arguments=arguments):
                self.assert_usage(self.call(*arguments, "http://127.0.0.1/"), "unknown option -z;")

    def test_value_that_is_not_expected(self):
        self.assert_usage(self.call("-v", "--verbose=1", "http://127.0.0.1/"), "no value.*--verbose=1;")

    def test_ambiguous_abbreviation_is_no_unknown_option(self):
        for arguments in (["--max", "3"], ["-v", "--max=3"]):
            with self.subTest(arguments=arguments):
                self.assert_usage(self.call(*arguments, "http://127.0.0.1/"),
                                  "--max is ambiguous.*--max-time.*--max-attempts")

    def test_option_without_its_value_is_named(self):
        self.assert_usage(self.call("http://127.0.0.1/", "--region"), "after --region;")
        self.assert_usage(self.call("http://127.0.0.1/", "-vH"), "after -H;")

    def test_values_that_are_not_what_they_should_be(self):
        for arguments in (["--presign", "0"], ["--presign", "604801"], ["--presign", "soon"], ["--date", "yesterday"],
                          ["--max-time", "x"], ["--connect-timeout", "-1"], ["-H", "no colon"]):
            with self.subTest(arguments=arguments):
                self.assert_usage(self.call(*SCOPE, *arguments, "http://127.0.0.1:1/"), re.escape(arguments[1]))

    def test_path_without_endpoint(self):
        self.assert_usage(self.call("--sign-only", "/path"), "(?i)endpoint|service|region|url")

    def test_no_region(self):
        self.assert_usage(self.call("--service", "execute-api", "http://127.0.0.1:1/"), "(?i)region")

    def test_no_service(self):
        self.assert_usage(self.call("--region", "us-east-1", "http://127.0.0.1:1/"), "(?i)service")

    def test_scheme_that_is_not_http(self):
        self.assert_usage(self.call(*SCOPE, "ftp://127.0.0.1/"), "ftp|scheme|http")

    def test_no_credentials(self):
        self.assert_usage(self.call(*SCOPE, "http://127.0.0.1:1/", env={}), "(?i)credentials")

    def test_secret_without_key_and_key_without_secret(self):
        for env in ({"AWS_ACCESS_KEY_ID": KEY_ID}, {"AWS_SECRET_ACCESS_KEY": SECRET}):
            self.assert_usage(self.call(*SCOPE, "http://127.0.0.1:1/", env=env), "(?i)credentials|AWS_")

    def test_body_file_that_is_not_there(self):
        self.assert_usage(self.call(*SCOPE, "-d", "@/nonexistent/body", "http://127.0.0.1:1/"), "/nonexistent/body")

    def test_bytes_that_may_not_stand_in_a_url_are_named(self):
        space, first_of_umlaut = r"0x20|space|' '", r"(?i)0xc3|\\xc3"
        line_feed, quote = r"(?i)0x0a|\\n|line feed", "0x22|\""
        for target, byte in (("/a b", space), ("/?q=a b", space), ("/Zürich", first_of_umlaut), ("/a\nb", line_feed),
                             ('/a"b', quote)):
            with self.subTest(target=target):
                self.assert_usage(self.call(*SCOPE, "http://127.0.0.1:1" + target), byte)

    def test_raw_path_is_advised_only_where_it_helps(self):
        for arguments, target, helps in (([], "/%zz", True), ([], "/?a=%zz", False),
                                         (["--raw-path"], "/%zz?a=%zz", False), (["--raw-path"], "/?a=b c", False)):
            for mode in ([], ["--presign", "60"]):
                with self.subTest(arguments=arguments, mode=mode, target=target):
                    result = self.call(*SCOPE, *arguments, *mode, "http://127.0.0.1:1" + target)
                    self.assert_usage(result, "position")
                    self.assertEqual("--raw-path" in result.err, helps, f"\n{result}")

    def test_host_that_is_too_long(self):
        for url in ("http://" + "a" * 254 + "/", "https://user@" + "a" * 254 + ":443?x"):
            self.assert_usage(self.call(*SCOPE, url), "254.*253.*TINYAWS_MAX_HOST_BYTES")
        self.assert_usage(self.call(*SCOPE, "--endpoint-url", "http://" + "a" * 254, "/"), "254.*253")
        self.assert_usage(self.call("--service", "a" * 250, "--region", "eu-west-1", "/"), "253.*MAX_HOST_BYTES")
        self.assert_usage(self.call("--service", "a b", "--region", "eu-west-1", "/"), "may stand there")

    def test_too_many_headers(self):
        """250 may be given, and fewer be signed: the message is about the one that was met."""
        for header, count, pattern in (("User-Agent: a", 300, "300.* 250"), ("X-A: a", 300, "300.* 250"),
                                       ("X-A: a", 100, "64.*TINYAWS_MAX_HEADERS")):
            for mode in ([], ["--sign-only"], ["--presign", "60"]):
                with self.subTest(header=header, count=count, mode=mode):
                    result = self.call(*SCOPE, *mode, *["-H", header] * count, "http://127.0.0.1:1/")
                    self.assert_usage(result, pattern)

    def test_headers_that_may_not_stand_twice(self):
        length = ["-H", "Content-Length: 0"] * 2
        self.assert_usage(self.call(*SCOPE, *length, "http://127.0.0.1:1/"), "Content-Length .*more than once")
        for mode in ([], ["--sign-only"], ["--presign", "60"]):
            with self.subTest(mode=mode):
                self.assert_usage(self.call(*SCOPE, *mode, "-H", "Host: a", "-H", "hOST: b", "http://127.0.0.1:1/"),
                                  "header hOST .*more than once")

    def test_parameters_of_presigning_are_named(self):
        for parameter, name in (("X-Amz-Signature=1", "X-Amz-Signature"), ("X%2DAmz-Signature=1", "X-Amz-Signature"),
                                ("a=b&%78-amz-%64ate=1", "X-Amz-Date"), ("X-Amz-Expires&a", "X-Amz-Expires")):
            with self.subTest(parameter=parameter):
                self.assert_usage(self.call(*SCOPE, "--presign", "60", "http://127.0.0.1:1/?" + parameter),
                                  f"parameter {name} is")
        for parameter in ("X-Amz-SignatureX=1", "X-Amz-Dat=", "a=X-Amz-Date", "X-Amz-Date%3D=1"):
            with self.subTest(parameter=parameter):
                self.assert_ok(self.call(*SCOPE, "--presign", "60", "http://127.0.0.1:1/?" + parameter))

    def test_line_ends_in_headers_are_refused(self):
        for header in ("X-A: b\r\nX-Injected: 1", "X-A: b\nc", "X\r\nA: b"):
            with self.subTest(header=header):
                self.assert_exit(self.call(*SCOPE, "-H", header, "http://127.0.0.1:1/"), awsfetch.USAGE)


class Answers(CliTest):
    """Against the gate, which echoes what it received."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gate = cls.start(gate.Gate({KEY_ID: gate.Key(SECRET)}, "us-east-1", "execute-api"))
        cls.token_gate = cls.start(gate.Gate({KEY_ID: gate.Key(SECRET, TOKEN)}, "us-east-1", "execute-api"))

    def ask(self, *arguments, target="/", **options):
        return self.call(*SCOPE, "--endpoint-url", self.gate.url, *arguments, target, **options)

    def received(self, *arguments, **options):
        return json.loads(self.assert_ok(self.ask(*arguments, **options)).out)

    def test_success_is_silent_on_standard_error(self):
        self.assertEqual(self.assert_ok(self.ask()).err, "")

    def test_url_and_path_with_endpoint_are_the_same(self):
        for arguments in (["--endpoint-url", self.gate.url, "/a/b?c=d"], [self.gate.url + "/a/b?c=d"],
                          ["--endpoint-url", self.gate.url + "/", "/a/b?c=d"],
                          ["--endpoint-url", self.gate.url + "/a", "/b?c=d"]):
            with self.subTest(arguments=arguments):
                self.assertEqual(json.loads(self.assert_ok(self.call(*SCOPE, *arguments)).out)["target"], "/a/b?c=d")

    def test_region_and_endpoint_from_the_environment(self):
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            env = {**PLAIN, name: "us-east-1", "AWS_ENDPOINT_URL": self.gate.url}
            self.assert_ok(self.call("--service", "execute-api", "/", env=env))

    def test_refusal(self):
        result = self.assert_refused(self.ask(env=awsfetch.keys(KEY_ID, "wrong")))
        self.assertIn("InvalidSignatureException", json.loads(result.out)["__type"])

    def test_verbose_explains_a_refused_signature(self):
        """The gate shows what it computed inside of its message, as services with JSON do."""
        result = self.assert_refused(self.ask("-v", env=awsfetch.keys(KEY_ID, "wrong")))
        self.assertRegex(result.err, r"\n\* the service signed the same string\n\* likely cause: the secret access key")
        result = self.assert_refused(self.ask("-v", "--single-encode", target="/a%20b"))
        self.assertRegex(result.err, r'differ in the path\n\* signed:   "/a%20b"\n\* expected: "/a%2520b"\n\* likely')

    def test_last_of_several_signatures_is_explained(self):
        """What was signed for an attempt that failed is forgotten."""
        refusals = [b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"]
        with misbehaving.Misbehaving(lambda connection: answers(refusals.pop(0))(connection)) as server:
            arguments = [*SCOPE, "--date", "20261123T000000Z", server.url + "/"]
            found = sections(self.assert_ok(self.call("--sign-only", *arguments)).text)
            body = (f"<Error><Code>SignatureDoesNotMatch</Code><StringToSign>{found['string to sign']}</StringToSign>"
                    f"<CanonicalRequest>{found['canonical request']}</CanonicalRequest></Error>").encode()
            refusals.append(b"HTTP/1.1 403 Forbidden\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            result = self.assert_refused(self.call("-v", *arguments))
        self.assertIn("* the service signed the same string\n", result.err)

    def test_refused_signature_shows_no_token(self):
        """Though the message does, in the canonical request."""
        refused = awsfetch.keys(KEY_ID, SECRET[:-1], TOKEN)
        for arguments in ([], ["-v"]):
            result = self.assert_refused(self.call(*SCOPE, *arguments, self.token_gate.url + "/", env=refused))
            self.assertIn(TOKEN, result.text)
            self.assertEqual("likely cause: the secret" in result.err, bool(arguments), f"\n{result}")
            self.assert_nothing_secret(result.err, self.token_gate.verdicts[-1])
            self.assertNotIn("x-amz-security-token", result.err)

    def last_line(self, status, fields, body, *arguments):
        head = b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n" % (status, fields, len(body))
        with misbehaving.Misbehaving(answers(head, body)) as server:
            result = self.call(*SCOPE, "--max-attempts", "1", *arguments, server.url + "/")
        self.assert_exit(result, awsfetch.REFUSED)
        self.assertEqual(result.out, body)
        return result.err.splitlines()[-1]

    def test_last_line_of_an_error(self):
        plain, with_id = b"", b"x-amzn-RequestId: 1-2\r\n"
        error = b"<Error><Code>AccessDenied</Code><Message>%s</Message><RequestId>AB</RequestId></Error>"
        for status, fields, body, line in (
                (b"403 Forbidden", plain, error % b"No access", "AccessDenied: No access (HTTP 403, request id AB)"),
                (b"403 Forbidden", plain, error % b"a\n&lt;b", r"AccessDenied: a\x0a<b (HTTP 403, request id AB)"),
                (b"403 Forbidden", plain, error % b"", "AccessDenied (HTTP 403, request id AB)"),
                (b"400 Bad Request", with_id, b'{"__type":"a#ThrottlingException","message":"\\u001b[1m"}',
                 r"ThrottlingException: \x1b[1m (HTTP 400, request id 1-2)"),
                (b"503 Slow Down", plain, b"", "503: Slow Down (HTTP 503)"),
                (b"304 Not Modified", plain, b"", "304: Not Modified (HTTP 304)")):
            for arguments in ([], ["-v"]):
                with self.subTest(body=body, arguments=arguments):
                    self.assertEqual(self.last_line(status, fields, body, *arguments), "awsfetch: " + line)

    def test_error_within_success_is_refused(self):
        """As S3 answers a copy that fails half way."""
        body = b"<Error><Code>InternalError</Code><Message>m</Message></Error>"
        line = self.last_line(b"200 OK", b"", body, "--service", "s3", "-X", "PUT")
        self.assertEqual(line, "awsfetch: InternalError: m (HTTP 200)")

    def test_long_error_messages(self):
        body = b'{"__type":"BadException","message":"%s"}' % (b"x" * 20000)
        line = self.last_line(b"400 Bad Request", b"", body)
        self.assertRegex(line, r"^awsfetch: BadException: x+\.\.\. \(HTTP 400\)$")

    def test_messages_with_secrets(self):
        body = b'{"__type":"BadException","message":"no %s"}' % SECRET.encode()
        self.assertEqual(self.last_line(b"400 Bad Request", b"", body), "awsfetch: BadException (HTTP 400)")

    def test_refused_signature_beyond_what_is_kept(self):
        """The explanation sees the beginning of the answer, and the output all of it."""
        body = b"<Error><Code>SignatureDoesNotMatch</Code><Message>m</Message><A>%s</A></Error>" % (b"x" * 70000)
        self.assertEqual(self.last_line(b"403 Forbidden", b"", body, "-v"),
                         "awsfetch: SignatureDoesNotMatch: m (HTTP 403)")

    def test_body_implies_post(self):
        received = self.received("-d", "a=b")
        self.assertEqual((received["method"], received["body"]), ("POST", "a=b"))
        self.assertEqual(self.received("-X", "PUT", "-d", "a=b")["method"], "PUT")
        self.assertEqual(self.received()["method"], "GET")

    def test_body_from_a_file(self):
        path = os.path.join(support.temporary_directory("cli"), "body")
        content = bytes(range(256)) * 1000
        with open(path, "wb") as file:
            file.write(content)
        self.assertEqual(self.received("-d", "@" + path)["body_sha256"], hashlib.sha256(content).hexdigest())

    def test_body_from_a_pipe(self):
        content = bytes(range(256)) * 1000
        self.assertEqual(self.received("-d", "@-", stdin=content)["body_sha256"], hashlib.sha256(content).hexdigest())
        self.assertEqual(self.received("-d", "@-", stdin=b"")["body_size"], 0)

    def test_output_file(self):
        path = os.path.join(support.temporary_directory("cli"), "output")
        result = self.assert_ok(self.ask("-o", path))
        self.assertEqual(result.out, b"")
        with open(path, "rb") as file:
            self.assertEqual(json.load(file)["target"], "/")

    def keep_or_replace(self, answer, *arguments):
        """What becomes of a file that holds "old", and of one that is not there."""
        directory = support.temporary_directory("cli")
        there, not_there = os.path.join(directory, "there"), os.path.join(directory, "not-there")
        with open(there, "wb") as file:
            file.write(b"old")
        with misbehaving.Misbehaving(answers(answer)) as server:
            for path in (there, not_there):
                result = self.call(*SCOPE, *arguments, "-o", path, server.url + "/")
                self.assertIn(result.exit, (awsfetch.OK, awsfetch.REFUSED), f"\n{result}")
        with open(there, "rb") as file:
            return file.read(), os.path.exists(not_there)

    def test_output_file_is_left_alone_by_answers_that_bring_nothing(self):
        for status in (b"304 Not Modified", b"403 Forbidden\r\nContent-Length: 0", b"503 Slow\r\nContent-Length: 0"):
            with self.subTest(status=status):
                head = b"HTTP/1.1 " + status + b"\r\n\r\n"
                self.assertEqual(self.keep_or_replace(head, "--max-attempts", "1"), (b"old", False))
                self.assertEqual(self.keep_or_replace(head, "--max-attempts", "1", "-i"), (head, True))
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
        self.assertEqual(self.keep_or_replace(head, "-X", "HEAD"), (b"old", False))
        self.assertEqual(self.keep_or_replace(head, "-X", "HEAD", "-i"), (head, True))

    def test_output_file_holds_what_came(self):
        for status, body in ((b"200 OK", b""), (b"204 No Content", None), (b"200 OK", b"new"), (b"404 None", b"new")):
            with self.subTest(status=status, body=body):
                length = b"" if body is None else b"\r\nContent-Length: %d" % len(body)
                answer = b"HTTP/1.1 " + status + length + b"\r\n\r\n" + (body or b"")
                self.assertEqual(self.keep_or_replace(answer), (body or b"", True))

    def test_output_file_that_cannot_be_written(self):
        result = self.ask("-o", "/nonexistent/output")
        self.assertNotIn(result.exit, (awsfetch.OK, awsfetch.REFUSED), f"\n{result}")
        self.assertIn("/nonexistent/output", result.err)

    def test_full_disk_is_not_success(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        self.assertNotEqual(self.ask("-o", "/dev/full").exit, awsfetch.OK)
        with open("/dev/full", "wb") as full:
            self.assertNotEqual(self.ask(stdout=full).exit, awsfetch.OK)

    def test_closed_standard_output_is_no_crash(self):
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "wb") as broken:
            # More than a pipe holds, so that not only the last write fails.
            result = self.ask("-d", "@-", stdin=b"x" * 300000, stdout=broken)
        self.assertGreater(result.exit, awsfetch.OK, f"\n{result}")

    def test_include(self):
        head, _, body = self.assert_ok(self.ask("-i")).out.partition(b"\r\n\r\n")
        self.assertRegex(head, rb"\AHTTP/1\.1 200 OK\r\n")
        self.assertIn(b"\r\nContent-Length: %d" % len(body), head)
        json.loads(body)

    def test_head(self):
        self.assertEqual(self.assert_ok(self.ask("-X", "HEAD")).out, b"")
        self.assertRegex(self.assert_ok(self.ask("-X", "HEAD", "-i")).out, rb"\AHTTP/1\.1 200 OK\r\n(?s:.)*\r\n\r\n\Z")

    def test_verbose_shows_steps_but_no_secret(self):
        result = self.assert_ok(self.call(*SCOPE, "-v", self.token_gate.url + "/", env=WITH_TOKEN))
        json.loads(result.out)
        self.assertRegex(result.err.lower(), "connect")
        self.assertRegex(result.err, "200")
        self.assert_nothing_secret(result.err, self.token_gate.verdicts[-1])

    def test_verbose_refusal_shows_no_secret(self):
        result = self.call(*SCOPE, "-v", self.gate.url + "/", env=awsfetch.keys(KEY_ID, SECRET[:-1], TOKEN))
        self.assert_refused(result)
        self.assert_nothing_secret(result.err, self.gate.verdicts[-1])

    def assert_nothing_secret(self, text, verdict):
        signature = gate.read_claim(verdict.request).signature
        for name, secret in (("secret", SECRET[:-1]), ("token", TOKEN), ("signature", signature)):
            self.assertNotIn(secret, text, f"the {name} is on standard error")

    def test_verbose_presigned_shows_no_secret_on_standard_error(self):
        result = self.assert_ok(self.call(*SCOPE, "-v", "--presign", "60", self.token_gate.url + "/", env=WITH_TOKEN))
        signature = re.search(r"X-Amz-Signature=(\w+)", result.text).group(1)
        for secret in (SECRET, TOKEN, signature):
            self.assertNotIn(secret, result.err)

    def test_presign_prints_one_line_and_sends_nothing(self):
        before = len(self.gate.verdicts)
        result = self.assert_ok(self.ask("--presign", "60", target="/path?x=1"))
        self.assert_one_line(result.text)
        self.assertTrue(result.text.startswith(self.gate.url + "/path?x=1&X-Amz-Algorithm=AWS4-HMAC-SHA256&"), result)
        self.assertEqual(len(self.gate.verdicts), before)

    def presign_for_s3(self, *arguments):
        """The names of the signed headers, and the canonical request."""
        found = sections(self.assert_ok(self.call("--presign", "60", "--sign-only", *arguments,
                                                  "https://bucket.s3.eu-west-1.amazonaws.com/key")).text)
        return re.search("X-Amz-SignedHeaders=([^&]*)", found["url"]).group(1), found["canonical request"]

    def test_presigned_payload_of_s3(self):
        """A payload that is signed has to be named by a header, which is signed too."""
        given = "f" * 64
        unsigned, own = ("host", "UNSIGNED-PAYLOAD"), hashlib.sha256(b"a=b").hexdigest()
        for arguments, (names, payload) in (
                ([], unsigned), (["-d", "a=b"], unsigned), (["--unsigned-payload"], unsigned),
                (["--no-content-sha256", "-d", "a=b"], unsigned), (["--payload-hash", "UNSIGNED-PAYLOAD"], unsigned),
                (["--payload-hash", given], ("host%3Bx-amz-content-sha256", given)),
                (["-H", "X-Amz-Content-Sha256: " + given], ("host%3Bx-amz-content-sha256", given)),
                (["--content-sha256", "-d", "a=b"], ("host%3Bx-amz-content-sha256", own))):
            with self.subTest(arguments=arguments):
                found_names, canonical = self.presign_for_s3(*arguments)
                self.assertEqual((found_names, canonical.rpartition("\n")[2]), (names, payload))
                self.assertEqual(f"x-amz-content-sha256:{payload}\n" in canonical, names != "host")

    def test_presigned_payload_header_is_told_of(self):
        self.assertRegex(self.assert_ok(self.call("--help")).text, r"(?s)--presign .*X-Amz-Content-Sha256")
        arguments = ["--presign", "60", "--payload-hash", "f" * 64, "https://bucket.s3.eu-west-1.amazonaws.com/key"]
        quiet, verbose = self.assert_ok(self.call(*arguments)), self.assert_ok(self.call("-v", *arguments))
        self.assert_one_line(quiet.text)
        self.assert_one_line(verbose.text)
        self.assertEqual(quiet.err, "")
        self.assertIn("X-Amz-Content-Sha256: " + "f" * 64, verbose.err)
        self.assertNotIn("Sha256", self.assert_ok(self.call("-v", "--presign", "60", arguments[-1])).err)

    def test_sign_only_sends_nothing(self):
        before = len(self.gate.verdicts)
        self.assert_ok(self.ask("--sign-only"))
        self.assertEqual(len(self.gate.verdicts), before)

    def test_many_at_once(self):
        children = [subprocess.Popen([awsfetch.COMMAND, *SCOPE, self.gate.url + f"/{number}"], stdout=subprocess.PIPE,
                                     env=awsfetch.environment(**PLAIN)) for number in range(8)]
        for number, child in enumerate(children):
            out, _ = child.communicate(timeout=60)
            self.assertEqual(json.loads(out)["target"], f"/{number}")


class SignOnly(CliTest):
    ARGUMENTS = ["--sign-only", "--service", "service", "--region", "us-east-1", "--date", "20150830T123600Z",
                 "https://example.amazonaws.com/"]

    def test_headers(self):
        """get-vanilla of AWS's own test suite."""
        found = sections(self.assert_ok(self.call(*self.ARGUMENTS, env=awsfetch.keys(
            "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))).text)
        self.assertEqual(list(found), ["canonical request", "string to sign", "signature", "headers"])
        self.assertEqual(found["canonical request"],
                         "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n"
                         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        self.assertEqual(found["string to sign"],
                         "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
                         "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63")
        self.assertEqual(found["signature"], "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
        self.assertRegex(found["headers"], r"(?im)^x-amz-date: 20150830T123600Z$")
        self.assertRegex(found["headers"],
                         r"(?im)^authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/"
                         r"aws4_request, SignedHeaders=host;x-amz-date, Signature=" + found["signature"] + "$")

    def test_url(self):
        found = sections(self.assert_ok(self.call("--presign", "60", *self.ARGUMENTS)).text)
        self.assertEqual(list(found), ["canonical request", "string to sign", "signature", "url"])
        self.assertRegex(found["url"], r"\Ahttps://example\.amazonaws\.com/\?X-Amz-Algorithm=.*X-Amz-Expires=60")
        self.assertTrue(found["url"].endswith("X-Amz-Signature=" + found["signature"]))

    def test_service_and_region_from_an_amazonaws_host(self):
        for host, scope in (("sts.eu-west-1.amazonaws.com", "eu-west-1/sts"),
                            ("bucket.s3.eu-central-1.amazonaws.com", "eu-central-1/s3"),
                            ("s3.us-west-2.amazonaws.com", "us-west-2/s3"),
                            ("abc123.execute-api.us-east-1.amazonaws.com", "us-east-1/execute-api"),
                            ("dynamodb.cn-north-1.amazonaws.com.cn", "cn-north-1/dynamodb")):
            with self.subTest(host):
                found = sections(self.assert_ok(self.call("--sign-only", f"https://{host}/")).text)
                self.assertIn(f"/{scope}/aws4_request\n", found["string to sign"])


class Network(CliTest):
    """No answer, or none that can be trusted: exit 3, one line, in time, and nothing passed off as whole."""

    def ask(self, port, *arguments, **options):
        return self.call(*SCOPE, *arguments, f"http://127.0.0.1:{port}/", **options)

    def misbehaves(self, behaviour, pattern, *arguments):
        with misbehaving.Misbehaving(behaviour) as server:
            result = self.assert_failed(self.ask(server.port, *arguments), pattern)
        self.assertLess(result.seconds, PATIENCE, f"\n{result}")
        self.assert_one_line(result.err)
        return result

    def test_refused_connection_names_the_address(self):
        port = support.choose_port()
        result = self.assert_failed(self.ask(port), "refused|connect")
        self.assertIn(str(port), result.err)
        self.assert_one_line(result.err)

    def test_name_that_does_not_resolve(self):
        result = self.call(*SCOPE, "http://does-not-exist.invalid/")
        self.assert_failed(result, "resolve")
        self.assertIn("does-not-exist.invalid", result.err)

    def test_silent_server(self):
        result = self.misbehaves(misbehaving.silent, "time", "--max-time", "1")
        self.assertGreater(result.seconds, 0.8)

    def test_slow_head(self):
        self.misbehaves(misbehaving.slow_head, "time", "--max-time", "1")

    def test_stalled_body(self):
        self.misbehaves(misbehaving.stalls_in_body, "time", "--max-time", "1")

    def test_truncated_body(self):
        self.misbehaves(misbehaving.truncates_body, "closed|trunc|ended|short|incomplete")

    def test_truncated_chunks(self):
        self.misbehaves(misbehaving.truncates_chunks, "closed|trunc|ended|short|incomplete")

    def test_resets(self):
        for behaviour in (misbehaving.resets_in_body, misbehaving.resets_at_once, misbehaving.closes_at_once):
            with self.subTest(behaviour.__name__):
                self.misbehaves(behaviour, "closed|reset|ended")

    def test_garbage_and_malformed_answers(self):
        for behaviour in (misbehaving.garbage, misbehaving.plain_banner, misbehaving.conflicting_lengths,
                          misbehaving.length_and_chunked, misbehaving.broken_chunk, misbehaving.unknown_coding):
            with self.subTest(behaviour.__name__):
                self.misbehaves(behaviour, "malformed|http|response")

    def test_malformed_trailer(self):
        head = misbehaving.OK + b"Transfer-Encoding: chunked\r\n\r\n"
        self.misbehaves(answers(head, b"0\r\nno colon\r\n\r\n"), "trailer")

    def test_tls_connection_that_is_cut(self):
        """Nothing is wrong with TLS itself, so that plain HTTP is no advice."""
        authority = tls.Authority(support.temporary_directory("cli"), "authority", "ecdsa")
        certificate = authority.leaf("self", self_signed=True)
        parts = ([misbehaving.OK, b"Content-Length: 100\r\n\r\nhalf a body"], [misbehaving.OK, b"\r\nhalf a body"],
                 [misbehaving.OK, b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"], [misbehaving.OK], [])
        for answer in parts:
            with self.subTest(answer=answer), misbehaving.Misbehaving(cuts_tls(certificate, *answer)) as server:
                result = self.call(*SCOPE, "--cacert", certificate.certificate, f"https://localhost:{server.port}/")
                self.assert_failed(result, "closed the connection|ended the answer early")
                self.assert_one_line(result.err)
                self.assertIn("without close_notify", result.err)
                self.assertNotIn("http://", result.err)
                self.assertEqual("not complete" in result.err, len(answer) > 1, f"\n{result}")

    def test_endless_answers(self):
        for behaviour in (misbehaving.endless_head, misbehaving.endless_interim):
            with self.subTest(behaviour.__name__):
                self.misbehaves(behaviour, "malformed|head|interim|large|limit|buffer")

    def test_rare_but_right(self):
        for behaviour in (misbehaving.chunked_with_extensions_and_trailer, misbehaving.interim_then_body_until_close):
            with self.subTest(behaviour.__name__), misbehaving.Misbehaving(behaviour) as server:
                self.assertEqual(self.assert_ok(self.ask(server.port)).out, b"hello, world")

    def test_servers_that_close(self):
        for behaviour in (misbehaving.closes_after_each_response, misbehaving.closes_idle_after_one_second):
            with self.subTest(behaviour.__name__), misbehaving.Misbehaving(behaviour) as server:
                self.assertEqual(self.assert_ok(self.ask(server.port)).out, b"hello")


class Conformance(CliTest):
    """Signature cases fed through --sign-only: the committed ones, and those of a directory that is no part of this project."""

    VECTORS = awsfetch.SOURCE_DIRECTORY / "tests" / "vectors" / "sigv4"

    def test_committed_cases(self):
        self.compare_all(self.VECTORS)

    def test_cases(self):
        directory = os.environ.get("TINYAWS_CONFORMANCE")
        if not directory or not os.path.isdir(directory):
            reason = f"conformance cases through awsfetch: TINYAWS_CONFORMANCE is no directory: {directory!r}"
            print(f"SKIPPED {reason}", file=sys.stderr)
            self.skipTest(reason)
        for suite in ("sigv4", "sigv4-extra"):
            self.compare_all(os.path.join(directory, suite))

    def compare_all(self, suite):
        with open(os.path.join(suite, "INDEX"), encoding="utf-8") as index:
            compared = sum(self.compare(os.path.join(suite, name)) for name in index.read().split())
        print(f"\nconformance through awsfetch: {compared} signatures compared", file=sys.stderr)
        self.assertGreater(compared, 0)

    def compare(self, case):
        compared = 0
        for kind in ("header", "query"):
            if os.path.exists(os.path.join(case, f"{kind}-signature.txt")):
                compared += 1
                with self.subTest(case=os.path.basename(case), kind=kind):
                    self.compare_kind(case, kind)
        return compared

    def compare_kind(self, case, kind):
        with open(os.path.join(case, "context.json"), encoding="utf-8") as file:
            context = json.load(file)
        arguments, body = self.request_arguments(case)
        arguments += self.policy_arguments(context, kind)
        credentials = context["credentials"]
        env = awsfetch.keys(credentials["access_key_id"], credentials["secret_access_key"], credentials.get("token"))
        result = self.assert_ok(self.call(*arguments, env=env, stdin=body))
        found = sections(os.fsdecode(result.out))
        for title in ("canonical request", "string to sign", "signature"):
            with open(os.path.join(case, f"{kind}-{title.replace(' ', '-')}.txt"), "rb") as file:
                self.assertEqual(found.get(title), os.fsdecode(file.read()).removesuffix("\n"), f"{title}\n{result}")

    @staticmethod
    def request_arguments(case):
        with open(os.path.join(case, "request.txt"), "rb") as file:
            head, _, body = file.read().partition(b"\n\n")
        lines = os.fsdecode(head).rstrip("\n").split("\n")
        method, _, rest = lines[0].partition(" ")
        target = rest.rpartition(" ")[0]
        headers = []
        for line in lines[1:]:
            if line[0] in " \t":
                headers[-1] += " " + line.strip()
            else:
                headers.append(line)
        arguments = ["--sign-only", "-X", method, "--endpoint-url", "https://example.amazonaws.com"]
        for header in headers:
            arguments += ["-H", header]
        return [*arguments, *(["-d", "@-"] if body else []), target], body

    @staticmethod
    def policy_arguments(context, kind):
        arguments = ["--service", context["service"], "--region", context["region"],
                     "--date", re.sub(r"[-:]", "", context["timestamp"]),
                     "--content-sha256" if context["sign_body"] else "--no-content-sha256",
                     "--double-encode" if context.get("double_encode", True) else "--single-encode"]
        if kind == "query":
            arguments += ["--presign", str(context["expiration_in_seconds"])]
        if not context["normalize"]:
            arguments.append("--path-as-is")
        if context.get("omit_session_token"):
            arguments.append("--unsigned-token")
        if "payload" in context:
            arguments += ["--payload-hash", context["payload"]]
        return arguments


if __name__ == "__main__":
    unittest.main()
