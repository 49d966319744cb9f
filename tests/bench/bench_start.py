#!/usr/bin/python3
"""What one signed request costs from the start of the program on: awsfetch against the curl command, in pairs.

    bench_start.py AWSFETCH [PAIRS]

Both send the same POST, signed for the same keys, to nginx on 127.0.0.1, with TLS 1.2 and the same CA file, which
holds one CA, or all of the system's besides. They take an answer of 200 bytes: the CPU time of a whole run, user and system, is that of what comes before the first byte, and of
hardly anything else. The programs take turns on one core, which nginx shares (why: see bench_requests.py). Where
there is valgrind, it counts the instructions of a run in user space too, which repeat themselves; the kernel's share,
most of curl's for its 40 libraries, is not among them.

Exits with 1 when awsfetch needs more than LIMIT of curl's median CPU time, with 77 when something is not installed.
"""
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import unittest

from bench_requests import CORE, Nginx

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from servers import support

PAIRS = 50
# The goal is 1; a tenth more is what the median of this many pairs may be off by on a busy machine.
LIMIT = 1.1
KEY_ID, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SYSTEM_CAS = "/etc/ssl/certs/ca-certificates.crt"
REQUEST = [
    "-H", "X-Amz-Target: DynamoDB_20120810.DescribeTable", "-H", "Content-Type: application/x-amz-json-1.0",
    "-d", '{"TableName": "devices"}']
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "HOME": "/nonexistent"}


def commands(awsfetch, nginx, ca_file):
    url = f"https://127.0.0.1:{nginx.secure}/"
    common = ["--cacert", ca_file, *REQUEST, url]
    return {
        "awsfetch": [awsfetch, "--service", "dynamodb", "--region", "eu-west-1", *common],
        "curl": [shutil.which("curl"), "-q", "-s", "-f", "--aws-sigv4", "aws:amz:eu-west-1:dynamodb",
                 "--user", f"{KEY_ID}:{SECRET}", *common]}


def ca_files(nginx, directory):
    """The CA file of the server, and the same with all others that the system trusts."""
    yield "one CA", nginx.ca_file
    if os.path.exists(SYSTEM_CAS):
        path = os.path.join(directory, "bundle.pem")
        with open(path, "wb") as bundle:
            for part in (SYSTEM_CAS, nginx.ca_file):
                bundle.write(pathlib.Path(part).read_bytes())
        yield "the system's CAs", path


def check_answer(name, command):
    """Both get all of the answer; else there would be nothing to compare."""
    done = subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, check=False, timeout=60)
    if done.returncode != 0 or done.stdout != b"a" * 200:
        raise RuntimeError(f"{name} ended with {done.returncode} and {len(done.stdout)} bytes")


def cpu_ms(command):
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(command[0], command, ENVIRONMENT, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        raise RuntimeError(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return 1000 * (usage.ru_utime + usage.ru_stime)


def instructions(command):
    with tempfile.TemporaryDirectory() as directory:
        counted = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={directory}/out", *command]
        run = subprocess.run(counted, env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=300)
    return int(re.search(r"Collected : (\d+)", run.stderr).group(1))


def measure(by_name, pairs):
    """Each program's times, in milliseconds."""
    times = {name: [] for name in by_name}
    for _ in range(pairs):
        for name, command in by_name.items():
            times[name].append(cpu_ms(command))
    return times


def compare(title, by_name, pairs):
    """The ratio of the medians."""
    for name, command in by_name.items():
        check_answer(name, command)
    times = measure(by_name, pairs)
    for name, of_one in times.items():
        count = f", {instructions(by_name[name]):,} instructions in user space" if shutil.which("valgrind") else ""
        print(f"{title}: {name:8} CPU time, ms: least {min(of_one):.2f}, median {statistics.median(of_one):.2f}{count}")
    ratio = statistics.median(times["awsfetch"]) / statistics.median(times["curl"])
    print(f"{title}: awsfetch / curl {ratio:.2f}, limit {LIMIT}", flush=True)
    return ratio


def main():
    pairs = int(sys.argv[2]) if len(sys.argv) > 2 else PAIRS
    os.sched_setaffinity(0, {int(CORE)})
    try:
        support.require_commands("curl", "curl")
        with Nginx() as nginx, tempfile.TemporaryDirectory() as directory:
            ratios = [compare(title, commands(sys.argv[1], nginx, ca_file), pairs)
                      for title, ca_file in ca_files(nginx, directory)]
    except (support.ServerError, unittest.SkipTest) as error:
        print(f"SKIPPED: {error}")
        return 77
    return 0 if max(ratios) <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
