"""A server that plays answers in their turn, for those that no real one can be brought to give, and counts."""

import dataclasses
import socketserver
import threading
import time

from servers import misbehaving, support, wire

REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 417: "Expectation Failed", 429: "Too Many Requests",
           500: "Internal Server Error", 503: "Service Unavailable"}


@dataclasses.dataclass
class Asked:
    request: wire.Request
    at: float
    body_began_after: float = 0
    body_size: int = 0


def answer(status, body=b"", **headers):
    """The bytes of an answer; of a header's name, "_" stands for "-"."""
    fields = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return wire.response(f"{status} {REASONS[status]}", [*fields, ("Connection", "close")], body)


class Reader:
    """Reads from a connection without ever saying 100 Continue."""

    def __init__(self, connection):
        self._connection = connection
        self._data = b""

    def head(self):
        while misbehaving.REQUEST_END not in self._data:
            piece = self._connection.recv(65536)
            if not piece:
                return None
            self._data += piece
        head, _, self._data = self._data.partition(misbehaving.REQUEST_END)
        first, *lines = head.decode("utf-8", "surrogateescape").split("\r\n")
        headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines]
        return Asked(wire.Request(*first.split(" "), headers), time.monotonic())

    def body(self, asked, size, patience=None):
        """Up to so many bytes, and not for ever."""
        self._connection.settimeout(patience)
        while asked.body_size < size:
            try:
                piece = self._data or self._connection.recv(65536)
            except (TimeoutError, ConnectionError):
                return
            self._data = b""
            if not piece:
                return
            if not asked.body_size:
                asked.body_began_after = time.monotonic() - asked.at
            asked.body_size += len(piece)


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        server = self.server.scripted
        reader = Reader(self.request)
        asked = reader.head()
        if asked is None:
            return
        size = int(asked.request.get("content-length", "0"))
        server.asked.append(asked)
        text = server.next_answer()
        if server.reads_body:
            reader.body(asked, size)
            self.request.sendall(text)
        else:
            self.request.sendall(text)
            reader.body(asked, size, patience=5)


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class Scripted(support.Server):
    """One answer a connection, the last one again and again. Without `reads_body` it answers a request's head."""

    def __init__(self, *answers, reads_body=True):
        self.asked = []
        self.reads_body = reads_body
        self.port = None
        self._answers = list(answers)
        self._listener = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def next_answer(self):
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def waits(self):
        """Seconds between each request and the next."""
        return [later.at - earlier.at for earlier, later in zip(self.asked, self.asked[1:])]

    def start(self):
        self.port = support.choose_port(server="scripted server")
        self._listener = _Listener(("127.0.0.1", self.port), _Handler)
        self._listener.scripted = self
        threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self._listener.shutdown()
        self._listener.server_close()
