"""Instance metadata: off EC2 in every way that it can be absent, on a stand-in at its true address, and from servers
that misbehave.

Its true addresses are asked within networks of the test's own and nowhere else.
"""
# Covers C25: networks without a route, with a black hole, with a refusal.

import subprocess
import time
import unittest

import awsfetch
import session
from servers import metadata, misbehaving, network

# What a device without any configuration may cost.
FIRST_SECONDS = 2.5
SECOND_SECONDS = 0.010
ATTEMPTS = 3
ON = {"AWS_EC2_METADATA_DISABLED": "false"}
ON_IPV6 = {**ON, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"}
KEY_ID, SECRET, TOKEN = "ASIAINSTANCE", "instance-secret", "t" * 1200
ROLE = "device-role"
IPV4_PLACE = r"instance metadata: http://169\.254\.169\.254 did not answer "
IPV6_PLACE = r"instance metadata: http://\[fd00:ec2::254\] did not answer "
SILENT = r"\(no connection within the time limit\)"
NOT_CONNECTED = r"\(no address of the host accepted the connection\)"


class OffEc2(session.TestCase):
    def network(self, *ways):
        made = network.Network()
        self.addCleanup(made.close)
        for way in ways:
            getattr(made, way)()
        return made

    def times(self, made, env):
        """Seconds of the first and of the second look, and what was looked at."""
        with session.Session("default", env=env, prefix=made.prefix) as program:
            first, second = program.find(), program.find()
            for found in (first, second):
                self.assertEqual(found.status, "kNoCredentials", f"\n{found}")
            status, seconds, _ = program.region()
            self.assertEqual(status, "kNoRegion")
            return first.seconds, max(second.seconds, seconds), first.explained

    def check(self, pattern, *ways, env=None):
        made = self.network(*ways)
        for _ in range(ATTEMPTS):
            first, second, explained = self.times(made, env or ON)
            self.assertRegex(explained, pattern)
            print(f"\nfirst {first * 1e3:.1f} ms, second {second * 1e3:.3f} ms", flush=True)
            if first < FIRST_SECONDS and second < SECOND_SECONDS:
                return
        self.fail(f"{first} s, limit {FIRST_SECONDS}; then {second} s, limit {SECOND_SECONDS}")

    def test_silent(self):
        self.check(IPV4_PLACE + SILENT, "silent")

    def test_silent_ipv6(self):
        self.check(IPV6_PLACE + SILENT, "silent", env=ON_IPV6)

    def test_refused(self):
        self.check(IPV4_PLACE + NOT_CONNECTED, "refused")

    def test_refused_ipv6(self):
        self.check(IPV6_PLACE + NOT_CONNECTED, "refused", env=ON_IPV6)

    def test_unreachable(self):
        self.check(IPV4_PLACE + NOT_CONNECTED, "unreachable")

    def test_unreachable_ipv6(self):
        self.check(IPV6_PLACE + NOT_CONNECTED, "unreachable", env=ON_IPV6)

    def test_without_a_network(self):
        self.check(IPV4_PLACE + NOT_CONNECTED)

    def test_awsfetch_tells_it_within_the_same_time(self):
        made = self.network("silent")
        begin = time.monotonic()
        done = subprocess.run([*made.prefix, awsfetch.COMMAND, "--show-config"], capture_output=True, text=True,
                              timeout=60, check=False, env=awsfetch.environment(**ON))
        took = time.monotonic() - begin
        print(f"\nawsfetch --show-config: {took:.2f} s", flush=True)
        self.assertEqual(done.returncode, awsfetch.USAGE, done)
        self.assertRegex(done.stdout, r"(?m)^region: none .*\ncredentials: none$")
        self.assertRegex(done.stderr, IPV4_PLACE + SILENT)
        self.assertLess(took, FIRST_SECONDS)

    def test_region_alone_costs_one_look_too(self):
        made = self.network("silent")
        with session.Session("default", env=ON, prefix=made.prefix) as program:
            status, seconds, _ = program.region()
            self.assertEqual(status, "kNoRegion")
            self.assertLess(seconds, FIRST_SECONDS)
            self.assertLess(program.region()[1], SECOND_SECONDS)
            self.assertLess(program.find().seconds, SECOND_SECONDS)

    def test_it_is_looked_for_again_after_a_minute(self):
        made = self.network("refused")
        with session.Session("default", env=ON, prefix=made.prefix) as program:
            self.assertEqual(program.find().status, "kNoCredentials")
            service = metadata.Metadata(ROLE, metadata.role_document(KEY_ID, SECRET, TOKEN),
                                        listener=made.listen(network.IPV4, 80))
            self.start(service)
            self.assertEqual(program.find().status, "kNoCredentials")
            program.forward(61)
            self.assert_found(program.find(), KEY_ID, "instance metadata")


class OnEc2(session.TestCase):
    """The stand-in at the true address of the service, in a network of its own."""

    def serve(self, address=network.IPV4, **settings):
        made = network.Network()
        self.addCleanup(made.close)
        made.refused()
        settings.setdefault("document", metadata.role_document(KEY_ID, SECRET, TOKEN))
        service = metadata.Metadata(ROLE, region="eu-central-1", listener=made.listen(address, 80), **settings)
        return made, self.start(service)

    def check(self, address, env):
        made, service = self.serve(address)
        program = self.session(env=env, prefix=made.prefix)
        self.assert_found(program.find(), KEY_ID, "instance metadata")
        self.assertEqual(service.asked, [f"PUT {metadata.TOKEN_PATH}", f"GET {metadata.ROLES_PATH}",
                                         f"GET {metadata.ROLES_PATH}{ROLE}"])
        status, _, region = program.region()
        self.assertEqual((status, region), ("kOk", "eu-central-1"))
        self.assertEqual(service.asked[3:], [f"GET {metadata.REGION_PATH}"], "the session token is kept")
        self.assert_found(program.find(), KEY_ID)
        self.assertEqual(program.region()[2], "eu-central-1")
        self.assertEqual(len(service.asked), 4, "both are kept")

    def test_ipv4(self):
        self.check(network.IPV4, ON)

    def test_ipv6(self):
        self.check(network.IPV6, ON_IPV6)

    def test_switched_off(self):
        made, service = self.serve()
        for value in ("true", "TRUE"):
            found = self.session(env={"AWS_EC2_METADATA_DISABLED": value}, prefix=made.prefix).find()
            self.assert_not_found(found, "kNoCredentials", "instance metadata: switched off")
        self.assertEqual(service.asked, [])

    def test_new_ones_before_the_end(self):
        made, service = self.serve()
        program = self.session(env=ON, prefix=made.prefix)
        self.assert_found(program.find(), KEY_ID)
        service.document = metadata.role_document("ASIANEWER", SECRET, TOKEN, 7200)
        program.forward(1800)
        self.assert_found(program.find(), KEY_ID)
        program.forward(1770)
        self.assert_found(program.find(), "ASIANEWER")

    def test_kept_beyond_the_end_while_there_are_no_newer_ones(self):
        made, _ = self.serve(document=metadata.role_document(KEY_ID, SECRET, TOKEN, 1))
        program = self.session(env=ON, prefix=made.prefix)
        self.assert_found(program.find(), KEY_ID)
        program.forward(3600)
        self.assert_found(program.find(), KEY_ID)


def portal(connection):
    """What a wireless network's log-in page does with every request."""
    misbehaving.read_head(connection)
    page = b"<html>Log in, please</html>"
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(page), page))


class Misbehaving(session.TestCase):
    """An endpoint that is named must answer: what it does instead is told, and soon."""

    def look(self, url, status, pattern, seconds):
        begin = time.monotonic()
        found = self.session(env={**ON, "AWS_EC2_METADATA_SERVICE_ENDPOINT": url}).find()
        took = time.monotonic() - begin
        print(f"\n{found.status} after {took:.2f} s: {found.explained.splitlines()[-1]}", flush=True)
        self.assert_not_found(found, status, f"instance metadata: {url} {pattern}")
        self.assertLess(took, seconds)

    def check(self, behaviour, status, pattern, seconds=4):
        self.look(self.start(misbehaving.Misbehaving(behaviour)).url, status, pattern, seconds)

    def test_silent(self):
        self.check(misbehaving.silent, "kCredentialsUnavailable", r"did not answer \(no answer within the time limit\)")

    def test_dripping(self):
        """Two seconds each for three attempts, with something to hear in each."""
        self.check(misbehaving.slow_head, "kCredentialsUnavailable",
                   r"did not answer \(no complete answer within the time limit of one attempt\)", 10)

    def test_no_http(self):
        self.check(misbehaving.garbage, "kMalformedCredentials", "gave a malformed answer: ")

    def test_connection_lost(self):
        self.check(misbehaving.resets_at_once, "kCredentialsUnavailable", r"did not answer \(.*connection")

    def test_log_in_page(self):
        self.check(portal, "kMalformedCredentials", "gave a malformed answer: ")

    def test_no_role(self):
        service = self.start(metadata.Metadata(region="eu-west-1"))
        self.look(service.url, "kNoCredentials", "answers, but the instance has no role", 4)

    def test_an_error_in_place_of_credentials(self):
        document = {"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot assume the role"}
        service = self.start(metadata.Metadata(ROLE, document))
        self.look(service.url, "kCredentialsRefused", "answered with an error: AssumeRoleUnauthorizedAccess", 4)

    def test_credentials_without_a_secret(self):
        document = metadata.role_document(KEY_ID, SECRET, TOKEN)
        del document["SecretAccessKey"]
        service = self.start(metadata.Metadata(ROLE, document))
        self.look(service.url, "kMalformedCredentials", "gave a malformed answer: .*SecretAccessKey", 4)


if __name__ == "__main__":
    unittest.main()
