"""What is measured of a build: sections of its archives and programs, sizes of its types, stack of its calls."""
import collections
import os
import re
import subprocess
import sys
import tempfile

import callgraph
import stack
from build import ARCHIVES, ROOT, SmallestCore

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(ROOT, "tests/bench"), os.path.join(ROOT, "tests/bench/size_levels")]
import measure as levels  # noqa: E402
import provider_flash  # noqa: E402

KINDS = [("text", re.compile(r"\.(text|s?rodata|ARM\.ex)")), ("data", re.compile(r"\.s?data|\.init_array")),
         ("bss", re.compile(r"\.s?bss"))]
# Where sources of credentials have figures of their own: those that the READMEs show.
WITH_SOURCES = ["armv7", "x86-64"]
# What is promised of the core is promised of the smallest one (compare.py).
WITH_SMALLEST = ["armv7"]
# The table of eight plain slots and what stands beside it. The credentials are the program's own.
PLAIN_CLIENT = ["tinyaws::ClientStorage<tinyaws::posix::TcpTransport, 8, 2048>", "tinyaws::AsyncClient",
                "tinyaws::posix::Resolver"]

Section = collections.namedtuple("Section", "member name")


def kind_of(section):
    return next((kind for kind, pattern in KINDS if pattern.match(section)), None)


def sections_of(build, name):
    """{Section: bytes} of an archive."""
    out = subprocess.run([build.tool("size"), "-A", build.archive(name)], capture_output=True, text=True,
                         check=True).stdout
    found, member = collections.Counter(), None
    for line in out.splitlines():
        words = line.split()
        if "(ex " in line:
            member = "%s/%s" % (name, re.sub(r"\.cpp\.o$|\.o$", "", words[0]))
        elif len(words) == 3 and kind_of(words[0]) and int(words[1]):
            found[Section(member, words[0])] += int(words[1])
    return found


def totals(sections):
    sums = dict.fromkeys(("text", "data", "bss"), 0)
    for section, size in sections.items():
        sums[kind_of(section.name)] += size
    return sums


def linked(build, level, scratch):
    """{Section: bytes} that a program of a level takes of the core."""
    archive = build.archive("core")
    text = levels.link(level, archive, build.generated, build.compiler, build.flags, scratch)
    found = collections.Counter()
    for name, size, member in levels.contributions(text, archive):
        if size and kind_of(name):
            found[Section("core/" + re.sub(r"\.cpp$", "", member), name)] += size
    return found


def sizes_of_types(build, names):
    with tempfile.TemporaryDirectory() as scratch:
        source = os.path.join(scratch, "types.cpp")
        with open(source, "w", encoding="utf-8") as file:
            file.write('#include "tinyaws/system.h"\n#include "tinyaws/tinyaws.h"\n#include "tinyaws/tinyaws_c.h"\n')
            for number, name in enumerate(names):
                file.write("char size_%d[sizeof(%s)];\n" % (number, name))
        folders = [build.generated] + [os.path.join(ROOT, path) for path in (
            "include", "port/posix/include", "port/mbedtls/include", "port/system/include")]
        subprocess.run([build.compiler, "-std=c++17", "-Os", "-fno-exceptions", "-fno-rtti", "-Wno-psabi",
                        *["-I" + folder for folder in folders], "-idirafter", "/usr/include", "-c", source, "-o",
                        source + ".o"], check=True)
        out = subprocess.run([build.tool("nm"), "-P", source + ".o"], capture_output=True, text=True, check=True).stdout
    sizes = {words[0]: int(words[3], 16) for words in (line.split() for line in out.splitlines()) if len(words) == 4}
    return {name: sizes["size_%d" % number] for number, name in enumerate(names)}


def listed(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


class Figures:
    """All figures of a build, by what they are of; and what they are made of."""

    def __init__(self, build):
        self.figures, self.sections, self.levels = {}, {}, {}
        for name in ARCHIVES:
            sections = sections_of(build, name)
            self.sections.update(sections)
            self.put("archive " + name, totals(sections))
        self.add_levels(build, "%s")
        if build.target in WITH_SMALLEST:
            smallest = SmallestCore(build)
            smallest.make()
            self.add_levels(smallest, "%s-smallest")
        if build.has_mbedtls():
            self.put("awsfetch", program_size(build))
        self.add_types(build)
        if build.target in WITH_SOURCES:
            self.add_sources(build)
        graph = callgraph.read(build.objects())
        calls, self.ways, self.problems = stack.measure(graph)
        self.frames = {title.rpartition(":")[2]: frame for title, frame in graph.frames.items()}
        for name, (core, whole) in calls.items():
            self.figures["stack %s" % name] = whole
            self.figures["stack %s, core" % name] = core

    def add_levels(self, build, name):
        with tempfile.TemporaryDirectory() as scratch:
            for level in levels.LEVELS:
                found = self.levels[name % level] = linked(build, level, scratch)
                self.put("level " + name % level, totals(found))
                for section in found:
                    self.sections.setdefault(section, 0)

    def put(self, what, sums):
        for kind, size in sums.items():
            self.figures["%s %s" % (what, kind)] = size

    def add_types(self, build):
        names = listed("types.txt")
        sizes = sizes_of_types(build, names + PLAIN_CLIENT)
        for name in names:
            self.figures["sizeof " + name] = sizes[name]
        self.figures["ram of a plain client of 8 slots"] = sum(sizes[name] for name in PLAIN_CLIENT)

    def add_sources(self, build):
        """What each source of credentials adds to a client with given ones; the default chain."""
        with tempfile.TemporaryDirectory() as scratch:
            bench = provider_flash.Bench(build.directory, build.compiler, scratch)
            given = provider_flash.SOURCES[0]
            base = bench.link(provider_flash.PROGRAM % given[1], build.generated)
            self.figures["source given flash"] = base
            for name, text in provider_flash.SOURCES[1:] + [("default chain", provider_flash.DEFAULT)]:
                program = provider_flash.PROGRAM % text
                self.figures["source %s flash" % name] = bench.link(program, build.generated) - base
                self.figures["source %s ram" % name] = bench.ram(program, build.generated)


def program_size(build):
    out = subprocess.run([build.tool("size"), build.program()], capture_output=True, text=True, check=True).stdout
    return dict(zip(("text", "data", "bss"), map(int, out.splitlines()[1].split())))
