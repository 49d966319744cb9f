#!/usr/bin/python3
"""A stand-in for the instance metadata service of Amazon EC2, version 2: nothing without a session token."""

import contextlib
import pathlib
import secrets
import socketserver
import sys
import threading

if __package__ in (None, ""):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from servers import documents, support, wire

TOKEN_PATH = "/latest/api/token"
ROLES_PATH = "/latest/meta-data/iam/security-credentials/"
REGION_PATH = "/latest/meta-data/placement/region"


def role_document(key_id, secret, token, seconds=3600):
    return {"Code": "Success", "LastUpdated": documents.expiration(0), "Type": "AWS-HMAC", "AccessKeyId": key_id,
            "SecretAccessKey": secret, "Token": token, "Expiration": documents.expiration(seconds)}


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    timeout = 60

    def handle(self):
        with contextlib.suppress(OSError, wire.BadRequest):
            while (request := wire.read_request(self.rfile, self.wfile.write)) is not None:
                self.wfile.write(self.server.metadata.answer(request))


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class Metadata(support.Server):
    """The service as a thread of this process; `asked` has method and path of each request.

    `listener`: a socket that listens already, in another network for example; else it listens on loopback.
    """

    def __init__(self, role=None, document=None, region=None, port=None, listener=None):
        self.role, self.document, self.region = role, document, region
        self.asked = []
        self.port = None
        self._token = secrets.token_urlsafe(42)
        self._wanted_port = port
        self._given = listener
        self._listener = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def answer(self, request):
        self.asked.append(f"{request.method} {request.path}")
        if request.path == TOKEN_PATH:
            return self._give_token(request)
        if request.get("X-aws-ec2-metadata-token") != self._token:
            return wire.response("401 Unauthorized", [("Content-Type", "text/html")], b"")
        if request.path == ROLES_PATH and self.role:
            return self._text(self.role)
        if request.path == ROLES_PATH + (self.role or "") and self.document:
            return wire.json_response("200 OK", "text/plain", self.document)
        if request.path == REGION_PATH and self.region:
            return self._text(self.region)
        return wire.response("404 Not Found", [("Content-Type", "text/html")], b"<html>404</html>")

    def _give_token(self, request):
        seconds = request.get("X-aws-ec2-metadata-token-ttl-seconds", "")
        if request.method != "PUT" or not seconds.isdigit() or not 1 <= int(seconds) <= 21600:
            return wire.response("400 Bad Request", [], b"")
        return wire.response("200 OK", [("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", seconds)], self._token.encode())

    @staticmethod
    def _text(text):
        return wire.response("200 OK", [("Content-Type", "text/plain")], text.encode())

    def start(self):
        if self._given is None:
            self.port = support.choose_port(self._wanted_port, "metadata service")
            self._listener = _Listener(("127.0.0.1", self.port), _Handler)
        else:
            self._listener = _Listener(("", 0), _Handler, bind_and_activate=False)
            self._listener.socket.close()
            self._listener.socket = self._given
        self._listener.metadata = self
        threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self._listener.shutdown()
        self._listener.server_close()


def main():
    arguments = support.argument_parser("Starts a metadata service on loopback.").parse_args()
    server = Metadata("device", role_document("AKIDEXAMPLE", "secret", "session"), "eu-west-1", arguments.port)
    support.serve_by_hand(server, lambda _: f"AWS_EC2_METADATA_SERVICE_ENDPOINT={server.url}")


if __name__ == "__main__":
    main()
