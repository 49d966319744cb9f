#!/usr/bin/env python3
"""What each source of credentials adds to a program: flash, and the RAM of its object.

    provider_flash.py BUILD_DIR [COMPILER]     BUILD_DIR: made with the preset "size", or with a toolchain file and
                                               CMAKE_BUILD_TYPE=MinSizeRel; COMPILER: that of the build, g++ if left out

Links a small program for each source over the port that does nothing, and takes the program without a source off.
Then the default chain as the build has it; what an option leaves out of it: option_savings.py. Needs `size` of the
compiler's binutils.
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

PROGRAM = """
#include "tinyaws/none.h"
#include "tinyaws/tinyaws.h"
using namespace tinyaws;
none::NullPlatform platform;
none::NullEnvironment environment;
none::NullTransport transport;
none::NullFiles files;
none::NullProcesses processes;
char buffer[4096];
char space[64];
int main() {
  Port port{platform, environment, transport, MutBytes(buffer)};
  port.files = &files;
  port.processes = &processes;
  StaticCredentials keys({"AKID", "SECRET"});
  (void)keys;
  %s
  Client client(port, credentials);
  Response response;
  return int(client.fetch({"sqs", "eu-west-1"}, response)) + int(sizeof credentials == SIZE);
}
"""

SOURCES = [
    ("given", "StaticCredentials credentials(keys);"),
    ("environment", "EnvironmentCredentials credentials(environment);"),
    ("container", "ContainerCredentials credentials(platform, environment, &files, MutBytes(space));"),
    ("instance metadata", "InstanceMetadata credentials(platform, environment, MutBytes(space));"),
    ("AWS IoT", "IotCredentials credentials(platform, MutBytes(space), {});"),
    ("web identity", "WebIdentityCredentials credentials(platform, environment, &files, MutBytes(space));"),
    ("assumed role", "AssumeRoleCredentials credentials(keys, platform, environment, {}, MutBytes(space));"),
    ("profile, all it points to",
     "ProfileCredentials credentials(platform, environment, &files, &processes, MutBytes(space), {});"),
    ("chain of two", "EnvironmentCredentials other(environment);"
     " CredentialsProvider* const places[] = {&keys, &other}; CredentialsChain credentials(places);"),
    ("cache", "CachedCredentials credentials(keys, platform);"),
]

DEFAULT = "DefaultCredentials credentials(port);"


class Bench:
    def __init__(self, build, compiler, scratch):
        self.build, self.compiler, self.scratch = build, compiler, scratch
        self.archives = [os.path.join(build, path) for path in
                         ("src/libtinyaws_core.a", "port/none/libtinyaws_none.a")]
        self.sha256 = os.path.join(ROOT, "port/none/sha256.cpp")

    def flags(self, generated):
        return ["-std=c++17", "-Os", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-ffunction-sections",
                "-fdata-sections", "-fno-asynchronous-unwind-tables", "-fno-pie", "-Wno-psabi", "-I" + generated,
                "-I" + os.path.join(ROOT, "include"), "-I" + os.path.join(ROOT, "port/none/include"),
                "-I" + os.path.join(ROOT, "src")]

    def link(self, text, generated):
        path = os.path.join(self.scratch, "program.cpp")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("SIZE", "1"))
        program = path[:-4]
        subprocess.run([self.compiler, *self.flags(generated), path, self.sha256, "-o", program, "-no-pie",
                        "-Wl,--gc-sections", *self.archives], check=True)
        size = re.sub(r"g\+\+$", "size", self.compiler) if "-g++" in self.compiler else "size"
        row = subprocess.run([size, program], check=True, capture_output=True, text=True).stdout.splitlines()[1].split()
        return int(row[0]) + int(row[1])  # text and data: both stand in flash

    def ram(self, text, generated):
        path = os.path.join(self.scratch, "ram.cpp")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("int(sizeof credentials == SIZE)",
                                    "int(((char(*)[sizeof credentials])nullptr)->wrong)"))
        said = subprocess.run([self.compiler, *self.flags(generated), "-fsyntax-only", path], capture_output=True,
                              text=True).stderr
        return int(re.search(r"char ?\[(\d+)\]", said).group(1))


def main():
    build = sys.argv[1]
    generated = os.path.join(build, "generated")
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(build, sys.argv[2] if len(sys.argv) > 2 else "g++", scratch)
        base = bench.link(PROGRAM % SOURCES[0][1], generated)
        print("a client with given credentials: %d bytes of flash" % base)
        for name, text in SOURCES[1:]:
            print("%-28s %6d bytes of flash, %6d of RAM" %
                  (name, bench.link(PROGRAM % text, generated) - base, bench.ram(PROGRAM % text, generated)))
        whole = bench.link(PROGRAM % DEFAULT, generated)
        print("%-28s %6d bytes of flash, %6d of RAM" %
              ("default chain", whole - base, bench.ram(PROGRAM % DEFAULT, generated)))


if __name__ == "__main__":
    main()
