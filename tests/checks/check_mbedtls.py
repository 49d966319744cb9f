"""Builds of mbedTLS that would fail in use are refused when the port is compiled, with what to do.

    check_mbedtls.py ROOT GENERATED CXX [--system DIR]...

Compiles a source of the port with such a configuration named on the command line, and once without.
"""
import argparse
import os
import subprocess
import sys

# What must be refused, by words of the error.
REFUSED = [
    (["-DMBEDTLS_SSL_VARIABLE_BUFFER_LENGTH", "-DMBEDTLS_SSL_MAX_FRAGMENT_LENGTH", "-DMBEDTLS_SSL_OUT_CONTENT_LEN=4096",
      "-DMBEDTLS_SSL_IN_CONTENT_LEN=16384"], "build it without MBEDTLS_SSL_VARIABLE_BUFFER_LENGTH"),
    (["-DMBEDTLS_SSL_IN_CONTENT_LEN=4096"], "build mbedTLS with MBEDTLS_SSL_IN_CONTENT_LEN 16384"),
]
ACCEPTED = [[], ["-DMBEDTLS_SSL_OUT_CONTENT_LEN=4096", "-DMBEDTLS_SSL_IN_CONTENT_LEN=16384"]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("generated")
    parser.add_argument("compiler")
    parser.add_argument("--system", action="append", default=[])
    options = parser.parse_args()
    port = os.path.join(options.root, "port", "mbedtls")
    command = [options.compiler, "-std=c++17", "-fsyntax-only", "-w", os.path.join(port, "tls_config.cpp")]
    for folder in (os.path.join(options.root, "include"), os.path.join(port, "include"), options.generated):
        command += ["-I", folder]
    for folder in options.system:
        if folder != "/usr/include":
            command += ["-isystem", folder]

    def errors(defines):
        result = subprocess.run(command + defines, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                universal_newlines=True, check=False)
        return result.stdout if result.returncode != 0 else ""

    if errors(["-DMBEDTLS_SSL_IN_CONTENT_LEN=no_number"]) == "":
        print("mbedTLS's configuration has sizes of its own")
        return 77
    wrong = 0
    for defines in ACCEPTED:
        if errors(defines):
            print("does not compile with %s:\n%s" % (defines, errors(defines)))
            wrong += 1
    for defines, words in REFUSED:
        if words not in " ".join(errors(defines).split()):
            print("%s must be refused with the words \"%s\", not:\n%s" % (defines, words, errors(defines)))
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
