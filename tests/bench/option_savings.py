#!/usr/bin/env python3
"""What each option saves: bytes of flash of the README's program, built without it.

    option_savings.py BUILD_ROOT [TOOLCHAIN_FILE]    in BUILD_ROOT a directory is made for each option, and kept

The program has everything: sockets, TLS, the default chain, sentences. It is linked by the C compiler with mbedTLS as a shared
library, which therefore counts for nothing; `-Os`, sections that nothing refers to dropped. With ccache (the variable
CMAKE_CXX_COMPILER_LAUNCHER) it takes a minute a target, without some ten.
"""
import os
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "checks"))
from consumers import SOURCE, Consumer, run  # noqa: E402

# In the order of the table in README.md.
OPTIONS = ["TINYAWS_WITH_PROFILES=OFF", "TINYAWS_WITH_STS=OFF", "TINYAWS_WITH_CONTAINER=OFF",
           "TINYAWS_WITH_INSTANCE_METADATA=OFF", "TINYAWS_CREDENTIAL_PROCESS=OFF", "TINYAWS_RESOLVER=getaddrinfo",
           "TINYAWS_WITH_WORDS=OFF"]


class Bench:
    def __init__(self, root, toolchain):
        self.root = root
        self.options = ["-DCMAKE_BUILD_TYPE=MinSizeRel", "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--gc-sections"]
        if toolchain:
            self.options.append(f"-DCMAKE_TOOLCHAIN_FILE={pathlib.Path(toolchain).resolve()}")

    def flash(self, name, options):
        project = self.root / name / "add_subdirectory"
        if not project.exists():
            Consumer(self.root / name).project("add_subdirectory")
            (project / "third_party").mkdir()
            (project / "third_party/tinyaws").symlink_to(SOURCE)
        run("cmake", "-S", project, "-B", project / "build", *self.options, *[f"-D{option}" for option in options])
        run("cmake", "--build", project / "build", "--parallel", os.cpu_count(), "--target", "bare_program")
        made = (project / "build/CMakeCache.txt").read_text(encoding="utf-8")
        nm = re.search(r"^CMAKE_NM:FILEPATH=(.*)$", made, re.M).group(1)
        rows = run(re.sub(r"nm$", "size", nm), project / "build/bare_program").splitlines()
        return sum(int(number) for number in rows[1].split()[:2])  # text and data: both stand in flash


def main():
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    bench = Bench(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) == 3 else None)
    whole = bench.flash("whole", [])
    print(f"{'everything':40} {whole:7,}", flush=True)
    for option in OPTIONS:
        print(f"{option:40} {whole - bench.flash(option.split('=')[0], [option]):7,} less", flush=True)
    print(f"{'all of these':40} {whole - bench.flash('none', OPTIONS):7,} less")


if __name__ == "__main__":
    main()
