#!/usr/bin/python3
"""What CMake is told, and can't be built, is refused when it is configured, in words that say what to do; and both ends of
each limit are fit for the public headers.

    check_refusals.py
"""
import pathlib
import re
import sys
import tempfile

from consumers import SOURCE, fails, run, say

LIMITS = {"TINYAWS_MAX_HEADERS=many": 'TINYAWS_MAX_HEADERS is "many": a number from 4 to 250',
          "TINYAWS_MAX_HEADERS=3": "a number from 4 to 250",
          "TINYAWS_MAX_HEADERS=251": "a number from 4 to 250",
          "TINYAWS_MAX_HOST_BYTES=": 'TINYAWS_MAX_HOST_BYTES is ""',
          "TINYAWS_TIME_FLOOR=-1": "TINYAWS_TIME_FLOOR"}
CHOICES = {"TINYAWS_SHA256=md5": "use classic, psa or none", "TINYAWS_RESOLVER=hosts": "use dns or getaddrinfo"}
VERSIONS = {"4.0.0": "build_info.h", "2.16.12": "version.h"}


def refuse_values(scratch):
    for option, words in {**LIMITS, **CHOICES}.items():
        fails(words, "cmake", "-S", SOURCE, "-B", scratch / option, f"-D{option}")
    say("values: refused")


def refuse_versions(scratch):
    for version, header in VERSIONS.items():
        tree = scratch / version
        (tree / "mbedtls").mkdir(parents=True)
        (tree / "mbedtls" / header).write_text(f'#define MBEDTLS_VERSION_STRING "{version}"\n', encoding="utf-8")
        fails(f'has version "{version.rpartition(".")[0]}"', "cmake", "-S", SOURCE, "-B", tree / "build",
              "-DCMAKE_DISABLE_FIND_PACKAGE_MbedTLS=ON", f"-DMBEDTLS_INCLUDE_DIR={tree}",
              *(f"-DMBEDTLS_{name}_LIBRARY={tree}/lib.a" for name in ("TLS", "X509", "CRYPTO")))
    say("versions of mbedTLS: refused")


def refuse_c_alone(scratch):
    project = scratch / "c"
    project.mkdir()
    (project / "CMakeLists.txt").write_text(
        f"cmake_minimum_required(VERSION 3.16)\nproject(consumer C)\nadd_subdirectory({SOURCE} tinyaws)\n", encoding="utf-8")
    fails("LANGUAGES C CXX", "cmake", "-S", project, "-B", project / "build")
    say("sources in a project of C alone: refused")


def take_both_ends(scratch):
    lists = (SOURCE / "CMakeLists.txt").read_text(encoding="utf-8")
    limits = re.findall(r"^tinyaws_limit\((\w+) \d+ (\d+) (\d+) ", lists, re.M)
    for end in (1, 2):
        build = scratch / f"end_{end}"
        run("cmake", "-S", SOURCE, "-B", build, *(f"-D{limit[0]}={limit[end]}" for limit in limits))
        run("c++", "-std=c++17", "-fsyntax-only", f"-I{SOURCE}/include", f"-I{build}/generated", "-include", "tinyaws/tinyaws.h",
            "-xc++", "/dev/null")
    say(f"both ends of {len(limits)} limits: taken")


def main():
    if len(sys.argv) != 1:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as directory:
        for refuse in (refuse_values, refuse_versions, refuse_c_alone, take_both_ends):
            refuse(pathlib.Path(directory))


if __name__ == "__main__":
    main()
