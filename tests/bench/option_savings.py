#!/usr/bin/env python3
"""What each option saves: bytes of flash of the README's program, linked without it.

    option_savings.py BUILD_DIR [COMPILER]     as for provider_flash.py: BUILD_DIR of type MinSizeRel, all options on

The program has everything: sockets, TLS, the default chain, sentences. What an option is looked at in is compiled anew without
it, and linked before the archives of BUILD_DIR; mbedTLS is a shared library, which therefore counts for nothing.
"""
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "checks"))
from consumers import SOURCE, program_of_readme, run  # noqa: E402

# Macro of config_values.h, and the option's value in words; in the order of the table in README.md.
OPTIONS = {
    "TINYAWS_WITH_PROFILES": "TINYAWS_WITH_PROFILES=OFF",
    "TINYAWS_WITH_STS": "TINYAWS_WITH_STS=OFF",
    "TINYAWS_WITH_CONTAINER": "TINYAWS_WITH_CONTAINER=OFF",
    "TINYAWS_WITH_INSTANCE_METADATA": "TINYAWS_WITH_INSTANCE_METADATA=OFF",
    "TINYAWS_CREDENTIAL_PROCESS": "TINYAWS_CREDENTIAL_PROCESS=OFF",
    "TINYAWS_WITH_WORDS": "TINYAWS_WITH_WORDS=OFF",
    "TINYAWS_RESOLVER_DNS": "TINYAWS_RESOLVER=getaddrinfo",
}
FLAGS = ["-std=c++17", "-Os", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-ffunction-sections", "-fdata-sections",
         "-fno-asynchronous-unwind-tables", "-fPIC", "-fvisibility=hidden", "-DNDEBUG", "-D_FILE_OFFSET_BITS=64",
         "-D_TIME_BITS=64"]
JSMN = ["-I", "/usr/include/jsmn"]
LIBRARIES = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto", "-lresolv"]

# Compiled only with the resolver of this port, or only without it.
OF_DNS = {"config_lines", "dns_message", "host_name", "hosts_file", "lookup", "lookup_sockets", "lookup_words", "resolv_conf",
          "resolver"}
OF_LIBC = {"lookup_system"}


def mention(pattern, folder, suffix):
    return [path for path in sorted(folder.rglob(f"*{suffix}")) if re.search(pattern, path.read_text(encoding="utf-8"))]


def concerned(macro):
    """Sources that an option is looked at in, by themselves or in a header that they include, directly or not."""
    words, known = {rf"\b{macro}\b"}, set()
    while words:
        pattern, words = "|".join(words), set()
        for folder in [SOURCE / "include", SOURCE / "src", *(SOURCE / "port").glob("*/include")]:
            for path in mention(pattern, folder, ".h"):
                if path.name not in known and path.name != "tinyaws.h":
                    known.add(path.name)
                    words.add(r'#include "[\w/]*\b' + re.escape(path.name))
    pattern = "|".join([rf"\b{macro}\b", *[r'#include "[\w/]*\b' + re.escape(name) for name in known]])
    left_out = OF_DNS if macro == "TINYAWS_RESOLVER_DNS" else OF_LIBC
    return [path for folder in (SOURCE / "src", SOURCE / "port/posix", SOURCE / "port/mbedtls")
            for path in mention(pattern, folder, ".cpp") if path.stem not in left_out]


class Bench:
    def __init__(self, build, compiler, scratch):
        self.build, self.compiler, self.scratch = build, compiler, scratch
        self.values = (build / "generated/tinyaws/config_values.h").read_text(encoding="utf-8")
        self.tool = compiler[:-3] if compiler.endswith("g++") else ""
        self.archives = [build / f"port/mbedtls/libtinyaws_{name}.a" for name in ("mbedtls", "sha256")]
        self.archives[1:1] = [build / "port/posix/libtinyaws_posix.a", build / "src/libtinyaws_core.a"]

    def generate(self, macros):
        generated = self.scratch / "_".join(macros or ["whole"])
        (generated / "tinyaws").mkdir(parents=True)
        text = self.values
        for macro in macros:
            text = re.sub(rf"(#define {macro}) 1", r"\1 0", text)
        (generated / "tinyaws/config_values.h").write_text(text, encoding="utf-8")
        (generated / "program.cpp").write_text(program_of_readme(), encoding="utf-8")
        return generated

    def flash(self, macros, sources):
        generated = self.generate(macros)
        includes = [f"-I{path}" for path in (generated, SOURCE / "include", SOURCE / "src",
                                             *(SOURCE / "port").glob("*/include"))]
        objects = []
        for path in [generated / "program.cpp", *sources]:
            objects.append(generated / f"{path.parent.name}_{path.stem}.o")
            run(self.compiler, *FLAGS, *includes, *JSMN, "-c", path, "-o", objects[-1])
        program = generated / "program"
        run(f"{self.tool}gcc", *objects, "-o", program, "-Wl,--gc-sections", *self.archives, *LIBRARIES)
        text, data = run(f"{self.tool}size", program).splitlines()[1].split()[:2]
        return int(text) + int(data)


def main():
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) == 3 else "g++", pathlib.Path(scratch))
        whole = bench.flash([], [])
        print(f"{'everything':40} {whole:7,}", flush=True)
        for macro, option in OPTIONS.items():
            print(f"{option:40} {whole - bench.flash([macro], concerned(macro)):7,} less", flush=True)


if __name__ == "__main__":
    main()
