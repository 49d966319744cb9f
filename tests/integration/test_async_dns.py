"""Names, while other slots go on: servers that are dead or silent, names that do not exist, answers that change, and no
network at all.
"""
# Covers C34: name servers that fail, while other calls go on.

import contextlib
import os
import socket
import threading
import unittest

import async_session_case
from servers import misbehaving, names, network, static, support

FIRST, SECOND, THIRD = "127.0.0.1", "127.0.0.2", "127.0.0.3"
SILENCE_SECONDS = 1  # of a name server, after which the next one is asked


def answer_all(listener):
    """Answers every connection to this socket in a thread of its own."""

    def answer(connection):
        with connection, contextlib.suppress(OSError):
            while misbehaving.read_head(connection):
                connection.sendall(misbehaving.OK + b"Content-Length: 5\r\n\r\nhello")

    def accept():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


@unittest.skipIf(os.environ.get("TINYAWS_RESOLVER") == "getaddrinfo", "the C library resolves names in this build")
class NamesTest(async_session_case.TestCase):
    def setUp(self):
        self.directory = support.temporary_directory("names")
        self.resolv_conf = os.path.join(self.directory, "resolv.conf")
        self.port = support.choose_port(server="web server")
        self.dns_port = names.choose_port()

    def configure(self, *servers):
        lines = [f"nameserver {server}" for server in servers] + [f"options timeout:{SILENCE_SECONDS} attempts:2"]
        with open(self.resolv_conf, "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")

    def name_server(self, address, hosts=None, ttl=60):
        server = names.NameServer(names.datagrams(address, self.dns_port), hosts, ttl)
        server.start()
        self.addCleanup(server.stop)
        return server

    def web_server(self, address):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.create_server((address, self.port), family=family)
        self.addCleanup(listener.close)
        answer_all(listener)

    def program(self, prefix=(), **choices):
        files = {"resolv_conf": self.resolv_conf, "hosts": "/dev/null", "dns_port": self.dns_port}
        return self.session(None, prefix, **{**files, **choices})

    def url(self, host):
        return f"http://{host}:{self.port}/"

    def connected(self, program):
        """The addresses that were connected to since this was asked last."""
        return [event.text.rpartition(":")[0] for event in program.events() if event.kind == "connected"]

    def assert_connects(self, program, host, address):
        end = program.get(self.url(host))
        self.assertEqual(end.status, "kOk", end)
        self.assertEqual(self.connected(program), [address])
        return end


class NameServers(NamesTest):
    def test_a_name_is_asked_for_once(self):
        server = self.name_server(FIRST, {"device.example": [SECOND]})
        self.web_server(SECOND)
        self.configure(FIRST)
        program = self.program()
        for i in range(10):
            program.lane(f"lane{i}", 5, self.url("device.example"))
        self.assert_all_good(program.go().values(), 5)
        self.assertEqual(sorted(server.asked), ["device.example"] * 2, "once for IPv4, once for IPv6")
        self.assertEqual(set(self.connected(program)), {SECOND})

    def test_an_alias(self):
        self.name_server(FIRST, {"a.example": "b.example", "b.example": "c.example", "c.example": [SECOND]})
        self.web_server(SECOND)
        self.configure(FIRST)
        self.assert_connects(self.program(), "a.example", SECOND)

    def test_a_dead_server_gives_way_to_the_next(self):
        self.name_server(SECOND, {"device.example": [FIRST]})
        self.web_server(FIRST)
        self.configure(THIRD, SECOND)
        end = self.assert_connects(self.program(), "device.example", FIRST)
        self.assertLess(end.milliseconds, SILENCE_SECONDS * 1000, "it is refused at once")

    def test_a_silent_server_gives_way_and_others_go_on(self):
        nginx = static.Static()
        with open(os.path.join(nginx.files, "hello"), "w", encoding="ascii") as file:
            file.write("hello, world")
        nginx.add_files("plain")
        self.start_for_this_test(nginx)
        self.name_server(FIRST)
        self.name_server(SECOND, {f"device{i}.example": [FIRST] for i in range(5)})
        self.web_server(FIRST)
        self.configure(FIRST, SECOND)
        for loop in ("epoll", "poll"):
            with self.subTest(loop=loop):
                program = self.program(loop=loop)
                for i in range(5):
                    program.call(f"named{i}", self.url(f"device{i}.example"))
                for i in range(3):
                    program.lane(f"lane{i}", 50, f"http://127.0.0.1:{nginx.ports['plain']}/files/hello")
                ends = program.go()
                lanes = [ends.pop(f"lane{i}") for i in range(3)]
                self.assert_all_good(lanes, 50)
                self.assert_all_good(ends.values(), 1)
                self.assertLess(max(end.place for end in lanes), min(end.place for end in ends.values()))

    def start_for_this_test(self, server):
        server.start()
        self.addCleanup(server.stop)

    def test_all_are_silent(self):
        self.name_server(FIRST)
        self.configure(FIRST)
        ends = {}
        for limit, status in ((500, "kConnectTimedOut"), (10000, "kResolveFailed")):
            ends[status] = self.program(connect_ms=limit).get(self.url("device.example"))
            self.assertEqual(ends[status].status, status, ends)
        self.assertRegex(ends["kResolveFailed"].detail, "device.example: no name server answered")

    def test_a_name_that_does_not_exist(self):
        self.name_server(FIRST, {"device.example": [FIRST]})
        self.configure(FIRST)
        end = self.program().get(self.url("devise.example"))
        self.assertEqual((end.status, end.detail), ("kResolveFailed", "devise.example: no such name"))

    def test_a_name_without_addresses(self):
        self.name_server(FIRST, {"device.example": []})
        self.configure(FIRST)
        end = self.program().get(self.url("device.example"))
        self.assertEqual((end.status, end.detail), ("kResolveFailed", "device.example: no address"))

    @unittest.skipUnless(support.has_ipv6_loopback(), "this machine has no IPv6 loopback")
    def test_only_an_ipv6_address(self):
        self.name_server(FIRST, {"device.example": ["::1"]})
        self.web_server("::1")
        self.configure(FIRST)
        self.assert_connects(self.program(), "device.example", "[::1]")

    def test_addresses_that_refuse_give_way(self):
        self.name_server(FIRST, {"device.example": [SECOND, THIRD, "::1", FIRST]})
        self.web_server(FIRST)
        self.configure(FIRST)
        self.assert_connects(self.program(), "device.example", FIRST)

    def test_answers_that_change(self):
        server = self.name_server(FIRST, {"device.example": [FIRST]}, ttl=1)
        self.web_server(FIRST)
        self.web_server(SECOND)
        self.configure(FIRST)
        program = self.program()
        self.assert_connects(program, "device.example", FIRST)
        server.hosts = {"device.example": [SECOND]}
        program.ask("close")
        program.ask("idle 1100")
        self.assert_connects(program, "device.example", SECOND)

    def test_the_hosts_file_comes_first(self):
        server = self.name_server(FIRST, {"device.example": [FIRST]})
        self.web_server(SECOND)
        self.configure(FIRST)
        hosts = os.path.join(self.directory, "hosts")
        with open(hosts, "w", encoding="ascii") as file:
            file.write(f"{SECOND} device.example\n")
        self.assert_connects(self.program(hosts=hosts), "device.example", SECOND)
        self.assertEqual(server.asked, [])


class WithoutNetwork(NamesTest):
    """In a network of the test's own, whose name servers have the port that name servers have."""

    def setUp(self):
        super().setUp()
        self.network = network.Network()
        self.addCleanup(self.network.close)
        self.dns_port = 53

    def program(self, **choices):
        return super().program(self.network.prefix, **choices)

    def name_server(self, address, hosts=None, ttl=60):
        server = names.NameServer(self.network.inside(lambda: names.datagrams(address, 53)), hosts, ttl)
        server.start()
        self.addCleanup(server.stop)
        return server

    def web_server(self, address):
        listener = self.network.listen(address, self.port)
        self.addCleanup(listener.close)
        answer_all(listener)

    def assert_not_found(self, program):
        end = program.get(self.url("device.example"))
        self.assertEqual(end.status, "kResolveFailed", end)
        self.assertRegex(end.detail, "device.example: no name server answered")

    def test_no_network_at_boot(self):
        program = self.program()
        self.assert_not_found(program)
        self.configure("192.0.2.1")
        self.assert_not_found(program)
        self.network.ip("address", "add", "192.0.2.1/32", "dev", "lo")
        self.name_server("192.0.2.1", {"device.example": [FIRST]})
        self.web_server(FIRST)
        program.ask("idle 1100")  # a failure is remembered for a second
        self.assert_connects(program, "device.example", FIRST)

    def test_a_call_that_begins_before_there_is_a_network_is_repeated(self):
        program = self.program(attempts=30)
        self.name_server(SECOND, {"device.example": [FIRST]})
        self.web_server(FIRST)
        timer = threading.Timer(0.2, self.configure, (SECOND,))
        timer.start()
        self.addCleanup(timer.join)
        self.assert_connects(program, "device.example", FIRST)

    def test_a_black_hole(self):
        self.network.silent()
        self.name_server(FIRST, {"hole.example": [network.IPV4], "half.example": [network.IPV4, FIRST]})
        self.web_server(FIRST)
        self.configure(FIRST)
        for loop in ("epoll", "poll"):
            with self.subTest(loop=loop):
                program = self.program(loop=loop, connect_ms=1500)
                before = program.descriptors()
                program.call("address", self.url(network.IPV4))
                program.call("name", self.url("hole.example"))
                program.call("half", self.url("half.example"))
                program.lane("good", 50, self.url(FIRST))
                ends = program.go()
                self.assertEqual((ends["address"].status, ends["name"].status), ("kConnectTimedOut",) * 2)
                self.assertEqual(ends["half"].status, "kOk", ends)
                self.assert_all_good([ends["good"]], 50)
                self.assertLess(ends["good"].place, min(ends["address"].place, ends["name"].place))
                program.ask("close")
                self.assertEqual(program.descriptors(), before)


if __name__ == "__main__":
    unittest.main()
