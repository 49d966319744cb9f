"""Servers that are silent, slow, or gone, each in one slot of a table whose other slots go on as if nothing were."""
# Covers C20, C21: servers that close, and those that are silent.

import contextlib
import os
import socket
import time
import unittest

import async_session_case
from servers import misbehaving, static, support, tls

LANES = ("first lane", "second lane", "third lane")
LANE_REQUESTS = 50
# Wide apart, so that which of them is over first does not depend on how busy the machine is.
LIMITS = {"connect_ms": 1500, "tls_ms": 2000, "first_byte_ms": 2500, "stall_ms": 2000, "attempt_ms": 4000}
LOOPS = ("epoll", "poll")
PROTOCOLS = ["TLSv1.2", *(["TLSv1.3"] if os.environ.get("TINYAWS_TLS13") == "1" else [])]


def drips(connection):
    """A whole answer, one byte a second."""
    misbehaving.read_head(connection)
    for byte in misbehaving.OK + b"Content-Length: 5\r\n\r\nhello":
        connection.sendall(bytes([byte]))
        time.sleep(1)


def drips_body(connection):
    misbehaving.read_head(connection)
    connection.sendall(misbehaving.OK + b"Content-Length: 1000\r\n\r\n")
    for _ in range(1000):
        connection.sendall(b"x")
        time.sleep(1)


class FullBacklog(support.Server):
    """A port that is open, and whose queue of connections is full: the kernel drops whoever comes."""

    def __init__(self):
        self.port = support.choose_port(server="full backlog")
        self._sockets = []

    def start(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(0)
        self._sockets.append(listener)
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", self.port))
            self._sockets.append(client)

    def stop(self):
        for made in self._sockets:
            made.close()


# name: behaviour, scheme, status, and whether the call is still waiting when all good calls have ended.
SITUATIONS = {
    "silent": (misbehaving.silent, "http", {"kFirstByteTimedOut"}, True),
    "silent in the handshake": (misbehaving.silent, "https", {"kTlsTimedOut"}, True),
    "drips its head": (drips, "http", {"kAttemptTimedOut"}, True),
    "drips its body": (drips_body, "http", {"kAttemptTimedOut"}, True),
    "stalls in its body": (misbehaving.stalls_in_body, "http", {"kStalled"}, True),
    "resets in its body": (misbehaving.resets_in_body, "http", {"kConnectionLost"}, False),
    "ends in its body": (misbehaving.truncates_body, "http", {"kTruncated"}, False),
    "resets at once": (misbehaving.resets_at_once, "http", {"kConnectionLost"}, False),
    "closes at once": (misbehaving.closes_at_once, "http", {"kConnectionLost"}, False),
    "resets in the handshake": (misbehaving.resets_in_handshake, "https", {"kConnectionLost", "kTlsFailed"}, False),
    "closes in the handshake": (misbehaving.closes_in_handshake, "https", {"kConnectionLost", "kTlsFailed"}, False),
}
NO_ANSWER = "never takes the connection"


class ServersTest(async_session_case.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pki = tls.Pki()
        cls.env = {"AWS_CA_BUNDLE": cls.pki.bundle}

    def nginx(self):
        made = static.Static()
        with open(os.path.join(made.files, "hello"), "w", encoding="ascii") as file:
            file.write("hello, world")
        return made

    def started(self, nginx):
        nginx.start()
        self.addCleanup(nginx.stop)
        return nginx

    @staticmethod
    def url(nginx, name, scheme="http"):
        return f"{scheme}://localhost:{nginx.ports[name]}/files/hello"


class BesideOthers(ServersTest):
    def setUp(self):
        stack = self.enterContext(contextlib.ExitStack())
        self.good = self.nginx()
        self.good.add_files("plain")
        self.good.add_files("secure", self.pki.ecdsa)
        self.started(self.good)
        self.urls = {}
        for name, (behaviour, scheme, _, _) in SITUATIONS.items():
            server = stack.enter_context(misbehaving.Misbehaving(behaviour))
            self.urls[name] = f"{scheme}://127.0.0.1:{server.port}/"
        server = stack.enter_context(FullBacklog())
        self.urls[NO_ANSWER] = f"http://127.0.0.1:{server.port}/"

    def program(self, loop, **choices):
        return self.session(self.env, loop=loop, **LIMITS, **choices)

    def go(self, program, **how):
        for name, url in self.urls.items():
            program.call(name.replace(" ", "_"), url)
        for i, lane in enumerate(LANES):
            url = self.url(self.good, "plain") if i == 0 else self.url(self.good, "secure", "https")
            program.lane(lane.replace(" ", "_"), LANE_REQUESTS, url)
        return {name.replace("_", " "): end for name, end in program.go(**how).items()}

    def check_lanes(self, ends):
        self.assert_all_good([ends[lane] for lane in LANES], LANE_REQUESTS)

    def check_limits(self, loop):
        ends = self.go(self.program(loop))
        self.check_lanes(ends)
        last_good = max(ends[lane].place for lane in LANES)
        expected = {**SITUATIONS, NO_ANSWER: (None, "http", {"kConnectTimedOut"}, True)}
        for name, (_, _, statuses, waits) in expected.items():
            with self.subTest(name, loop=loop):
                self.assertIn(ends[name].status, statuses, ends[name])
                if waits:
                    self.assertLess(last_good, ends[name].place, ends)
        self.assertLess(ends["silent"].milliseconds, LIMITS["attempt_ms"], ends["silent"])

    def test_the_right_limit_ends_each_and_others_are_not_held_up(self):
        for loop in LOOPS:
            self.check_limits(loop)

    def check_cancelled(self, program, after_ms):
        before = program.descriptors()
        ends = self.go(program, cancel_ms=after_ms)
        self.check_lanes(ends)
        for name, (_, _, _, waits) in SITUATIONS.items():
            if waits:
                self.assertEqual(ends[name].status, "kCancelled", ends[name])
                self.assertLess(ends[name].milliseconds, LIMITS["connect_ms"], ends[name])
        self.assertEqual(ends[NO_ANSWER].status, "kCancelled")
        program.ask("close")
        self.assertEqual(program.descriptors(), before)

    def test_cancelled_in_each_state(self):
        for loop in LOOPS:
            program = self.program(loop)
            for after_ms in (0, 1, 5, 20, 200):
                with self.subTest(loop=loop, after_ms=after_ms):
                    self.check_cancelled(program, after_ms)
            self.assertEqual(program.get(self.url(self.good, "plain")).status, "kOk")

    def test_a_table_of_one(self):
        for loop in (*LOOPS, "spin"):
            with self.subTest(loop=loop):
                program = self.session(self.env, loop=loop, slots=1, first_byte_ms=700, stall_ms=500)
                program.call("stalls", self.urls["stalls in its body"])
                program.call("silent", self.urls["silent"])
                for name, scheme in (("plain", "http"), ("secure", "https")):
                    program.lane(name, 5, self.url(self.good, name, scheme))
                ends = program.go()
                self.assertEqual((ends["stalls"].status, ends["silent"].status), ("kStalled", "kFirstByteTimedOut"))
                self.assert_all_good([ends["plain"], ends["secure"]], 5)


class KeptConnections(ServersTest):
    def lanes(self, program, url, lanes, count):
        for i in range(lanes):
            program.lane(f"lane{i}", count, url)
        self.assert_all_good(program.go().values(), count)

    def test_as_many_connections_as_lanes(self):
        nginx = self.nginx()
        for name, certificate in (("plain", None), ("secure", self.pki.ecdsa)):
            nginx.add_files(name, certificate)
        self.started(nginx)
        for loop in LOOPS:
            program = self.session(self.env, loop=loop)
            for name, scheme in (("plain", "http"), ("secure", "https")):
                seen = len(nginx.connections(name))
                self.lanes(program, self.url(nginx, name, scheme), 3, 50)
                self.lanes(program, self.url(nginx, name, scheme), 3, 50)
                answers = nginx.connections(name)[seen:]
                self.assertEqual((len(answers), sum(map(len, answers))), (3, 300))

    def test_a_server_that_closes_after_each_response(self):
        nginx = self.nginx()
        nginx.add_files("plain", options="keepalive_timeout 0;")
        self.started(nginx)
        program = self.session(self.env)
        self.lanes(program, self.url(nginx, "plain"), 4, 20)
        self.assertEqual(nginx.connections("plain"), [[200]] * 80)
        self.assertEqual([event for event in program.events() if event.kind == "failed"], [])

    def test_a_server_that_closes_without_saying_so(self):
        """Which a client can't know before its next request."""
        with misbehaving.Misbehaving(misbehaving.closes_after_each_response) as server:
            for loop in LOOPS:
                self.lanes(self.session(self.env, loop=loop), f"http://127.0.0.1:{server.port}/", 3, 20)

    def test_a_server_that_closes_idle_connections(self):
        nginx = self.nginx()
        nginx.add_files("plain", options="keepalive_timeout 1s;")
        nginx.add_files("secure", self.pki.ecdsa, options="keepalive_timeout 1s;")
        self.started(nginx)
        for loop in LOOPS:
            for pause in ("idle", "sleep"):
                with self.subTest(loop=loop, pause=pause):
                    program = self.session(self.env, loop=loop)
                    for name, scheme in (("plain", "http"), ("secure", "https")):
                        self.lanes(program, self.url(nginx, name, scheme), 3, 2)
                    program.ask(f"{pause} 1500")
                    seen = {name: len(nginx.connections(name)) for name in nginx.ports}
                    for name, scheme in (("plain", "http"), ("secure", "https")):
                        self.lanes(program, self.url(nginx, name, scheme), 3, 2)
                        self.assertEqual(len(nginx.connections(name)) - seen[name], 3)
                    self.assertEqual([event for event in program.events() if event.kind == "failed"], [])

    def test_a_connection_too_old_is_closed_by_the_client(self):
        nginx = self.nginx()
        nginx.add_files("plain")
        self.started(nginx)
        program = self.session(self.env)
        before = program.descriptors()
        self.lanes(program, self.url(nginx, "plain"), 3, 2)
        self.assertGreater(program.descriptors(), before)
        program.ask("idle 5000")
        self.assertEqual(program.descriptors(), before)


class ResumedSessions(ServersTest):
    def test_the_second_connection_resumes(self):
        for protocol in PROTOCOLS:
            with self.subTest(protocol):
                self.check_protocol(protocol)

    def check_protocol(self, protocol):
        nginx = self.nginx()
        nginx.add_files("secure", self.pki.ecdsa,
                        f"ssl_protocols {protocol}; ssl_session_tickets on; keepalive_timeout 0;")
        self.started(nginx)
        program = self.session(self.env)
        url = self.url(nginx, "secure", "https")
        for expected in (False, True, True):
            self.assertEqual(program.get(url).status, "kOk")
            verified, = program.verified()
            self.assertTrue(verified.startswith(protocol), verified)
            self.assertEqual("resumed" in verified, expected, verified)
        nginx.stop()
        nginx.start()
        for expected in (False, True):
            self.assertEqual(program.get(url).status, "kOk", "after the server has other keys")
            verified, = program.verified()
            self.assertEqual("resumed" in verified, expected, verified)

    def test_a_server_without_tickets(self):
        nginx = self.nginx()
        nginx.add_files("secure", self.pki.ecdsa,
                        "ssl_session_tickets off; ssl_session_cache off; keepalive_timeout 0;")
        self.started(nginx)
        program = self.session(self.env)
        for _ in range(3):
            self.assertEqual(program.get(self.url(nginx, "secure", "https")).status, "kOk")
        self.assertEqual(["resumed" in text for text in program.verified()], [False] * 3)


if __name__ == "__main__":
    unittest.main()
