"""Builds the library with -Os for a target, with the dumps of GCC that callgraph.py reads, and says where all is."""
import os
import re
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

COMPILERS = {
    "x86-64": "x86_64-linux-gnu-g++",
    "armv7": "arm-linux-gnueabihf-g++",
    "arm64": "aarch64-linux-gnu-g++",
    "armel": "arm-linux-gnueabi-g++",
    "mipsel": "mipsel-linux-gnu-g++",
    "riscv64": "riscv64-linux-gnu-g++",
}
DUMPS = "-fcallgraph-info=su -fdump-tree-optimized -fdump-lang-class"
ARCHIVES = {
    "core": "src/libtinyaws_core.a",
    "c": "src/c/libtinyaws_c.a",
    "sha256": "port/mbedtls/libtinyaws_sha256.a",
    "posix": "port/posix/libtinyaws_posix.a",
    "mbedtls": "port/mbedtls/libtinyaws_mbedtls.a",
}


class Build:
    flags = []  # of whoever links the core

    def __init__(self, target, compiler=None, directory=None):
        self.target = target
        self.compiler = compiler or COMPILERS[target]
        self.directory = directory or os.path.join(ROOT, "build", "budget", target)
        self.generated = os.path.join(self.directory, "generated")

    def tool(self, name):
        return subprocess.run([self.compiler, "-print-prog-name=" + name], capture_output=True, text=True,
                              check=True).stdout.strip()

    def archive(self, name):
        return os.path.join(self.directory, ARCHIVES[name])

    def machine(self):
        return subprocess.run([self.compiler, "-dumpmachine"], capture_output=True, text=True,
                              check=True).stdout.strip()

    def has_mbedtls(self):
        """Whether programs can be linked: there are Debian's libraries for the target."""
        return os.path.exists("/usr/lib/%s/libmbedtls.so" % self.machine())

    def program(self):
        return os.path.join(self.directory, "examples/awsfetch")

    def objects(self):
        """Those that the archives are made of; the folder may hold others from before."""
        for path in ARCHIVES.values():
            folder, name = os.path.split(os.path.join(self.directory, path))
            with open(os.path.join(folder, "CMakeFiles", name[3:-2] + ".dir", "link.txt"), encoding="utf-8") as file:
                for word in file.read().split():
                    if word.endswith(".o"):
                        yield os.path.join(folder, word)

    def make(self):
        targets = ["tinyaws_none"] + ["tinyaws_" + name for name in ARCHIVES] + ["awsfetch"] * self.has_mbedtls()
        self.build(["-DCMAKE_CXX_FLAGS=" + DUMPS, "-DTINYAWS_BUILD_EXAMPLES=%d" % self.has_mbedtls()], targets)

    def build(self, options, targets):
        machine = self.machine()
        options += ["-DCMAKE_BUILD_TYPE=MinSizeRel", "-DCMAKE_CXX_COMPILER=" + self.compiler,
                    "-DCMAKE_C_COMPILER=" + re.sub(r"g\+\+", "gcc", self.compiler),
                    "-DCMAKE_CXX_COMPILER_LAUNCHER=", "-DCMAKE_LIBRARY_ARCHITECTURE=" + machine]
        if self.target != "x86-64":
            options += ["-DCMAKE_SYSTEM_NAME=Linux", "-DCMAKE_SYSTEM_PROCESSOR=" + machine.split("-")[0]]
        if not self.has_mbedtls():  # archives need no library, only its headers
            options += ["-DMBEDTLS_%s_LIBRARY=none" % part for part in ("TLS", "X509", "CRYPTO")]
            options += ["-DMBEDTLS_INCLUDE_DIR=/usr/include"]
        self.run(["cmake", "-G", "Unix Makefiles", "-S", ROOT, "-B", self.directory, *options])
        self.run(["cmake", "--build", self.directory, "--parallel", str(os.cpu_count()), "--target", *targets])

    def run(self, command):
        # A compiler cache would keep the objects, and lose the dumps.
        environment = dict(os.environ, CCACHE_DISABLE="1", CMAKE_CXX_COMPILER_LAUNCHER="", CMAKE_C_COMPILER_LAUNCHER="")
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
        if done.returncode != 0:
            raise SystemExit("%s\n%s failed" % (done.stdout[-8000:], " ".join(command)))


class SmallestCore(Build):
    """The core alone, as small as it gets: without words, and for a program of a fixed address."""
    flags = ["-fno-pic"]

    def __init__(self, build):
        super().__init__(build.target, build.compiler, build.directory + "-smallest")

    def make(self):
        self.build(["-DTINYAWS_WITH_WORDS=OFF", "-DTINYAWS_BUILD_EXAMPLES=OFF", "-DCMAKE_POSITION_INDEPENDENT_CODE=OFF",
                    "-DCMAKE_CXX_FLAGS_MINSIZEREL=-Os -DNDEBUG " + " ".join(self.flags)], ["tinyaws_core"])


def is_available(target):
    return shutil.which(COMPILERS[target]) is not None
