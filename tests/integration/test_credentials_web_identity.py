"""A role for whoever holds the token of a file, which is replaced while a program runs: against a stand-in for STS that
knows which token counts."""

import socketserver
import threading
import unittest
import urllib.parse

import session
from servers import documents, support, wire

ROLE_ARN = "arn:aws:iam::123456789012:role/pod"
KEY_ID = "ASIAPOD"
LIFE = 3600
# Characters that a form has to encode, and as long as the tokens of service accounts get.
FIRST, SECOND = "first.+/=&%" + "a" * 2000, "second." + "b" * 2000

ANSWER = """<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <Credentials>
      <AccessKeyId>{key_id}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
      <SessionToken>{token}</SessionToken><Expiration>{expiration}</Expiration>
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>"""

REFUSAL = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>ExpiredTokenException</Code><Message>Token expired</Message></Error></ErrorResponse>"""


class _Handler(socketserver.StreamRequestHandler):
    timeout = 60

    def handle(self):
        while (request := wire.read_request(self.rfile, self.wfile.write)) is not None:
            self.wfile.write(self.server.sts.answer(request))


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class Sts(support.Server):
    """Gives credentials for `token` and refuses all others. `requests` keeps what it was asked."""

    def __init__(self):
        self.token, self.key_id = FIRST, KEY_ID
        self.requests = []
        self.port = None
        self._listener = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def answer(self, request):
        self.requests.append(request)
        form = dict(urllib.parse.parse_qsl(request.body.decode(), strict_parsing=True))
        xml = [("Content-Type", "text/xml")]
        if form["Action"] != "AssumeRoleWithWebIdentity" or form["WebIdentityToken"] != self.token:
            return wire.response("400 Bad Request", xml, REFUSAL.encode())
        text = ANSWER.format(key_id=self.key_id, token="w" * 4096, expiration=documents.expiration(LIFE))
        return wire.response("200 OK", xml, text.encode())

    def start(self):
        self.port = support.choose_port(server="STS")
        self._listener = _Listener(("127.0.0.1", self.port), _Handler)
        self._listener.sts = self
        threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self._listener.shutdown()
        self._listener.server_close()


class WebIdentity(session.TestCase):
    def setUp(self):
        self.sts = Sts()
        self.sts.start()
        self.addCleanup(self.sts.stop)
        self.path = self.file("token", FIRST + "\n")

    def program(self, **variables):
        return self.session(env={
            "AWS_WEB_IDENTITY_TOKEN_FILE": self.path, "AWS_ROLE_ARN": ROLE_ARN, "AWS_ROLE_SESSION_NAME": "device-1",
            "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL_STS": self.sts.url, **variables})

    def test_what_is_asked(self):
        self.assert_found(self.program().find(), KEY_ID, "web identity")
        (request,) = self.sts.requests
        form = dict(urllib.parse.parse_qsl(request.body.decode()))
        self.assertEqual(form, {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleArn": ROLE_ARN,
                                "RoleSessionName": "device-1", "WebIdentityToken": FIRST})
        self.assertIsNone(request.get("Authorization"), "the token is all that there is")

    def test_token_that_is_replaced(self):
        program = self.program()
        self.assert_found(program.find(), KEY_ID)
        self.file("token", SECOND)
        self.sts.token, self.sts.key_id = SECOND, "ASIANEWER"
        self.assert_found(program.find(), KEY_ID)
        program.forward(LIFE)
        self.assert_found(program.find(), "ASIANEWER")
        self.assertEqual(len(self.sts.requests), 2)

    def test_token_that_is_not_replaced_in_time(self):
        program = self.program()
        self.assert_found(program.find(), KEY_ID)
        self.sts.token = SECOND
        program.forward(LIFE - 120)
        self.assert_found(program.find(), KEY_ID)
        program.forward(120)
        self.assert_not_found(program.find(), "kCredentialsRefused", r"web identity: .*ExpiredTokenException")
        self.file("token", SECOND)
        program.forward(60)
        self.assert_found(program.find(), KEY_ID)

    def test_file_that_is_missing(self):
        program = self.program(AWS_WEB_IDENTITY_TOKEN_FILE=self.path + ".gone")
        self.assert_not_found(program.find(), "kFileUnreadable", f"web identity: .*{self.path}.gone")
        self.assertEqual(self.sts.requests, [])

    def test_without_a_role(self):
        found = self.program(AWS_ROLE_ARN="").find()
        self.assert_not_found(found, "kCredentialsIncomplete", "web identity: .*AWS_ROLE_ARN")


if __name__ == "__main__":
    unittest.main()
