#!/usr/bin/python3
"""The installed package serves a project that finds it by find_package, and the README's program is that project.

    check_install.py SOURCE_DIR BUILD_DIR

Installs BUILD_DIR into a temporary prefix, builds the program that the README shows against it, and runs it without
credentials: it must say so. Also looks for awsfetch among what was installed.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PROJECT = """
cmake_minimum_required(VERSION 3.16)
project(reader CXX)
find_package(tinyaws REQUIRED)
add_executable(program program.cpp)
target_link_libraries(program PRIVATE tinyaws::tinyaws)
"""


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def program_of_readme(source):
    return re.search(r"```cpp\n(.*?)```", (source / "README.md").read_text(encoding="utf-8"), re.DOTALL).group(1)


def run_without_credentials(program):
    done = subprocess.run([program], capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true"})
    if done.returncode != 1 or "no credentials" not in done.stdout or "(null)" in done.stdout:
        sys.exit(f"the README's program, without credentials: exit {done.returncode}, {done.stdout}{done.stderr}")


def main():
    source, build = map(pathlib.Path, sys.argv[1:3])
    with tempfile.TemporaryDirectory() as directory:
        prefix, project = pathlib.Path(directory, "prefix"), pathlib.Path(directory, "project")
        run("cmake", "--install", build, "--prefix", prefix)
        if not (prefix / "bin" / "awsfetch").exists():
            sys.exit("awsfetch was not installed")
        project.mkdir()
        (project / "CMakeLists.txt").write_text(PROJECT, encoding="utf-8")
        (project / "program.cpp").write_text(program_of_readme(source), encoding="utf-8")
        run("cmake", "-S", project, "-B", project / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
        run("cmake", "--build", project / "build")
        run_without_credentials(project / "build" / "program")


if __name__ == "__main__":
    main()
