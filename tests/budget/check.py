#!/usr/bin/env python3
"""Sizes are tests: flash, RAM and stack of a target against its budget.

    check.py TARGET ...                  build, measure, compare; exit 1 where a budget is passed, and by what
    check.py --update [TARGET ...]       accept what is measured (all targets with a compiler, if none is named)
                                       and let the READMEs say so
      --cxx COMPILER                     other than that of build.py's table; for one target
      --verbose                          all figures, not just those over their budget

Targets: x86-64 armv7 arm64 armel mipsel riscv64. budgets/TARGET.tsv has what, figure when accepted, budget;
budgets/TARGET.symbols.tsv.gz what the figures are made of, so that a difference can be told by symbol. Exit 77: there is
no compiler for the target.
"""
import argparse
import os
import sys

import painted
import readme_tables
from build import COMPILERS, Build, is_available
from compare import Budget, Parts

HERE = os.path.dirname(os.path.abspath(__file__))
BUDGETS = os.path.join(HERE, "budgets")


def measured(build):
    from figures import Figures  # needs the programs of tests/bench
    build.make()
    return Figures(build)


def check(build, verbose):
    """Whether all is within the budget."""
    budget, parts = Budget.read(BUDGETS, build.target), Parts.read(BUDGETS, build.target)
    now = measured(build)
    if not build.has_mbedtls() and budget.forget("awsfetch "):
        print("SKIPPED: %s: awsfetch, for there is no mbedTLS of the target" % build.target)
    complaints = now.problems + budget.complaints(now.figures)
    if painted.can_run(build):
        seen = painted.measure(build)
        complaints += painted.complaints(seen, now.figures)
        for name, size in seen.items() if verbose else ():
            print("%-60s %7d seen on a painted stack" % (name, size))
    if verbose:
        for what, figure in now.figures.items():
            print("%-60s %7d of %7d" % (what, figure, budget.budgets.get(what, 0)))
    for complaint in complaints:
        print("%s: %s" % (build.target, complaint))
    for what in budget.passed(now.figures):
        parts.explain(what, Parts.of(now), now.ways)
    if complaints:
        print("Make it smaller; or accept it: tests/budget/check.py --update %s" % build.target)
    return not complaints


def update(build):
    now = measured(build)
    Budget.of(now.figures, build.target).write(BUDGETS, build.target)
    Parts.of(now).write(BUDGETS, build.target)
    for problem in now.problems:
        print("%s: %s" % (build.target, problem))
    print("%s: %d budgets written" % (build.target, len(now.figures)))
    return not now.problems


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--cxx")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    unknown = [target for target in options.targets if target not in COMPILERS]
    if unknown or (options.cxx and len(options.targets) != 1):
        parser.error("unknown: %s" % ", ".join(unknown) if unknown else "--cxx is for one target")
    targets = options.targets or [target for target in COMPILERS if is_available(target)]
    if not options.cxx and not all(map(is_available, targets)):
        print("SKIPPED: no compiler for " + ", ".join(target for target in targets if not is_available(target)))
        return 77
    good = True
    for target in targets:
        build = Build(target, options.cxx)
        good &= update(build) if options.update else check(build, options.verbose)
    if options.update:
        readme_tables.write(BUDGETS)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
