"""Writes generated test data, or compares it with what is committed.

Imported by make_sigv4.py and make_http.py; not run by itself. Generated data
is a dictionary from a path relative to this directory to the file's bytes.
"""

import argparse
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent


def run(description, files, owned_directory=None):
    """Command line of a generator: write `files`, or with --check compare.

    Everything below `owned_directory`, if it has one, belongs to the generator: a
    file there that it does not produce is removed, or reported by --check.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--check", action="store_true",
                        help="change nothing; exit 1 if a committed file differs")
    if parser.parse_args().check:
        sys.exit(check(files, owned_directory))
    write(files, owned_directory)


def check(files, owned_directory):
    problems = [f"left over: {path}" for path in left_over(files, owned_directory)]
    for path, content in sorted(files.items()):
        committed = ROOT / path
        if not committed.is_file():
            problems.append(f"missing: {path}")
        elif committed.read_bytes() != content:
            problems.append(f"differs: {path}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def write(files, owned_directory):
    for path in left_over(files, owned_directory):
        (ROOT / path).unlink()
    for path, content in files.items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    if owned_directory is not None:
        remove_empty_directories(ROOT / owned_directory)


def left_over(files, owned_directory):
    if owned_directory is None:
        return []
    below = (ROOT / owned_directory).rglob("*")
    names = (path.relative_to(ROOT).as_posix() for path in below if path.is_file())
    return sorted(name for name in names if name not in files)


def remove_empty_directories(directory):
    # A case that was renamed leaves its old directory behind without files.
    for path in sorted(directory.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
