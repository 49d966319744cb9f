"""Name servers on loopback that say what they are told to, over UDP."""

import contextlib
import ipaddress
import socket
import struct
import threading

from servers import support

HEADER = struct.Struct(">HHHHHH")
RECORD = struct.Struct(">HHIH")
ADDRESS_TYPES = {1: 4, 28: 6}  # A and AAAA, and the version of their addresses
CNAME = 5
INTERNET = 1
RESPONSE = 0x8180  # an answer; recursion was desired, and is available
NO_SUCH_NAME = 3
NAME_OF_THE_QUESTION = 0xC000 + HEADER.size


def choose_port():
    """A port that is free for datagrams."""
    while True:
        port = support.choose_port(server="name server")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def datagrams(address, port):
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((address, port))
    return made


def _read_name(message):
    labels = []
    at = HEADER.size
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]])
        at += 1 + message[at]
    return b".".join(labels).decode("ascii"), at + 1


def _write_name(name):
    return b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split(".")) + b"\0"


def _answer(message, hosts, ttl):
    name, end = _read_name(message)
    kind, _ = struct.unpack_from(">HH", message, end)
    answers = []
    alias = None
    while isinstance(hosts.get(name.lower()), str):
        target = hosts[name.lower()]
        answers.append((alias, CNAME, _write_name(target)))
        alias = name = target
    known = hosts.get(name.lower())
    for text in known or ():
        address = ipaddress.ip_address(text)
        if ADDRESS_TYPES.get(kind) == address.version:
            answers.append((alias, kind, address.packed))
    identity = struct.unpack_from(">H", message)[0]
    flags = RESPONSE if known is not None else RESPONSE | NO_SUCH_NAME
    records = b"".join(
        (struct.pack(">H", NAME_OF_THE_QUESTION) if owner is None else _write_name(owner))
        + RECORD.pack(record_kind, INTERNET, ttl, len(data)) + data
        for owner, record_kind, data in answers)
    return HEADER.pack(identity, flags, 1, len(answers), 0, 0) + message[HEADER.size:end + 4] + records


class NameServer(support.Server):
    """Answers on a socket: `hosts` are the addresses of each name, or the name that it is an alias of.

    `hosts` and `ttl` may be changed at any time. Without `hosts` it is silent. `asked` are the names that it was asked
    for.
    """

    def __init__(self, sock, hosts=None, ttl=60):
        self.hosts = hosts
        self.ttl = ttl
        self.asked = []
        self._socket = sock

    def start(self):
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                message, client = self._socket.recvfrom(4096)
                if len(message) < HEADER.size:
                    return
                self.asked.append(_read_name(message)[0])
                if self.hosts is not None:
                    self._socket.sendto(_answer(message, self.hosts, self.ttl), client)
