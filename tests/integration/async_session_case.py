"""Talks to async_session, a program with many connections, and says what came of its calls."""

import dataclasses
import os
import unittest

import awsfetch
import session

COMMAND = os.environ.get("TINYAWS_ASYNC_SESSION")
CREDENTIALS = awsfetch.keys("AKIDEXAMPLE", "secret")


@dataclasses.dataclass
class End:
    """How a call or a lane ended; `status` is that of its first failure, `place` its place among all ends."""

    name: str
    status: str
    succeeded: int
    http_status: int
    milliseconds: int
    detail: str
    place: int


@dataclasses.dataclass
class Event:
    kind: str
    status: str
    text: str


class Session(session.Session):
    """`choices` are the program's NAME=VALUE arguments."""

    def __init__(self, env=None, prefix=(), **choices):
        arguments = [f"{name}={value}" for name, value in choices.items()]
        super().__init__(*arguments, env={**CREDENTIALS, **(env or {})}, prefix=prefix, command=COMMAND)

    def call(self, name, url):
        self.ask(f"call {name} {url}")

    def lane(self, name, count, url):
        self.ask(f"lane {name} {count} {url}")

    def go(self, cancel_ms=None):
        """Runs all that were made; their ends by name."""
        if cancel_ms is not None:
            self.ask(f"cancel {cancel_ms}")
        ends = {}
        for place, line in enumerate(self.ask("go")):
            name, status, succeeded, http_status, milliseconds, detail = line.split("\t")
            ends[name] = End(name, status, int(succeeded), int(http_status), int(milliseconds), detail, place)
        return ends

    def get(self, url):
        """The end of one call."""
        self.call("one", url)
        return self.go()["one"]

    def events(self):
        return [Event(*line.split("\t")) for line in self.ask("events") if line]

    def verified(self):
        """What was said of each TLS session since the events were asked for last."""
        return [event.text for event in self.events() if event.kind == "verified"]

    def descriptors(self):
        return int(self.ask("descriptors")[0])


class TestCase(awsfetch.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if COMMAND is None:
            raise unittest.SkipTest("TINYAWS_ASYNC_SESSION does not name the program")

    def session(self, env=None, prefix=(), **choices):
        """A program that ends with the test."""
        made = Session(env, prefix, **choices)
        self.addCleanup(made.end)
        return made

    def assert_all_good(self, ends, count):
        for end in ends:
            self.assertEqual((end.status, end.succeeded), ("kOk", count), end)
