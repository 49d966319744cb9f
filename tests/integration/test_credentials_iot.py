"""AWS IoT's provider of credentials, played by nginx with mutual TLS: temporary credentials for a device's certificate,
which is shown to nobody else."""
# Covers C29: certificates that are missing or somebody else's, a token of 4 KB.

import json
import unittest

import awsfetch
import session
from servers import documents, gate, tls

KEY_ID, SECRET, TOKEN = "ASIADEVICE", "iot-secret", "i" * 4096
ALIAS, THING = "device-alias", "thing-1"


class Iot(session.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pki = tls.Pki()
        cls.gate = cls.start(gate.Gate({KEY_ID: gate.Key(SECRET, TOKEN)}, "us-east-1", "execute-api"))
        cls.nginx = documents.Documents()
        cls.nginx.add_iot("iot", cls.pki.ecdsa, cls.pki.client_authority, ALIAS, THING)
        cls.nginx.add_front("service", cls.pki.rsa, cls.pki.client_authority, cls.gate.port)
        cls.start(cls.nginx)
        cls.endpoint = f"https://localhost:{cls.nginx.ports['iot']}"
        cls.service = f"https://localhost:{cls.nginx.ports['service']}"
        cls.certificate = (cls.pki.client.certificate, cls.pki.client.key)

    def setUp(self):
        self.nginx.give("iot", documents.iot_document(KEY_ID, SECRET, TOKEN))
        self.asked_before = {name: len(self.nginx.asked(name)) for name in ("iot", "service")}

    def asked(self, name):
        return self.nginx.asked(name)[self.asked_before[name]:]

    def assert_nobody_shown(self):
        """The service would have taken a certificate; $ssl_client_s_dn and $ssl_client_verify say that none came."""
        lines = self.asked("service")
        self.assertNotEqual(lines, [])
        for line in lines:
            self.assertRegex(line, ' 200 ".*" "-" NONE$')


class Program(Iot):
    def program(self, *certificate, alias=ALIAS, thing=THING, endpoint=None):
        env = {"AWS_CA_BUNDLE": self.pki.bundle}
        return self.session("iot", endpoint or self.endpoint, alias, thing, *certificate, env=env)

    def test_credentials_for_a_certificate(self):
        program = self.program(*self.certificate)
        self.assert_found(program.find(), KEY_ID, "AWS IoT")
        self.assertEqual(self.asked("iot"), [f'GET /role-aliases/{ALIAS}/credentials 200 "-" "CN=client" SUCCESS'])
        status, http_status, body = program.get(self.service)
        self.assertEqual((status, http_status), ("kOk", 200), body)
        self.assertEqual(len(self.asked("iot")), 1)
        self.assert_nobody_shown()

    def test_new_ones_before_the_end(self):
        program = self.program(*self.certificate)
        self.assert_found(program.find(), KEY_ID)
        self.assertEqual(program.get(self.service)[0], "kOk")
        self.nginx.give("iot", documents.iot_document("ASIANEWER", SECRET, TOKEN))
        program.forward(3600 - 30)
        self.assert_found(program.find(), "ASIANEWER")
        self.assertEqual(len(self.asked("iot")), 2)
        self.assertEqual(program.get(self.service)[:2], ("kServiceError", 403), "the gate knows the old ones only")
        self.assertEqual(len(self.asked("iot")), 3, "others are asked for, once, and are the same")
        self.assertTrue(all(line.endswith('"-" NONE') for line in self.asked("service")))

    def test_both_endpoints_in_turn(self):
        """Fetches within calls to the service, back and forth between two certificates on one transport."""
        program = self.program(*self.certificate)
        for fetches in (1, 2, 3):
            self.assertEqual(program.get(self.service)[:2], ("kOk", 200))
            self.assertEqual(len(self.asked("iot")), fetches)
            program.forward(3600 + 60)
        self.assert_nobody_shown()

    def test_without_a_certificate(self):
        found = self.program().find()
        self.assert_not_found(found, "kCredentialsRefused", f"AWS IoT: role alias {ALIAS} at localhost answered 400")

    def test_certificate_of_somebody_else(self):
        found = self.program(self.pki.untrusted.certificate, self.pki.untrusted.key).find()
        self.assert_not_found(found, "kCredentialsRefused", "AWS IoT: .* answered 400")

    def test_another_thing_or_alias(self):
        found = self.program(*self.certificate, thing="thing-2").find()
        self.assert_not_found(found, "kCredentialsRefused", "AWS IoT: .* answered 403")
        found = self.program(*self.certificate, thing="").find()
        self.assert_not_found(found, "kCredentialsRefused", "AWS IoT: .* answered 403")
        found = self.program(*self.certificate, alias="another").find()
        self.assert_not_found(found, "kCredentialsRefused", "AWS IoT: .* answered 404")

    def test_plain_http_is_never_asked(self):
        found = self.program(*self.certificate, endpoint=self.endpoint.replace("https", "http")).find()
        self.assert_not_found(found, "kInvalidArgument", "AWS IoT: ")
        self.assertEqual(self.asked("iot"), [])

    def test_server_that_is_not_trusted(self):
        env = {"AWS_CA_BUNDLE": self.pki.unknown_authority.certificate}
        found = self.session("iot", self.endpoint, ALIAS, THING, *self.certificate, env=env).find()
        self.assert_not_found(found, "kCredentialsUnavailable", "AWS IoT: .*certificate")
        self.assertEqual(self.asked("iot"), [])


class Awsfetch(Iot):
    def run_with(self, *arguments, thing=("--iot-thing", THING), certificate=True, url=None):
        shown = ["--cert", self.certificate[0], "--key", self.certificate[1]] if certificate else []
        return awsfetch.run("--cacert", self.pki.bundle, "--iot-endpoint", self.endpoint, "--iot-role-alias", ALIAS,
                            *thing, *shown, *arguments, *([url] if url else []))

    def call(self, **settings):
        return self.run_with("--service", "execute-api", "--region", "us-east-1", url=self.service + "/", **settings)

    def test_request(self):
        answer = json.loads(self.assert_ok(self.call()).out)
        self.assertEqual(answer["key_id"], KEY_ID)
        self.assertIn(TOKEN, [value for name, value in answer["headers"] if name.lower() == "x-amz-security-token"])
        self.assertEqual(len(self.asked("iot")), 1)
        self.assert_nobody_shown()

    def test_certificate_without_iot_is_shown_to_the_service(self):
        result = awsfetch.run("--cacert", self.pki.bundle, "--cert", self.certificate[0], "--key", self.certificate[1],
                              "--service", "execute-api", "--region", "us-east-1", self.service + "/",
                              env=awsfetch.keys(KEY_ID, SECRET, TOKEN))
        self.assert_ok(result)
        self.assertRegex(self.asked("service")[-1], ' 200 ".*" "CN=client" SUCCESS$')
        self.assertEqual(self.asked("iot"), [])

    def test_export(self):
        exported = json.loads(self.assert_ok(self.run_with("--export-credentials")).out)
        self.assertEqual((exported["AccessKeyId"], exported["SessionToken"]), (KEY_ID, TOKEN))

    def test_refused(self):
        result = self.assert_exit(self.call(thing=()), awsfetch.USAGE)
        self.assertRegex(result.err, "AWS IoT: .* answered 403")
        self.assertEqual(self.asked("service"), [])

    def test_without_a_certificate(self):
        result = self.assert_exit(self.call(certificate=False), awsfetch.USAGE)
        self.assertIn("--cert", result.err)
        self.assertEqual(self.asked("iot"), [])


if __name__ == "__main__":
    unittest.main()
