#!/usr/bin/python3
"""A reverse proxy that verifies AWS Signature Version 4 and lets only rightly signed requests through.

The canonical request, string to sign and signature come from botocore, so that this check shares no code and no
author with the client under test. They are calculated from the request as it arrived. A refused request is answered
with 403 and an AWS JSON error that shows both texts. Without an upstream the gate answers with 200 and a description of
the request.
"""

import collections
import contextlib
import datetime
import hashlib
import hmac
import http.client
import pathlib
import socket
import socketserver
import ssl
import sys
import threading
import urllib.parse

if __package__ in (None, ""):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import botocore.auth
import botocore.awsrequest
import botocore.compat
import botocore.credentials

from servers import support, wire

ALGORITHM = "AWS4-HMAC-SHA256"
MAX_SKEW = datetime.timedelta(minutes=15)
MAX_EXPIRES = 604800
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
SERVICES_WITH_RAW_PATHS = {"s3", "s3express", "s3-outposts", "s3-object-lambda"}
JSON_TYPE = "application/x-amz-json-1.0"
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "expect", "te", "trailer", "upgrade"}

Key = collections.namedtuple("Key", "secret token", defaults=(None,))
Claim = collections.namedtuple("Claim", "key_id date region service signed_headers signature timestamp token presigned")
Verdict = collections.namedtuple("Verdict", "request key_id canonical_request string_to_sign refusal presigned")


class Refusal(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.canonical_request = None
        self.string_to_sign = None


# --- what the request claims -----------------------------------------------------------------------------------------


def query_pairs(query):
    """Decoded names and values. A '+' is a plus sign here, as the services that verify signatures read it."""
    for piece in filter(None, query.split("&")):
        name, _, value = piece.partition("=")
        yield urllib.parse.unquote(name), urllib.parse.unquote(value)


def _single(values, what):
    if len(values) != 1:
        raise Refusal("IncompleteSignatureException", f"{what} must be there exactly once, found {len(values)}")
    return values[0]


def _claim_from_header(request):
    text = _single(request.all("authorization"), "Authorization")
    algorithm, _, rest = text.partition(" ")
    if algorithm != ALGORITHM:
        raise Refusal("IncompleteSignatureException", f"unknown algorithm {algorithm!r}")
    fields = dict(piece.strip().partition("=")[::2] for piece in rest.split(","))
    if sorted(fields) != ["Credential", "Signature", "SignedHeaders"]:
        raise Refusal("IncompleteSignatureException", f"Authorization has the fields {sorted(fields)}")
    timestamp = _single(request.all("x-amz-date"), "X-Amz-Date")
    tokens = request.all("x-amz-security-token")
    return _claim(fields, timestamp, tokens, presigned=False)


def _claim_from_query(request):
    values = collections.defaultdict(list)
    for name, value in query_pairs(request.query):
        values[name].append(value)
    if values["X-Amz-Algorithm"] != [ALGORITHM]:
        raise Refusal("IncompleteSignatureException", f"X-Amz-Algorithm is {values['X-Amz-Algorithm']}")
    fields = {name: _single(values[f"X-Amz-{name}"], f"X-Amz-{name}")
              for name in ("Credential", "SignedHeaders", "Signature")}
    timestamp = _single(values["X-Amz-Date"], "X-Amz-Date")
    return _claim(fields, timestamp, values["X-Amz-Security-Token"], presigned=True)


def _claim(fields, timestamp, tokens, presigned):
    # From the right, because a key id may hold a slash.
    scope = fields["Credential"].rsplit("/", 4)
    if len(scope) != 5 or scope[4] != "aws4_request":
        raise Refusal("IncompleteSignatureException", f"Credential is not a scope: {fields['Credential']!r}")
    token = _single(tokens, "X-Amz-Security-Token") if tokens else None
    return Claim(*scope[:4], fields["SignedHeaders"].split(";"), fields["Signature"], timestamp, token, presigned)


def read_claim(request):
    if request.all("authorization"):
        return _claim_from_header(request)
    if any(name == "X-Amz-Signature" for name, _ in query_pairs(request.query)):
        return _claim_from_query(request)
    raise Refusal("MissingAuthenticationTokenException", "Request is missing Authentication Token")


# --- the checks ------------------------------------------------------------------------------------------------------


def check_time(claim, request, now):
    try:
        signed_at = datetime.datetime.strptime(claim.timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    except ValueError as error:
        raise Refusal("IncompleteSignatureException", f"X-Amz-Date: {error}") from error
    if claim.date != claim.timestamp[:8]:
        raise Refusal("InvalidSignatureException", f"scope has date {claim.date}, X-Amz-Date is {claim.timestamp}")
    if signed_at > now + MAX_SKEW:
        raise Refusal("InvalidSignatureException", f"Signature not yet current: {claim.timestamp} is after {now}")
    lifetime = MAX_SKEW if not claim.presigned else _expires(request)
    if now > signed_at + lifetime:
        raise Refusal("InvalidSignatureException", f"Signature expired: {claim.timestamp} is too long before {now}")


def _expires(request):
    text = dict(query_pairs(request.query)).get("X-Amz-Expires", "")
    if not text.isdigit() or not 1 <= int(text) <= MAX_EXPIRES:
        raise Refusal("AuthorizationQueryParametersError", f"X-Amz-Expires is {text!r}, not 1 to {MAX_EXPIRES}")
    return datetime.timedelta(seconds=int(text))


def check_signed_headers(claim, request):
    if claim.signed_headers != sorted(set(claim.signed_headers)) or any(n != n.lower() for n in claim.signed_headers):
        raise Refusal("InvalidSignatureException", f"SignedHeaders are not sorted, lower case: {claim.signed_headers}")
    present = {name.lower() for name, _ in request.headers}
    absent = set(claim.signed_headers) - present
    if absent:
        raise Refusal("InvalidSignatureException", f"signed but not sent: {sorted(absent)}")
    required = {"host"} | {name for name in present if name.startswith("x-amz-")}
    if not claim.presigned and "content-type" in present:
        required.add("content-type")
    if required - set(claim.signed_headers):
        raise Refusal("InvalidSignatureException", f"must be signed: {sorted(required - set(claim.signed_headers))}")


def payload_hash(claim, request):
    """What stands in the last line of the canonical request. A hash that the request states must be the body's."""
    stated = request.all("x-amz-content-sha256")
    actual = hashlib.sha256(request.body).hexdigest()
    if stated:
        text = _single(stated, "x-amz-content-sha256")
        if text != UNSIGNED_PAYLOAD and text != actual:
            raise Refusal("XAmzContentSHA256Mismatch", f"x-amz-content-sha256 is {text}, the body's is {actual}")
        return text
    if claim.presigned and claim.service in SERVICES_WITH_RAW_PATHS:
        return UNSIGNED_PAYLOAD
    return actual


class WireSigner(botocore.auth.SigV4Auth):
    """botocore's canonicalisation, told which headers were signed and that S3's paths stand as they are."""

    def __init__(self, key_id, secret, claim, request):
        super().__init__(botocore.credentials.Credentials(key_id, secret), claim.service, claim.region)
        self._claim = claim
        self._headers = botocore.compat.HTTPHeaders()
        for name, value in request.headers:
            if name.lower() in claim.signed_headers:
                self._headers.add_header(name.lower(), value)

    def headers_to_sign(self, request):
        return self._headers

    def _normalize_url_path(self, path):
        return path if self._claim.service in SERVICES_WITH_RAW_PATHS else super()._normalize_url_path(path)


def recompute(key_id, secret, claim, request, leave_out=("X-Amz-Signature",)):
    """(canonical request, string to sign, signature) of what arrived."""
    headers = {"X-Amz-Content-SHA256": payload_hash(claim, request)}
    parameters = [pair for pair in query_pairs(request.query) if pair[0] not in leave_out]
    signer = WireSigner(key_id, secret, claim, request)
    received = botocore.awsrequest.AWSRequest(
        method=request.method, url="http://gate" + request.path, headers=headers, params=parameters)
    received.context["timestamp"] = claim.timestamp
    canonical_request = signer.canonical_request(received)
    string_to_sign = signer.string_to_sign(received, canonical_request)
    return canonical_request, string_to_sign, signer.signature(string_to_sign, received)


class Verifier:
    """Knows the keys and the scope; judges one request after another."""

    def __init__(self, keys, region=None, service=None, clock=None):
        self.keys = keys
        self._region = region
        self._service = service
        self._clock = clock or (lambda: datetime.datetime.now(datetime.timezone.utc))

    def judge(self, request):
        key_id = canonical_request = string_to_sign = None
        presigned = False
        try:
            claim = read_claim(request)
            key_id, presigned = claim.key_id, claim.presigned
            key = self._known_key(claim)
            check_signed_headers(claim, request)
            canonical_request, string_to_sign, signature = self._best_match(claim, key, request)
            self._check_scope(claim)
            check_time(claim, request, self._clock())
            if not hmac.compare_digest(signature, claim.signature):
                raise Refusal("InvalidSignatureException",
                              "The request signature we calculated does not match the signature you provided.")
        except Refusal as refusal:
            refusal.canonical_request, refusal.string_to_sign = canonical_request, string_to_sign
            return Verdict(request, key_id, canonical_request, string_to_sign, refusal, presigned)
        return Verdict(request, key_id, canonical_request, string_to_sign, None, presigned)

    @staticmethod
    def _best_match(claim, key, request):
        result = recompute(claim.key_id, key.secret, claim, request)
        if result[2] == claim.signature or not (claim.presigned and claim.token):
            return result
        # Some services take the token appended to a presigned URL after signing.
        appended = recompute(claim.key_id, key.secret, claim, request, ("X-Amz-Signature", "X-Amz-Security-Token"))
        return appended if appended[2] == claim.signature else result

    def _known_key(self, claim):
        key = self.keys.get(claim.key_id)
        if key is None:
            raise Refusal("UnrecognizedClientException", f"unknown access key id {claim.key_id!r}")
        if key.token != claim.token:
            raise Refusal("UnrecognizedClientException", "The security token included in the request is invalid.")
        return key

    def _check_scope(self, claim):
        if self._region not in (None, claim.region):
            raise Refusal("InvalidSignatureException",
                          f"Credential should be scoped to a valid region, not {claim.region!r}: {self._region}")
        if self._service not in (None, claim.service):
            raise Refusal("InvalidSignatureException",
                          f"Credential should be scoped to correct service: {self._service!r}, not {claim.service!r}")


# --- the server ------------------------------------------------------------------------------------------------------


def refusal_response(verdict):
    refusal = verdict.refusal
    message = str(refusal)
    if refusal.canonical_request is not None:
        message += (f"\n\nThe Canonical String for this request should have been\n'{refusal.canonical_request}'"
                    f"\n\nThe String-to-Sign should have been\n'{refusal.string_to_sign}'\n")
    error = {"__type": f"com.amazon.coral.service#{refusal.code}", "message": message}
    return wire.json_response("403 Forbidden", JSON_TYPE, error, verdict.request.method == "HEAD")


def echo_response(verdict):
    request = verdict.request
    description = {
        "method": request.method, "target": request.target, "headers": request.headers, "key_id": verdict.key_id,
        "presigned": verdict.presigned, "body": request.body.decode("utf-8", "replace"),
        "body_size": len(request.body), "body_sha256": hashlib.sha256(request.body).hexdigest(),
        "connection": request.connection, "canonical_request": verdict.canonical_request,
        "string_to_sign": verdict.string_to_sign,
    }
    return wire.json_response("200 OK", "application/json", description, request.method == "HEAD")


def forward(request, upstream):
    """Sends a request on as it came and gives the answer's bytes."""
    connection = http.client.HTTPConnection(*upstream, timeout=60)
    with contextlib.closing(connection):
        connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers:
            if name.lower() not in HOP_BY_HOP:
                connection.putheader(name, value.encode("utf-8", "surrogateescape"))
        if request.body or request.all("content-length"):
            connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body or None)
        answer = connection.getresponse()
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP]
        return wire.response(f"{answer.status} {answer.reason}", headers, answer.read(), request.method == "HEAD")


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    timeout = 120

    def handle(self):
        gate = self.server.gate
        number = gate.count_connection()
        with contextlib.suppress(OSError):
            while True:
                try:
                    request = wire.read_request(self.rfile, self.wfile.write)
                except (wire.BadRequest, ValueError) as error:
                    self.wfile.write(wire.response("400 Bad Request", [("Connection", "close")], str(error).encode()))
                    return
                if request is None:
                    return
                request.connection = number
                self.wfile.write(gate.answer(request))
                if request.wants_close():
                    return


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


class _Listener6(_Listener):
    address_family = socket.AF_INET6


class Gate(support.Server):
    """The gate as a thread of this process. `verdicts` keeps what it was asked and what it decided."""

    def __init__(self, keys, region=None, service=None, upstream=None, port=None, clock=None, host="127.0.0.1"):
        self.verifier = Verifier(keys, region, service, clock)
        self.verdicts = []
        self.port = None
        self._upstream = upstream
        self._wanted_port = port
        self._host = host
        self._listener = None
        self._connections = 0
        self._lock = threading.Lock()

    @property
    def url(self):
        return f"http://[{self._host}]:{self.port}" if ":" in self._host else f"http://{self._host}:{self.port}"

    def serve_tls(self, certificate):
        """From now on. `certificate` is one of servers.tls."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate, certificate.key)
        self._listener.socket = context.wrap_socket(self._listener.socket, server_side=True,
                                                    do_handshake_on_connect=False)

    def count_connection(self):
        with self._lock:
            self._connections += 1
            return self._connections

    def answer(self, request):
        verdict = self.verifier.judge(request)
        with self._lock:
            self.verdicts.append(verdict)
        if verdict.refusal:
            return refusal_response(verdict)
        if self._upstream is None:
            return echo_response(verdict)
        try:
            return forward(request, self._upstream)
        except (OSError, http.client.HTTPException) as error:
            return wire.response("502 Bad Gateway", [], f"upstream: {error!r}".encode())

    def start(self):
        self.port = support.choose_port(self._wanted_port, "gate")
        listener = _Listener6 if ":" in self._host else _Listener
        self._listener = listener((self._host, self.port), _Handler)
        self._listener.gate = self
        threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        if self._listener:
            self._listener.shutdown()
            self._listener.server_close()


def main():
    parser = support.argument_parser("Starts a gate that verifies signatures in front of a server.")
    parser.add_argument("--upstream", metavar="PORT", type=int, help="port on 127.0.0.1 (default: echo)")
    parser.add_argument("--region", help="refuse every other region")
    parser.add_argument("--service", help="refuse every other service")
    parser.add_argument("--key", nargs=2, metavar=("ID", "SECRET"), action="append", required=True)
    parser.add_argument("--token", nargs=2, metavar=("ID", "TOKEN"), action="append", default=[])
    arguments = parser.parse_args()
    tokens = dict(arguments.token)
    keys = {key_id: Key(secret, tokens.get(key_id)) for key_id, secret in arguments.key}
    upstream = ("127.0.0.1", arguments.upstream) if arguments.upstream else None
    gate = Gate(keys, arguments.region, arguments.service, upstream, arguments.port)
    support.serve_by_hand(gate, lambda server: f"the gate is at {server.url}")


if __name__ == "__main__":
    main()
