"""The gate itself: it is the judge of the other tests, so each thing that it must refuse is shown to be refused."""
# Covers C10: unsigned headers on the way do no harm.

import dataclasses
import datetime
import unittest

import botocore.auth
import botocore.awsrequest
import botocore.credentials

from servers import gate, wire

KEY_ID, SECRET, TOKEN = "AKIDEXAMPLE", "secret", "token"
HOST = "api.example.com"
NOW = datetime.datetime.now(datetime.timezone.utc)


def signed(method="POST", target="/a%20b?x=1&y=%2F", headers=(), body=b"body", service="execute-api", presign=None,
           region="us-east-1", secret=SECRET, token=None):
    """A request as botocore signs it, as it would arrive. botocore presigns requests without a body only."""
    body = b"" if presign else body
    request = botocore.awsrequest.AWSRequest(method, f"http://{HOST}{target}", dict(headers), body)
    credentials = botocore.credentials.Credentials(KEY_ID, secret, token)
    if presign:
        query_auth = botocore.auth.S3SigV4QueryAuth if service == "s3" else botocore.auth.SigV4QueryAuth
        query_auth(credentials, service, region, expires=presign).add_auth(request)
    else:
        header_auth = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
        header_auth(credentials, service, region).add_auth(request)
    return wire.Request(method, request.url.removeprefix(f"http://{HOST}"), "HTTP/1.1",
                        [("Host", HOST), *request.headers.items()], body)


class GateTest(unittest.TestCase):
    def refusal(self, request, token=None, shift=datetime.timedelta(0), region="us-east-1", service=None):
        verifier = gate.Verifier({KEY_ID: gate.Key(SECRET, token)}, region, service, lambda: NOW + shift)
        return verifier.judge(request).refusal

    def assert_passes(self, request, **options):
        self.assertIsNone(self.refusal(request, **options))

    def assert_refuses(self, request, code="InvalidSignatureException", **options):
        self.assertEqual(getattr(self.refusal(request, **options), "code", "passed"), code)


class Passes(GateTest):
    def test_headers_and_query_of_several_services(self):
        for service in ("execute-api", "dynamodb", "s3", "sts"):
            for presign in (None, 60):
                with self.subTest(service=service, presign=presign):
                    self.assert_passes(signed(service=service, presign=presign))

    def test_token(self):
        self.assert_passes(signed(token=TOKEN), token=TOKEN)
        self.assert_passes(signed(token=TOKEN, presign=60), token=TOKEN)

    def test_unsigned_headers_on_the_way(self):
        request = signed()
        request.headers += [("Via", "1.1 proxy"), ("User-Agent", "x"), ("Connection", "keep-alive")]
        self.assert_passes(request)

    def test_s3_paths_stand_as_they_are(self):
        self.assert_passes(signed("GET", "/bucket/a//b/../c", body=b"", service="s3"))


class Refuses(GateTest):
    def test_changed_request(self):
        good = signed(headers={"X-Amz-Meta": "1"})
        self.assert_passes(good)
        changes = {
            "method": {"method": "PUT"}, "path": {"target": good.target.replace("a%20b", "a%20c")},
            "query": {"target": good.target + "&z=1"}, "body": {"body": b"Body"},
            "header": {"headers": [(name, "2" if name == "X-Amz-Meta" else value) for name, value in good.headers]},
            "duplicate": {"headers": [*good.headers, ("X-Amz-Meta", "2")]},
            "host": {"headers": [(name, "x" if name == "Host" else value) for name, value in good.headers]},
            "signed header gone": {"headers": [pair for pair in good.headers if pair[0] != "X-Amz-Meta"]},
            "unsigned x-amz header": {"headers": [*good.headers, ("X-Amz-Other", "1")]},
            "unsigned content type": {"headers": [*good.headers, ("Content-Type", "text/plain")]},
        }
        for name, change in changes.items():
            with self.subTest(name):
                self.assert_refuses(dataclasses.replace(good, **change))

    def test_changed_presigned_request(self):
        good = signed("GET", "/a?x=1", presign=60)
        self.assert_passes(good)
        for old, new in (("/a?", "/b?"), ("x=1", "x=2"), ("X-Amz-Expires=60", "X-Amz-Expires=61")):
            with self.subTest(old):
                self.assert_refuses(dataclasses.replace(good, target=good.target.replace(old, new)))

    def test_wrong_scope(self):
        self.assert_refuses(signed(), region="eu-west-1")
        self.assert_refuses(signed(), service="dynamodb")

    def test_wrong_secret_and_unknown_key(self):
        self.assert_refuses(signed(secret="wrong"))
        self.assertEqual(gate.Verifier({}).judge(signed()).refusal.code, "UnrecognizedClientException")

    def test_wrong_missing_and_surplus_token(self):
        for sent, known in (("other", TOKEN), (None, TOKEN), (TOKEN, None)):
            with self.subTest(sent=sent, known=known):
                self.assert_refuses(signed(token=sent), "UnrecognizedClientException", token=known)

    def test_body_hash_that_is_not_the_bodys(self):
        self.assert_refuses(dataclasses.replace(signed(service="s3"), body=b"Body"), "XAmzContentSHA256Mismatch")

    def test_clock(self):
        for minutes in (-16, 16):
            with self.subTest(minutes=minutes):
                self.assert_refuses(signed(), shift=datetime.timedelta(minutes=minutes))
        for minutes in (-14, 14):
            self.assert_passes(signed(), shift=datetime.timedelta(minutes=minutes))

    def test_presigned_past_its_time_or_for_too_long(self):
        self.assert_refuses(signed(presign=60), shift=datetime.timedelta(seconds=90))
        self.assert_refuses(signed(presign=604801), "AuthorizationQueryParametersError")

    def test_no_or_malformed_signature(self):
        bare = wire.Request("GET", "/", "HTTP/1.1", [("Host", HOST)])
        self.assert_refuses(bare, "MissingAuthenticationTokenException")
        for text in ("Basic eDp5", "AWS4-HMAC-SHA256 Credential=x", "AWS4-HMAC-SHA256"):
            with self.subTest(text):
                headers = [("Host", HOST), ("X-Amz-Date", "20150830T123600Z"), ("Authorization", text)]
                self.assert_refuses(dataclasses.replace(bare, headers=headers), "IncompleteSignatureException")
        twice = signed()
        twice.headers.append(("Authorization", twice.get("Authorization")))
        self.assert_refuses(twice, "IncompleteSignatureException")


if __name__ == "__main__":
    unittest.main()
