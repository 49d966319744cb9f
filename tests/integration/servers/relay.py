"""Passes bytes between a client and a server, and keeps who said what in which order."""

import contextlib
import select
import socket
import socketserver
import threading
import time

from servers import support

REQUEST_END = b"\r\n\r\n"


class Exchange:
    """What went over one connection: pieces of (time, is the client's, bytes)."""

    def __init__(self):
        self.pieces = []

    def head(self):
        return b"".join(piece for _, is_clients, piece in self.pieces if is_clients).partition(REQUEST_END)[0]

    def body_size(self):
        size = sum(len(piece) for _, is_clients, piece in self.pieces if is_clients)
        return size - len(self.head()) - len(REQUEST_END)

    def answer(self):
        return b"".join(piece for _, is_clients, piece in self.pieces if not is_clients)

    def waited(self):
        """(what the server had said when the first byte of the body came, seconds between that and the head)"""
        seen, said = b"", b""
        begun = self.pieces[0][0]
        for at, is_clients, piece in self.pieces:
            if not is_clients:
                said += piece
                continue
            seen += piece
            if seen.partition(REQUEST_END)[2]:
                return said, at - begun
        return said, 0


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        exchange = Exchange()
        self.server.exchanges.append(exchange)
        with contextlib.suppress(OSError), socket.create_connection(self.server.upstream) as upstream:
            ends = {self.request: upstream, upstream: self.request}
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    piece = end.recv(65536)
                    if not piece:
                        return
                    exchange.pieces.append((time.monotonic(), end is self.request, piece))
                    ends[end].sendall(piece)


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class Relay(support.Server):
    def __init__(self, upstream_port):
        self.port = None
        self._upstream = ("127.0.0.1", upstream_port)
        self._listener = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def exchanges(self):
        return self._listener.exchanges

    def start(self):
        self.port = support.choose_port(server="relay")
        self._listener = _Listener(("127.0.0.1", self.port), _Handler)
        self._listener.upstream = self._upstream
        self._listener.exchanges = []
        threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self._listener.shutdown()
        self._listener.server_close()
