"""Each case of the table in tests/README.md is named by the tests that stand there, or the table says why none does.

    check_cases.py ROOT

A row of the table: | C7 | headers | what bit somebody | `a_test`, `another_test`; not: what no test tries |
A test names its cases in a comment, "// Covers C7, C8: in a few words." or, in Python, "# Covers ...".
"""
import os
import re
import sys

CASES = 40
ROW = re.compile(r"^\| C(\d+) \|(.*)\|$")
MARKER = re.compile(r"^\s*(?://+|#) (?:.* )?Covers (C\d+(?:, C\d+)*): \S")
ALMOST = re.compile(r"^\s*(?://+|#).*\bcovers +C\d", re.I)
SOURCES = (".cpp", ".h", ".py")


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


class Cases:
    def __init__(self, root):
        self.root = root
        self.problems = []
        self.table = {}   # case: the tests that its row names
        self.lines = {}   # case: where its row stands
        self.marked = {}  # case: the tests that name it
        self.paths = {}   # test: its files

    def complain(self, path, line, words):
        self.problems.append("%s:%d: %s" % (path, line, words))

    def read_table(self):
        for number, line in enumerate(read_lines(os.path.join(self.root, "tests/README.md")), 1):
            match = ROW.match(line)
            if match:
                self.read_row(number, int(match.group(1)), [cell.strip() for cell in match.group(2).split("|")])

    def read_row(self, number, case, cells):
        if case in self.table:
            self.complain("tests/README.md", number, "C%d stands there twice" % case)
            return
        if len(cells) != 3 or not all(cells):
            self.complain("tests/README.md", number, "C%d wants an area, a few words, and its tests" % case)
        self.lines[case] = number
        self.table[case] = re.findall(r"`(\w+)`", cells[-1])
        if not self.table[case] and not re.match(r"none: \w", cells[-1]):
            self.complain("tests/README.md", number, "C%d names no test: say why, behind \"none:\"" % case)

    def check_complete(self):
        for case in sorted(set(range(1, CASES + 1)) ^ set(self.table)):
            self.complain("tests/README.md", self.lines.get(case, 1),
                          "C%d %s" % (case, "is missing" if 1 <= case <= CASES else "is no case"))

    def read_tests(self):
        for folder, folders, names in os.walk(os.path.join(self.root, "tests")):
            folders.sort()
            for name in sorted(names):
                if name.endswith(SOURCES):
                    self.read_test(os.path.relpath(os.path.join(folder, name), self.root))

    def read_test(self, path):
        test = os.path.splitext(os.path.basename(path))[0]
        self.paths.setdefault(test, []).append(path)
        for number, line in enumerate(read_lines(os.path.join(self.root, path)), 1):
            match = MARKER.match(line)
            if match:
                for case in re.findall(r"\d+", match.group(1)):
                    self.read_marker(path, number, test, int(case))
            elif ALMOST.match(line):
                self.complain(path, number, "write it as \"Covers C7, C8: in a few words.\"")

    def read_marker(self, path, number, test, case):
        self.marked.setdefault(case, set()).add(test)
        if test not in self.table.get(case, ()):
            self.complain(path, number, "names C%d: name `%s` in that row of tests/README.md" % (case, test))

    def check_named(self):
        for case, tests in sorted(self.table.items()):
            for test in tests:
                if test not in self.paths:
                    self.complain("tests/README.md", self.lines[case], "C%d: no file under tests/ is called %s" %
                                  (case, test))
                elif test not in self.marked.get(case, ()):
                    self.complain(self.paths[test][0], 1, "tests/README.md has it for C%d: say \"Covers C%d: ...\"" %
                                  (case, case))

    def check(self):
        self.read_table()
        self.check_complete()
        self.read_tests()
        self.check_named()
        return self.problems


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    cases = Cases(sys.argv[1])
    problems = cases.check()
    for problem in problems:
        print(problem)
    print("%d cases, %d of them with tests: %d problems" %
          (len(cases.table), sum(1 for tests in cases.table.values() if tests), len(problems)))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
