#!/usr/bin/python3
"""How long a device that is no EC2 instance, with nothing configured, takes to know that it has no credentials.

    bench_credentials.py BENCH_CREDENTIALS

Runs it in networks of its own, in which the address of the metadata service is silent, refuses connections or cannot
be reached. Prints the best of three in milliseconds; exits with 1 when one is above its limit, with 77 where networks
can't be made (root may).
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from servers import network

FIRST_LIMIT_MS = 2500
SECOND_LIMIT_MS = 10
RUNS = 3


def milliseconds(program, made, version):
    """Of the first look, of the second, and of the region."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": version}
        run = subprocess.run([*made.prefix, program], capture_output=True, text=True, check=True, env=environment)
    return [float(line) / 1000 for line in run.stdout.split()]


def main():
    program = sys.argv[1]
    slow = False
    print(f"{'metadata service':24}{'first':>10}{'second':>10}{'region':>10}  ms")
    for way in ("silent", "refused", "unreachable"):
        for version in ("IPv4", "IPv6"):
            try:
                made = network.Network()
            except unittest.SkipTest:
                return 77
            getattr(made, way)()
            best = [min(times) for times in zip(*(milliseconds(program, made, version) for _ in range(RUNS)))]
            made.close()
            print(f"{way + ', ' + version:24}" + "".join(f"{time:10.3f}" for time in best))
            slow |= best[0] >= FIRST_LIMIT_MS or max(best[1:]) >= SECOND_LIMIT_MS
    if slow:
        print(f"above the limits of {FIRST_LIMIT_MS} ms for the first and {SECOND_LIMIT_MS} ms for the others")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
