"""What every server here needs: ports, processes that die with us, and waiting with a deadline."""

import argparse
import atexit
import contextlib
import ctypes
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

# Server processes and their threads are found at known ports only; these lie below the kernel's range for outgoing
# connections, so that no client of another test takes one of them by chance.
PORT_RANGE = range(20000, 32000)
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)
_port_claims = {}


class ServerError(Exception):
    """A server cannot be started. The message says which and why."""


def require_commands(server, *commands):
    """Fails by name when a server is not installed; skips its tests only where TINYAWS_ALLOW_SKIPS=1 allows it."""
    missing = [command for command in commands if not (shutil.which(command) or os.path.exists(command))]
    if not missing:
        return
    reason = f"{server}: {', '.join(missing)} not found; run tests/install.sh servers"
    if os.environ.get("TINYAWS_ALLOW_SKIPS") == "1":
        print(f"SKIPPED {reason}", file=sys.stderr)
        raise unittest.SkipTest(reason)
    raise ServerError(reason)


# --- ports -----------------------------------------------------------------------------------------------------------


def is_port_free(port, host="127.0.0.1"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Servers bind with it too; without it a port that only has connections in TIME_WAIT would look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _claim(port):
    """Keeps test files that run at the same time from choosing the same port before either has bound it."""
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(f"\0tinyaws-test-port-{port}")
    except OSError:
        claim.close()
        return False
    _port_claims[port] = claim
    return True


def choose_port(wanted=None, server="server"):
    """The port asked for, or a free one. Says which port is taken rather than taking another one silently."""
    if wanted:
        if not is_port_free(wanted):
            raise ServerError(f"{server}: port {wanted} on 127.0.0.1 is taken by another program; choose another one")
        return wanted
    for port in random.sample(PORT_RANGE, 200):
        if is_port_free(port) and _claim(port):
            return port
    raise ServerError(f"{server}: no free port between {PORT_RANGE.start} and {PORT_RANGE.stop}")


def has_ipv6_loopback():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def accepts_connections(port, host="127.0.0.1"):
    try:
        socket.create_connection((host, port), timeout=1).close()
        return True
    except OSError:
        return False


# --- waiting ---------------------------------------------------------------------------------------------------------


def wait_until(is_ready, what, seconds=30, process=None):
    """Polls is_ready(). Fails with the process's log when it ends early or the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        if process is not None and process.ended():
            raise ServerError(f"{what}: the process ended with {process.exit_code()} at start-up\n{process.log_tail()}")
        if is_ready():
            return
        if time.monotonic() > deadline:
            log = process.log_tail() if process is not None else ""
            raise ServerError(f"{what}: not ready after {seconds} s\n{log}")
        time.sleep(0.05)


# --- processes -------------------------------------------------------------------------------------------------------


def _die_with_parent(parent):
    def in_child():
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return in_child


class Process:
    """One server process in a process group of its own. It ends with stop(), with us, or with our death.

    Its log, and whatever else it may write where it stands, goes into log_directory.
    """

    def __init__(self, name, command, log_directory, env=None):
        self.name = name
        self._log_path = os.path.join(log_directory, f"{name}.log")
        with open(self._log_path, "ab") as log:
            self._child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=log_directory, env=env,
                start_new_session=True, preexec_fn=_die_with_parent(os.getpid()))
        atexit.register(self.stop)

    def ended(self):
        return self._child.poll() is not None

    def exit_code(self):
        return self._child.returncode

    def log_tail(self, size=4000):
        with open(self._log_path, errors="replace") as log:
            text = log.read()
        return f"--- {self.name} log, last part ---\n{text[-size:]}"

    def stop(self):
        atexit.unregister(self.stop)
        for sign, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            if self.ended():
                return
            self._signal_group(sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(patience)

    def _signal_group(self, sign):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, sign)


def exit_cleanly_on_signals():
    """Turns the signals that end a test run into an exit that runs the atexit handlers, and so stops the servers."""
    def leave(number, _frame):
        # The one exception that unittest does not take for a failed test, to go on with the next.
        raise KeyboardInterrupt(f"signal {number}")

    for number in (signal.SIGTERM, signal.SIGHUP):
        if threading.current_thread() is threading.main_thread() and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, leave)


def temporary_directory(name):
    """A directory that goes away with this process."""
    exit_cleanly_on_signals()
    directory = tempfile.mkdtemp(prefix=f"tinyaws-{name}-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory


def run_checked(command, timeout=60):
    """Runs a set-up command to its end; its output is shown only if it fails."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=timeout)
    except subprocess.TimeoutExpired as error:
        raise ServerError(f"{' '.join(map(str, command))}: still running after {timeout} s") from error
    if done.returncode != 0:
        raise ServerError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Server:
    """Base of every server: a context manager around start() and stop()."""

    def start(self):
        raise NotImplementedError

    def stop(self):
        raise NotImplementedError

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()


def argument_parser(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, help="port on 127.0.0.1 (default: a free one)")
    return parser


def serve_by_hand(server, describe):
    """Runs a server from the command line until a signal comes; prints where it is once it is ready."""
    exit_cleanly_on_signals()
    try:
        with server:
            print(describe(server), flush=True)
            while True:
                signal.pause()
    except KeyboardInterrupt:
        pass
    except ServerError as error:
        sys.exit(str(error))
