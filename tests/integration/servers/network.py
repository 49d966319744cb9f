"""Networks of a test's own, in which the link-local addresses of the metadata service may be asked."""

import contextlib
import ctypes
import os
import shutil
import socket
import sys
import threading
import unittest

from servers import support

IPV4 = "169.254.169.254"
IPV6 = "fd00:ec2::254"
CLONE_NEWNET = 0x40000000
NOBODY_THERE = "02:00:00:00:00:01"

_libc = ctypes.CDLL(None, use_errno=True)


def _in_thread(work):
    """Runs it in a thread that ends afterwards: a namespace that is entered belongs to the thread."""
    results = []

    def run():
        try:
            results.append((work(), None))
        except OSError as error:
            results.append((None, error))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    result, error = results[0]
    if error is not None:
        raise error
    return result


def _check(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _make_namespace():
    _check(_libc.unshare(CLONE_NEWNET))
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


class Network:
    """A network namespace, empty but for loopback. It goes with this process, or with close()."""

    def __init__(self):
        support.require_commands("network namespaces", "ip", "nsenter")
        try:
            self._file = _in_thread(_make_namespace)
        except PermissionError as error:
            reason = f"network namespaces: {error.strerror}; run as root"
            print(f"SKIPPED {reason}", file=sys.stderr)
            raise unittest.SkipTest(reason) from error
        self.ip("link", "set", "lo", "up")

    def close(self):
        with contextlib.suppress(OSError):
            os.close(self._file)

    @property
    def prefix(self):
        """What runs a command in this network."""
        return [shutil.which("nsenter"), f"--net=/proc/{os.getpid()}/fd/{self._file}"]

    def ip(self, *arguments):
        support.run_checked([*self.prefix, shutil.which("ip"), *arguments])

    def inside(self, work):
        """What work() answers when it is done in this network: sockets that it makes remain there."""

        def enter_and_work():
            _check(_libc.setns(self._file, CLONE_NEWNET))
            return work()

        return _in_thread(enter_and_work)

    def listen(self, address, port):
        """A socket that listens in this network, for a server in this process."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return self.inside(lambda: socket.create_server((address, port), family=family))

    def unreachable(self):
        """The kernel says at once that there is no way there."""
        self.ip("route", "add", "unreachable", f"{IPV4}/32")
        self.ip("-6", "route", "add", "unreachable", f"{IPV6}/128")

    def refused(self):
        """A machine is there and nothing listens."""
        self.ip("address", "add", f"{IPV4}/32", "dev", "lo")
        self.ip("-6", "address", "add", f"{IPV6}/128", "dev", "lo", "nodad")

    def silent(self):
        """Packets leave and nobody answers. The neighbour is said to be there, else the kernel would give up on it."""
        self.ip("link", "add", "near", "type", "veth", "peer", "name", "far")
        for end in ("near", "far"):
            self.ip("link", "set", end, "up")
        self.ip("address", "add", "169.254.1.1/16", "dev", "near")
        self.ip("-6", "address", "add", "fd00:ec2::1/64", "dev", "near", "nodad")
        for address in (IPV4, IPV6):
            self.ip("neighbour", "add", address, "lladdr", NOBODY_THERE, "dev", "near", "nud", "permanent")
