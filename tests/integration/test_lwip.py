"""The lwIP port: a client whose network is lwIP on a TUN device, in a network namespace of the test's own; servers on the
kernel's side of the device.

The client's board does not know what time it is: the first answer tells it.
"""

import os
import subprocess
import sys
import unittest

import awsfetch
from servers import gate, misbehaving, network, support, tls

COMMAND = os.environ.get("TINYAWS_LWIP_SESSION")
DEVICE, ADDRESS, GATEWAY, NOBODY = "tun0", "10.77.0.2", "10.77.0.1", "10.77.0.99"
KEY_ID, SECRET, TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "tOKen/+=" * 100
KIBIBYTE = 1024


def setUpModule():
    if COMMAND is None:
        reason = "the lwIP port is not built: TINYAWS_PORT_LWIP"
        print(f"SKIPPED {reason}", file=sys.stderr)
        raise unittest.SkipTest(reason)


class LwipTest(awsfetch.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network = network.Network()
        cls.addClassCleanup(cls.network.close)
        cls.network.ip("tuntap", "add", "dev", DEVICE, "mode", "tun")
        cls.network.ip("address", "add", f"{GATEWAY}/24", "dev", DEVICE)
        cls.network.ip("link", "set", DEVICE, "up")
        cls.gate = gate.Gate({KEY_ID: gate.Key(SECRET, TOKEN)}, "us-east-1", "execute-api", host=GATEWAY)
        cls.network.inside(cls.gate.start)
        cls.addClassCleanup(cls.gate.stop)

    def send(self, url, body_bytes=0, calls=1, ca_file="-", key_id=KEY_ID):
        """The lines of statuses, and the first answer."""
        env = awsfetch.environment(**awsfetch.keys(key_id, SECRET, TOKEN))
        command = [*self.network.prefix, COMMAND, DEVICE, ADDRESS, GATEWAY, url, ca_file, str(body_bytes), str(calls)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env)
        self.assertEqual(done.stderr, "", done)
        lines = done.stdout.splitlines()
        self.assertGreater(len(lines), calls, done)
        return lines[:calls], "\n".join(lines[calls:])

    def url(self, host=GATEWAY, port=None, scheme="http"):
        return f"{scheme}://{host}:{port or self.gate.port}"


class Exchanges(LwipTest):
    def test_a_signed_request_verifies(self):
        statuses, answer = self.send(self.url())
        self.assertEqual(statuses, ["kOk "], answer)
        self.assertIn(KEY_ID, answer)

    def test_the_first_answer_told_the_time(self):
        before = len(self.gate.verdicts)
        self.assertEqual(self.send(self.url())[0], ["kOk "])
        verdicts = self.gate.verdicts[before:]
        self.assertEqual([bool(verdict.refusal) for verdict in verdicts], [True, False])

    def test_a_name_is_found_in_the_table(self):
        self.assertEqual(self.send(self.url("gateway.test"))[0], ["kOk "])

    def test_a_body_longer_than_all_windows(self):
        self.assertEqual(self.send(self.url(), 3 * KIBIBYTE * KIBIBYTE)[0], ["kOk "])

    def test_many_at_once(self):
        self.assertEqual(self.send(self.url(), 5 * KIBIBYTE, calls=32)[0], ["kOk "] * 32)

    def test_a_wrong_key_is_refused(self):
        self.assertEqual(self.send(self.url(), key_id="AKIDOTHER")[0], ["kServiceError "])


class Tls(LwipTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        directory = support.temporary_directory("lwip-tls")
        cls.authority = tls.Authority(directory, "Test CA", "ecdsa")
        server = cls.authority.leaf("gateway", names=f"DNS:gateway.test,IP:{GATEWAY}")
        cls.gate.serve_tls(server)

    def test_verified_and_answered(self):
        for host in ("gateway.test", GATEWAY):
            with self.subTest(host=host):
                url = self.url(host, scheme="https")
                statuses, answer = self.send(url, 100 * KIBIBYTE, calls=8, ca_file=self.authority.certificate)
                self.assertEqual(statuses, ["kOk "] * 8, answer)

    def test_nobody_is_trusted_without_a_ca(self):
        statuses, _ = self.send(self.url(scheme="https"))
        self.assertRegex(statuses[0], "^kCertificateRejected ")


class Failures(LwipTest):
    def test_nobody_listens(self):
        statuses, _ = self.send(self.url(port=9))
        self.assertRegex(statuses[0], rf"^kConnectFailed {GATEWAY}:9: connection reset by the peer, or refused$")

    def test_nobody_answers(self):
        statuses, _ = self.send(self.url(NOBODY))
        self.assertRegex(statuses[0], rf"^kConnectTimedOut {NOBODY}:{self.gate.port}")

    def test_names_that_are_not_there(self):
        statuses, _ = self.send(self.url("elsewhere.test"))
        self.assertEqual(statuses[0], "kResolveFailed the name has no address")

    def test_servers_that_misbehave(self):
        for behaviour, status in ((misbehaving.truncates_body, "kTruncated"), (misbehaving.resets_at_once, "kConnectionLost"),
                                  (misbehaving.closes_at_once, "kConnectionLost"), (misbehaving.garbage, "kMalformedHead"),
                                  (misbehaving.interim_then_body_until_close, "kOk")):
            with self.subTest(behaviour=behaviour.__name__):
                server = misbehaving.Misbehaving(behaviour, GATEWAY)
                self.network.inside(server.start)
                self.addCleanup(server.stop)
                self.assertRegex(self.send(self.url(port=server.port))[0][0], f"^{status} ")


if __name__ == "__main__":
    unittest.main()
