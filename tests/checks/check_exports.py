"""What the library shows to a linker: a shared one its public API, archives nothing outside of their own names.

    check_exports.py ROOT LIBRARY... [--nm NM] [--readelf READELF]

LIBRARY is libtinyaws.so or an archive. Exit 1: a .so exports a name that no public header declares, lacks what
program must find, has no SONAME of the version or needs libstdc++; or an archive has a global symbol that is neither in
namespace tinyaws nor begins with tinyaws_. A build with a sanitizer is not checked: exit 77.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

# Whoever defines these as well wins or loses without harm: the linker keeps one.
SHARED_BY_ALL = re.compile(r"^(__cxa_pure_virtual$|operator new\(unsigned \w+, void\*\)$|__gnu_cxx::|std::|.*\bstd::\w+<)")

SANITIZER = re.compile(r"^_*(odr_)?(asan|ubsan|tsan|sanitizer)")

# One of each part: these have to be there, or nothing was looked at.
MUST_EXPORT = ["tinyaws::Client::fetch(", "tinyaws::Signer::sign(", "tinyaws::posix::", "tinyaws::mbedtls::",
               "tinyaws::sha256_update("]


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, universal_newlines=True, check=True).stdout


def symbols(nm, library, *options):
    """(kind, name)"""
    rows = (line.split(None, 2) for line in output(nm, "-C", "--defined-only", *options, library).splitlines())
    return [(row[1], row[2]) for row in rows if len(row) == 3 and len(row[1]) == 1]


def declared_words(root):
    """Each identifier that stands in a public header, comments left out."""
    words = set()
    folders = [root / "include", *sorted((root / "port").glob("*/include"))]
    for path in (path for folder in folders for path in folder.rglob("*.h")):
        words.update(re.findall(r"~?[A-Za-z_]\w*", re.sub(r"//.*|/\*.*?\*/", "", path.read_text(encoding="utf-8"))))
    return words


def qualified_name(symbol):
    """`tinyaws::Span<char>::at(int) const` without arguments: ["tinyaws", "Span", "at"]"""
    name = re.sub(r"^(vtable for|(non-)?virtual thunk to|guard variable for) ", "", symbol)
    name = re.sub(r"operator\s*[^\w\s(]+", "operator", name)
    while re.search(r"<[^<>]*>", name):
        name = re.sub(r"<[^<>]*>", "", name)
    return name.split("(")[0].split("[")[0].split(" ")[-1].split("::")


def is_own(symbol):
    return re.match(r"tinyaws(_\w+)?$", qualified_name(symbol)[0]) is not None


def check_shared(options, library, words):
    exported = symbols(options.nm, library, "-D")
    problems = []
    for _, name in exported:
        unknown = [part for part in qualified_name(name) if part not in words]
        if not is_own(name) or unknown:
            problems.append("exports %s, which no public header declares" % name)
    problems += ["does not export %s...)" % name for name in MUST_EXPORT
                 if not any(symbol.startswith(name) for _, symbol in exported)]
    return problems + check_dynamic(options, library), len(exported)


def check_dynamic(options, library):
    dynamic = output(options.readelf, "-d", library)
    version = re.search(r"project\(tinyaws VERSION (\d+\.\d+)", (options.root / "CMakeLists.txt").read_text()).group(1)
    problems = []
    if "[libtinyaws.so.%s]" % version not in dynamic:
        problems.append("has no SONAME libtinyaws.so.%s" % version)
    if "libstdc++" in dynamic:
        problems.append("needs libstdc++")
    return problems


def check_archive(options, library):
    found = symbols(options.nm, library, "-g")
    problems = ["has %s, outside of namespace tinyaws" % name for kind, name in found
                if not is_own(name) and not (kind in "WVu" and SHARED_BY_ALL.match(name))]
    return problems, len(found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("libraries", nargs="+")
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--readelf", default="readelf")
    options = parser.parse_args()
    if any(SANITIZER.match(name) for library in options.libraries for _, name in symbols(options.nm, library, "-g")):
        print("skipped: built with a sanitizer")
        return 77
    words = declared_words(options.root)
    bad = False
    for library in options.libraries:
        if library.endswith(".a"):
            problems, count = check_archive(options, library)
        else:
            problems, count = check_shared(options, library, words)
        if count == 0:
            problems.append("holds no symbols")
        for problem in sorted(set(problems)):
            print("%s %s" % (os.path.basename(library), problem))
        print("%s: %d symbols, %d problems" % (os.path.basename(library), count, len(problems)))
        bad = bad or bool(problems)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
