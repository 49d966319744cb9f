#!/usr/bin/python3
"""The installed package serves projects that find it by find_package and by pkg-config, wherever it is.

    check_install.py BUILD_DIR [BUILD_TYPE]

Installs BUILD_DIR below a DESTDIR, moves the tree to a path with blanks, builds the program that the README shows against it,
linked by the C++ and by the C compiler, and runs it without credentials: it must say so. Also: what find_package says when
something is missing, and that awsfetch was installed.
"""
import os
import pathlib
import sys
import tempfile

from consumers import Consumer, fails, find_tree, run, say, version


def install(build, scratch):
    run("cmake", "--install", build, "--prefix", "/usr", env=dict(os.environ, DESTDIR=str(scratch / "image")))
    tree = scratch / "a moved tree"
    (scratch / "image/usr").rename(tree)
    return tree


def expect_relocatable(scratch, tree):
    for path in [*tree.rglob("*.cmake"), *tree.rglob("*.pc")]:
        text = path.read_text(encoding="utf-8")
        if str(scratch) in text or "/usr/include" in text.replace(".", ""):
            sys.exit(f"{path.name} names a directory of the machine that built it")


def expect_clear_words(consumer, tree):
    """find_package tells what is missing, too old, or not of this build."""
    project = consumer.project("find_package", "refused")
    configure = ["cmake", "-S", project, f"-DCMAKE_PREFIX_PATH={tree}"]
    lists = (project / "CMakeLists.txt").read_text(encoding="utf-8")

    (project / "CMakeLists.txt").write_text(lists.replace("tinyaws 0.1", "tinyaws 99.0"), encoding="utf-8")
    fails(f"version: {version()}", *configure, "-B", project / "too_old")
    (project / "CMakeLists.txt").write_text(lists.replace("COMPONENTS core", "COMPONENTS teapot"), encoding="utf-8")
    fails('was built without "teapot"', *configure, "-B", project / "no_component")
    (project / "CMakeLists.txt").write_text(lists, encoding="utf-8")
    fails("mbedTLS 2.28 or 3.x is missing (MBEDTLS_X509_LIBRARY): install", *configure, "-B", project / "no_mbedtls",
          "-DCMAKE_DISABLE_FIND_PACKAGE_MbedTLS=ON", "-DMBEDTLS_X509_LIBRARY=MBEDTLS_X509_LIBRARY-NOTFOUND",
          "-DCMAKE_FIND_LIBRARY_PREFIXES=nothing")
    config = find_tree(tree, "cmake") / "tinyaws/tinyaws-config.cmake"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('VERSION STREQUAL "', 'VERSION STREQUAL "9'), encoding="utf-8")
    fails("and this is mbedTLS", *configure, "-B", project / "other_mbedtls")
    config.write_text(text, encoding="utf-8")
    say("find_package: says what is missing")


def main():
    with tempfile.TemporaryDirectory() as directory:
        scratch = pathlib.Path(directory)
        tree = install(pathlib.Path(sys.argv[1]), scratch)
        if not (tree / "bin" / "awsfetch").exists():
            sys.exit("awsfetch was not installed")
        expect_relocatable(scratch, tree)
        consumer = Consumer(scratch, debug=sys.argv[2:3] in ([], ["Debug"]))
        consumer.find_package(tree)
        consumer.find_package_c(tree)
        consumer.pkg_config(tree)
        expect_clear_words(consumer, tree)


if __name__ == "__main__":
    main()
