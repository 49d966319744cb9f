#!/usr/bin/python3
"""Programs of the library are linked by the C compiler alone, dynamically and statically, and hold nothing of libstdc++.

    check_no_libstdcxx.py --cc "CC FLAGS" --nm NM [--without-static] --program NAME OBJECT... --libraries LIBRARY...

Links the objects of each program with the libraries in the order given. A C++ library that the compiler should add by itself, or
a symbol of one that nobody needed so far, shows in the symbols: undefined ones, weak ones too, and those that came along.
"""
import argparse
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

# What libstdc++ or libsupc++ define and the library does without. Instances of header templates are none of these.
OF_LIBSTDCXX = re.compile(
    r"^(__cxa_(?!pure_virtual|atexit|finalize|thread_atexit_impl)\w+|__gxx_personality_\w+|__dynamic_cast|"
    r"operator (new|delete)\b.*|std::(terminate|unexpected|nothrow|get_terminate|set_terminate)\b.*|std::__throw_\w+.*|"
    r"std::_Hash_bytes.*|std::(to|from)_chars.*|(vtable|typeinfo|typeinfo name) for (std|__cxxabiv1|__gnu_cxx)::.*|"
    r"__cxxabiv1::.*|__gnu_cxx::.*|std::__cxx11::.*|std::chrono::.*::now.*|std::__glibcxx_assert_fail.*)$")


def run(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=False)


def symbols(nm, program):
    """Names, demangled, of the symbol table and of the dynamic one."""
    names = set()
    for table in ([], ["-D"]):
        for line in run([nm, "-C", *table, program]).stdout.splitlines():
            match = re.match(r"^[0-9a-fA-F]*\s+[A-Za-z?-] (.*)$", line)
            if match:
                names.add(match.group(1).partition("@")[0])
    return names


def problems_of(name, program, nm):
    found = symbols(nm, program)
    if "main" not in found:
        return [f"{name}: nm shows no main"]
    return [f"{name}: {symbol} is of libstdc++" for symbol in sorted(found) if OF_LIBSTDCXX.match(symbol)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cc", required=True, type=shlex.split)
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--without-static", action="store_true")
    parser.add_argument("--program", action="append", nargs="+", required=True)
    parser.add_argument("--libraries", nargs=argparse.REMAINDER, default=[])
    options = parser.parse_args()
    problems = []
    ways = {"dynamic": []} if options.without_static else {"dynamic": [], "static": ["-static"]}
    with tempfile.TemporaryDirectory() as directory:
        for name, *objects in options.program:
            for way, flags in ways.items():
                title, program = f"{name}, {way}", str(pathlib.Path(directory, f"{name}-{way}"))
                linked = run([*options.cc, *flags, "-Wl,--gc-sections", *objects, *options.libraries, "-o", program])
                if linked.returncode != 0:
                    problems.append(f"{title}: the C compiler can't link it:\n{linked.stdout[-2000:]}")
                else:
                    problems += problems_of(title, program, options.nm)
    print("\n".join(problems) or f"{len(options.program)} programs, {' and '.join(ways)}: nothing of libstdc++")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
