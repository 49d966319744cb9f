#!/usr/bin/env python3
"""What programs of three levels take of the core: signing alone, a client of its own calls, everything.

    measure.py ARCHIVE GENERATED [COMPILER [FLAG ...]]

ARCHIVE: libtinyaws_core.a; GENERATED: the build's folder with tinyaws/config_values.h; COMPILER: that of the build
(arm-linux-gnueabihf-g++ if left out), with what it was built with. Links each program without what it does not use,
and adds up what the linker's map says is the archive's: by folder of the source, and in all.
"""
import collections
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
LEVELS = ["sign", "client", "everything"]
FLAGS = ["-std=c++17", "-Os", "-DNDEBUG", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics",
         "-ffunction-sections", "-fdata-sections", "-fno-asynchronous-unwind-tables", "-fno-pie", "-Wno-psabi"]
PORT = ["environment.cpp", "files.cpp", "platform.cpp", "processes.cpp", "sha256.cpp", "transport.cpp"]
IN_MEMORY = re.compile(r"\.(text|rodata|data|bss|ARM\.ex)")  # not .ARM.attributes, which stay in the file
ENTRY = re.compile(r"^ ?(\.\S+)?\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?: (\S+)\((\S+?)\.o\))?", re.M)


def folders():
    """The folder of the core that each source is in."""
    return {name: os.path.basename(path) for path, _, names in os.walk(os.path.join(ROOT, "src")) for name in names
            if os.path.basename(path) != "c"}


def link(level, archive, generated, compiler, flags, scratch):
    sources = [os.path.join(HERE, "level_%s.cpp" % level)] + [os.path.join(ROOT, "port/none", name) for name in PORT]
    path = os.path.join(scratch, level)
    includes = ["-I" + folder for folder in (generated, os.path.join(ROOT, "include"),
                                             os.path.join(ROOT, "port/none/include"))]
    subprocess.run([compiler, *FLAGS, *flags, *includes, *sources, archive, "-o", path, "-no-pie", "-nodefaultlibs",
                    "-lgcc", "-lc", "-Wl,--gc-sections", "-Wl,-Map=" + path + ".map"], check=True)
    with open(path + ".map", encoding="utf-8") as file:
        return file.read()


def contributions(text, archive):
    """Bytes in memory and flash of each section of the archive that was linked. Of strings that stand elsewhere
    already the map tells the size, too; that of what comes next begins at their address."""
    linked = text[text.index("Linker script and memory map"):]
    linked = re.sub(r"^ (\.\S+)\n\s+", r" \1 ", linked, flags=re.M)
    entries = [(section, int(address, 16), int(size, 16), place, member)
               for section, address, size, place, member in ENTRY.findall(linked)]
    for (section, address, size, place, member), (_, end, *_) in zip(entries, entries[1:]):
        if os.path.basename(place) == os.path.basename(archive) and IN_MEMORY.match(section):
            yield section, min(size, max(end - address, 0)), member


def main():
    archive, generated = sys.argv[1:3]
    compiler = sys.argv[3] if len(sys.argv) > 3 else "arm-linux-gnueabihf-g++"
    where = folders()
    with tempfile.TemporaryDirectory() as scratch:
        for level in LEVELS:
            sizes = collections.Counter()
            text = link(level, archive, generated, compiler, sys.argv[4:], scratch)
            for _, size, member in contributions(text, archive):
                sizes[where.get(member, member)] += size
            parts = ", ".join("%s %d" % row for row in sizes.most_common())
            print("%-10s %6d   %s" % (level, sum(sizes.values()), parts))


if __name__ == "__main__":
    main()
