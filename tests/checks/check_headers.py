"""Every public header compiles alone, twice over, without exceptions and type information, and without a warning.
Those without "#pragma once" are for C as well: they compile as C99 and as C++.

    check_headers.py ROOT GENERATED [--system DIR]... [--compiler CXX]... [--c-compiler CC]... [--without-port NAME]...

GENERATED holds tinyaws/config_values.h; --system is for headers of other libraries; --without-port for ports whose
libraries are not there. Compilers that are not installed are named and passed over; one must be there.
"""
import argparse
import glob
import os
import shutil
import subprocess
import sys

FLAGS = ["-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
CXX = FLAGS + ["-std=c++17", "-fno-exceptions", "-fno-rtti", "-x", "c++", "-"]
C = FLAGS + ["-std=c99", "-pedantic", "-x", "c", "-"]


def include_folders(root, without):
    ports = sorted(glob.glob(os.path.join(root, "port", "*", "include")))
    left = [folder for folder in ports if os.path.basename(os.path.dirname(folder)) not in without]
    return [os.path.join(root, "include")] + left


def public_headers(folders):
    """(folder, name as it is included)"""
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, "**", "*.h"), recursive=True)):
            yield folder, os.path.relpath(path, folder)


def is_for_c(folder, header):
    with open(os.path.join(folder, header), encoding="utf-8") as file:
        return "#pragma once" not in file.read()


def compile_alone(compiler, flags, header, folders, system):
    command = [compiler] + flags
    for folder in folders:
        command += ["-I", folder]
    for folder in system:
        if folder != "/usr/include":  # it is known, and naming it would change the order of the compiler's own
            command += ["-isystem", folder]
    source = '#include "%s"\n#include "%s"\n' % (header, header)
    result = subprocess.run(command, input=source, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            universal_newlines=True)
    return None if result.returncode == 0 else result.stdout


def installed(wanted):
    found = [compiler for compiler in wanted if shutil.which(compiler)]
    for compiler in sorted(set(wanted) - set(found)):
        print("%s is not installed: headers are not checked with it" % compiler)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("generated")
    parser.add_argument("--system", action="append", default=[])
    parser.add_argument("--compiler", action="append", default=[])
    parser.add_argument("--c-compiler", action="append", default=[])
    parser.add_argument("--without-port", action="append", default=[])
    options = parser.parse_args()
    cxx = [(compiler, CXX) for compiler in installed(options.compiler or ["g++", "clang++"])]
    c = [(compiler, C) for compiler in installed(options.c_compiler or ["gcc", "clang"])]
    folders = include_folders(options.root, options.without_port)
    headers = list(public_headers(folders))
    if not cxx or not c or not headers:
        print("no compiler, or no header in %s" % options.root)
        return 1
    failed = 0
    for folder, header in headers:
        for compiler, flags in cxx + (c if is_for_c(folder, header) else []):
            output = compile_alone(compiler, flags, header, folders + [options.generated], options.system)
            if output is not None:
                failed += 1
                print("%s does not compile alone with %s: include in it what it uses\n%s" %
                      (os.path.join(folder, header), compiler, output))
    print("%d headers, %s: %d failures" % (len(headers), " and ".join(name for name, _ in cxx + c), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
