"""Talks to credentials_session, a program that runs for long and finds credentials as it goes."""

import dataclasses
import os
import select
import subprocess
import tempfile
import time
import unittest

import awsfetch
from servers import support

COMMAND = os.environ.get("TINYAWS_CREDENTIALS_SESSION")
END = b"\n.\n"
PATIENCE = 60


@dataclasses.dataclass
class Found:
    status: str
    seconds: float
    place: str
    key_id: str
    expiration: int
    explained: str


class Session:
    """One run of the program. `env` are the AWS variables it sees, `prefix` a command that runs it."""

    def __init__(self, *arguments, env=None, prefix=(), command=COMMAND):
        variables = awsfetch.environment(**(env or {}))
        asks = variables["AWS_EC2_METADATA_DISABLED"] != "true"
        if asks and not prefix and "AWS_EC2_METADATA_SERVICE_ENDPOINT" not in variables:
            raise ValueError("the true address of the metadata service is for networks of a test's own")
        self._errors = tempfile.TemporaryFile()
        self._child = subprocess.Popen(
            [*prefix, command, *map(os.fspath, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self._errors, env=variables)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        """Ends it in its own time, and looks whether it ended well: the sanitizers speak at the end."""
        with self._child:
            self._child.stdin.close()
            if self._child.wait(PATIENCE) != 0:
                raise AssertionError(f"{self._child.args}: exit {self._child.returncode}\n{self.errors()}")
        self._errors.close()

    def errors(self):
        """What it has written to standard error so far."""
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")

    def ask(self, command):
        """The lines of the answer."""
        self._child.stdin.write(command.encode() + b"\n")
        self._child.stdin.flush()
        answer = b"\n"
        deadline = time.monotonic() + PATIENCE
        while not answer.endswith(END):
            ready, _, _ = select.select([self._child.stdout], [], [], max(deadline - time.monotonic(), 0))
            piece = os.read(self._child.stdout.fileno(), 65536) if ready else b""
            if not piece:
                self._child.kill()
                raise AssertionError(f"{command}: no answer after {answer!r}\n{self.errors()}")
            answer += piece
        return answer[1:-len(END)].decode("utf-8", "replace").split("\n")

    def find(self):
        first, *explained = self.ask("find")
        status, microseconds, place, key_id, expiration = first.split("\t")
        return Found(status, int(microseconds) / 1e6, place, key_id, int(expiration), "\n".join(explained))

    def region(self):
        """(status, seconds, region)"""
        status, microseconds, region = self.ask("region")[0].split("\t")
        return status, int(microseconds) / 1e6, region

    def get(self, url):
        """(status, HTTP status, body) of a signed GET."""
        first, *body = self.ask(f"get {url}")
        status, http_status = first.split("\t")
        return status, int(http_status), "\n".join(body)

    def burst(self, count, url):
        """(succeeded, failed, status of the first failure) of as many GETs at once."""
        succeeded, failed, status, _ = self.ask(f"burst {count} {url}")[0].split("\t")
        return int(succeeded), int(failed), status

    def forward(self, seconds):
        self.ask(f"forward {seconds}")


class TestCase(awsfetch.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if COMMAND is None:
            raise unittest.SkipTest("TINYAWS_CREDENTIALS_SESSION does not name the program")
        cls.directory = support.temporary_directory("credentials")

    def session(self, *arguments, env=None, prefix=()):
        """A program that ends with the test."""
        made = Session(*(arguments or ("default",)), env=env, prefix=prefix)
        self.addCleanup(made.end)
        return made

    def file(self, name, text):
        """Written beside and renamed, as whoever rotates credentials should."""
        path = os.path.join(self.directory, name)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(path + ".new", path)
        return path

    def assert_found(self, found, key_id, place=None):
        self.assertEqual((found.status, found.key_id), ("kOk", key_id), f"\n{found}")
        if place is not None:
            self.assertEqual(found.place, place, f"\n{found}")
        return found

    def assert_not_found(self, found, status, pattern):
        self.assertEqual(found.status, status, f"\n{found}")
        self.assertRegex(found.explained, pattern)
        return found
