#!/usr/bin/python3
"""The installed package serves projects that find it by find_package: the README's programs, in C++ and in C.

    check_install.py SOURCE_DIR BUILD_DIR

Installs BUILD_DIR into a temporary prefix, builds the programs that the README shows against it, that in C with no
compiler but the one for C, and runs them without credentials: they must say so. Also looks for awsfetch among what was
installed.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PROJECT = """
cmake_minimum_required(VERSION 3.16)
project(reader {language})
find_package(tinyaws REQUIRED)
add_executable(program {source})
set_target_properties(program PROPERTIES LINKER_LANGUAGE {language})
target_link_libraries(program PRIVATE tinyaws::{library})
"""


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def program_of_readme(source, language):
    return re.search(rf"```{language}\n(.*?)```", (source / "README.md").read_text(encoding="utf-8"), re.DOTALL).group(1)


def run_without_credentials(program):
    done = subprocess.run([program], capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true"})
    if done.returncode != 1 or "no credentials" not in done.stdout or "(null)" in done.stdout:
        sys.exit(f"{program}, without credentials: exit {done.returncode}, {done.stdout}{done.stderr}")


def main():
    source, build = map(pathlib.Path, sys.argv[1:3])
    with tempfile.TemporaryDirectory() as directory:
        prefix = pathlib.Path(directory, "prefix")
        run("cmake", "--install", build, "--prefix", prefix)
        if not (prefix / "bin" / "awsfetch").exists():
            sys.exit("awsfetch was not installed")
        for language, suffix, library in (("CXX", "cpp", "tinyaws"), ("C", "c", "system_c")):
            project = pathlib.Path(directory, suffix)
            project.mkdir()
            (project / "CMakeLists.txt").write_text(
                PROJECT.format(language=language, source=f"program.{suffix}", library=library), encoding="utf-8")
            (project / f"program.{suffix}").write_text(program_of_readme(source, suffix), encoding="utf-8")
            run("cmake", "-S", project, "-B", project / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
            run("cmake", "--build", project / "build")
            run_without_credentials(project / "build" / "program")


if __name__ == "__main__":
    main()
