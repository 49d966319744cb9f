"""Budgets, and what has grown where one is passed."""
import collections
import gzip
import io
import os
import re
import subprocess

SHOWN = 20  # of the differences

# What the project promises, of ARMv7: once it is kept, no update lets go of it.
PROMISED = "armv7"
PROMISES = {
    "level sign-smallest text": 4 * 1024,
    "level client-smallest text": 16 * 1024,
    "level everything-smallest text": 40 * 1024,
    "ram of a plain client of 8 slots": 40 * 1024,
    "stack": 3 * 1024,
}


def margin(figure):
    """Room for normal work: 1 %, to the next multiple of 16."""
    return (figure + figure // 100 + 15) // 16 * 16


def budget_of(what, figure, target):
    promise = PROMISES.get("stack" if what.startswith("stack ") else what) if target == PROMISED else None
    return min(margin(figure), promise) if promise and figure <= promise else margin(figure)


class Budget:
    """budgets/TARGET.tsv: what, figure, budget."""

    def __init__(self):
        self.figures, self.budgets = {}, {}

    @classmethod
    def of(cls, figures, target):
        budget = cls()
        for what, figure in figures.items():
            budget.figures[what], budget.budgets[what] = figure, budget_of(what, figure, target)
        return budget

    @classmethod
    def read(cls, folder, target):
        budget = cls()
        for what, figure, limit in rows(os.path.join(folder, target + ".tsv")):
            budget.figures[what], budget.budgets[what] = int(figure), int(limit)
        return budget

    def write(self, folder, target):
        write_rows(os.path.join(folder, target + ".tsv"), "what\tfigure\tbudget",
                   [(what, figure, self.budgets[what]) for what, figure in self.figures.items()])

    def forget(self, beginning):
        """Whether there was a budget of that kind."""
        found = [what for what in self.budgets if what.startswith(beginning)]
        for what in found:
            del self.budgets[what]
        return bool(found)

    def passed(self, figures):
        return [what for what, figure in figures.items() if figure > self.budgets.get(what, figure)]

    def complaints(self, figures):
        said = ["%s: %d bytes, %d over its budget of %d (%d when accepted)" %
                (what, figures[what], figures[what] - self.budgets[what], self.budgets[what], self.figures[what])
                for what in self.passed(figures)]
        said += ["%s has no budget" % what for what in figures if what not in self.budgets]
        return said + ["%s has a budget, and no figure" % what for what in self.budgets if what not in figures]


class Parts:
    """budgets/TARGET.symbols.tsv.gz: what the figures are made of. Each section of an archive has a line: bytes, bytes of
    stack, the programs that link it ("sign+client"), its file, its name."""

    def __init__(self):
        self.parts = {}  # (file, name): (bytes, stack, {level: bytes})

    @classmethod
    def of(cls, figures):
        parts = cls()
        for key, size in figures.sections.items():
            used = {level: found[key] for level, found in figures.levels.items() if key in found}
            parts.parts[key.member, key.name] = size, figures.frames.get(symbol_of(key.name), 0), used
        return parts

    @classmethod
    def read(cls, folder, target):
        parts = cls()
        for size, frame, used, member, name in rows(os.path.join(folder, target + ".symbols.tsv.gz")):
            by_level = {}
            for word in filter(None, used.split("+")):
                level, _, part = word.partition(":")
                by_level[level] = int(part or size)
            parts.parts[member, name] = int(size), int(frame), by_level
        return parts

    def write(self, folder, target):
        lines = []
        for (member, name), (size, frame, used) in sorted(self.parts.items()):
            levels = "+".join(level if part == size else "%s:%d" % (level, part) for level, part in used.items())
            lines.append((size, frame, levels, member, name))
        write_rows(os.path.join(folder, target + ".symbols.tsv.gz"), "bytes\tstack\tlinked\tfile\tsection", lines)

    def explain(self, what, now, ways):
        """Prints what of a figure has grown, largest first."""
        kind, _, rest = what.partition(" ")
        if kind == "stack":
            return self.explain_way(what, rest, now, ways)
        if kind == "level":
            return show(what, self.grown(now, lambda key, part: part[2].get(rest.split()[0], 0)))
        if kind == "archive":
            return show(what, self.grown(now, lambda key, part: part[0] * key[0].startswith(rest.split()[0] + "/")))
        if kind == "awsfetch":
            return show(what, self.grown(now, lambda key, part: part[0]))

    def grown(self, now, bytes_of):
        before = collections.Counter({key: bytes_of(key, part) for key, part in self.parts.items()})
        after = {key: bytes_of(key, part) for key, part in now.parts.items()}
        changed = [(after.get(key, 0) - before[key], before[key], after.get(key, 0), key)
                   for key in before.keys() | after.keys()]
        return sorted((row for row in changed if row[0]), key=lambda row: (-row[0], row[3]))

    def explain_way(self, what, rest, now, ways):
        name, _, core = rest.partition(", ")
        frames = collections.defaultdict(list)
        for (_, section), (_, frame, _) in self.parts.items():
            frames[symbol_of(section)].append(frame)
        known = {plain: max(sizes) for plain, sizes in zip(readable(frames), frames.values())}
        print("%s, its deepest way:" % what)
        for step, frame in ways[name][0 if core else 1]:
            before = known.get(step)
            print("  %5d  %s%s" % (frame, step, "" if before == frame else
                                   " (new)" if before is None else " (was %d)" % before))


def show(what, differences):
    print("%s: the difference by symbol:" % what)
    for change, before, after, (member, section) in differences[:SHOWN]:
        print("  %+6d  %s in %s (%d, was %d)" % (change, readable([symbol_of(section)])[0] or section, member, after,
                                                 before))
    if len(differences) > SHOWN:
        print("  %+6d  in %d others" % (sum(row[0] for row in differences[SHOWN:]), len(differences) - SHOWN))


def symbol_of(section):
    """The function or object that a section holds, or whose literals; the section's name where it holds several."""
    found = re.match(r"\.(?:text|s?rodata|s?data|s?bss)(?:\.(?:rel\.ro|unlikely|startup|hot|local))*"
                     r"\.(?!str\d|cst\d)([A-Za-z_].*?)(?:\.str\d.*|\.cst\d.*)?$", section)
    return found.group(1) if found else section


def readable(symbols):
    from callgraph import plain_name
    out = subprocess.run(["c++filt"], input="\n".join(symbols) + "\n", capture_output=True, text=True, check=True).stdout
    return [plain_name(line) for line in out.splitlines()]


def opened(path, mode):
    if not path.endswith(".gz"):
        return open(path, mode, encoding="utf-8")
    # The same lines shall be the same bytes: no date.
    return io.TextIOWrapper(gzip.GzipFile(path, mode + "b", mtime=0), encoding="utf-8")


def rows(path):
    if not os.path.exists(path):
        raise SystemExit("%s is missing: check.py --update writes it" % path)
    with opened(path, "r") as file:
        return [line.rstrip("\n").split("\t") for line in list(file)[1:]]


def write_rows(path, head, lines):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with opened(path, "w") as file:
        file.write(head + "\n")
        file.writelines("\t".join(map(str, line)) + "\n" for line in lines)
