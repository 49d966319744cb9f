#!/usr/bin/env python3
"""The stack that each public call takes at most: frames along the deepest way through the call graph.

    stack.py TARGET [-v]     of the build that check.py has made; -v: the frames of each call's deepest way

Two figures a call: of the core alone, what the ports take left out; and with the ports `posix` and `mbedtls`. What the
libraries outside take is a constant or left out, as rules.tsv says of each, with its reason. A recursion that
rules.tsv does not bound is an error, and so are a frame of no fixed size and an unknown function.
"""
import collections
import fnmatch
import os
import sys

import callgraph
from build import Build

HERE = os.path.dirname(os.path.abspath(__file__))
PORTS = ("tinyaws::posix::", "tinyaws::mbedtls::", "tinyaws::c::")  # c: what hands on to a program's own


class Rules:
    """rules.tsv: kind, function, what of it, reason; `*` stands for any text."""

    def __init__(self, path=os.path.join(HERE, "rules.tsv")):
        self.kinds = collections.defaultdict(list)
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                fields = line.rstrip("\n").split("\t")
                if line.strip() and not line.startswith("#"):
                    if len(fields) != 4:
                        raise SystemExit("rules.tsv:%d: not four fields" % number)
                    self.kinds[fields[0]].append(fields[1:])

    def external(self, name):
        for pattern, size, _ in self.kinds["external"]:
            if fnmatch.fnmatchcase(name, pattern):
                return 0 if size == "left out" else int(size)
        return None

    def is_cut(self, caller, callee):
        return any(fnmatch.fnmatchcase(caller, one) and fnmatch.fnmatchcase(callee, other)
                   for one, other, _ in self.kinds["no virtual call"])

    def times(self, name):
        """How often a function may stand on a way; None where nothing is said."""
        return next((int(times) for pattern, times, _ in self.kinds["recursion"]
                     if fnmatch.fnmatchcase(name, pattern)), None)

    def is_out_of_place(self, name, above):
        """A call that never happens below what stands above it."""
        for where, callee, _ in self.kinds["not below"]:
            pattern, _, times = where.partition(" x")
            if fnmatch.fnmatchcase(name, callee) and any(
                    above.count(one) >= int(times) for one in above if fnmatch.fnmatchcase(one, pattern)):
                return True
        return False

    def counts(self, name):
        """Whether a rule asks how often the function stands on a way."""
        return self.times(name) is not None or any(
            fnmatch.fnmatchcase(name, where.partition(" x")[0]) for where, _, _ in self.kinds["not below"])

    def called_back(self, name):
        return [callee for pattern, callee, _ in self.kinds["calls"] if fnmatch.fnmatchcase(name, pattern)]


class Depths:
    """Deepest ways, found once for each function and what stands above it, as far as rules look at that."""

    def __init__(self, graph, rules, with_ports):
        self.graph, self.rules, self.with_ports = graph, rules, with_ports
        self.known, self.open, self.problems = {}, [], []
        self.callees = {}
        self.by_name = collections.defaultdict(list)
        for title in graph.frames:
            self.by_name[graph.name(title)].append(title)
        self.counted = {name for name in self.by_name if rules.counts(name)}

    def of(self, title, above=()):
        """(bytes, way): way is a tuple of (name, frame)."""
        name = self.graph.name(title)
        if title not in self.graph.frames:
            return self.outside(title)
        if not self.with_ports and name.startswith(PORTS):
            return 0, ()
        if name in self.counted:
            above = tuple(sorted(above + (name,)))
        key = title, above
        if key not in self.known:
            if key in self.open:
                self.problems.append("recursion: " + " -> ".join(
                    self.graph.name(entry[0]) for entry in self.open[self.open.index(key):]) + " -> " + name)
                return 0, ()
            self.open.append(key)
            deepest = max((self.of(callee, above) for callee in self.possible(title, above)), default=(0, ()))
            self.open.pop()
            frame = self.graph.frames[title]
            self.known[key] = frame + deepest[0], ((name, frame),) + deepest[1]
        return self.known[key]

    def outside(self, symbol):
        size = self.rules.external(symbol)
        if size is None:
            self.problems.append("nothing is known of %s: say in rules.tsv what stack it takes" % symbol)
            size = 0
        inner = [self.of(title) for name in self.rules.called_back(symbol) for title in self.by_name[name]]
        deepest = max(inner, default=(0, ())) if self.with_ports else (0, ())
        return size + deepest[0], ((symbol, size),) + deepest[1]

    def possible(self, title, above):
        for callee in self.all_callees(title):
            name = self.graph.name(callee)
            times = self.rules.times(name) if name in self.counted else None
            if times is not None and above.count(name) >= times:
                continue
            if self.rules.is_out_of_place(name, above):
                continue
            yield callee

    def all_callees(self, title):
        if title not in self.callees:
            name = self.graph.name(title)
            virtual = {callee for callee in self.graph.virtual_calls[title]
                       if not self.rules.is_cut(name, self.graph.name(callee))}
            called = {callee for one in self.rules.called_back(name) for callee in self.by_name[one]}
            self.callees[title] = sorted(self.graph.calls[title] | virtual | called)
        return self.callees[title]


def public_calls():
    with open(os.path.join(HERE, "public_calls.txt"), encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


def measure(graph):
    """{call: (core, with ports)}, the ways of both, and what is wrong."""
    sys.setrecursionlimit(20000)
    rules = Rules()
    both = [Depths(graph, rules, with_ports) for with_ports in (False, True)]
    figures, ways, problems = {}, {}, []
    for name in public_calls():
        titles = both[0].by_name.get(name, [])
        if not titles:
            problems.append("public_calls.txt: there is no function " + name)
            continue
        depths = [max(depth.of(title) for title in titles) for depth in both]
        figures[name] = tuple(depth[0] for depth in depths)
        ways[name] = depths[0][1], depths[1][1]
    problems += ["the frame of %s has no fixed size" % graph.name(title) for title in graph.dynamic]
    problems += ["%s calls through a pointer: say in rules.tsv what" % graph.name(title)
                 for title in graph.pointer_calls if not rules.called_back(graph.name(title))]
    for depth in both:
        problems += depth.problems
    return figures, ways, sorted(set(problems))


def main():
    verbose = "-v" in sys.argv
    figures, ways, problems = measure(callgraph.read(Build(sys.argv[1]).objects()))
    for name, (core, whole) in sorted(figures.items(), key=lambda row: -row[1][1]):
        print("%-55s core %5d, with ports %5d" % (name, core, whole))
        for which, way in zip(("core", "with ports"), ways[name] if verbose else ()):
            print("    %s: %s" % (which, ", ".join("%s %d" % step for step in way)))
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
