"""Generates the samples of HTTP/1.1 responses below http/ and their expect.tsv.

Needs only Python 3, any recent one:

    python3 tests/vectors/make_http.py           writes the files
    python3 tests/vectors/make_http.py --check   exits 1 if a committed file differs

Each sample is the bytes that a peer sends until it closes the connection, and
what a strict client must make of them. The rules are those of RFC 9112; where it
lets a client choose, this one refuses, and README.md says so. Lengths near a
limit stay clear of the limit itself, so that no sample hangs on what exactly is
counted (a `;` before an extension, the CRLF after a trailer).
"""

import dataclasses
import hashlib

import committed


@dataclasses.dataclass(frozen=True)
class Sample:
    name: str
    wire: bytes
    outcome: str
    method: str = "GET"
    status: int = 0
    body: bytes = b""
    keep_alive: bool = False


def ok(name, wire, body=b"", status=200, keep_alive=True, method="GET"):
    return Sample(name, wire, "ok", method, status, body, keep_alive)


def bad(outcome, name, wire, method="GET"):
    return Sample(name, wire, outcome, method)


# --- pieces of a response ---

def lines(*parts):
    return b"".join(part + b"\r\n" for part in parts)


def head(*fields, start=b"HTTP/1.1 200 OK"):
    return lines(start, *fields, b"")


def with_length(body, *fields, start=b"HTTP/1.1 200 OK"):
    return head(b"Content-Length: %d" % len(body), *fields, start=start) + body


def chunk(data, extension=b""):
    return b"%x%s\r\n%s\r\n" % (len(data), extension, data)


def chunked(*rest, fields=(), start=b"HTTP/1.1 200 OK"):
    return head(b"Transfer-Encoding: chunked", *fields, start=start) + b"".join(rest)


LAST = b"0\r\n\r\n"
HELLO = chunk(b"hello")
EVERY_BYTE = bytes(range(256))


# --- complete responses ---

def by_length():
    error = b'{"__type":"com.amazonaws.dynamodb#ResourceNotFoundException","message":"no table"}'
    return [
        ok("length", with_length(b"hello"), b"hello"),
        ok("length-zero", with_length(b"")),
        ok("length-leading-zeros", head(b"Content-Length: 0005") + b"hello", b"hello"),
        ok("length-name-lower-case", head(b"content-length: 5") + b"hello", b"hello"),
        ok("length-name-upper-case", head(b"CONTENT-LENGTH: 5") + b"hello", b"hello"),
        ok("length-no-blank-before", head(b"Content-Length:5") + b"hello", b"hello"),
        ok("length-white-space-around", head(b"Content-Length: \t 5 \t") + b"hello", b"hello"),
        ok("length-body-of-every-byte", with_length(EVERY_BYTE), EVERY_BYTE),
        ok("length-body-looks-like-a-head",
           with_length(b"\r\n\r\nHTTP/1.1 500 No\r\n\r\n"), b"\r\n\r\nHTTP/1.1 500 No\r\n\r\n"),
        ok("length-body-4096", with_length(EVERY_BYTE * 16), EVERY_BYTE * 16),
        ok("length-error-status",
           with_length(error, b"Content-Type: application/x-amz-json-1.0",
                       b"x-amzn-RequestId: 0A1B", start=b"HTTP/1.1 400 Bad Request"),
           error, status=400),
        ok("length-content-encoding-is-not-framing",
           with_length(b"\x1f\x8b\x08", b"Content-Encoding: gzip"), b"\x1f\x8b\x08"),
        ok("length-extra-bytes-after",
           with_length(b"hello") + b"HTTP/1.1 200 OK\r\n\r\n", b"hello", keep_alive=False),
    ]


def in_chunks():
    return [
        ok("chunked", chunked(HELLO, chunk(b" world"), LAST), b"hello world"),
        ok("chunked-nothing", chunked(LAST)),
        ok("chunked-coding-odd-case",
           head(b"transfer-encoding:  ChUnKeD\t") + HELLO + LAST, b"hello"),
        ok("chunked-size-upper-case-hex", chunked(b"1A\r\n" + b"x" * 26 + b"\r\n", LAST), b"x" * 26),
        ok("chunked-size-mixed-case-hex", chunked(b"aB\r\n" + b"y" * 171 + b"\r\n", LAST), b"y" * 171),
        ok("chunked-size-leading-zeros", chunked(b"005\r\nhello\r\n000\r\n\r\n"), b"hello"),
        ok("chunked-size-of-16-digits", chunked(b"0000000000000005\r\nhello\r\n", LAST), b"hello"),
        ok("chunked-one-byte-chunks", chunked(*(chunk(b"%c" % c) for c in b"one by one"), LAST),
           b"one by one"),
        ok("chunked-data-holds-crlf", chunked(chunk(b"a\r\n0\r\n\r\n"), LAST), b"a\r\n0\r\n\r\n"),
        ok("chunked-data-of-every-byte", chunked(chunk(EVERY_BYTE), chunk(EVERY_BYTE), LAST),
           EVERY_BYTE * 2),
        ok("chunked-extensions",
           chunked(chunk(b"hello", b";a;b=1"), chunk(b"!", b';q="x;y"'), b"0;last=yes\r\n\r\n"),
           b"hello!"),
        ok("chunked-extensions-under-the-limit",
           chunked(*(chunk(b"z", b";e=" + b"v" * 97) for _ in range(40)), LAST), b"z" * 40),
        ok("chunked-trailers",
           chunked(HELLO, b"0\r\nx-amz-checksum-crc32: NhCmhg==\r\nX-Empty:\r\n\r\n"), b"hello"),
        ok("chunked-trailers-do-not-frame",
           chunked(HELLO, b"0\r\nContent-Length: 9\r\nTransfer-Encoding: gzip\r\n\r\n"), b"hello"),
        ok("chunked-trailers-under-the-limit",
           chunked(HELLO, b"0\r\n", *(b"X-%02d: " % i + b"t" * 92 + b"\r\n" for i in range(75)),
                   b"\r\n"), b"hello"),
        ok("chunked-close",
           chunked(HELLO, LAST, fields=(b"Connection: close",)), b"hello", keep_alive=False),
        ok("chunked-extra-bytes-after", chunked(HELLO, LAST, b"x"), b"hello", keep_alive=False),
    ]


def until_close():
    return [
        ok("close-delimited", head() + b"all of it", b"all of it", keep_alive=False),
        ok("close-delimited-empty", head(), keep_alive=False),
        ok("close-delimited-says-keep-alive", head(b"Connection: keep-alive") + b"x", b"x",
           keep_alive=False),
        ok("close-delimited-1.0", head(start=b"HTTP/1.0 200 OK") + b"\r\n\r\n", b"\r\n\r\n",
           keep_alive=False),
    ]


def without_body():
    not_modified = b"HTTP/1.1 304 Not Modified"
    return [
        ok("head-with-length", head(b"Content-Length: 5"), method="HEAD"),
        ok("head-chunked", chunked(), method="HEAD"),
        ok("head-no-length", head(), method="HEAD"),
        ok("head-404", head(b"Content-Length: 321", start=b"HTTP/1.1 404 Not Found"),
           status=404, method="HEAD"),
        ok("head-close", head(b"Content-Length: 5", b"Connection: close"),
           keep_alive=False, method="HEAD"),
        ok("204-no-length", head(start=b"HTTP/1.1 204 No Content"), status=204),
        ok("204-length-zero", head(b"Content-Length: 0", start=b"HTTP/1.1 204 No Content"),
           status=204),
        ok("304-no-length", head(start=not_modified), status=304),
        ok("304-with-length", head(b"Content-Length: 5", start=not_modified), status=304),
    ]


def after_interims():
    go_on = head(start=b"HTTP/1.1 100 Continue")
    hints = head(b"Link: </a>; rel=preload", start=b"HTTP/1.1 103 Early Hints")
    return [
        ok("interim-100", go_on + with_length(b"hello"), b"hello"),
        ok("interim-several-kinds", go_on + hints + head(start=b"HTTP/1.1 199 ") + with_length(b"x"),
           b"x"),
        ok("interim-then-error", go_on + with_length(b"", start=b"HTTP/1.1 503 Slow Down"),
           status=503),
        ok("interim-then-head", go_on + head(b"Content-Length: 5"), method="HEAD"),
        ok("interim-eight", go_on * 8 + with_length(b"hello"), b"hello"),
        bad("too_many_interim", "interim-nine", go_on * 9 + with_length(b"hello")),
        bad("unexpected_upgrade", "interim-101",
            head(b"Connection: Upgrade", b"Upgrade: websocket",
                 start=b"HTTP/1.1 101 Switching Protocols")),
        bad("unexpected_upgrade", "interim-100-then-101",
            go_on + head(start=b"HTTP/1.1 101 Switching Protocols")),
        bad("truncated", "interim-then-nothing", go_on),
    ]


def keep_alive_or_not():
    def one_one(name, *fields, keep_alive):
        return ok(name, with_length(b"x", *fields), b"x", keep_alive=keep_alive)

    def one_zero(name, *fields, keep_alive):
        return ok(name, with_length(b"x", *fields, start=b"HTTP/1.0 200 OK"), b"x",
                  keep_alive=keep_alive)

    return [
        one_one("connection-close", b"Connection: close", keep_alive=False),
        one_one("connection-close-odd-case", b"cOnnEction:CLOse", keep_alive=False),
        one_one("connection-close-in-list", b"Connection: x-a , Close\t,x-b", keep_alive=False),
        one_one("connection-close-after-empty-elements", b"Connection: ,, close", keep_alive=False),
        one_one("connection-close-on-second-line", b"Connection: x-a", b"X-B: 1",
                b"Connection: close", keep_alive=False),
        one_one("connection-close-beats-keep-alive", b"Connection: keep-alive, close",
                keep_alive=False),
        one_one("connection-keep-alive", b"Connection: Keep-Alive", b"Keep-Alive: timeout=5",
                keep_alive=True),
        one_one("connection-token-only-begins-so", b"Connection: close-not, xclose",
                keep_alive=True),
        one_one("connection-empty", b"Connection:", keep_alive=True),
        one_one("connection-of-proxy-is-not-ours", b"Proxy-Connection: close", keep_alive=True),
        one_zero("1.0-closes", keep_alive=False),
        one_zero("1.0-keep-alive", b"Connection: Keep-Alive", keep_alive=True),
        one_zero("1.0-keep-alive-in-list", b"Connection: x-a,KEEP-ALIVE ", keep_alive=True),
        one_zero("1.0-keep-alive-and-close", b"Connection: close, keep-alive", keep_alive=False),
    ]


def odd_but_good_heads():
    return [
        ok("reason-empty", with_length(b"x", start=b"HTTP/1.1 200 "), b"x"),
        ok("reason-missing", with_length(b"x", start=b"HTTP/1.1 200"), b"x"),
        ok("reason-long-with-blanks", with_length(b"x", start=b"HTTP/1.1 200 all is  well\there"),
           b"x"),
        ok("reason-utf8", with_length(b"x", start="HTTP/1.1 200 schön".encode()), b"x"),
        ok("status-unknown-299", with_length(b"x", start=b"HTTP/1.1 299 Odd"), b"x", status=299),
        ok("status-599", with_length(b"x", start=b"HTTP/1.1 599 Odd"), b"x", status=599),
        ok("field-empty-values", with_length(b"x", b"X-A:", b"X-B: \t ", b"X-C:1"), b"x"),
        ok("field-every-token-character",
           with_length(b"x", b"!#$%&'*+-.^_`|~09AZaz: 1"), b"x"),
        ok("field-value-utf8-and-colons", with_length(b"x", "X-A: süd: a:b".encode()), b"x"),
        ok("field-long-value", with_length(b"x", b"X-A: " + b"v" * 1500), b"x"),
        ok("field-twice", with_length(b"x", b"Set-Cookie: a=1", b"Set-Cookie: b=2"), b"x"),
    ]


# --- responses to refuse ---

def bad_framing():
    def length(name, value, outcome="malformed_length"):
        return bad(outcome, f"bad-length-{name}", head(b"Content-Length:" + value) + b"hello")

    def coding(name, *values, start=b"HTTP/1.1 200 OK"):
        fields = (b"Transfer-Encoding: " + value for value in values)
        return bad("unknown_coding", f"bad-coding-{name}",
                   head(*fields, start=start) + HELLO + LAST)

    def conflict(name, *fields):
        return bad("conflicting_length", f"bad-conflict-{name}", head(*fields) + HELLO + LAST)

    five, six = b"Content-Length: 5", b"Content-Length: 6"
    in_chunks_field = b"Transfer-Encoding: chunked"
    return [
        length("plus", b" +5"),
        length("minus", b" -1"),
        length("list", b" 5, 5"),
        length("hex", b" 0x5"),
        length("letter-after", b" 5a"),
        length("inner-blank", b" 1 0"),
        length("fraction", b" 5.0"),
        length("empty", b""),
        length("only-blanks", b" \t "),
        length("2-to-the-64", b" 18446744073709551616"),
        length("20-digits", b" 99999999999999999999"),
        length("20-digits-leading-zeros", b" 00000000000000000005"),
        conflict("two-lengths", five, six),
        conflict("same-length-twice", five, five),
        conflict("length-and-chunked", five, in_chunks_field),
        conflict("chunked-and-length", in_chunks_field, b"X-A: 1", b"content-length: 5"),
        coding("gzip", b"gzip"),
        coding("gzip-chunked", b"gzip, chunked"),
        coding("gzip-chunked-on-two-lines", b"gzip", b"chunked"),
        coding("chunked-chunked", b"chunked, chunked"),
        coding("chunked-on-two-lines", b"chunked", b"chunked"),
        coding("identity", b"identity"),
        coding("begins-with-chunked", b"chunkedx"),
        coding("ends-with-chunked", b"xchunked"),
        coding("chunked-with-parameter", b"chunked;q=1"),
        coding("http-1.0", b"chunked", start=b"HTTP/1.0 200 OK"),
    ]


def bad_chunks():
    def malformed(name, *rest):
        return bad("malformed_chunk", f"bad-chunk-{name}", chunked(*rest, LAST))

    return [
        malformed("size-empty", b"\r\nhello\r\n"),
        malformed("size-only-extension", b";a=1\r\nhello\r\n"),
        malformed("size-after-blank", b" 5\r\nhello\r\n"),
        malformed("size-of-17-digits", b"00000000000000005\r\nhello\r\n"),
        malformed("size-not-hex", b"5g\r\nhello\r\n"),
        malformed("size-0x", b"0x5\r\nhello\r\n"),
        malformed("size-negative", b"-5\r\nhello\r\n"),
        malformed("size-plus", b"+5\r\nhello\r\n"),
        malformed("size-line-bare-lf", b"5\nhello\r\n"),
        malformed("size-line-bare-cr", b"5\rhello\r\n"),
        malformed("second-size-not-hex", HELLO, b"z\r\nhello\r\n"),
        malformed("data-longer-than-size", b"5\r\nhello!\r\n"),
        malformed("data-then-bare-lf", b"5\r\nhello\n"),
        malformed("data-then-bare-cr", b"5\r\nhello\r5\r\n"),
        malformed("data-then-next-size", b"5\r\nhello5\r\nhello\r\n"),
        bad("extensions_too_large", "bad-chunk-one-long-extension",
            chunked(chunk(b"hello", b";e=" + b"v" * 5000), LAST)),
        bad("extensions_too_large", "bad-chunk-extensions-long-together",
            chunked(*(chunk(b"z", b";e=" + b"v" * 97) for _ in range(50)), LAST)),
        bad("trailers_too_large", "bad-chunk-one-long-trailer",
            chunked(HELLO, b"0\r\nX-T: " + b"t" * 9000 + b"\r\n\r\n")),
        bad("trailers_too_large", "bad-chunk-trailers-long-together",
            chunked(HELLO, b"0\r\n", *(b"X-%02d: " % i + b"t" * 92 + b"\r\n" for i in range(90)),
                    b"\r\n")),
        # Trailers are fields: they break the same rules as fields of the head.
        bad("malformed_head", "bad-chunk-trailer-no-colon", chunked(HELLO, b"0\r\nX-T\r\n\r\n")),
        bad("malformed_head", "bad-chunk-trailer-bare-lf", chunked(HELLO, b"0\r\nX-T: 1\n\r\n")),
        bad("forbidden_byte", "bad-chunk-trailer-nul", chunked(HELLO, b"0\r\nX-T: \0\r\n\r\n")),
    ]


def bad_heads():
    def start(name, line):
        return bad("malformed_head", f"bad-start-{name}", with_length(b"x", start=line))

    def field(name, line, outcome="malformed_head"):
        return bad(outcome, f"bad-field-{name}", with_length(b"x", line, b"X-Last: 1"))

    return [
        start("http-2.0", b"HTTP/2.0 200 OK"),
        start("http-1.2", b"HTTP/1.2 200 OK"),
        start("http-0.9", b"HTTP/0.9 200 OK"),
        start("http-1.10", b"HTTP/1.10 200 OK"),
        start("http-01.1", b"HTTP/01.1 200 OK"),
        start("http-lower-case", b"http/1.1 200 OK"),
        start("other-protocol", b"ICY 200 OK"),
        start("a-request", b"GET / HTTP/1.1"),
        start("empty-line-before", b"\r\nHTTP/1.1 200 OK"),
        start("blank-before", b" HTTP/1.1 200 OK"),
        start("two-blanks", b"HTTP/1.1  200 OK"),
        start("tab-for-blank", b"HTTP/1.1\t200 OK"),
        start("status-099", b"HTTP/1.1 099 Low"),
        start("status-600", b"HTTP/1.1 600 High"),
        start("status-20", b"HTTP/1.1 20 Short"),
        start("status-2000", b"HTTP/1.1 2000 Long"),
        start("status-letter", b"HTTP/1.1 2x0 OK"),
        start("status-signed", b"HTTP/1.1 +20 OK"),
        start("status-missing", b"HTTP/1.1 OK"),
        start("status-then-letter", b"HTTP/1.1 200OK"),
        field("folded", b"X-A: 1\r\n 2"),
        field("folded-with-tab", b"X-A: 1\r\n\t2"),
        bad("malformed_head", "bad-field-first-line-indented",
            lines(b"HTTP/1.1 200 OK", b" X-A: 1", b"Content-Length: 1", b"") + b"x"),
        field("blank-before-colon", b"X-A : 1"),
        field("tab-before-colon", b"X-A\t: 1"),
        field("blank-in-name", b"X A: 1"),
        field("no-name", b": 1"),
        field("no-colon", b"X-A"),
        field("delimiter-in-name", b"X(A): 1"),
        field("utf8-in-name", "X-Ä: 1".encode()),
        field("nul-in-value", b"X-A: 1\x002", "forbidden_byte"),
        field("nul-alone", b"X-A:\x00", "forbidden_byte"),
        field("bare-cr-in-value", b"X-A: 1\r2", "forbidden_byte"),
        field("bare-cr-hides-a-field", b"X-A: 1\rX-B: 2", "forbidden_byte"),
        bad("malformed_head", "bad-lf-after-status-line",
            b"HTTP/1.1 200 OK\nContent-Length: 1\r\n\r\nx"),
        bad("malformed_head", "bad-lf-after-field",
            b"HTTP/1.1 200 OK\r\nX-A: 1\nContent-Length: 1\r\n\r\nx"),
        bad("malformed_head", "bad-lf-for-empty-line",
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\nx\r\n\r\n"),
        bad("malformed_head", "bad-lf-everywhere",
            b"HTTP/1.1 200 OK\nContent-Length: 1\n\nx"),
        bad("malformed_head", "bad-field-after-interim",
            head(start=b"HTTP/1.1 100 Continue") + with_length(b"x", b"X A: 1")),
    ]


def cut_short():
    def cut(name, wire, method="GET"):
        return bad("truncated", f"cut-{name}", wire, method)

    return [
        cut("before-the-first-byte", b""),
        cut("in-status-line", b"HTTP/1.1 20"),
        cut("after-status-line", b"HTTP/1.1 200 OK\r\n"),
        cut("in-field", b"HTTP/1.1 200 OK\r\nContent-Le"),
        cut("before-the-empty-line", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"),
        cut("in-the-empty-line", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r"),
        cut("in-head-of-head", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "HEAD"),
        cut("body-missing", head(b"Content-Length: 5")),
        cut("body-one-byte-short", head(b"Content-Length: 5") + b"hell"),
        cut("body-of-19-digits", head(b"Content-Length: 9223372036854775807") + b"hello"),
        cut("body-on-1.0", head(b"Content-Length: 5", start=b"HTTP/1.0 200 OK") + b"hell"),
        cut("before-first-chunk", chunked()),
        cut("in-chunk-size", chunked(HELLO, b"1")),
        cut("in-chunk-size-line-end", chunked(b"5\r")),
        cut("in-chunk-extension", chunked(b"5;a")),
        cut("in-chunk-data", chunked(b"5\r\nhel")),
        cut("in-chunk-end", chunked(b"5\r\nhello\r")),
        cut("chunk-of-15-digits", chunked(b"7fffffffffffff0\r\nhello")),
        cut("before-last-chunk", chunked(HELLO)),
        cut("after-last-chunk", chunked(HELLO, b"0\r\n")),
        cut("in-trailer", chunked(HELLO, b"0\r\nX-T: 1\r\n")),
        cut("in-final-crlf", chunked(HELLO, b"0\r\n\r")),
    ]


def all_samples():
    groups = [by_length, in_chunks, until_close, without_body, after_interims, keep_alive_or_not,
              odd_but_good_heads, bad_framing, bad_chunks, bad_heads, cut_short]
    return [sample for group in groups for sample in group()]


# --- expect.tsv ---

def escaped(data):
    """Bytes as text: \\\\ \\n \\t \\r and \\xHH, as in all our tables."""
    named = {0x5c: "\\\\", 0x0a: "\\n", 0x09: "\\t", 0x0d: "\\r"}
    return "".join(named.get(byte) or (chr(byte) if 0x20 <= byte < 0x7f else f"\\x{byte:02x}")
                   for byte in data)


def body_column(body):
    if not body:
        return "-"
    if len(body) > 100:
        return "sha256:" + hashlib.sha256(body).hexdigest()
    return escaped(body)


def expect_row(sample):
    if sample.outcome != "ok":
        return [sample.name, sample.method, sample.outcome, "-", "-", "-", "-"]
    return [sample.name, sample.method, "ok", str(sample.status), str(len(sample.body)),
            body_column(sample.body), "yes" if sample.keep_alive else "no"]


def expect_tsv(samples):
    header = ["# name", "method", "outcome", "status", "body length", "body", "keep_alive"]
    rows = [header] + [expect_row(sample) for sample in samples]
    return "".join("\t".join(row) + "\n" for row in rows).encode()


def all_files():
    samples = all_samples()
    names = [sample.name for sample in samples]
    assert len(set(names)) == len(names), "two samples of the same name"
    files = {f"http/{sample.name}.response": sample.wire for sample in samples}
    files["http/expect.tsv"] = expect_tsv(samples)
    return files


if __name__ == "__main__":
    committed.run(__doc__.splitlines()[0], all_files(), "http")
