"""Every limit has one name, one place, one cost and one error.

    check_limits.py ROOT

Each cache variable that goes into config_values.h.in must stand once in CMakeLists.txt, once in config.h, and there
under a comment that names its cost and its error.
"""
import os
import re
import sys


def read(root, name):
    with open(os.path.join(root, name), encoding="utf-8") as file:
        return file.read()


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def comment_above(text, offset):
    lines = []
    for line in reversed(text[:offset].splitlines()):
        if not line.startswith("///"):
            break
        lines.insert(0, line[3:].strip())
    return " ".join(lines)


class Limits:
    def __init__(self, root):
        self.cmake = read(root, "CMakeLists.txt")
        self.config = read(root, "include/tinyaws/config.h")
        self.values = read(root, "include/tinyaws/config_values.h.in")
        self.statuses = set(re.findall(r"^\s*(k[A-Z]\w+)", read(root, "include/tinyaws/status.h"), re.M)) | {"none"}
        self.problems = []

    def names(self):
        return sorted(set(re.findall(r"@(TINYAWS_\w+)@", self.values)))

    def check_cache(self, name):
        count = len(re.findall(r"^(?:set\(%s \w+ CACHE STRING|tinyaws_limit\(%s \d+ \d+ \d+) \"[^\"]+\"\)" % (name, name),
                               self.cmake, re.M))
        if count != 1:
            self.problems.append("CMakeLists.txt:1: %s is set %d times as a cache variable with words, not once" %
                                 (name, count))

    def check_words(self, name, line, words):
        if "Cost:" not in words:
            self.problems.append("include/tinyaws/config.h:%d: %s has no \"Cost:\" above it" % (line, name))
        error = re.search(r"Error: (\w+)", words)
        if not error and "Checked by" not in words:
            self.problems.append("include/tinyaws/config.h:%d: %s has no \"Error:\" above it" % (line, name))
        if error and error.group(1) not in self.statuses:
            self.problems.append("include/tinyaws/config.h:%d: %s is no Status" % (line, error.group(1)))

    def check_config(self, name):
        uses = list(re.finditer(r"^constexpr \w+ k\w+ = %s;" % name, self.config, re.M))
        if len(uses) != 1 or len(re.findall(r"\b%s\b" % name, re.sub(r"//.*", "", self.config))) != 1:
            self.problems.append("include/tinyaws/config.h:1: %s must stand there once, as a constexpr" % name)
            return
        self.check_words(name, line_of(self.config, uses[0].start()), comment_above(self.config, uses[0].start()))

    def check(self):
        for name in self.names():
            self.check_cache(name)
            self.check_config(name)
        return self.problems


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    limits = Limits(sys.argv[1])
    for problem in limits.check():
        print(problem)
    print("%d limits: %d problems" % (len(limits.names()), len(limits.problems)))
    return 1 if limits.problems or not limits.names() else 0


if __name__ == "__main__":
    sys.exit(main())
