#!/usr/bin/python3
"""Instructions of one signature, counted by callgrind, against those of the SHA-256 blocks it cannot avoid.

    sign_cost.py BENCH_SIGN [LIMIT]

Runs BENCH_SIGN for 1 and for 101 signatures; the difference is 100 signatures with the key cached. Exits with 1 when
the ratio to the hash blocks alone is above LIMIT (default 1.15), with 77 when there is no valgrind.
"""
import re
import shutil
import subprocess
import sys
import tempfile

BLOCKS = 27  # 5 of the body, 18 of the canonical request, 4 of the HMAC over the string to sign
INSTRUCTIONS_PER_BLOCK = 4023  # mbedTLS 2.28 on x86-64


def instructions(program, count):
    with tempfile.TemporaryDirectory() as directory:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={directory}/out", program, str(count)]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", run.stderr).group(1))


def main():
    program = sys.argv[1]
    limit = float(sys.argv[2]) if len(sys.argv) > 2 else 1.15
    if shutil.which("valgrind") is None:
        print("SKIPPED: valgrind is not installed")
        return 77
    each = (instructions(program, 101) - instructions(program, 1)) / 100
    unavoidable = BLOCKS * INSTRUCTIONS_PER_BLOCK
    ratio = each / unavoidable
    print(f"one signature: {each:.0f} instructions; {BLOCKS} blocks: {unavoidable}; ratio {ratio:.3f}, limit {limit}")
    return 0 if ratio <= limit else 1


if __name__ == "__main__":
    sys.exit(main())
