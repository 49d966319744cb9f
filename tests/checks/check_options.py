#!/usr/bin/python3
"""What an option leaves out is not missed: library and README's program compile with each option off, alone.

    check_options.py BUILD_DIR --cxx CXX [--system DIR]...

Looks at the sources only (-fsyntax-only), with BUILD_DIR's config_values.h changed by one option at a time. That programs link
and the tests pass without all of them is what the preset "minimal" is for.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from consumers import SOURCE, program_of_readme, say

SWITCH = re.compile(r"^#define (TINYAWS_(?:WITH_\w+|CREDENTIAL_PROCESS|RESOLVER_DNS)) 1$", re.M)

# What is not compiled at all without an option.
LEFT_OUT = {
    "TINYAWS_CREDENTIAL_PROCESS": ["port/posix/command_words.cpp", "port/posix/processes.cpp"],
    "TINYAWS_RESOLVER_DNS": [f"port/posix/{name}.cpp" for name in (
        "config_lines", "dns_message", "host_name", "hosts_file", "lookup", "lookup_sockets", "lookup_words", "resolv_conf",
        "resolver")],
}
ONLY_WITHOUT = {"TINYAWS_RESOLVER_DNS": ["port/posix/lookup_system.cpp"]}


def sources(switch):
    found = [*(SOURCE / "src").rglob("*.cpp"), *(SOURCE / "port/posix").glob("*.cpp")]
    left_out = LEFT_OUT.get(switch, []) + [name for other, names in ONLY_WITHOUT.items() if other != switch for name in names]
    return sorted(path for path in found if str(path.relative_to(SOURCE)) not in left_out and is_concerned(path))


def is_concerned(path):
    """Only what has an option in it, or may see a header that has, is worth the time."""
    return re.search(r"TINYAWS_|tinyaws/(default_|profile_|posix)|\"tinyaws/explain|errors/", path.read_text(encoding="utf-8"))


def compile_failure(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr[-2000:]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--cxx", default="c++")
    parser.add_argument("--system", action="append", default=[])
    options = parser.parse_args()
    values = (options.build / "generated/tinyaws/config_values.h").read_text(encoding="utf-8")
    switches = SWITCH.findall(values)
    if not switches:
        sys.exit("no option is on")
    ports = [f"-I{path}" for path in (SOURCE / "port").glob("*/include")]
    failures = []
    with tempfile.TemporaryDirectory() as directory, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        program = pathlib.Path(directory, "program.cpp")
        program.write_text(program_of_readme(), encoding="utf-8")
        for switch in switches:
            generated = pathlib.Path(directory, switch, "tinyaws")
            generated.mkdir(parents=True)
            changed = re.sub(rf"(#define {switch}) 1", r"\1 0", values)
            (generated / "config_values.h").write_text(changed, encoding="utf-8")
            command = [options.cxx, "-std=c++17", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{generated.parent}",
                       f"-I{SOURCE / 'include'}", f"-I{SOURCE / 'src'}", *ports,
                       *[word for path in options.system for word in ("-isystem", path)]]
            paths = [*sources(switch), program]
            found = [text for text in pool.map(lambda path, c=tuple(command): compile_failure([*c, path]), paths) if text]
            say(f"{switch} off: {len(paths)} files, {len(found)} do not compile")
            failures += found
    if failures:
        sys.exit(failures[0])


if __name__ == "__main__":
    main()
