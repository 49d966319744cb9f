#!/usr/bin/python3
"""What an option leaves out is not missed: the library compiles with each option off, alone.

    check_options.py [CMAKE_OPTION...]

CMake says how each file would be compiled; only those are that have an option in them, or may see a header that has, and only
to see whether they do (-fsyntax-only). That programs link and the tests pass without all options is what the preset "minimal"
is for; and the API for C, whose sizes are measured.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

from consumers import SOURCE, run, say

OPTIONS = ["TINYAWS_WITH_PROFILES=OFF", "TINYAWS_WITH_STS=OFF", "TINYAWS_WITH_CONTAINER=OFF",
           "TINYAWS_WITH_INSTANCE_METADATA=OFF", "TINYAWS_CREDENTIAL_PROCESS=OFF", "TINYAWS_RESOLVER=getaddrinfo",
           "TINYAWS_WITH_WORDS=OFF"]
CONCERNED = re.compile(r"TINYAWS_|tinyaws/(default_|profile_|container|instance|iot|document|posix|explain)|errors/")


def commands(build, option, more):
    """(directory, words) of each file that is worth a look"""
    run("cmake", "-S", SOURCE, "-B", build, f"-D{option}", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", "-DTINYAWS_WERROR=ON", *more)
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = pathlib.Path(entry["file"])
        if path.suffix == ".cpp" and "c" not in path.parts and CONCERNED.search(path.read_text(encoding="utf-8")):
            yield entry["directory"], [*shlex.split(entry["command"]), "-fsyntax-only"]


def failure(command):
    directory, words = command
    done = subprocess.run(words, cwd=directory, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr[-2000:]


def main():
    failures = []
    with tempfile.TemporaryDirectory() as directory, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for option in OPTIONS:
            looked_at = list(commands(pathlib.Path(directory, option.split("=")[0]), option, sys.argv[1:]))
            found = [text for text in pool.map(failure, looked_at) if text]
            say(f"{option}: {len(looked_at)} files, {len(found)} do not compile")
            failures += found if looked_at else ["nothing was looked at"]
    if failures:
        sys.exit(failures[0])


if __name__ == "__main__":
    main()
