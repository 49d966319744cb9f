"""The example programs, each against the server that it is written for."""

import http.client
import json
import os
import re
import subprocess
import unittest

import awsfetch
from servers import dynalite, gate, radosgw, support

DIRECTORY = os.path.dirname(awsfetch.COMMAND)
KEY_ID, SECRET, TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "tOKen/+=" * 512
REGION = "us-east-1"


def run(program, *arguments, env=None):
    """Runs an example as awsfetch is run; its exit codes mean the same."""
    command = [os.path.join(DIRECTORY, program), *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
                          env=awsfetch.environment(**(env or {})))
    return awsfetch.Result(command, done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"), 0)


class ProgramTest(awsfetch.TestCase):
    def assert_refused(self, result, status=403):
        """Any answer but 2xx: exit 1, and the status line in the last line on standard error."""
        self.assert_exit(result, awsfetch.REFUSED)
        self.assertRegex(result.err.splitlines()[-1], rf"^\w+: (refused: )?HTTP/1\.1 {status}\b", f"\n{result}")
        return result


class SignOnly(awsfetch.TestCase):
    """The header fields that it prints, sent by somebody else's HTTP client to the gate."""

    def sent(self, env, key):
        printed = self.assert_ok(run("sign_only", REGION, env=env)).text
        headers = dict(line.split(": ", 1) for line in printed.splitlines())
        headers.update({"Host": f"dynamodb.{REGION}.amazonaws.com", "Content-Type": "application/x-amz-json-1.0",
                        "X-Amz-Target": "DynamoDB_20120810.DescribeTable"})
        with gate.Gate({KEY_ID: key}, REGION, "dynamodb") as server:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
            connection.request("POST", "/", '{"TableName":"devices"}', headers)
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
        return answer.status, body

    def test_headers_verify(self):
        status, body = self.sent(awsfetch.keys(KEY_ID, SECRET), gate.Key(SECRET))
        self.assertEqual(status, 200, body)

    def test_headers_with_a_long_session_token_verify(self):
        status, body = self.sent(awsfetch.keys(KEY_ID, SECRET, TOKEN), gate.Key(SECRET, TOKEN))
        self.assertEqual(status, 200, body)

    def test_wrong_secret_does_not(self):
        self.assertEqual(self.sent(awsfetch.keys(KEY_ID, "wrong"), gate.Key(SECRET))[0], 403)

    def test_usage(self):
        self.assert_exit(run("sign_only", env=awsfetch.keys(KEY_ID, SECRET)), awsfetch.USAGE)
        self.assert_exit(run("sign_only", REGION), awsfetch.USAGE)


class DescribeTable(ProgramTest):
    PROGRAM = "describe_table"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        database = cls.start(dynalite.NodeServer("dynalite"))
        keys = {KEY_ID: gate.Key(SECRET)}
        cls.gate = cls.start(gate.Gate(keys, REGION, "dynamodb", ("127.0.0.1", database.port)))
        cls.env = {**awsfetch.keys(KEY_ID, SECRET), "AWS_REGION": REGION, "AWS_ENDPOINT_URL": cls.gate.url}
        table = {"TableName": "devices", "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                 "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                 "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}
        cls().assert_ok(awsfetch.run(
            "--service", "dynamodb", "-H", "Content-Type: application/x-amz-json-1.0",
            "-H", "X-Amz-Target: DynamoDB_20120810.CreateTable", "-d", json.dumps(table), "/", env=cls.env))

    def describe(self, table="devices", **env):
        return run(self.PROGRAM, table, env={**self.env, **env})

    def test_prints_the_table(self):
        result = self.assert_ok(self.describe())
        self.assertEqual(json.loads(result.out)["Table"]["TableName"], "devices")
        self.assertEqual(result.err, "")

    def test_table_that_is_not_there(self):
        result = self.assert_refused(self.describe("nowhere"), 400)
        self.assertIn("ResourceNotFoundException", json.loads(result.out)["__type"])

    def test_wrong_secret(self):
        self.assertIn("InvalidSignatureException", self.assert_refused(self.describe(AWS_SECRET_ACCESS_KEY="x")).text)

    def test_configuration(self):
        self.assert_exit(run(self.PROGRAM, env=self.env), awsfetch.USAGE)
        result = self.assert_exit(self.describe(AWS_ACCESS_KEY_ID=None), awsfetch.USAGE)
        self.assertIn("AWS_ACCESS_KEY_ID", result.err)
        self.assertIn("region", self.assert_exit(self.describe(AWS_REGION=None), awsfetch.USAGE).err)

    def test_nobody_listens(self):
        port = support.choose_port()
        self.assert_failed(self.describe(AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}"), f"{port}: connection refused")


class DescribeTableInC(DescribeTable):
    """The same program in C, which passes the same tests, and says code and message besides."""

    PROGRAM = "describe_table_c"

    def test_error_as_data(self):
        result = self.assert_refused(self.describe("nowhere"), 400)
        self.assertRegex(result.err.splitlines()[0], r"^describe_table_c: ResourceNotFoundException: .+")

    def test_a_name_that_is_too_long(self):
        self.assertIn("too long", self.assert_exit(self.describe("x" * 300), awsfetch.USAGE).err)


class S3Object(ProgramTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        server = cls.start(radosgw.Radosgw())
        cls.directory = support.temporary_directory("s3-object")
        cls.env = {**awsfetch.keys(radosgw.ACCESS_KEY_ID, radosgw.SECRET_ACCESS_KEY), "AWS_REGION": REGION,
                   "AWS_ENDPOINT_URL": server.url}
        cls().assert_ok(awsfetch.run("--service", "s3", "-X", "PUT", "/bucket", env=cls.env))

    def path(self, name):
        return os.path.join(self.directory, name)

    def object(self, *arguments, **env):
        return run("s3_object", *arguments, env={**self.env, **env})

    def test_there_and_back(self):
        for key, content in (("plain", b"hello"), ("a b/ü+%41?&=#", os.urandom(3 * 1024 * 1024 + 1)), ("empty", b"")):
            with self.subTest(key=key):
                with open(self.path("sent"), "wb") as file:
                    file.write(content)
                self.assert_ok(self.object("put", "bucket", key, self.path("sent")))
                self.assert_ok(self.object("get", "bucket", key, self.path("received")))
                with open(self.path("received"), "rb") as file:
                    self.assertEqual(file.read(), content)

    def test_refusal_leaves_an_existing_file_alone(self):
        with open(self.path("kept"), "wb") as file:
            file.write(b"kept")
        self.assert_refused(self.object("get", "bucket", "nothing", self.path("kept")), 404)
        with open(self.path("kept"), "rb") as file:
            self.assertEqual(file.read(), b"kept")
        self.assertFalse(os.path.exists(self.path("kept.part")))

    def test_wrong_secret(self):
        with open(self.path("sent"), "wb") as file:
            file.write(b"x")
        self.assert_refused(self.object("put", "bucket", "x", self.path("sent"), AWS_SECRET_ACCESS_KEY="x"))

    def test_files_that_cannot_be_used(self):
        result = self.assert_exit(self.object("put", "bucket", "x", "/nonexistent/file"), awsfetch.USAGE)
        self.assertIn("/nonexistent/file", result.err)
        self.assert_ok(awsfetch.run("--service", "s3", "-X", "PUT", "-d", "x", "/bucket/there", env=self.env))
        self.assert_failed(self.object("get", "bucket", "there", "/nonexistent/file"), "no such file")

    def test_usage(self):
        for arguments in ((), ("get", "bucket", "key"), ("move", "bucket", "key", "file")):
            self.assert_exit(self.object(*arguments), awsfetch.USAGE)


class AsyncLoops(awsfetch.TestCase):
    """The same uploads in four loops: poll(2), epoll, libuv, and one that never waits."""

    LOOPS = ("poll_loop", "epoll_loop", "libuv_loop", "super_loop")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        server = cls.start(radosgw.Radosgw())
        cls.env = {**awsfetch.keys(radosgw.ACCESS_KEY_ID, radosgw.SECRET_ACCESS_KEY), "AWS_REGION": REGION,
                   "AWS_ENDPOINT_URL": server.url.replace("localhost", "127.0.0.1")}

    def fetch(self, *arguments):
        return awsfetch.run("--service", "s3", *arguments, env=self.env)

    def test_each_stores_all_readings(self):
        for loop in self.LOOPS:
            with self.subTest(loop=loop):
                bucket = loop.replace("_", "-")
                self.assert_ok(self.fetch("-X", "PUT", f"/{bucket}"))
                self.assertEqual(self.assert_ok(run(loop, bucket, "100", env=self.env)).text, "100 stored, 0 failed\n")
                for reading in (0, 99):
                    stored = self.assert_ok(self.fetch(f"/{bucket}/reading-{reading}"))
                    self.assertEqual(json.loads(stored.out), {"reading": reading, "celsius": 20 + reading % 7})

    def test_each_counts_what_failed(self):
        for loop in self.LOOPS:
            with self.subTest(loop=loop):
                result = run(loop, "no-such-bucket", "20", env=self.env)
                self.assert_exit(result, 1)
                self.assertIn("0 stored, 20 failed", result.text)
                self.assertIn("404", result.err)

    def test_usage(self):
        for loop in self.LOOPS:
            self.assert_exit(run(loop, "bucket"), awsfetch.USAGE)


class RamBill(awsfetch.TestCase):
    """What a table of connections takes, against its budget."""

    def test_slots_are_within_the_budget(self):
        bill = self.assert_ok(run("ram_bill")).text
        plain = {int(slots): int(bytes_) for slots, bytes_ in
                 re.findall(r"^ *(\d+) slots with buffers of 2048: .*? plain \((\d+) a slot\)", bill, re.MULTILINE)}
        self.assertEqual(sorted(plain), [8, 32, 200], bill)
        for slots, size in plain.items():
            self.assertLessEqual(size, 4096, f"{slots} slots")


if __name__ == "__main__":
    unittest.main()
