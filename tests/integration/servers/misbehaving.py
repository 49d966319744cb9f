"""Tiny servers that break the rules, each in one way, for a client that must name the failure and never hang."""

import contextlib
import socket
import socketserver
import struct
import threading
import time

from servers import support

REQUEST_END = b"\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def read_head(connection):
    """Reads a request up to the end of its head. Its body, if any, stays unread."""
    data = b""
    while REQUEST_END not in data:
        piece = connection.recv(65536)
        if not piece:
            break
        data += piece
    return data


def wait_for_close(connection):
    with contextlib.suppress(OSError):
        while connection.recv(65536):
            pass


def reset(connection):
    """Closes with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


# --- one function a behaviour ----------------------------------------------------------------------------------------


def silent(connection):
    """Accepts and never says anything: a request without an answer, or a TLS handshake that never gets on."""
    wait_for_close(connection)


def slow_head(connection):
    """One byte of the head every half second: never silent long enough for a check that only looks at silence."""
    read_head(connection)
    for byte in OK + b"X-Padding: " + b"x" * 1000:
        connection.sendall(bytes([byte]))
        time.sleep(0.5)


def stalls_in_body(connection):
    read_head(connection)
    connection.sendall(OK + b"Content-Length: 100\r\n\r\nhalf a body")
    wait_for_close(connection)


def truncates_body(connection):
    read_head(connection)
    connection.sendall(OK + b"Content-Length: 100\r\n\r\nhalf a body")


def truncates_chunks(connection):
    read_head(connection)
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")


def resets_in_body(connection):
    read_head(connection)
    connection.sendall(OK + b"Content-Length: 100\r\n\r\nhalf a body")
    time.sleep(0.1)
    reset(connection)


def resets_at_once(connection):
    read_head(connection)
    reset(connection)


def closes_at_once(connection):
    read_head(connection)


def closes_after_each_response(connection):
    read_head(connection)
    connection.sendall(OK + b"Content-Length: 5\r\n\r\nhello")


def closes_idle_after_one_second(connection):
    connection.settimeout(1)
    with contextlib.suppress(TimeoutError):
        while read_head(connection):
            connection.sendall(OK + b"Content-Length: 5\r\n\r\nhello")


def garbage(connection):
    read_head(connection)
    connection.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    wait_for_close(connection)


def plain_banner(connection):
    """Speaks first and without TLS, as a mail server does, to a client that expects a handshake."""
    connection.sendall(b"220 mail.example ESMTP ready\r\n")
    wait_for_close(connection)


def plain_http_error(connection):
    """What an HTTP server answers to a TLS client that has mistaken the port."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def closes_in_handshake(connection):
    connection.recv(65536)


def resets_in_handshake(connection):
    connection.recv(65536)
    reset(connection)


def conflicting_lengths(connection):
    read_head(connection)
    connection.sendall(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")


def length_and_chunked(connection):
    read_head(connection)
    connection.sendall(OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")


def broken_chunk(connection):
    read_head(connection)
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n")


def unknown_coding(connection):
    read_head(connection)
    connection.sendall(OK + b"Transfer-Encoding: gzip\r\n\r\nhello")


def endless_head(connection):
    read_head(connection)
    connection.sendall(OK)
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")


def endless_interim(connection):
    read_head(connection)
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def chunked_with_extensions_and_trailer(connection):
    """Not misbehaving at all, but rare enough to want a server of its own."""
    read_head(connection)
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n"
                       b"5;name=value\r\nhello\r\n7 ; quoted=\"x\"\r\n, world\r\n0\r\nX-Trailer: yes\r\n\r\n")


def interim_then_body_until_close(connection):
    read_head(connection)
    connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK + b"\r\nhello, world")


# --- the server ------------------------------------------------------------------------------------------------------


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self.server.connections += 1
        with contextlib.suppress(OSError):
            self.server.behaviour(self.request)


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class Misbehaving(support.Server):
    """Misbehaving(silent) listens on a port of its own and does that to every connection."""

    def __init__(self, behaviour, host="127.0.0.1"):
        self._behaviour = behaviour
        self._host = host
        self._listener = None
        self.port = None

    @property
    def url(self):
        return f"http://{self._host}:{self.port}"

    @property
    def connections(self):
        return self._listener.connections

    def start(self):
        self.port = support.choose_port(server="misbehaving server")
        self._listener = _Listener((self._host, self.port), _Handler)
        self._listener.behaviour = self._behaviour
        self._listener.connections = 0
        threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self._listener.shutdown()
        self._listener.server_close()
