"""DynamoDB (dynalite) behind a gate that verifies every signature, and the gate alone for the shapes of requests."""
# Covers C1, C3, C7, C8, C13: odd requests that a verifier of its own accepts.

import json
import subprocess
import unittest

import awsfetch
from servers import dynalite, gate

KEY_ID, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
# The sizes that AWS allows or already issues, in one set of credentials. All printable ASCII, hence `=+/` in the token.
LONG_KEY_ID = "A" + "K1d" * 42 + "Z"
LONG_SECRET = "s3/+" * 50
LONG_TOKEN = ("Fwo/+=" * 700)[:4096]
assert (len(LONG_KEY_ID), len(LONG_SECRET), len(LONG_TOKEN)) == (128, 200, 4096)

KEYS = {KEY_ID: gate.Key(SECRET), LONG_KEY_ID: gate.Key(LONG_SECRET, LONG_TOKEN)}
PLAIN = awsfetch.keys(KEY_ID, SECRET)
LONG = awsfetch.keys(LONG_KEY_ID, LONG_SECRET, LONG_TOKEN)

TABLE = {
    "TableName": "devices",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
}

# Everything that may stand in a query unencoded, and the ways to write the same thing that signers disagree about.
ODD_QUERIES = (
    "?", "?v", "?v=", "?a=1&&b=2&", "?b=&a=&c", "?B=1&a=2&A=3&b=4", "?a=b=c&d==e", "?=v",
    "?k=b&k=B&k=%25&k=~&k=&k=10&k=9&k=a%20b", "?a=1&a-b=2&a.b=3&a0=4&a%20=5&a=0", "?a%3A=1&a-=2&a%2F=3&a.=4&%C3%A9=5",
    "?p=/a/b*c(d)!'e;f:g@h,i$j", "?k%2fx=%c3%a9&j=%7e", "?%61=%2D%2E%5F%7E%41", "?a=b%2Bc", "?q=a?b",
    "?f%5Bx%5D=1&fA=2", "?v=" + "A" * 3000,
)

ODD_PATHS = (
    "/", "//", "/a//b", "/a/./b", "/a/../b", "/../a", "/a/b/..", "/a%20b", "/a%2Bb", "/~user", "/%E1%88%B4", "/a%2Fb",
    "/a:b@c", "/a+b", "/*'()!", "/a%25b", "/trailing/", "/a%2fb",
)


class DynamoDb(awsfetch.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        database = cls.start(dynalite.NodeServer("dynalite"))
        cls.gate = cls.start(gate.Gate(KEYS, "us-east-1", "dynamodb", ("127.0.0.1", database.port)))
        cls.assert_ok(cls(), cls.call("CreateTable", TABLE))

    @classmethod
    def arguments(cls, operation, document, *options, region="us-east-1", service="dynamodb"):
        return [*options, "--endpoint-url", cls.gate.url, "--service", service, "--region", region,
                "-H", f"X-Amz-Target: DynamoDB_20120810.{operation}", "-H", "Content-Type: application/x-amz-json-1.0",
                "-d", json.dumps(document), "/"]

    @classmethod
    def call(cls, operation, document, *options, env=None, **scope):
        return awsfetch.run(*cls.arguments(operation, document, *options, **scope), env=env or PLAIN)

    def answer(self, *arguments, **options):
        return json.loads(self.assert_ok(self.call(*arguments, **options)).out)

    def test_describe_table(self):
        table = self.answer("DescribeTable", {"TableName": "devices"})["Table"]
        self.assertEqual((table["TableName"], table["TableStatus"]), ("devices", "ACTIVE"))

    def test_put_and_get_item(self):
        item = {"id": {"S": "Zürich ☂ \"1\""}, "blob": {"B": "AAECAw=="}, "count": {"N": "42"}}
        self.assertEqual(self.answer("PutItem", {"TableName": "devices", "Item": item}), {})
        self.assertEqual(self.answer("GetItem", {"TableName": "devices", "Key": {"id": item["id"]}}), {"Item": item})

    def test_service_error_is_exit_1_with_the_error_as_body(self):
        result = self.assert_refused(self.call("DescribeTable", {"TableName": "nowhere"}), 400)
        self.assertIn("ResourceNotFoundException", json.loads(result.out)["__type"])

    def test_wrong_secret_is_refused(self):
        result = self.assert_refused(
            self.call("DescribeTable", {"TableName": "devices"}, env=awsfetch.keys(KEY_ID, SECRET + "x")))
        self.assertIn("InvalidSignatureException", result.text)

    def test_unknown_key_is_refused(self):
        result = self.assert_refused(self.call("ListTables", {}, env=awsfetch.keys("AKIDUNKNOWN", SECRET)))
        self.assertIn("UnrecognizedClientException", result.text)

    def test_wrong_region_is_refused(self):
        result = self.assert_refused(self.call("ListTables", {}, region="eu-west-1"))
        self.assertIn("valid region", result.text)

    def test_wrong_service_is_refused(self):
        result = self.assert_refused(self.call("ListTables", {}, service="kinesis"))
        self.assertIn("correct service", result.text)

    def test_old_date_is_refused(self):
        result = self.assert_refused(self.call("ListTables", {}, "--date", "20150830T123600Z"))
        self.assertIn("Signature expired", result.text)

    def test_wrong_token_is_refused(self):
        self.assert_refused(self.call("ListTables", {}, env=awsfetch.keys(LONG_KEY_ID, LONG_SECRET, LONG_TOKEN[:-1])))

    def test_longest_credentials_in_headers(self):
        self.assertEqual(self.answer("ListTables", {}, env=LONG), {"TableNames": ["devices"]})

    def presigned(self, env, *curl_options, send=b'{"Limit":5}'):
        """A URL from awsfetch --presign, sent by curl with the headers and the body that it was made for."""
        url = self.assert_ok(self.call("ListTables", {"Limit": 5}, "--presign", "60", env=env)).text.strip()
        return subprocess.run(
            ["curl", "-sS", "--max-time", "20", "-H", "X-Amz-Target: DynamoDB_20120810.ListTables",
             "-H", "Content-Type: application/x-amz-json-1.0", "--data-binary", "@-", *curl_options, url],
            input=send, capture_output=True, check=True).stdout

    def test_presigned(self):
        # json.dumps puts a space after the colon, and the hash of the body is in the signature.
        body = json.dumps({"Limit": 5}).encode()
        self.assertEqual(json.loads(self.presigned(PLAIN, send=body)), {"TableNames": ["devices"]})
        self.assertEqual(json.loads(self.presigned(LONG, send=body)), {"TableNames": ["devices"]})

    def test_presigned_for_another_body_is_refused(self):
        self.assertIn(b"InvalidSignatureException", self.presigned(PLAIN, send=b"{}"))


class Shapes(awsfetch.TestCase):
    """Without an upstream the gate answers with what it received."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gate = cls.start(gate.Gate(KEYS, "us-east-1", "execute-api"))

    def call(self, target, *options, env=PLAIN):
        return awsfetch.run("--endpoint-url", self.gate.url, "--service", "execute-api", "--region", "us-east-1",
                            *options, target, env=env)

    def received(self, target, *options, env=PLAIN):
        return json.loads(self.assert_ok(self.call(target, *options, env=env)).out)

    @staticmethod
    def values(received, name):
        return [value for key, value in received["headers"] if key.lower() == name.lower()]

    def test_odd_queries_arrive_as_they_are_and_verify(self):
        for query in ODD_QUERIES:
            with self.subTest(query=query[:60]):
                self.assertEqual(self.received("/stage" + query)["target"], "/stage" + query)

    def test_odd_paths_arrive_as_they_are_and_verify(self):
        for path in ODD_PATHS:
            with self.subTest(path=path):
                self.assertEqual(self.received(path)["target"], path)

    def test_odd_queries_presigned(self):
        for query in ODD_QUERIES:
            with self.subTest(query=query[:60]):
                url = self.assert_ok(self.call("/stage" + query, "--presign", "60")).text.strip()
                done = subprocess.run(["curl", "-sS", "--globoff", "--path-as-is", "--max-time", "20", url],
                                      capture_output=True, check=True)
                self.assertTrue(json.loads(done.stdout).get("presigned"), done.stdout)

    def test_raw_path_is_encoded_once(self):
        self.assertEqual(self.received("/a b/ü+%41", "--raw-path")["target"], "/a%20b/%C3%BC%2B%2541")

    def test_duplicate_headers_stay_apart_and_verify(self):
        received = self.received("/", "-H", "X-Amz-Meta-A: 2", "-H", "X-Amz-Meta-B: x", "-H", "x-amz-meta-a: 1")
        self.assertEqual(self.values(received, "x-amz-meta-a"), ["2", "1"])

    def test_inner_spaces_and_odd_values_verify(self):
        received = self.received(
            "/", "-H", "X-Amz-Meta-Spaces:   a   b\t\tc  ", "-H", 'X-Amz-Meta-Quoted: "x   y"',
            "-H", "X-Amz-Meta-Empty:", "-H", "X-Amz-Meta-List: a, b,,c", "-H", "X-Amz-Meta-Utf8: Zürich ☂")
        self.assertEqual(self.values(received, "x-amz-meta-list"), ["a, b,,c"])
        self.assertEqual(self.values(received, "x-amz-meta-utf8"), ["Zürich ☂"])

    def test_header_names_that_sort_near_each_other(self):
        self.received("/", "-H", "X-Amz-Meta-A-B: 1", "-H", "X-Amz-Meta-A_B: 2", "-H", "X-Amz-Meta-A: 3",
                      "-H", "X-Amz-Meta-AB: 4", "-H", "X-Amz-Meta-A.B: 5")

    def test_headers_that_are_not_signed_arrive(self):
        received = self.received("/", "-H", "Range: bytes=0-9", "-H", "User-Agent: device/1", "-H", "X-Own: value")
        self.assertEqual(self.values(received, "range"), ["bytes=0-9"])
        self.assertEqual(self.values(received, "user-agent"), ["device/1"])
        self.assertEqual(self.values(received, "x-own"), ["value"])

    def test_token_in_header(self):
        self.assertEqual(self.values(self.received("/", env=LONG), "x-amz-security-token"), [LONG_TOKEN])

    def test_token_appended_after_signing(self):
        url = self.assert_ok(self.call("/mqtt", "--presign", "60", "--unsigned-token", env=LONG)).text.strip()
        done = subprocess.run(["curl", "-sS", "--max-time", "20", url], capture_output=True, check=True)
        self.assertEqual(json.loads(done.stdout)["key_id"], LONG_KEY_ID, done.stdout)

    def test_body_hash_header(self):
        received = self.received("/", "--content-sha256", "-d", "hello")
        self.assertEqual(self.values(received, "x-amz-content-sha256"), [received["body_sha256"]])

    def test_unsigned_payload(self):
        received = self.received("/", "--unsigned-payload", "-d", "hello")
        self.assertEqual(self.values(received, "x-amz-content-sha256"), ["UNSIGNED-PAYLOAD"])
        self.assertEqual(received["body"], "hello")

    def test_methods(self):
        for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
            with self.subTest(method=method):
                self.assertEqual(self.received("/", "-X", method)["method"], method)

    def test_host_header_of_the_caller(self):
        received = self.received("/", "-H", "Host: api.example.com")
        self.assertEqual(self.values(received, "host"), ["api.example.com"])

    def test_large_body(self):
        received = self.received("/", "-d", "x" * 100000)
        self.assertEqual(received["body_size"], 100000)

    def test_answer_on_a_connection_that_stays_open_ends_at_once(self):
        result = self.assert_ok(self.call("/"))
        self.assertLess(result.seconds, 5)


class KeepAlive(unittest.TestCase):
    """The gate itself: what a client that keeps its connection sees. curl is the client."""

    def test_two_requests_on_one_connection(self):
        with gate.Gate({KEY_ID: gate.Key(SECRET)}, "us-east-1", "execute-api") as server:
            done = subprocess.run(
                ["curl", "-sS", "--aws-sigv4", "aws:amz:us-east-1:execute-api", "--user", f"{KEY_ID}:{SECRET}",
                 server.url + "/a", server.url + "/b"], capture_output=True, check=True)
            self.assertEqual([verdict.refusal for verdict in server.verdicts], [None, None], done.stdout)
            self.assertEqual([verdict.request.connection for verdict in server.verdicts], [1, 1])


if __name__ == "__main__":
    unittest.main()
