"""Mutual TLS against nginx: a client that shows its certificate is let in, others are not."""
# Covers C33: certificates of clients.

import json
import os
import subprocess
import unittest

import awsfetch
from servers import gate, tls

KEY_ID, SECRET = "AKIDEXAMPLE", "secret"
COMMAND = os.environ.get("TINYAWS_MUTUAL_TLS")
PROTOCOLS = ["TLSv1.2", *(["TLSv1.3"] if os.environ.get("TINYAWS_TLS13") == "1" else [])]


@unittest.skipUnless(COMMAND, "TINYAWS_MUTUAL_TLS does not name the test's client")
class MutualTls(awsfetch.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pki = tls.Pki()
        cls.gate = cls.start(gate.Gate({KEY_ID: gate.Key(SECRET)}, "us-east-1", "execute-api"))
        cls.nginx = tls.Nginx(cls.gate.port)
        for protocol in PROTOCOLS:
            cls.nginx.add_mutual(protocol, cls.pki.ecdsa, cls.pki.client_authority, protocol)
        cls.start(cls.nginx)

    def call(self, protocol, *certificate_and_key):
        return self.call_port(self.nginx.ports[protocol], *certificate_and_key)

    def call_port(self, port, *certificate_and_key):
        url = f"https://localhost:{port}"
        return subprocess.run([COMMAND, url, self.pki.bundle, *certificate_and_key], capture_output=True, text=True,
                              timeout=60, check=False, env=awsfetch.environment(**awsfetch.keys(KEY_ID, SECRET)))

    def test_a_client_with_its_certificate_is_answered(self):
        for protocol in PROTOCOLS:
            with self.subTest(protocol=protocol):
                result = self.call(protocol, self.pki.client.certificate, self.pki.client.key)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertEqual(json.loads(result.stdout)["target"], "/")

    def test_a_client_without_one_is_refused(self):
        for protocol in PROTOCOLS:
            with self.subTest(protocol=protocol):
                result = self.call(protocol)
                self.assertEqual(result.returncode, 1)
                self.assertNotIn('"target"', result.stdout)

    def test_a_refusal_within_the_handshake_says_what_may_be_missing(self):
        """The server's alert and its closing of the connection race with what the client still sends."""
        server = self.start(tls.OpensslServer(self.pki.ecdsa, {"file": b"x"}, "-tls1_2", "-Verify", "1",
                                              "-verify_return_error", "-CAfile", self.pki.client_authority.certificate))
        for _ in range(5):
            result = self.call_port(server.port)
            self.assertEqual(result.returncode, 1)
            self.assertRegex(result.stderr, "kTlsFailed .*client certificate")

    def test_a_certificate_of_another_authority_is_refused(self):
        result = self.call(PROTOCOLS[0], self.pki.untrusted.certificate, self.pki.untrusted.key)
        self.assertEqual(result.returncode, 1)
        self.assertNotIn('"target"', result.stdout)

    def test_a_key_that_does_not_belong_to_the_certificate_is_named(self):
        result = self.call(PROTOCOLS[0], self.pki.client.certificate, self.pki.rsa.key)
        self.assertEqual(result.returncode, 2)
        self.assertRegex(result.stderr, "key")


if __name__ == "__main__":
    unittest.main()
