#!/usr/bin/python3
"""The recipes of examples/packaging lead to packages: each is run with the cross compiler for ARMv7.

    check_packaging.py buildroot    GNU make reads the recipe and runs it over tests/packaging/buildroot.mk
    check_packaging.py openwrt      the same over tests/packaging/openwrt
    check_packaging.py yocto        the recipe's variables are read here, and CMake is called as cmake.bbclass would

What stands in for the distribution is small; examples/packaging/README.md says what that leaves open. Exit 77: the cross
compiler is not here.
"""
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from check_consumers import TOOLCHAIN, TRIPLE, skip_without_armv7
from consumers import SOURCE, run, say, version

RECIPES = SOURCE / "examples/packaging"
STAND_INS = SOURCE / "tests/packaging"
BARE = {"PATH": os.environ["PATH"], "CXXFLAGS": "-Os", **{name: value for name, value in os.environ.items()
                                                          if name.startswith(("CCACHE_", "CMAKE_"))}}


def expect(condition, what):
    if not condition:
        sys.exit(what)


def expect_options_known(said):
    """CMake says which of the options given it has no use for."""
    unused = re.findall(r"^\s+(TINYAWS_\w+)$", said, re.M)
    expect("Manually-specified variables" not in said or not unused, f"CMake does not know {unused}")


def expect_library(directory):
    names_there = sorted(path.name for path in directory.glob("libtinyaws.so.*"))
    expect(names_there and names_there[-1] == f"libtinyaws.so.{version()}", f"{directory} has {names_there}")


def expect_runs(awsfetch):
    done = subprocess.run(["qemu-arm-static", awsfetch, "--version"], capture_output=True, text=True, check=False, env=BARE)
    expect(done.returncode == 0 and version() in done.stdout, f"{awsfetch} --version: {done.stdout}{done.stderr}")
    needed = run(f"{TRIPLE}-readelf", "-d", awsfetch)
    expect("libmbedtls.so" in needed and "libstdc++" not in needed, f"{awsfetch} needs other libraries:\n{needed}")


def names(pattern, path):
    return set(re.findall(pattern, path.read_text(encoding="utf-8")))


def buildroot(scratch):
    package = RECIPES / "buildroot/package/tinyaws"
    offered = names(r"config (BR2_PACKAGE_TINYAWS_\w+)", package / "Config.in")
    used = {f"BR2_PACKAGE_TINYAWS_{name}" for name in names(r"tinyaws_option,\w+,(\w+)", package / "tinyaws.mk")}
    expect(offered == used, f"Config.in and tinyaws.mk differ in {offered ^ used}")
    digest = hashlib.sha256((SOURCE / "LICENSE").read_bytes()).hexdigest()
    expect(f"sha256  {digest}  LICENSE" in (package / "tinyaws.hash").read_text(), "tinyaws.hash has another LICENSE")
    said = run("make", "-f", STAND_INS / "buildroot.mk", f"-j{os.cpu_count()}",
               f"BR2_EXTERNAL_TINYAWS_PATH={RECIPES / 'buildroot'}", f"TOOLCHAIN_FILE={TOOLCHAIN}",
               *[f"{name.upper()}_DIR={scratch / name}" for name in ("build", "staging", "target")],
               *[f"{name}=y" for name in offered], env=BARE)
    expect(f"version: {version()}, dependencies: mbedtls" in said, "version or dependencies were not read")
    expect_options_known(said)
    for path in ["include/tinyaws/tinyaws.h", "lib/pkgconfig/tinyaws.pc", "lib/cmake/tinyaws/tinyaws-config.cmake"]:
        expect((scratch / "staging/usr" / path).exists(), f"{path} is not in staging")
    expect_library(scratch / "target/usr/lib")
    expect_runs(scratch / "target/usr/bin/awsfetch")


def openwrt(scratch):
    said = run("make", "-C", RECIPES / "openwrt/tinyaws", f"-j{os.cpu_count()}", f"TOPDIR={STAND_INS / 'openwrt'}",
               f"TOOLCHAIN_FILE={TOOLCHAIN}", f"BUILD_DIR={scratch}", "all", env=BARE)
    expect_options_known(said)
    image = scratch / "image"
    expect_library(image / "libtinyaws/usr/lib")
    expect_runs(image / "awsfetch/usr/bin/awsfetch")


class Recipe:
    """Variables of a .bb file: NAME = "value", ?=, ??=, flags in brackets, overrides; ${NAME} expanded."""

    def __init__(self, path, **surroundings):
        self.values = {"THISDIR": str(path.parent), "PV": path.stem.split("_")[1], "PN": path.stem.split("_")[0],
                       **surroundings}
        text = re.sub(r"\\\n", "", path.read_text(encoding="utf-8"))
        self.inherits = re.search(r"^inherit (.*)$", text, re.M).group(1).split()
        for line in text.splitlines():
            assignment = re.match(r'([\w:${}-]+(?:\[[\w-]+\])?) (\?\?=|\?=|=\+|\+=|=) "(.*)"$', line)
            expect(assignment or not line or line[0] == "#" or line.startswith("inherit "), f"{path.name}: {line}")
            if assignment:
                self.values.setdefault(assignment.group(1), assignment.group(3))

    def get(self, name):
        return re.sub(r"\$\{(\w+)\}", lambda match: self.get(match.group(1)), self.values[name])

    def config_options(self):
        return [self.get(f"PACKAGECONFIG[{name}]").split(",")[0] for name in self.get("PACKAGECONFIG").split()]


def yocto(scratch):
    path, = (RECIPES / "yocto/recipes-support/tinyaws").glob("tinyaws_*.bb")
    recipe = Recipe(path, WORKDIR=str(scratch), bindir="/usr/bin")
    expect(recipe.get("PV") == version(), f"{path.name} is not of version {version()}")
    expect(recipe.inherits[0] == "cmake", "the recipe does not inherit cmake")
    digest = hashlib.md5((SOURCE / "LICENSE").read_bytes()).hexdigest()
    expect(recipe.get("LIC_FILES_CHKSUM").endswith(f"md5={digest}"), "LIC_FILES_CHKSUM is of another LICENSE")
    source = pathlib.Path(recipe.get("EXTERNALSRC")).resolve()
    expect(source == SOURCE, f"EXTERNALSRC is {source}")
    build = recipe.get("EXTERNALSRC_BUILD")
    said = run("cmake", "-S", source, "-B", build, f"-DCMAKE_TOOLCHAIN_FILE={TOOLCHAIN}", "-DCMAKE_INSTALL_PREFIX=/usr",
               *recipe.config_options(), *recipe.get("EXTRA_OECMAKE").split(), env=BARE)
    expect_options_known(said)
    run("cmake", "--build", build, "--parallel", os.cpu_count(), env=BARE)
    run("cmake", "--install", build, env=dict(BARE, DESTDIR=str(scratch / "image")))
    expect_runs(scratch / "image" / recipe.get("FILES:awsfetch").lstrip("/"))
    expect_library(scratch / "image/usr/lib")


def main():
    kinds = {"buildroot": buildroot, "openwrt": openwrt, "yocto": yocto}
    if len(sys.argv) != 2 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    skip_without_armv7()
    with tempfile.TemporaryDirectory() as directory:
        kinds[sys.argv[1]](pathlib.Path(directory))
        say(f"{sys.argv[1]}: built, installed, ran")


if __name__ == "__main__":
    main()
