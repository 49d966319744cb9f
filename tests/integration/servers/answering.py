"""A server that gives prepared answers, over HTTP or TLS: it stands in for sources of credentials."""

import http.server
import json
import ssl
import threading

from servers import support


class Answering(support.Server):
    """Answers each "METHOD /path" with a (status, body), and keeps what it was asked.

    With `certificate` it speaks TLS; with `clients` as well, it asks for certificates of that authority, and `shown`
    says for each request whether there was one.
    """

    def __init__(self, answers, certificate=None, clients=None):
        self.answers = answers
        self.asked = []
        self.shown = []
        self.port = None
        self._certificate = certificate
        self._clients = clients
        self._server = None

    @property
    def url(self):
        return f"{'https' if self._certificate else 'http'}://localhost:{self.port}"

    def start(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"  # keeps connections
            timeout = 30

            def answer(self):
                outer.asked.append((self.command, self.path, dict(self.headers)))
                if outer._clients:
                    outer.shown.append(bool(self.connection.getpeercert()))
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, body = outer.answers.get(f"{self.command} {self.path}", (404, ""))
                content = (body if isinstance(body, str) else json.dumps(body)).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_):
                pass

        self.port = support.choose_port(server="answering server")
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        if self._certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate.certificate, self._certificate.key)
            if self._clients:
                context.verify_mode = ssl.CERT_OPTIONAL
                context.load_verify_locations(self._clients.certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
