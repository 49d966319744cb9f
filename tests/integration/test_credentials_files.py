"""Shared files and programs as sources: replaced while a program runs, unreadable, wrong, and run for real."""
# Covers C30: files that are replaced, broken for a while or unreadable.

import json
import os
import shutil
import stat
import subprocess
import unittest

import awsfetch
import session
from servers import documents, support, tls

# How often what never expires is looked up.
LOOK_UP_SECONDS = 15 * 60
LONG_TOKEN = "p" * 4096

# Prints what a file of its own directory holds, after a note of how it was called.
PROVIDER = """#!/bin/sh
here=$(dirname "$0")
for argument in "$@"; do printf '%s\\n' "$argument"; done > "$here/arguments"
echo run >> "$here/runs"
[ ! -e "$here/complaint" ] || cat "$here/complaint" >&2
[ ! -e "$here/answer" ] || cat "$here/answer"
exit "$(cat "$here/code")"
"""


def keys_file(key_id, profile="default"):
    return f"[{profile}]\naws_access_key_id = {key_id}\naws_secret_access_key = secret\n"


class Files(session.TestCase):
    def environment(self, **variables):
        return {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", **variables}


class Replaced(Files):
    def test_keys(self):
        path = self.file("credentials", keys_file("AKIDFIRST"))
        program = self.session(env=self.environment(AWS_SHARED_CREDENTIALS_FILE=path))
        self.assert_found(program.find(), "AKIDFIRST", "profile")
        self.file("credentials", keys_file("AKIDSECOND"))
        self.assert_found(program.find(), "AKIDFIRST")
        program.forward(LOOK_UP_SECONDS)
        self.assert_found(program.find(), "AKIDSECOND")

    def test_a_file_that_is_broken_for_a_while(self):
        path = self.file("credentials", keys_file("AKIDFIRST"))
        program = self.session(env=self.environment(AWS_SHARED_CREDENTIALS_FILE=path))
        self.assert_found(program.find(), "AKIDFIRST")
        self.file("credentials", "[default\naws_access_key_id")
        program.forward(LOOK_UP_SECONDS)
        self.assert_found(program.find(), "AKIDFIRST")
        self.file("credentials", keys_file("AKIDSECOND"))
        program.forward(LOOK_UP_SECONDS)
        self.assert_found(program.find(), "AKIDSECOND")

    def test_a_file_that_comes_later(self):
        path = os.path.join(self.directory, "later")
        program = self.session(env=self.environment(AWS_SHARED_CREDENTIALS_FILE=path))
        self.assert_not_found(program.find(), "kNoCredentials", f"{path}: no such file")
        self.file("later", keys_file("AKIDFIRST"))
        self.assert_found(program.find(), "AKIDFIRST")


class Unreadable(Files):
    """By somebody else than root, who may read everything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        os.chmod(cls.directory, 0o755)
        cls.nobody = []
        if os.geteuid() == 0:
            support.require_commands("another user", "setpriv")
            cls.nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        # Where they were built may be out of the reach of others.
        cls.program = shutil.copy(session.COMMAND, cls.directory)
        cls.awsfetch = shutil.copy(awsfetch.COMMAND, cls.directory)

    def find(self, **variables):
        with session.Session("default", env=self.environment(**variables), prefix=self.nobody,
                             command=self.program) as program:
            return program.find()

    def run_awsfetch(self, *arguments, **variables):
        return subprocess.run([*self.nobody, self.awsfetch, *arguments], capture_output=True, text=True, timeout=60,
                              check=False, env=awsfetch.environment(**self.environment(**variables)))

    def locked(self, name, text=""):
        path = self.file(name, text)
        os.chmod(path, 0)
        return path

    def test_keys_that_all_may_read_are_fine(self):
        path = self.file("open", keys_file("AKIDOPEN"))
        os.chmod(path, 0o666)
        found = self.find(AWS_SHARED_CREDENTIALS_FILE=path)
        self.assert_found(found, "AKIDOPEN", "profile")

    def test_files_that_nobody_may_read(self):
        """A file that was named is an error by its name; nobody else's credentials take its place."""
        for variable in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
            with self.subTest(variable):
                path = self.locked("locked", keys_file("AKIDLOCKED"))
                found = self.find(**{variable: path}, AWS_CONTAINER_CREDENTIALS_FULL_URI="http://127.0.0.1:9/unasked")
                self.assert_not_found(found, "kFileUnreadable", rf"{path}: can't be read \(Permission denied\)")

    def test_files_at_their_usual_place(self):
        """They count as empty, as in AWS's own clients: the search goes on, and its report names them."""
        os.makedirs(os.path.join(self.directory, "home/.aws"))
        home = self.locked("home/.aws/credentials", keys_file("AKIDLOCKED"))
        found = self.find(HOME=os.path.join(self.directory, "home"), AWS_SHARED_CREDENTIALS_FILE="", AWS_CONFIG_FILE="")
        self.assert_not_found(found, "kNoCredentials", rf"{home}: can't be read \(Permission denied\)")

    def test_profile_that_was_named(self):
        path = self.locked("locked", keys_file("AKIDLOCKED", "device"))
        found = self.find(AWS_SHARED_CREDENTIALS_FILE=path, AWS_PROFILE="device")
        self.assert_not_found(found, "kFileUnreadable", f'profile "device": .*{path}: can\'t be read')

    def test_token_of_a_container(self):
        path = self.locked("token", "token")
        found = self.find(AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=path,
                          AWS_CONTAINER_CREDENTIALS_FULL_URI=f"http://127.0.0.1:{support.choose_port()}/")
        self.assert_not_found(found, "kFileUnreadable", f"container: .*{path}.*Permission denied")

    def test_a_directory_in_place_of_a_file(self):
        self.assert_not_found(self.find(AWS_SHARED_CREDENTIALS_FILE=self.directory), "kFileUnreadable",
                              f"{self.directory}: can't be read")

    def test_a_path_through_a_file(self):
        path = self.file("plain", "") + "/credentials"
        self.assert_not_found(self.find(AWS_SHARED_CREDENTIALS_FILE=path), "kNoCredentials", f"{path}: no such file")

    def test_awsfetch_names_the_file(self):
        path = self.locked("locked", keys_file("AKIDLOCKED"))
        done = self.run_awsfetch("--export-credentials", AWS_SHARED_CREDENTIALS_FILE=path)
        self.assertEqual((done.returncode, done.stdout), (awsfetch.USAGE, ""), done)
        self.assertIn(f"{path}: can't be read", done.stderr)

    def test_key_of_a_certificate(self):
        client = tls.Pki().client
        certificate, key = (shutil.copy(path, self.directory) for path in (client.certificate, client.key))
        os.chmod(certificate, 0o644)
        arguments = ["--cert", certificate, "--key", key, "--service", "execute-api", "--region", "us-east-1",
                     f"https://localhost:{support.choose_port()}/"]
        os.chmod(key, 0)
        done = self.run_awsfetch(*arguments, **awsfetch.keys("AKIDEXAMPLE", "secret"))
        self.assertEqual(done.returncode, awsfetch.USAGE, done)
        self.assertIn(f"{key}: Permission denied", done.stderr)
        os.chmod(key, 0o666)
        done = self.run_awsfetch(*arguments, **awsfetch.keys("AKIDEXAMPLE", "secret"))
        self.assertEqual(done.returncode, awsfetch.FAILED, done)
        self.assertNotIn(key, done.stderr)


class Process(Files):
    """A credential_process that is a real program."""

    def setUp(self):
        self.place = support.temporary_directory("provider")
        self.provider = os.path.join(self.place, "get credentials")
        self.write("get credentials", PROVIDER)
        os.chmod(self.provider, stat.S_IRWXU)
        self.write("code", "0")

    def write(self, name, text):
        with open(os.path.join(self.place, name), "w", encoding="utf-8") as file:
            file.write(text)

    def answer(self, key_id="ASIAPROCESS", seconds=None, **changes):
        answer = {"Version": 1, "AccessKeyId": key_id, "SecretAccessKey": "secret", "SessionToken": LONG_TOKEN}
        if seconds is not None:
            answer["Expiration"] = documents.expiration(seconds)
        answer.update(changes)
        self.write("answer", json.dumps(answer))

    def lines(self, name):
        with open(os.path.join(self.place, name), encoding="utf-8") as file:
            return file.read().splitlines()

    def started(self, arguments="", command=None):
        command = command or f'"{self.provider}" {arguments}'
        path = self.file("config", f"[profile tool]\ncredential_process = {command}\n")
        return self.session("default", "tool", env=self.environment(AWS_CONFIG_FILE=path))

    def test_words_of_the_command(self):
        self.answer()
        program = self.started(r"""--name 'two words' "it's \"quoted\"" a\ b '' $HOME *""")
        self.assert_found(program.find(), "ASIAPROCESS", "profile")
        self.assertEqual(self.lines("arguments"),
                         ["--name", "two words", 'it\'s "quoted"', "a b", "", "$HOME", "*"])

    def test_run_again_when_they_expire(self):
        self.answer(seconds=3600)
        program = self.started()
        self.assert_found(program.find(), "ASIAPROCESS")
        self.answer("ASIANEWER", seconds=7200)
        self.assert_found(program.find(), "ASIAPROCESS")
        self.assertEqual(len(self.lines("runs")), 1)
        program.forward(3600)
        self.assert_found(program.find(), "ASIANEWER")
        self.assertEqual(len(self.lines("runs")), 2)

    def test_run_again_after_a_while_when_they_never_expire(self):
        self.answer()
        program = self.started()
        self.assert_found(program.find(), "ASIAPROCESS")
        self.answer("ASIANEWER")
        program.forward(LOOK_UP_SECONDS - 60)
        self.assert_found(program.find(), "ASIAPROCESS")
        program.forward(60)
        self.assert_found(program.find(), "ASIANEWER")

    def test_what_it_complains_about_is_seen(self):
        self.write("complaint", "log in first\n")
        self.write("code", "3")
        program = self.started()
        self.assert_not_found(program.find(), "kProcessFailed", 'profile "tool": .*exit code 3')
        self.assertIn("log in first", program.errors())

    def test_credentials_of_a_program_that_fails_do_not_count(self):
        self.answer()
        self.write("code", "1")
        self.assert_not_found(self.started().find(), "kProcessFailed", "exit code 1")

    def test_answers_that_are_none(self):
        answers = {"": ".", "{}": "Version", "no": ".", '{"Version": 2}': "Version", '{"Version": 1}': "AccessKeyId"}
        for answer, pattern in answers.items():
            with self.subTest(answer):
                self.write("answer", answer)
                self.assert_not_found(self.started().find(), "kMalformedCredentials", f'profile "tool": .*{pattern}')

    def test_no_such_program(self):
        missing = os.path.join(self.place, "missing")
        self.assert_not_found(self.started(command=missing).find(), "kProcessFailed", 'profile "tool": .*No such file')

    def test_a_quote_that_is_not_closed(self):
        found = self.started(command=f'"{self.provider}" "half').find()
        self.assertIn(found.status, ("kProcessFailed", "kInvalidArgument", "kProfileInvalid"), found)
        self.assertIn('profile "tool"', found.explained)
        self.assertFalse(os.path.exists(os.path.join(self.place, "runs")))


if __name__ == "__main__":
    unittest.main()
