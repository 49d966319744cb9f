"""Runs the awsfetch under test: the file that AWSFETCH names, else the one in build/examples."""

import dataclasses
import os
import pathlib
import subprocess
import time
import unittest

from servers import support

SOURCE_DIRECTORY = pathlib.Path(__file__).resolve().parents[2]
COMMAND = os.environ.get("AWSFETCH") or str(SOURCE_DIRECTORY / "build" / "examples" / "awsfetch")
# Sanitizers multiply the memory of a program, so its size is measured on a release build, where there is one beside.
RELEASE_COMMAND = os.environ.get("AWSFETCH_RELEASE") or COMMAND
SANITIZED = os.environ.get("TINYAWS_SANITIZED") == "1"
SLOW = SANITIZED or os.environ.get("TINYAWS_EMULATED") == "1"
HAS_TRUE_SIZE = not SANITIZED or RELEASE_COMMAND != COMMAND

OK = 0
REFUSED = 1
USAGE = 2
FAILED = 3

# Nothing of the caller's own AWS configuration may reach the tests, and no test may ask a metadata service.
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS")
HOME = support.temporary_directory("home")


@dataclasses.dataclass
class Result:
    command: list
    exit: int
    out: bytes
    err: str
    seconds: float
    peak_kib: int = 0

    @property
    def text(self):
        return self.out.decode("utf-8", "replace")

    def __str__(self):
        return (f"{' '.join(self.command)}\nexit {self.exit} after {self.seconds:.1f} s\n"
                f"--- stdout ---\n{self.text[:3000]}\n--- stderr ---\n{self.err[:3000]}")


def environment(**variables):
    result = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    result.update(HOME=HOME, AWS_EC2_METADATA_DISABLED="true")
    result.update({name: value for name, value in variables.items() if value is not None})
    return result


def keys(key_id, secret, token=None):
    """The environment variables of one set of credentials."""
    return {"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}


def run(*arguments, env=None, stdin=b"", timeout=60, stdout=subprocess.PIPE, prefix=(), program=COMMAND):
    """Runs awsfetch to its end; env are the AWS variables it sees. Fails if it takes longer than `timeout`."""
    command = [*prefix, program, *map(os.fspath, arguments)]
    begin = time.monotonic()
    done = subprocess.run(command, input=stdin, stdout=stdout, stderr=subprocess.PIPE, timeout=timeout, check=False,
                          env=environment(**(env or {})))
    return Result(command, done.returncode, done.stdout or b"", done.stderr.decode("utf-8", "replace"),
                  time.monotonic() - begin)


def run_at(clock, *arguments, env=None):
    """As run(), with a wall clock that faketime has set and that goes on from there: "-10y", "@1970-01-01 00:01:00".

    faketime is a library that is loaded first, which the sanitizers want to be: the program is a release build.
    """
    support.require_commands("faketime", "faketime")
    if SANITIZED and RELEASE_COMMAND == COMMAND:
        raise unittest.SkipTest("AWSFETCH_RELEASE does not name an awsfetch without sanitizers")
    # What measures waits goes on as it is: it has no wall to begin at, and may not be before zero.
    return run(*arguments, env=env, program=RELEASE_COMMAND, prefix=(
        "env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1", "faketime", "-f", clock))


def run_measured(*arguments, env=None, timeout=120):
    """As run(), and watches the largest resident size.

    The kernel's figure for an ended child counts what it shared with this process before it became awsfetch, so the
    high-water mark is read while it runs.
    """
    command = [RELEASE_COMMAND, *map(os.fspath, arguments)]
    begin = time.monotonic()
    peak = 0
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=environment(**(env or {}))) as child:
        while child.poll() is None and time.monotonic() < begin + timeout:
            peak = max(peak, _high_water_kib(child.pid))
            time.sleep(0.002)
        child.kill()
        out, err = child.communicate()
    return Result(command, child.returncode, out, err.decode("utf-8", "replace"), time.monotonic() - begin, peak)


def _high_water_kib(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            # Between fork and exec the child still is a copy of this process.
            lines = dict(line.rstrip().split(":", 1) for line in status if ":" in line)
    except OSError:
        return 0
    if lines["Name"].strip() != os.path.basename(RELEASE_COMMAND)[:15]:
        return 0
    return int(lines.get("VmHWM", "0 kB").split()[0])


class TestCase(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        if not os.access(COMMAND, os.X_OK):
            raise support.ServerError(f"awsfetch is not at {COMMAND}: build it, or set AWSFETCH")

    @classmethod
    def start(cls, server):
        """Starts a server that stops with the class."""
        server.start()
        cls.addClassCleanup(server.stop)
        return server

    def assert_exit(self, result, expected):
        self.assertEqual(result.exit, expected, f"\n{result}")
        return result

    def assert_ok(self, result):
        return self.assert_exit(result, OK)

    def assert_refused(self, result, status=403):
        """Any answer but 2xx: exit 1, and code and status in the last line on standard error."""
        self.assert_exit(result, REFUSED)
        last = result.err.splitlines()[-1]
        self.assertRegex(last, rf"^awsfetch: [\w.]+(: .+)? \(HTTP {status}(, request id [^ ()]+)?\)$", f"\n{result}")
        return result

    def assert_failed(self, result, pattern):
        """No answer at all: exit 3, and a line on standard error that says why."""
        self.assert_exit(result, FAILED)
        self.assertRegex(result.err.lower(), pattern, f"\n{result}")
        return result
