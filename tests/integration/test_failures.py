"""What goes wrong on the way to a service, and what becomes of it: real servers that refuse, redirect and delay."""
# Covers C15, C16: services, containers and certificates under wrong clocks.
# Covers C17: other regions and hosts, named by Swift and nginx.
# Covers C18: bodies of 3 MiB to servers that give leave, are silent, or refuse.
# Covers C22: attempts, counted at the server.
# Covers C27: keys that are withdrawn while the program runs.

import json
import os
import re
import unittest

import awsfetch
import session
from servers import documents, dynalite, gate, radosgw, relay, scripted, static, support, swift, tls

SECRET, TOKEN = "failing-secret", "t" * 1000
KEY_ID = "AKIDEXAMPLE"
KEYS = awsfetch.keys(KEY_ID, SECRET)
RADOSGW_KEYS = awsfetch.keys(radosgw.ACCESS_KEY_ID, radosgw.SECRET_ACCESS_KEY)
SWIFT_KEYS = awsfetch.keys(swift.ACCESS_KEY_ID, swift.SECRET_ACCESS_KEY)
UNCORRECTED = {"AWS_DISABLE_CLOCK_SKEW_CORRECTION": "true"}

BEFORE_THE_CLOCK_WAS_SET = "@1970-01-01 00:01:00"
WRONG_CLOCKS = ("-10y", "-20m", "+1h", BEFORE_THE_CLOCK_WAS_SET)
LARGE = bytes(range(256)) * 4 * 1024 * 3

servers = {}


def setUpModule():
    servers.update(radosgw=radosgw.Radosgw(), swift=swift.Swift(),
                   gate=gate.Gate({KEY_ID: gate.Key(SECRET)}, "us-east-1", "execute-api"))
    for server in servers.values():
        server.start()
        unittest.addModuleCleanup(server.stop)
    for url, keys in ((servers["radosgw"].url, RADOSGW_KEYS), (servers["swift"].url, SWIFT_KEYS)):
        made = awsfetch.run(*s3(url), "-X", "PUT", "/bucket", env=keys)
        if made.exit != awsfetch.OK:
            raise support.ServerError(f"no bucket at {url}: {made}")


def s3(url, region="us-east-1"):
    return ["--endpoint-url", url, "--service", "s3", "--region", region]


def api(url):
    return ["--service", "execute-api", "--region", "us-east-1", url]


def statuses(result):
    """Of all answers, in their order."""
    return [int(status) for status in re.findall(r"^< HTTP/1\.1 (\d+)", result.err, flags=re.MULTILINE)]


def last_line(result):
    return result.err.splitlines()[-1]


class FailureTest(awsfetch.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.directory = support.temporary_directory("failures")
        cls.large = os.path.join(cls.directory, "large")
        with open(cls.large, "wb") as file:
            file.write(LARGE)

    def put_large(self, url, key, *options, keys=None, region="us-east-1"):
        return awsfetch.run(*s3(url, region), "-v", "-X", "PUT", "-d", "@" + self.large, *options, f"/bucket/{key}",
                            env=keys or RADOSGW_KEYS)

    def assert_is_large(self, url, key, keys=None):
        got = self.assert_ok(awsfetch.run(*s3(url), f"/bucket/{key}", env=keys or RADOSGW_KEYS))
        self.assertTrue(got.out == LARGE, f"{key}: {len(got.out)} bytes came back, or others")


class Renewal(session.TestCase):
    """A container gives out other keys when the first are withdrawn, long before they have expired."""

    def setUp(self):
        self.keys = {"ASIAFIRST": gate.Key(SECRET, TOKEN)}
        self.gate = gate.Gate(self.keys, "us-east-1", "execute-api")
        self.nginx = documents.Documents()
        self.nginx.add_container("credentials")
        self.nginx.accept_only("token")
        for server in (self.gate, self.nginx):
            server.start()
            self.addCleanup(server.stop)
        self.give("ASIAFIRST")
        url = f"http://127.0.0.1:{self.nginx.ports['credentials']}/credentials"
        self.container = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": url, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "token"}

    def give(self, key_id):
        self.nginx.give("credentials", documents.container_document(key_id, SECRET, TOKEN))

    def withdraw(self, key_id, successor):
        self.give(successor)
        del self.keys[key_id]
        self.keys[successor] = gate.Key(SECRET, TOKEN)

    def asked_at_gate(self):
        """(key, refused) of each request since the last call."""
        asked = [(verdict.key_id, verdict.refusal is not None) for verdict in self.gate.verdicts]
        self.gate.verdicts.clear()
        return asked

    def fetches(self):
        return len(self.nginx.asked("credentials"))

    def test_program_that_runs_for_long(self):
        program = self.session(env=self.container)
        self.assertEqual(program.get(self.gate.url)[:2], ("kOk", 200))
        self.assertEqual((self.asked_at_gate(), self.fetches()), ([("ASIAFIRST", False)], 1))
        self.withdraw("ASIAFIRST", "ASIASECOND")
        self.assertEqual(program.get(self.gate.url)[:2], ("kOk", 200))
        self.assertEqual((self.asked_at_gate(), self.fetches()), ([("ASIAFIRST", True), ("ASIASECOND", False)], 2))
        self.assertEqual(program.get(self.gate.url)[:2], ("kOk", 200))
        self.assertEqual((self.asked_at_gate(), self.fetches()), ([("ASIASECOND", False)], 2))

    def test_refusals_without_end_are_not_asked_about_without_end(self):
        program = self.session(env=self.container)
        self.assertEqual(program.get(self.gate.url)[:2], ("kOk", 200))
        self.keys.clear()
        for _ in range(5):
            self.assertEqual(program.get(self.gate.url)[:2], ("kServiceError", 403))
        self.assertEqual(self.fetches(), 2, "one a minute")
        self.assertEqual(len(self.asked_at_gate()), 1 + 5 + 1)

    def first_of_two(self, *options, env=None):
        """awsfetch finds its credentials and then meets a gate that has withdrawn them just now."""
        answer = self.gate.answer

        def withdraws_first(request):
            if "ASIAFIRST" in self.keys:
                self.withdraw("ASIAFIRST", "ASIASECOND")
            return answer(request)

        self.gate.answer = withdraws_first
        return awsfetch.run(*api(self.gate.url), *options, env=env or self.container)

    def test_awsfetch(self):
        result = self.assert_ok(self.first_of_two("-v"))
        self.assertEqual(json.loads(result.out)["key_id"], "ASIASECOND")
        self.assertEqual((self.asked_at_gate(), self.fetches()), ([("ASIAFIRST", True), ("ASIASECOND", False)], 2))
        self.assertRegex(result.err, r"(?s)\* the service does not take these credentials: asking for others\n"
                                     r".*\* signing as AS\*\*\*\*ND with a session token, credentials from the "
                                     r"container")

    def test_awsfetch_is_refused_twice(self):
        self.gate.verifier.keys = {}
        result = self.assert_refused(awsfetch.run(*api(self.gate.url), env=self.container))
        self.assertIn("UnrecognizedClientException", last_line(result))
        self.assertEqual((len(self.gate.verdicts), self.fetches()), (2, 2))

    def test_awsfetch_without_others(self):
        """The second question to the container is refused: that is said, and what was asked."""
        answer = self.gate.answer

        def closes_the_source(request):
            self.nginx.accept_only("another")
            self.keys.clear()
            return answer(request)

        self.gate.answer = closes_the_source
        result = self.assert_exit(awsfetch.run(*api(self.gate.url), env=self.container), awsfetch.USAGE)
        self.assertRegex(result.err, r"awsfetch: credentials of the container: .*\n  container: http://\S+ .*403")
        self.assertEqual(len(self.gate.verdicts), 1)
        self.assertNotIn(SECRET, result.err)

    def test_awsfetch_keys_of_the_environment_have_no_successor(self):
        result = self.assert_refused(self.first_of_two(env=awsfetch.keys("ASIAFIRST", SECRET, TOKEN)))
        self.assertIn("UnrecognizedClientException", last_line(result))
        self.assertEqual(self.asked_at_gate(), [("ASIAFIRST", True)])

    def test_expired_by_our_clock_alone(self):
        """Credentials of an hour, and a clock that is ten years ahead or behind."""
        for clock in ("+10y", "-10y", "+2h", BEFORE_THE_CLOCK_WAS_SET):
            with self.subTest(clock):
                self.assert_ok(awsfetch.run_at(clock, *api(self.gate.url), env=self.container))


class Clock(FailureTest):
    """awsfetch under clocks that are wrong; the servers' are right."""

    def services(self):
        yield "radosgw", [*s3(servers["radosgw"].url), "/bucket"], RADOSGW_KEYS
        yield "swift", [*s3(servers["swift"].url), "/bucket"], SWIFT_KEYS
        yield "gate", api(servers["gate"].url), KEYS

    def test_refused_once_then_answered(self):
        for name, arguments, keys in self.services():
            for clock in WRONG_CLOCKS:
                with self.subTest(name, clock=clock):
                    result = self.assert_ok(awsfetch.run_at(clock, "-v", *arguments, env=keys))
                    self.assertEqual(statuses(result), [403, 200], f"\n{result}")
                    self.assertRegex(result.err, r"\* this machine's clock is (not set|\d+ s (ahead of|behind) the "
                                                 r"service's)(: going by the service's)\n")

    def test_a_body_is_sent_again(self):
        url = servers["radosgw"].url
        result = self.assert_ok(awsfetch.run_at("+1h", *s3(url), "-v", "-X", "PUT", "-d", "@" + self.large,
                                                "/bucket/late", env=RADOSGW_KEYS))
        self.assertEqual(statuses(result), [403, 200])
        self.assert_is_large(url, "late")

    def test_head(self):
        """Nothing but its status and Date tells why a HEAD was refused."""
        result = self.assert_ok(awsfetch.run_at("-20m", "-v", "-X", "HEAD", *s3(servers["radosgw"].url), "/bucket",
                                                env=RADOSGW_KEYS))
        self.assertEqual(statuses(result), [403, 200])

    def test_right_enough(self):
        for clock in ("+60s", "-60s"):
            result = self.assert_ok(awsfetch.run_at(clock, "-v", *api(servers["gate"].url), env=KEYS))
            self.assertEqual(statuses(result), [200])

    def test_wrong_secret_is_no_wrong_clock(self):
        result = awsfetch.run_at("+0", "-v", *api(servers["gate"].url), env=awsfetch.keys(KEY_ID, "wrong"))
        self.assertEqual(statuses(self.assert_refused(result)), [403])

    def test_correction_switched_off(self):
        for name, arguments, keys in self.services():
            with self.subTest(name):
                result = awsfetch.run_at("+1h", "-v", *arguments, env={**keys, **UNCORRECTED})
                self.assertEqual(statuses(self.assert_refused(result)), [403])

    def test_clock_that_is_not_set_and_correction_switched_off(self):
        result = awsfetch.run_at(BEFORE_THE_CLOCK_WAS_SET, "-v", *api(servers["gate"].url), env={**KEYS, **UNCORRECTED})
        self.assert_failed(result, r"clock")
        self.assertRegex(last_line(result), r"set the clock.*AWS_DISABLE_CLOCK_SKEW_CORRECTION")
        self.assertEqual(statuses(result), [])


class ClockAndCertificates(FailureTest):
    """A wrong clock is no reason to trust what has expired."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pki = tls.Pki()
        cls.nginx = tls.Nginx(servers["gate"].port)
        cls.nginx.add("good", cls.pki.ecdsa)
        cls.start(cls.nginx)

    def call(self, clock, *options):
        url = f"https://localhost:{self.nginx.ports['good']}"
        return awsfetch.run_at(clock, "--cacert", self.pki.bundle, *options, *api(url), env=KEYS)

    def test_wrong_by_less_than_their_days(self):
        self.assert_ok(self.call("+1h"))

    def test_rejected(self):
        result = self.assert_failed(self.call("+10y"), "expired")
        self.assertIn("this machine's clock", last_line(result))

    def test_not_set(self):
        for clock in (BEFORE_THE_CLOCK_WAS_SET, "-10y"):
            with self.subTest(clock):
                result = self.assert_failed(self.call(clock), "clock is not set, so no certificate can be judged")
                self.assertIn("set the clock", last_line(result))

    def test_not_set_and_learnt(self):
        self.assert_ok(self.call(BEFORE_THE_CLOCK_WAS_SET, "--no-clock"))


class Elsewhere(FailureTest):
    """The bucket is in another region, or at another host."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nginx = nginx = static.Static()
        upstream = servers["radosgw"].port
        target = nginx.add_front("target", upstream)
        to_target = f"return 307 http://127.0.0.1:{target}$request_uri;"
        nginx.add_front("source", upstream, options=to_target)
        nginx.add_front("circle", upstream, options="return 307 $scheme://$http_host$request_uri;")
        region = "add_header x-amz-bucket-region eu-west-1 always;"
        nginx.add_front("region", upstream, options=region + 'if ($http_authorization ~ "/us-east-1/") { return 301; }')
        nginx.add_front("region_always", upstream, options=region + "return 301;")
        cls.start(nginx)

    def url(self, name):
        return f"http://127.0.0.1:{self.nginx.ports[name]}"

    def asked(self, name):
        """The statuses that a server has answered with so far."""
        return [status for connection in self.nginx.connections(name) for status in connection]

    def test_swift_names_its_region(self):
        url = servers["swift"].url
        result = self.assert_ok(self.put_large(url, "moved", region="eu-west-1", keys=SWIFT_KEYS))
        self.assertEqual(statuses(result), [400, 200])
        self.assertIn("* now signing for the region us-east-1\n", result.err)
        self.assert_is_large(url, "moved", SWIFT_KEYS)

    def test_other_host(self):
        result = self.assert_ok(self.put_large(self.url("source"), "redirected"))
        self.assertEqual(statuses(result), [307, 200])
        self.assert_is_large(servers["radosgw"].url, "redirected")
        for method in ("HEAD", "GET", "DELETE"):
            with self.subTest(method):
                result = self.assert_ok(awsfetch.run(*s3(self.url("source")), "-v", "-X", method, "/bucket/redirected",
                                                     env=RADOSGW_KEYS))
                self.assertEqual(statuses(result), [307, 204 if method == "DELETE" else 200])
                self.assertEqual(re.findall(r"^> (\S+)", result.err, flags=re.MULTILINE), [method, method])

    def test_other_host_of_another_service(self):
        """Only Amazon S3 sends its callers elsewhere: others are not followed."""
        before = self.asked("target")
        result = awsfetch.run(*api(self.url("source")), "-v", env=KEYS)
        self.assertEqual(statuses(self.assert_refused(result, 307)), [307])
        self.assertEqual(self.asked("target"), before)

    def test_region_at_the_same_host(self):
        result = self.assert_ok(self.put_large(self.url("region"), "regional"))
        self.assertEqual(statuses(result), [301, 200])
        self.assertIn("* now signing for the region eu-west-1\n", result.err)
        self.assert_is_large(servers["radosgw"].url, "regional")

    def test_bounded(self):
        for name, status, most in (("circle", 307, 3), ("region_always", 301, 2)):
            with self.subTest(name):
                result = awsfetch.run(*s3(self.url(name)), "/bucket", env=RADOSGW_KEYS)
                self.assert_refused(result, status)
                self.assertEqual(self.asked(name), [status] * most)


class Leave(FailureTest):
    """Bodies of 3 MiB ask for leave: "Expect: 100-continue"."""

    def relayed(self, port):
        return self.start(relay.Relay(port))

    def assert_asked_for_leave(self, exchange):
        """The body came behind the leave; or a second after the head, should the server have been slow."""
        self.assertIn(b"Expect: 100-continue", exchange.head())
        said, waited = exchange.waited()
        if not said.startswith(b"HTTP/1.1 100"):
            self.assertGreaterEqual(waited, 0.5, f"{said!r}")
        self.assertEqual(exchange.body_size(), len(LARGE))

    def check_real_server(self, port, key, keys=None):
        way = self.relayed(port)
        self.assert_ok(self.put_large(way.url, key, keys=keys))
        self.assertEqual(len(way.exchanges), 1)
        self.assert_asked_for_leave(way.exchanges[0])
        self.assertIn(b"HTTP/1.1 100", way.exchanges[0].answer())
        self.assert_is_large(way.url, key, keys)

    def test_radosgw(self):
        self.check_real_server(servers["radosgw"].port, "leave")

    def test_swift(self):
        self.check_real_server(servers["swift"].port, "leave", SWIFT_KEYS)

    def test_nginx(self):
        nginx = static.Static()
        nginx.add_front("front", servers["radosgw"].port)
        self.start(nginx)
        self.check_real_server(nginx.ports["front"], "leave-of-nginx")

    def test_refused_before_the_body(self):
        """radosgw knows at once that the key is wrong; the body stays where it is."""
        way = self.relayed(servers["radosgw"].port)
        result = self.put_large(way.url, "refused", keys=awsfetch.keys("AKIDNOBODY", "secret"))
        self.assertIn("InvalidAccessKeyId", last_line(self.assert_refused(result)))
        if not any(b"HTTP/1.1 100" in exchange.answer() for exchange in way.exchanges):
            self.assertEqual([exchange.body_size() for exchange in way.exchanges], [0])

    def test_refusal_in_its_place(self):
        server = self.start(scripted.Scripted(scripted.answer(403), reads_body=False))
        self.assert_refused(self.put_large(server.url, "refused"))
        self.assertEqual([asked.body_size for asked in server.asked], [0])

    def test_silent_server(self):
        server = self.start(scripted.Scripted(scripted.answer(200)))
        self.assert_ok(self.put_large(server.url, "silent"))
        asked, = server.asked
        self.assertEqual(asked.request.get("expect"), "100-continue")
        self.assertEqual(asked.body_size, len(LARGE))
        self.assertGreaterEqual(asked.body_began_after, 0.5)

    def test_server_that_knows_no_such_question(self):
        server = self.start(scripted.Scripted(scripted.answer(417), scripted.answer(200)))
        server.reads_body = False
        self.put_large(server.url, "never")
        first, second = server.asked
        self.assertEqual((first.request.get("expect"), first.body_size), ("100-continue", 0))
        self.assertIsNone(second.request.get("expect"))

    def test_small_bodies_do_not_ask(self):
        server = self.start(scripted.Scripted(scripted.answer(200)))
        self.assert_ok(awsfetch.run(*s3(server.url), "-X", "PUT", "-d", "x" * 100000, "/bucket/x", env=KEYS))
        self.assertIsNone(server.asked[0].request.get("expect"))


class LastLine(FailureTest):
    """awsfetch: CODE: MESSAGE (HTTP STATUS, request id ID)"""

    def assert_last_line(self, result, status, pattern):
        self.assert_refused(result, status)
        self.assertRegex(result.err, rf"\Aawsfetch: {pattern}\n\Z", f"\n{result}")

    def test_radosgw_has_no_message(self):
        result = awsfetch.run(*s3(servers["radosgw"].url), "/bucket/no-such-key", env=RADOSGW_KEYS)
        self.assert_last_line(result, 404, r"NoSuchKey \(HTTP 404, request id tx[0-9a-z-]+\)")

    def test_swift(self):
        result = awsfetch.run(*s3(servers["swift"].url), "/bucket/no-such-key", env=SWIFT_KEYS)
        self.assert_last_line(result, 404, r"NoSuchKey: [^\n]+ \(HTTP 404, request id tx[0-9a-f-]+\)")

    def test_json(self):
        for name, service, target, document in (
                ("dynalite", "dynamodb", "DynamoDB_20120810.DescribeTable", {"TableName": "no-such-table"}),
                ("kinesalite", "kinesis", "Kinesis_20131202.DescribeStream", {"StreamName": "no-such-stream"})):
            with self.subTest(name):
                database = self.start(dynalite.NodeServer(name))
                front = self.start(gate.Gate({KEY_ID: gate.Key(SECRET)}, "us-east-1", service,
                                             ("127.0.0.1", database.port)))
                kind = "application/x-amz-json-1.0" if service == "dynamodb" else "application/x-amz-json-1.1"
                result = awsfetch.run("--endpoint-url", front.url, "--service", service, "--region", "us-east-1", "-H",
                                      f"X-Amz-Target: {target}", "-H", f"Content-Type: {kind}", "-d",
                                      json.dumps(document), "/", env=KEYS)
                self.assert_last_line(result, 400, r"ResourceNotFoundException: [^\n]+not found[^\n]* "
                                                   r"\(HTTP 400, request id [0-9A-Za-z-]+\)")

    def test_html_of_a_proxy_whose_service_is_down(self):
        nginx = static.Static()
        nginx.add_front("front", support.choose_port(server="nobody"))
        self.start(nginx)
        result = awsfetch.run(*api(f"http://127.0.0.1:{nginx.ports['front']}"), env=KEYS)
        self.assertIn("<html>", result.text)
        self.assert_last_line(result, 502, r"\w+(: [^\n<]+)? \(HTTP 502\)")
        self.assertEqual(nginx.connections("front"), [[502] * 3])

    def test_nothing_but_a_status(self):
        server = self.start(scripted.Scripted(scripted.answer(429)))
        self.assert_last_line(awsfetch.run(*api(server.url), env={**KEYS, "AWS_MAX_ATTEMPTS": "1"}), 429,
                              r"429: Too Many Requests \(HTTP 429\)")


class Attempts(FailureTest):
    """Counted at the server."""

    THROTTLED = scripted.answer(400, b'{"__type":"ThrottlingException","message":"Rate exceeded"}')
    UNAVAILABLE = scripted.answer(503)

    def call(self, *answers, **variables):
        server = self.start(scripted.Scripted(*answers))
        return server, awsfetch.run(*api(server.url), "-v", env={**KEYS, **variables})

    def test_throttled_twice(self):
        server, result = self.call(self.THROTTLED, self.THROTTLED, scripted.answer(200, b"at last"))
        self.assertEqual(self.assert_ok(result).out, b"at last")
        self.assertEqual(len(server.asked), 3)
        self.assertEqual(result.err.count("* waiting before the next attempt\n"), 2, f"\n{result}")

    def test_as_often_as_asked_for(self):
        for attempts in (None, 1, 5):
            with self.subTest(attempts=attempts):
                variables = {"AWS_MAX_ATTEMPTS": str(attempts)} if attempts else {}
                server, result = self.call(self.UNAVAILABLE, **variables)
                self.assert_refused(result, 503)
                self.assertEqual(len(server.asked), attempts or 3)

    def test_as_late_as_asked_for(self):
        server, result = self.call(scripted.answer(500, x_amz_retry_after="700"), scripted.answer(200))
        self.assert_ok(result)
        self.assertGreaterEqual(server.waits()[0], 0.69)

    def test_what_is_the_callers_fault_is_not_repeated(self):
        server, result = self.call(scripted.answer(400, b'{"__type":"ValidationException","message":"no"}'))
        self.assert_refused(result, 400)
        self.assertEqual(len(server.asked), 1)

    def test_a_body_is_sent_again(self):
        server = self.start(scripted.Scripted(self.UNAVAILABLE, self.UNAVAILABLE, scripted.answer(200)))
        self.assert_ok(awsfetch.run(*s3(server.url), "-X", "PUT", "-d", "@" + self.large, "/bucket/x",
                                    "--unsigned-payload", env=KEYS))
        self.assertEqual([asked.body_size for asked in server.asked], [len(LARGE)] * 3)


if __name__ == "__main__":
    unittest.main()
