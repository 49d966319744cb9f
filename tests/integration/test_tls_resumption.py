"""TLS sessions resumed by nginx and openssl s_server, which are not mbedTLS: tickets, ids, and neither."""
# Covers C33: resumption by other implementations.

import os
import subprocess
import unittest

import awsfetch
from servers import gate, tls

COMMAND = os.environ.get("TINYAWS_TLS_RESUMPTION")
PROTOCOLS = {"TLSv1.2": "-tls1_2", **({"TLSv1.3": "-tls1_3"} if os.environ.get("TINYAWS_TLS13") == "1" else {})}
KINDS = ("rsa", "ecdsa")
FRONTS = {
    "tickets": "ssl_session_tickets on;",
    "ids": "ssl_session_tickets off; ssl_session_cache shared:SSL:1m;",
    "neither": "ssl_session_tickets off; ssl_session_cache none;",
}


@unittest.skipUnless(COMMAND, "TINYAWS_TLS_RESUMPTION does not name the test's client")
class Resumption(awsfetch.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pki = tls.Pki()
        cls.gate = cls.start(gate.Gate({"AKIDEXAMPLE": gate.Key("secret")}, "us-east-1", "execute-api"))
        cls.nginx = tls.Nginx(cls.gate.port)
        for protocol in PROTOCOLS:
            for kind in KINDS:
                for front, options in FRONTS.items():
                    cls.nginx.add(f"{kind} {protocol} {front}", getattr(cls.pki, kind), protocol, options)
            cls.nginx.add_mutual(f"mutual {protocol}", cls.pki.ecdsa, cls.pki.client_authority, protocol)
        cls.start(cls.nginx)

    def visit(self, port, number, *certificate_and_key):
        result = subprocess.run([COMMAND, str(port), self.pki.bundle, str(number), *certificate_and_key],
                                capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        lines = result.stdout.splitlines()
        self.assertEqual(len(lines), number)
        return lines

    def assert_resumed(self, lines, protocol):
        for line in lines:
            self.assertRegex(line, f"^kOk: {protocol} ")
        self.assertEqual([line.endswith(", resumed") for line in lines], [False] + [True] * (len(lines) - 1), lines)

    def test_nginx_with_tickets_and_with_ids(self):
        for protocol in PROTOCOLS:
            for kind in KINDS:
                for front in ("tickets", "ids"):
                    with self.subTest(protocol=protocol, kind=kind, front=front):
                        self.assert_resumed(self.visit(self.nginx.ports[f"{kind} {protocol} {front}"], 4), protocol)

    def test_nginx_that_resumes_nothing(self):
        for protocol in PROTOCOLS:
            with self.subTest(protocol=protocol):
                for line in self.visit(self.nginx.ports[f"rsa {protocol} neither"], 4):
                    self.assertFalse(line.endswith(", resumed"), line)

    def test_openssl_with_tickets_and_with_ids(self):
        for protocol, option in PROTOCOLS.items():
            for kind in KINDS:
                for more in ((), ("-no_ticket",)):
                    with self.subTest(protocol=protocol, kind=kind, more=more):
                        certificate = getattr(self.pki, kind)
                        with tls.OpensslServer(certificate, {"file": b"x" * 50000}, option, *more) as server:
                            self.assert_resumed(self.visit(server.port, 4), protocol)

    def test_a_resumed_client_is_still_who_it_was(self):
        certificate = (self.pki.client.certificate, self.pki.client.key)
        for protocol in PROTOCOLS:
            with self.subTest(protocol=protocol):
                self.assert_resumed(self.visit(self.nginx.ports[f"mutual {protocol}"], 3, *certificate), protocol)


if __name__ == "__main__":
    unittest.main()
