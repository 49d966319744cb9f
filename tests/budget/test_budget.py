#!/usr/bin/env python3
"""Proves that a passed budget is told, by symbol, and that the stack of calls is added up rightly: of small sources
that are built here.

    test_budget.py [--cxx CXX]     GCC
"""
import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import types
import unittest

import callgraph
import check
import compare
import figures
import painted
import stack
from build import DUMPS

CXX = "g++"
FLAGS = ["-std=c++17", "-Os", "-fno-exceptions", "-fno-rtti", "-ffunction-sections", "-fdata-sections"]

SMALL = """
namespace tinyaws {
extern int read();
int grown(int a) { return a + 1; }
int other(int a) { return a * 3 + 7; }
}
"""
LARGE = SMALL.replace("return a + 1;", "return read() / (a + 3) + read() % (a + 7) + read() * a + read() / 1000;")


class Scratch(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)

    def compile(self, code, *flags):
        source = os.path.join(self.root, "code.cpp")
        with open(source, "w", encoding="utf-8") as file:
            file.write(code)
        subprocess.run([CXX, *FLAGS, *flags, "-c", "code.cpp", "-o", "code.o"], cwd=self.root, check=True)
        return os.path.join(self.root, "code.o")


class Sizes(Scratch):
    def setUp(self):
        super().setUp()
        self.build = types.SimpleNamespace(target="here", has_mbedtls=lambda: True,
                                           tool=lambda name: name,
                                           archive=lambda name: os.path.join(self.root, "libcode.a"))
        check.BUDGETS, self.budgets = os.path.join(self.root, "budgets"), check.BUDGETS
        self.addCleanup(setattr, check, "BUDGETS", self.budgets)

    def measure(self, code, types_size=8):
        """As figures.Figures, of an archive of one file that a program of level "sign" links whole."""
        self.compile(code)
        archive = self.build.archive("core")
        if os.path.exists(archive):
            os.remove(archive)
        subprocess.run(["ar", "rcs", archive, os.path.join(self.root, "code.o")], check=True)
        sections = figures.sections_of(self.build, "core")
        totals = figures.totals(sections)
        now = types.SimpleNamespace(sections=sections, levels={"sign": dict(sections)}, frames={}, ways={}, problems=[],
                                    figures={"archive core text": totals["text"], "level sign text": totals["text"],
                                             "sizeof tinyaws::Signer": types_size})
        check.measured, self.really = lambda build: now, check.measured
        self.addCleanup(setattr, check, "measured", self.really)

    def checked(self):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            good = check.check(self.build, False)
        return good, said.getvalue()

    def accept(self):
        with contextlib.redirect_stdout(io.StringIO()):
            self.assertTrue(check.update(self.build))

    def test_what_was_accepted_passes(self):
        self.measure(SMALL)
        self.accept()
        self.assertEqual(self.checked(), (True, ""))

    def test_a_grown_function_fails_and_is_named_first(self):
        self.measure(SMALL)
        self.accept()
        self.measure(LARGE)
        good, said = self.checked()
        self.assertFalse(good)
        self.assertRegex(said, r"here: level sign text: \d+ bytes, \d+ over its budget of \d+ \(\d+ when accepted\)")
        for figure in ("archive core text", "level sign text"):
            differences = said[said.index(figure + ": the difference by symbol:"):].splitlines()
            self.assertRegex(differences[1], r"\+\d+  tinyaws::grown in core/code \(\d+, was \d+\)")
        self.assertNotIn("tinyaws::other", said)
        self.accept()
        self.assertTrue(self.checked()[0])

    def test_a_new_function_is_named(self):
        self.measure(SMALL)
        self.accept()
        self.measure(LARGE.replace("grown", "added") + SMALL.replace("other", "another"))
        self.assertRegex(self.checked()[1], r"\+\d+  tinyaws::added in core/code \(\d+, was 0\)")

    def test_a_grown_type_fails(self):
        self.measure(SMALL)
        self.accept()
        self.measure(SMALL, types_size=24)
        good, said = self.checked()
        self.assertFalse(good)
        self.assertIn("sizeof tinyaws::Signer: 24 bytes, 8 over its budget of 16 (8 when accepted)", said)

    def test_a_figure_without_budget_fails(self):
        self.measure(SMALL)
        self.accept()
        self.measure(SMALL)
        check.measured(None).figures["awsfetch text"] = 1
        self.assertIn("awsfetch text has no budget", self.checked()[1])

    def test_a_call_that_takes_more_than_the_graph_says_fails(self):
        said = painted.complaints({"tinyaws::f": 200, "tinyaws::g": 130}, {"stack tinyaws::f": 100, "stack tinyaws::g": 100})
        self.assertEqual(said, ["stack tinyaws::f: 200 bytes were seen, and the call graph says 100: it misses a call"])

    def test_a_promise_that_is_kept_is_the_budget(self):
        self.assertEqual(compare.budget_of("level sign-smallest text", 4090, "armv7"), 4096)
        self.assertEqual(compare.budget_of("stack tinyaws::Client::fetch", 3070, "armv7"), 3072)
        self.assertGreater(compare.budget_of("level sign-smallest text", 4090, "arm64"), 4096)
        self.assertGreater(compare.budget_of("level sign-smallest text", 5000, "armv7"), 5000)


WORLD = """
namespace tinyaws {
extern void outside(char*);
struct Sink { virtual void put(int depth) = 0; protected: ~Sink() = default; };
struct Small final : Sink { void put(int) override { char room[16]; outside(room); } };
struct Large final : Sink { void put(int depth) override { char room[600]; room[0] = char(depth); outside(room); } };
void keep(Sink*) __attribute__((noinline, noipa));
void keep(Sink*) {}
void both() { Small small; Large large; keep(&small); keep(&large); }
__attribute__((noipa)) void entry(Sink& sink) { char room[200]; outside(room); sink.put(1); }
%s
}
"""


class Stacks(Scratch):
    def measure(self, more="", rules="external\\t*outside*\\t100\\t\\n"):
        """Core figure of tinyaws::entry, its way, and the problems."""
        built = self.compile(WORLD % more, *DUMPS.split())
        path = os.path.join(self.root, "rules.tsv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(rules.replace("\\t", "\t").replace("\\n", "\n"))
        stack.Rules.__init__.__defaults__, usual = (path,), stack.Rules.__init__.__defaults__
        stack.public_calls, calls = lambda: ["tinyaws::entry"], stack.public_calls
        self.addCleanup(setattr, stack.Rules.__init__, "__defaults__", usual)
        self.addCleanup(setattr, stack, "public_calls", calls)
        found, ways, problems = stack.measure(callgraph.read([built]))
        return found["tinyaws::entry"][0], [name for name, _ in ways["tinyaws::entry"][0]], problems

    def test_a_virtual_call_goes_to_the_deepest(self):
        depth, way, problems = self.measure()
        self.assertEqual(problems, [])
        self.assertEqual(way[:2], ["tinyaws::entry", "tinyaws::Large::put"])
        self.assertTrue(200 + 600 + 100 <= depth < 200 + 600 + 100 + 150, depth)

    def test_a_rule_rules_a_virtual_call_out(self):
        _, way, problems = self.measure(rules="external\\t*outside*\\t100\\t\\n"
                                              "no virtual call\\ttinyaws::entry\\ttinyaws::Large::*\\twhy\\n")
        self.assertEqual((way[1], problems), ("tinyaws::Small::put", []))

    def test_recursion_is_refused_unless_it_is_bounded(self):
        more = """struct Again final : Sink { Sink& inner; Again(Sink& sink) : inner(sink) {}
            void put(int depth) override { char room[1000]; outside(room); inner.put(depth + room[0]); outside(room); } };
            void more(Sink& sink) { Again again(sink); keep(&again); }"""
        _, _, problems = self.measure(more)
        self.assertTrue(problems and problems[0].startswith("recursion: tinyaws::Again::put -> "), problems)
        depth, _, problems = self.measure(more, "external\\t*outside*\\t100\\t\\nrecursion\\ttinyaws::Again::put\\t2\\t\\n")
        self.assertEqual(problems, [])
        self.assertTrue(200 + 2000 + 600 + 100 <= depth < 200 + 2000 + 600 + 100 + 250, depth)

    def test_what_is_not_known_is_said(self):
        self.assertRegex(self.measure(rules="")[2][0], "nothing is known of .*outside.*: say in rules.tsv")
        more = "void call(void (*work)()) { work(); outside(nullptr); }"
        self.assertIn("tinyaws::call calls through a pointer: say in rules.tsv what", self.measure(more)[2])
        more = "void vary(int n) { char room[n]; outside(room); }"
        self.assertIn("the frame of tinyaws::vary has no fixed size", self.measure(more)[2])


if __name__ == "__main__":
    if "--cxx" in sys.argv:
        at = sys.argv.index("--cxx")
        CXX = sys.argv[at + 1]
        del sys.argv[at:at + 2]
    unittest.main()
