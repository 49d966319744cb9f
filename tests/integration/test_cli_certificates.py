"""Certificates that awsfetch shows: to the credentials provider of AWS IoT, and to other servers."""

import re
import unittest

import awsfetch
import credentials_case
from credentials_case import EXPIRATION, PLAIN, ROLE, ROLE_KEY_ID, ROLE_MASKED, ROLE_SECRET, ROLE_TOKEN, SCOPE, instance
from servers import answering, support, tls


class Certificates(credentials_case.TestCase):
    """AWS IoT's provider of credentials, and other servers that ask for a certificate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        directory = support.temporary_directory("iot")
        authority = tls.Authority(directory, "authority", "ecdsa")
        cls.cacert = authority.certificate
        server_certificate = authority.leaf("server")
        cls.client_authority = tls.Authority(directory, "clients", "ecdsa")
        cls.device = cls.client_authority.leaf("device", names="DNS:device-1.example")
        cls.other = cls.client_authority.leaf("other", names="DNS:device-2.example")
        document = {"credentials": {"accessKeyId": ROLE_KEY_ID, "secretAccessKey": ROLE_SECRET,
                                    "sessionToken": ROLE_TOKEN, "expiration": EXPIRATION}}
        cls.iot = cls.start(answering.Answering({"GET /role-aliases/alias/credentials": (200, document),
                                       "GET /role-aliases/forbidden/credentials": (403, {"message": "Access Denied"})},
                                      server_certificate, cls.client_authority))
        cls.service = cls.start(answering.Answering({"GET /": (200, "fine")}, server_certificate, cls.client_authority))

    def certificate(self):
        return ["--cacert", self.cacert, "--cert", self.device.certificate, "--key", self.device.key]

    def iot_arguments(self, alias="alias"):
        return [*self.certificate(), "--iot-endpoint", self.iot.url, "--iot-role-alias", alias]

    def test_iot(self):
        arguments = [*self.iot_arguments(), "--iot-thing", "device-1"]
        self.assertEqual(self.shown("--region", "eu-west-1", *arguments, env=PLAIN)[1],
                         f"credentials: AWS IoT, {ROLE_MASKED}, expires {EXPIRATION}")
        self.assertTrue(self.iot.shown[-1])
        self.assertEqual(self.iot.asked[-1][2]["x-amzn-iot-thingname"], "device-1")
        self.assertEqual(self.exported(*arguments)["SecretAccessKey"], ROLE_SECRET)

    def test_iot_certificate_is_for_that_endpoint_only(self):
        self.assert_ok(self.call(*SCOPE, *self.iot_arguments(), self.service.url + "/"))
        self.assertTrue(self.iot.shown[-1])
        self.assertFalse(self.service.shown[-1])
        self.assertIn(ROLE_KEY_ID, self.service.asked[-1][2]["Authorization"])

    def test_certificate_without_iot_is_for_the_server(self):
        self.assert_ok(self.call(*SCOPE, *self.certificate(), self.service.url + "/", env=PLAIN))
        self.assertTrue(self.service.shown[-1])
        self.assert_ok(self.call(*SCOPE, "--cacert", self.cacert, self.service.url + "/", env=PLAIN))
        self.assertFalse(self.service.shown[-1])

    def test_certificate_of_the_server_is_not_shown_to_sources_of_credentials(self):
        """Not even where both are the same server, whose connection would serve again."""
        self.service.answers["GET /creds"] = (200, ROLE)
        env = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": self.service.url + "/creds"}
        self.assert_ok(self.call(*SCOPE, *self.certificate(), self.service.url + "/", env=env))
        self.assertEqual(self.service.shown[-2:], [False, True])

    def test_iot_refusal(self):
        self.assert_usage(self.call(*SCOPE, *self.iot_arguments("forbidden"), self.service.url + "/"),
                          r"\Aawsfetch: credentials of AWS IoT: ", r"\n  AWS IoT: role alias forbidden at localhost "
                          r"answered 403 \(Access Denied\)")

    def test_iot_options_that_are_not_what_they_should_be(self):
        asked = len(self.iot.asked)
        for arguments, pattern in ((["--iot-endpoint", "http://localhost"], "http URL"),
                                   (["--iot-role-alias", "a b"], "role alias"), (["--iot-thing", "a b"], "thing")):
            with self.subTest(arguments=arguments):
                self.assert_usage(self.call(*SCOPE, *self.iot_arguments(), *arguments, "http://127.0.0.1:1/"), pattern)
        self.assertEqual(len(self.iot.asked), asked)

    def test_half_of_the_options(self):
        given = {"--iot-endpoint": "localhost", "--iot-role-alias": "a", "--cert": self.device.certificate,
                 "--key": self.device.key}
        for left_out in given:
            arguments = [word for name, value in given.items() if name != left_out for word in (name, value)]
            with self.subTest(left_out=left_out):
                self.assert_usage(self.call(*SCOPE, *arguments, "http://127.0.0.1:1/"), f"{left_out} is missing")
        self.assert_usage(self.call("--iot-thing", "x", "http://127.0.0.1:1/"), "--iot-endpoint is missing")
        self.assert_usage(self.call("--cert", "x", "http://127.0.0.1:1/"), "--cert needs --key")
        self.assert_usage(self.call("--key", "x", "http://127.0.0.1:1/"), "--key needs --cert")

    def test_options_that_contradict_each_other(self):
        for arguments in (["--sign-only", "/"], ["--presign", "60", "/"], ["--export-credentials"],
                          [*self.iot_arguments(), "/"]):
            self.assert_usage(self.call("--no-sign-request", *arguments), "does not go with --no-sign-request")
        self.assert_usage(self.call("--show-config", "--export-credentials"), "only one")
        self.assert_usage(self.call("--export-credentials", "http://127.0.0.1:1/"), "no URL")
        for arguments in (["--sign-only"], ["--presign", "60"]):
            self.assert_usage(self.call("--show-config", *arguments), "leave out " + arguments[0])

    def test_files_that_can_not_be_used(self):
        garbage = self.write("garbage", "not a certificate")
        certificate, key = self.device.certificate, self.device.key
        for certificate, key, pattern in (
                ("/nonexistent/c", key, "certificate /nonexistent/c: No such file"),
                (certificate, "/nonexistent/k", "key /nonexistent/k: No such file"),
                (certificate, self.directory, "directory"), (garbage, key, garbage),
                (certificate, self.other.key, re.escape(self.other.key))):
            with self.subTest(certificate=certificate, key=key):
                result = self.call(*SCOPE, "--cert", certificate, "--key", key, "http://127.0.0.1:1/")
                self.assert_usage(result, pattern)

    def test_cas_are_read_only_when_they_are_needed(self):
        env = self.metadata(self.served(answering.Answering(instance())))
        self.exported("--cacert", "/nonexistent/ca", env=env)
        arguments = ["--cacert", "/nonexistent/ca", "--cert", self.device.certificate, "--key", self.device.key,
                     "--iot-endpoint", self.iot.url, "--iot-role-alias", "alias"]
        result = self.call("--export-credentials", *arguments)
        self.assert_usage(result, "CA file /nonexistent/ca: No such file")
        self.assertEqual(len(result.err.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
