"""Credentials of a container, given out by nginx: tokens, many callers at once, and servers that misbehave."""

import time
import unittest

import session
from servers import documents, gate, metadata, misbehaving

SECRET, TOKEN = "container-secret", "s" * 4096
KEY_IDS = ["ASIAFIRST", "ASIASECOND", "ASIATHIRD"]
CALLERS = 100
LIFE = 3600


class Container(session.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        keys = {key_id: gate.Key(SECRET, TOKEN) for key_id in KEY_IDS}
        cls.gate = cls.start(gate.Gate(keys, "us-east-1", "execute-api"))
        cls.nginx = documents.Documents()
        cls.nginx.add_container("credentials")
        cls.start(cls.nginx)

    def setUp(self):
        self.give(KEY_IDS[0])
        self.nginx.accept_only("first-token")
        self.asked_before = len(self.nginx.asked("credentials"))
        self.gate.verdicts.clear()

    def give(self, key_id, life=LIFE):
        self.nginx.give("credentials", documents.container_document(key_id, SECRET, TOKEN, life))

    def asked(self):
        """(status, token) of each question of this test."""
        lines = self.nginx.asked("credentials")[self.asked_before:]
        return [(int(line.split()[2]), line.split('"')[1]) for line in lines]

    def environment(self, **variables):
        url = f"http://127.0.0.1:{self.nginx.ports['credentials']}/credentials"
        return {"AWS_CONTAINER_CREDENTIALS_FULL_URI": url, **variables}

    def with_token(self, token="first-token"):
        return self.environment(AWS_CONTAINER_AUTHORIZATION_TOKEN=token)


class Tokens(Container):
    def test_from_the_environment(self):
        program = self.session(env=self.with_token())
        self.assert_found(program.find(), KEY_IDS[0], "container")
        self.assertEqual(self.asked(), [(200, "first-token")])
        status, http_status, body = program.get(self.gate.url)
        self.assertEqual((status, http_status), ("kOk", 200), body)

    def test_refused(self):
        for env, token in ((self.with_token("another"), "another"), (self.environment(), "-")):
            with self.subTest(token=token):
                self.assert_not_found(self.session(env=env).find(), "kCredentialsRefused",
                                      r"container: http://127\.0\.0\.1:\d+/credentials .*403")
                self.assertEqual(set(self.asked()[-3:]), {(403, token)})

    def test_file_that_is_rotated(self):
        path = self.file("token", "first-token")
        program = self.session(env=self.environment(AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=path))
        self.assert_found(program.find(), KEY_IDS[0])
        self.give(KEY_IDS[1])
        self.file("token", "second-token")
        self.nginx.accept_only("second-token")
        self.assert_found(program.find(), KEY_IDS[0])
        program.forward(LIFE - 1)
        self.assert_found(program.find(), KEY_IDS[1])
        self.assertEqual(self.asked(), [(200, "first-token"), (200, "second-token")])

    def test_file_that_is_gone(self):
        path = self.file("token", "first-token") + ".gone"
        found = self.session(env=self.environment(AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=path)).find()
        self.assert_not_found(found, "kFileUnreadable", f"container: .*{path}")
        self.assertEqual(self.asked(), [])


class ManyCallers(Container):
    """A hundred calls at once that share one provider."""

    def burst(self, program, fetches):
        """All succeed, and so many questions were asked of the container's server."""
        before = len(self.asked())
        self.gate.verdicts.clear()
        self.assertEqual(program.burst(CALLERS, self.gate.url), (CALLERS, 0, "kOk"))
        self.assertEqual(len(self.asked()) - before, fetches)
        self.assertEqual([verdict.refusal for verdict in self.gate.verdicts], [None] * CALLERS)
        return {verdict.key_id for verdict in self.gate.verdicts}

    def test_one_fetch_at_the_beginning_and_one_after_the_end(self):
        program = self.session(env=self.with_token())
        self.assertEqual(self.burst(program, 1), {KEY_IDS[0]})
        self.assertEqual(self.burst(program, 0), {KEY_IDS[0]})
        self.give(KEY_IDS[1])
        program.forward(LIFE + 1)
        self.assertEqual(self.burst(program, 1), {KEY_IDS[1]})
        self.give(KEY_IDS[2])
        program.forward(2 * LIFE)
        self.assertEqual(self.burst(program, 1), {KEY_IDS[2]})

    def test_one_fetch_before_the_end_while_the_others_go_on(self):
        program = self.session(env=self.with_token())
        self.burst(program, 1)
        self.give(KEY_IDS[1])
        program.forward(LIFE - 120)
        # Those who ask while the fetch runs go on with the first; a fast server has answered before anybody does.
        used = self.burst(program, 1)
        self.assertIn(KEY_IDS[1], used)
        self.assertLessEqual(used, {KEY_IDS[0], KEY_IDS[1]})
        self.assertEqual(self.burst(program, 0), {KEY_IDS[1]})

    def test_one_fetch_fails_for_all(self):
        program = self.session(env=self.with_token())
        self.burst(program, 1)
        self.nginx.accept_only("another")
        program.forward(LIFE + 1)
        succeeded, failed, status = program.burst(CALLERS, self.gate.url)
        self.assertEqual((succeeded, failed, status), (0, CALLERS, "kCredentialsRefused"))
        self.assertEqual([status for status, _ in self.asked()], [200, 403, 403, 403], "three attempts of one fetch")

    def test_kept_while_a_fetch_before_the_end_fails(self):
        program = self.session(env=self.with_token())
        self.burst(program, 1)
        self.nginx.accept_only("another")
        program.forward(LIFE - 120)
        self.assertEqual(self.burst(program, 3), {KEY_IDS[0]})
        self.assertEqual(self.burst(program, 0), {KEY_IDS[0]}, "the next try is not due")


class Misbehaving(session.TestCase):
    """A server that is named and fails ends the search: the next place has other credentials, and is not asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metadata = cls.start(metadata.Metadata("role", metadata.role_document("ASIAINSTANCE", SECRET, TOKEN)))

    def check(self, behaviour, status, pattern, seconds):
        server = self.start(misbehaving.Misbehaving(behaviour))
        program = self.session(env={
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/credentials",
            "AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": self.metadata.url})
        begin = time.monotonic()
        found = program.find()
        took = time.monotonic() - begin
        print(f"\n{found.status} after {took:.2f} s: {found.explained.splitlines()[-1]}", flush=True)
        self.assert_not_found(found, status, f"container: {server.url}/credentials{pattern}")
        self.assertLess(took, seconds)
        self.assertEqual(self.metadata.asked, [])

    def test_silent(self):
        """Five seconds each for three attempts."""
        self.check(misbehaving.silent, "kCredentialsUnavailable", ": no answer within the time limit", 20)

    def test_no_http(self):
        self.check(misbehaving.garbage, "kMalformedCredentials", ": the answer's status line", 10)

    def test_connection_lost(self):
        self.check(misbehaving.resets_at_once, "kCredentialsUnavailable", ": the server closed the connection", 10)

    def test_body_cut_short(self):
        self.check(misbehaving.truncates_body, "kCredentialsUnavailable", ": the answer ended early", 10)

    def test_text_that_is_no_document(self):
        self.check(misbehaving.closes_after_each_response, "kMalformedCredentials", " answered without credentials", 10)

    def test_nobody_named_passes_on(self):
        program = self.session(env={"AWS_EC2_METADATA_DISABLED": "false",
                                    "AWS_EC2_METADATA_SERVICE_ENDPOINT": self.metadata.url})
        self.assert_found(program.find(), "ASIAINSTANCE", "instance metadata")
        self.metadata.asked.clear()


if __name__ == "__main__":
    unittest.main()
