#!/usr/bin/python3
"""Projects that bring the library's sources along, and what these install, for one kind of build.

    check_consumers.py armv7    add_subdirectory, cross-built with toolchains/armv7-linux-gnueabihf.cmake and run by QEMU; what
                                it installs then serves find_package and pkg-config, from a LIBDIR of its own
    check_consumers.py shared   FetchContent from a Git repository, with BUILD_SHARED_LIBS; the same with libtinyaws.so

Exit 77: the cross compiler, its mbedTLS or QEMU is not here.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from consumers import SOURCE, Consumer, repository, run, say

TRIPLE = "arm-linux-gnueabihf"
PROGRAMS = ["program", "bare_program", "c_program"]
TOOLCHAIN = SOURCE / "toolchains/armv7-linux-gnueabihf.cmake"


def skip_without_armv7():
    missing = [name for name in (f"{TRIPLE}-g++", "qemu-arm-static") if not shutil.which(name)]
    if not pathlib.Path(f"/usr/lib/{TRIPLE}/libmbedtls.so").exists():
        missing.append("libmbedtls-dev:armhf")
    if missing:
        say(f"SKIPPED: no {', '.join(missing)}")
        sys.exit(77)


def expect_only_program(build, scratch):
    """A project's own installation holds nothing of the library's, unless it asks for that."""
    run("cmake", "--install", build, "--prefix", scratch / "own")
    found = sorted(str(path.relative_to(scratch / "own")) for path in (scratch / "own").rglob("*") if path.is_file())
    if found != ["bin/program"]:
        sys.exit(f"a project installed tinyaws with itself: {found}")


def installed(consumer, project, *options):
    consumer.configure(project, "-DTINYAWS_INSTALL=ON", *options)
    run("cmake", "--build", project / "build", "--parallel", os.cpu_count())
    tree = consumer.scratch / "tree"
    run("cmake", "--install", project / "build", "--prefix", tree)
    return tree


def armv7(scratch):
    skip_without_armv7()
    consumer = Consumer(scratch, TOOLCHAIN, f"{TRIPLE}-", ["qemu-arm-static", "-E", f"LD_LIBRARY_PATH=/usr/{TRIPLE}/lib"])
    project = consumer.project("add_subdirectory")
    (project / "third_party").mkdir()
    (project / "third_party/tinyaws").symlink_to(SOURCE)
    consumer.build(project, "-DCMAKE_BUILD_TYPE=MinSizeRel", programs=PROGRAMS)
    say("add_subdirectory: ran")
    expect_only_program(project / "build", scratch)
    tree = installed(consumer, project, f"-DCMAKE_INSTALL_LIBDIR=lib/{TRIPLE}")
    if not (tree / "lib" / TRIPLE / "libtinyaws_core.a").exists():
        sys.exit("CMAKE_INSTALL_LIBDIR was not heeded")
    if f"prefix={tree}\n" not in (tree / "lib" / TRIPLE / "pkgconfig/tinyaws.pc").read_text(encoding="utf-8"):
        sys.exit("tinyaws.pc of a cross-built tree is relative, which not every pkg-config understands in a sysroot")
    consumer.find_package(tree)
    consumer.pkg_config(tree)


def shared(scratch):
    consumer = Consumer(scratch)
    project = consumer.project("fetch_content")
    consumer.build(project, f"-DTINYAWS_REPOSITORY={repository(scratch / 'repository')}",
                   "-DCMAKE_BUILD_TYPE=MinSizeRel", "-DBUILD_SHARED_LIBS=ON", programs=PROGRAMS)
    for name in PROGRAMS:
        if "libtinyaws.so" not in consumer.needed(project / "build" / name):
            sys.exit(f"{name} was linked with archives")
    say("FetchContent: ran")
    expect_only_program(project / "build", scratch)
    tree = installed(consumer, project)
    library, = tree.rglob("libtinyaws.so")
    done = subprocess.run([sys.executable, SOURCE / "tests/checks/check_exports.py", SOURCE, library], check=False)
    if done.returncode != 0 or list(tree.rglob("*.a")) or list(tree.rglob("none.h")):
        sys.exit("libtinyaws.so is not as it should be, or archives or their headers were installed beside it")
    consumer.find_package(tree)
    consumer.pkg_config(tree, shared=True)


def main():
    kinds = {"armv7": armv7, "shared": shared}
    if len(sys.argv) != 2 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as directory:
        kinds[sys.argv[1]](pathlib.Path(directory))


if __name__ == "__main__":
    main()
