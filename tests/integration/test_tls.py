"""TLS against nginx and openssl s_server: what must be accepted, and what must be refused with a reason."""
# Covers C33: certificates and protocols, against nginx and OpenSSL.

import json
import os
import unittest

import awsfetch
from servers import gate, misbehaving, support, tls

KEY_ID, SECRET = "AKIDEXAMPLE", "secret"
CREDENTIALS = awsfetch.keys(KEY_ID, SECRET)
HAS_TLS13 = os.environ.get("TINYAWS_TLS13") == "1"
GOOD = ("rsa", "ecdsa")
BAD = {
    "wrong_name": r"name",
    "expired": r"expired",
    "not_yet_valid": r"not (yet )?valid|future",
    "self_signed": r"trust|self-signed|self signed",
    "untrusted": r"trust|unknown (ca|issuer|authority)",
}
PROTOCOLS = {"TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}
CLIENT_PROTOCOLS = ["TLSv1.2", *(["TLSv1.3"] if HAS_TLS13 else [])]


class TlsTest(awsfetch.TestCase):
    """The gate is behind nginx, so that the signature is verified after its way through TLS as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pki = tls.Pki()
        cls.gate = cls.start(gate.Gate({KEY_ID: gate.Key(SECRET)}, "us-east-1", "execute-api"))
        cls.nginx = tls.Nginx(cls.gate.port)
        for name in (*GOOD, *BAD):
            cls.nginx.add(name, getattr(cls.pki, name))
        for protocol in PROTOCOLS:
            for kind in GOOD:
                cls.nginx.add(f"{kind} {protocol}", getattr(cls.pki, kind), protocol)
        cls.nginx.add("no keep-alive", cls.pki.ecdsa, options="keepalive_timeout 0;")
        cls.start(cls.nginx)

    def call(self, url, *options, cacert=True, env=CREDENTIALS):
        options = [*options, "--cacert", self.pki.bundle] if cacert else options
        return awsfetch.run("--service", "execute-api", "--region", "us-east-1", *options, url, env=env)

    def url(self, name, host="localhost"):
        return f"https://{host}:{self.nginx.ports[name]}/path?b=1&a=2"

    def assert_answered(self, result):
        self.assertEqual(json.loads(self.assert_ok(result).out)["target"], "/path?b=1&a=2")


class Accepted(TlsTest):
    def test_rsa_and_ecdsa_in_each_protocol(self):
        for protocol in CLIENT_PROTOCOLS:
            for kind in GOOD:
                with self.subTest(protocol=protocol, kind=kind):
                    self.assert_answered(self.call(self.url(f"{kind} {protocol}")))

    def test_openssl_server_that_ends_bodies_by_closing(self):
        content = os.urandom(300000)
        for protocol in CLIENT_PROTOCOLS:
            for kind in GOOD:
                with self.subTest(protocol=protocol, kind=kind):
                    certificate = getattr(self.pki, kind)
                    with tls.OpensslServer(certificate, {"file": content}, PROTOCOLS[protocol]) as server:
                        result = self.call(f"https://localhost:{server.port}/file")
                    self.assertEqual(self.assert_ok(result).out, content)

    def test_certificate_for_an_address(self):
        self.assert_answered(self.call(self.url("ecdsa", "127.0.0.1")))

    def test_ipv6_address(self):
        if not support.has_ipv6_loopback():
            self.skipTest("this machine has no IPv6 loopback")
        self.assert_answered(self.call(self.url("ecdsa", "[::1]")))

    def test_authority_from_the_environment(self):
        env = {**CREDENTIALS, "AWS_CA_BUNDLE": self.pki.bundle}
        self.assert_answered(self.call(self.url("rsa"), cacert=False, env=env))

    def test_option_wins_over_environment(self):
        env = {**CREDENTIALS, "AWS_CA_BUNDLE": self.pki.unknown_authority.certificate}
        self.assert_answered(self.call(self.url("rsa"), env=env))

    def test_large_body_both_ways(self):
        result = self.call(self.url("ecdsa"), "-X", "POST", "-d", "x" * 100000)
        self.assertEqual(json.loads(self.assert_ok(result).out)["body_size"], 100000)

    def test_server_that_closes_after_each_answer(self):
        self.assert_answered(self.call(self.url("no keep-alive")))


class Refused(TlsTest):
    def test_bad_certificates_are_refused_and_the_message_says_why(self):
        before = len(self.gate.verdicts)
        for name, reason in BAD.items():
            with self.subTest(name):
                result = self.assert_failed(self.call(self.url(name)), reason)
                self.assertEqual(result.out, b"")
        self.assertEqual(len(self.gate.verdicts), before, "a request went out to a server that was not verified")

    def test_trusted_authority_is_not_trusted_without_being_named(self):
        self.assert_failed(self.call(self.url("rsa"), cacert=False), "trust")

    def test_authority_in_the_environment_is_the_only_one(self):
        env = {**CREDENTIALS, "AWS_CA_BUNDLE": self.pki.unknown_authority.certificate}
        self.assert_failed(self.call(self.url("rsa"), cacert=False, env=env), "trust")

    def test_missing_authority_file(self):
        result = self.call(self.url("rsa"), "--cacert", "/nonexistent/ca.pem", cacert=False)
        self.assertIn(result.exit, (awsfetch.USAGE, awsfetch.FAILED), f"\n{result}")
        self.assertIn("/nonexistent/ca.pem", result.err)

    def test_authority_file_without_certificate(self):
        path = os.path.join(support.temporary_directory("ca"), "empty.pem")
        with open(path, "w", encoding="ascii") as file:
            file.write("no certificate here\n")
        result = self.call(self.url("rsa"), "--cacert", path, cacert=False)
        self.assertIn(result.exit, (awsfetch.USAGE, awsfetch.FAILED), f"\n{result}")
        self.assertIn(path, result.err)

    def test_protocol_that_is_too_old(self):
        options = ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
        with tls.OpensslServer(self.pki.ecdsa, {"file": b"x"}, *options) as server:
            self.assert_failed(self.call(f"https://localhost:{server.port}/file"), "tls|protocol")

    def test_client_without_certificate_is_told_so(self):
        options = ("-CAfile", self.pki.client_authority.certificate, "-Verify", "1", "-verify_return_error", "-tls1_2")
        with tls.OpensslServer(self.pki.ecdsa, {"file": b"x"}, *options) as server:
            self.assert_failed(self.call(f"https://localhost:{server.port}/file"), "tls|handshake|certificate")


class NotTls(TlsTest):
    """Servers that do not speak TLS, or stop in the middle of it."""

    def failed(self, behaviour, pattern, *options):
        with misbehaving.Misbehaving(behaviour) as server:
            return self.assert_failed(self.call(f"https://localhost:{server.port}/", *options), pattern)

    def test_plain_banner(self):
        self.failed(misbehaving.plain_banner, "tls")

    def test_plain_http_server(self):
        self.failed(misbehaving.plain_http_error, "tls")

    def test_reset_in_handshake(self):
        self.failed(misbehaving.resets_in_handshake, "tls|closed|reset")

    def test_close_in_handshake(self):
        self.failed(misbehaving.closes_in_handshake, "tls|closed")

    def test_handshake_that_never_ends(self):
        result = self.failed(misbehaving.silent, "time", "--max-time", "1")
        self.assertLess(result.seconds, 4)

    def test_tls_server_spoken_to_in_plain_http(self):
        result = self.call(f"http://localhost:{self.nginx.ports['rsa']}/")
        self.assert_refused(result, 400)


if __name__ == "__main__":
    unittest.main()
