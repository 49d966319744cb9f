"""HTTP/1.1 requests read exactly as they arrive.

The standard library's servers normalise targets and headers. A gate that checks signatures must see what was sent:
the raw target, every header in its order, duplicates and inner spaces included.
"""

import dataclasses
import email.utils
import json

MAX_LINE = 256 * 1024
INTERIM_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class BadRequest(Exception):
    pass


@dataclasses.dataclass
class Request:
    method: str
    target: str
    version: str
    headers: list
    body: bytes = b""
    connection: int = 0

    @property
    def path(self):
        return self.target.partition("?")[0]

    @property
    def query(self):
        return self.target.partition("?")[2]

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def get(self, name, default=None):
        return next(iter(self.all(name)), default)

    def wants_close(self):
        return (self.get("connection", "").lower() == "close"
                or (self.version == "HTTP/1.0" and self.get("connection", "").lower() != "keep-alive"))


def _read_line(stream):
    line = stream.readline(MAX_LINE)
    if not line.endswith(b"\r\n"):
        raise BadRequest(f"line without CRLF: {line[:80]!r}")
    # Bytes that are not UTF-8 survive into the canonical request this way, and back.
    return line[:-2].decode("utf-8", "surrogateescape")


def _read_headers(stream):
    headers = []
    while True:
        line = _read_line(stream)
        if not line:
            return headers
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequest(f"malformed header: {line[:80]!r}")
        headers.append((name, value.strip(" \t")))


def _read_chunked(stream):
    body = b""
    while True:
        size = int(_read_line(stream).partition(";")[0], 16)
        if size == 0:
            _read_headers(stream)
            return body
        body += stream.read(size)
        if _read_line(stream):
            raise BadRequest("chunk longer than its size")


def _read_body(stream, request):
    if request.all("transfer-encoding"):
        return _read_chunked(stream)
    lengths = set(request.all("content-length"))
    if len(lengths) > 1:
        raise BadRequest("conflicting Content-Length headers")
    size = int(lengths.pop()) if lengths else 0
    body = stream.read(size)
    if len(body) != size:
        raise BadRequest(f"body ended after {len(body)} of {size} bytes")
    return body


def read_request(stream, write):
    """The next request of a connection, or None at its end."""
    first = stream.peek(1)
    if not first:
        return None
    parts = _read_line(stream).split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadRequest(f"malformed request line: {' '.join(parts)[:80]!r}")
    request = Request(*parts, _read_headers(stream))
    if request.get("expect", "").lower() == "100-continue":
        write(INTERIM_CONTINUE)
    request.body = _read_body(stream, request)
    return request


def response(status, headers, body, head_only=False):
    """The bytes of a response with a Content-Length."""
    lines = [f"HTTP/1.1 {status}"]
    lines += [f"{name}: {value}" for name, value in headers]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + (b"" if head_only else body)


def json_response(status, content_type, document, head_only=False):
    """A service's answer: they all say what time it is."""
    headers = [("Content-Type", content_type), ("Date", email.utils.formatdate(usegmt=True))]
    return response(status, headers, json.dumps(document).encode(), head_only)
