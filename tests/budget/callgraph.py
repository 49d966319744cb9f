"""The call graph of the library, with the stack frame of every function, as GCC writes it down beside each object.

Read are three dumps (see build.py for the options): `.ci` (functions, their frames, direct calls), `.optimized` (of
each call through a virtual table: class and entry) and `.class` (bases and virtual tables). A virtual call leads to
every function of that name in the class and those derived from it. What a call through a plain pointer leads to
stands in rules.tsv.
"""
import collections
import os
import re
import subprocess

NODE = re.compile(r'node: \{ title: "([^"]*)" label: "([^"]*)"( shape : ellipse)?')
EDGE = re.compile(r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"')
FRAME = re.compile(r"(\d+) bytes \(([^)]*)\)")
FUNCTION = re.compile(r"^;; Function .* \((\S+), funcdef_no=")
VIRTUAL_CALL = re.compile(r"OBJ_TYPE_REF\([^;]*;\((?:const )?(?:struct|class) ([^)]+)\)[^>]*->(\d+)B\)")
POINTER_CALL = re.compile(r"^\s*(?:\S+ = )?(?:\w*_\d+)(?:\(D\))? \(")
VTABLE = re.compile(r"^Vtable for (\S.*)$")
VTABLE_ENTRY = re.compile(r"^\d+\s+\(int \(\*\)\(\.\.\.\)\)(.*)$")
CLASS = re.compile(r"^Class (\S.*)$")
BASE = re.compile(r"^\s*(\S.*?) \(0x\S*\) (\d+)")



class Graph:
    def __init__(self):
        self.frames = {}  # title: bytes of stack
        self.dynamic = set()  # titles whose frame has no fixed size
        self.calls = collections.defaultdict(set)  # title: titles
        self.virtual = collections.defaultdict(set)  # title: (class, entry of its table)
        self.virtual_calls = collections.defaultdict(set)  # title: titles
        self.pointer_calls = set()  # titles that call through a plain pointer
        self.labels = {}  # title: readable name
        self.bases = collections.defaultdict(set)  # class: it and what it derives from
        self.derived = collections.defaultdict(set)  # class: (class that has one as base, at which offset)
        self.vtables = {}  # class: {offset of a base: functions}

    def name(self, title):
        return self.labels.get(title, title)

    def overriders(self, base, method):
        """Titles of the functions that a call of `base::method` through the virtual table may reach."""
        return [title for title in self.by_method.get(method, ())
                if owner(self.names[title]) == base or base in self.bases[owner(self.names[title])]]


def owner(name):
    return name.rpartition("::")[0]


def plain_name(demangled):
    """`tinyaws::Client::fetch` of `tinyaws::Client::fetch(tinyaws::ApiRequest const&) const [clone .x]`."""
    text = demangled.replace("(anonymous namespace)", "{anonymous}").split(" [clone")[0]
    depth, start = 0, None
    for at, char in enumerate(text):
        if char == "(" and depth == 0 and not text[:at].endswith("operator"):
            start = at
            break
        depth += {"<": 1, ">": -1}.get(char, 0) if "operator" not in text[:at + 1] else 0
    return text[:start].split(" ")[-1] if start is not None else text


def demangle(titles):
    titles = list(titles)
    symbols = "\n".join(title.rpartition(":")[2] for title in titles) + "\n"
    out = subprocess.run(["c++filt"], input=symbols, capture_output=True, text=True, check=True).stdout
    return dict(zip(titles, out.splitlines()))


def dumps(path, ending):
    """Files beside an object that begin as it does."""
    folder, name = os.path.split(path[:-2])
    return [os.path.join(folder, other) for other in sorted(os.listdir(folder))
            if other.startswith(name + ".") and other.endswith(ending)]


def read(objects):
    graph = Graph()
    objects = list(objects)
    for path in objects:
        for dump in dumps(path, ".class"):
            read_classes(dump, graph)
    for path in objects:
        if not os.path.exists(path[:-2] + ".ci"):
            raise SystemExit("%s has no .ci beside it: build with the options of build.py" % path)
        local = read_calls(path[:-2] + ".ci", graph)
        for dump in dumps(path, ".optimized"):
            read_indirect(dump, graph, local)
    names = demangle(graph.frames)
    graph.names = {title: plain_name(name) for title, name in names.items()}
    graph.by_method = collections.defaultdict(list)
    for title, name in graph.names.items():
        graph.labels[title] = name
        graph.by_method[name.rpartition("::")[2]].append(title)
    name_aliases(graph)
    resolve_virtual_calls(graph)
    return graph


def read_calls(path, graph):
    """Returns the titles that the file defines, by symbol."""
    local = {}
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for title, label, outside in NODE.findall(text):
        if outside:
            continue
        frame = FRAME.search(label)
        graph.frames[title] = max(graph.frames.get(title, 0), int(frame.group(1)))
        if "dynamic" in frame.group(2) and "bounded" not in frame.group(2):
            graph.dynamic.add(title)
        local[title.rpartition(":")[2]] = title
    for source, target in EDGE.findall(text):
        if target != "__indirect_call":
            graph.calls[source].add(target.lstrip("*"))
    return local


def read_classes(path, graph):
    current, entries = None, None
    with open(path, encoding="utf-8") as file:
        for line in file:
            vtable, klass = VTABLE.match(line), CLASS.match(line)
            if vtable:
                entries = graph.vtables[vtable.group(1)] = {}
                current = None
            elif klass:
                current, entries = klass.group(1), None
            elif entries is not None and VTABLE_ENTRY.match(line):
                add_entry(entries, VTABLE_ENTRY.match(line).group(1))
            elif current and BASE.match(line):
                name, offset = BASE.match(line).groups()
                graph.bases[current].add(name)
                graph.derived[name].add((current, int(offset)))


def add_entry(tables, entry):
    """A table for each base with an offset of its own: minus the offset, a place for the type, then the functions."""
    if re.fullmatch(r"-?\d+", entry):
        if entry != "0" or not tables:
            tables[-int(entry)] = []
    else:
        list(tables.values())[-1].append(entry)


def read_indirect(path, graph, local):
    function = None
    with open(path, encoding="utf-8") as file:
        for line in file:
            header = FUNCTION.match(line)
            if header:
                function = local.get(header.group(1))
            elif function is not None:
                for base, entry in VIRTUAL_CALL.findall(line):
                    graph.virtual[function].add((base, int(entry)))
                if POINTER_CALL.match(line):
                    graph.pointer_calls.add(function)


def name_aliases(graph):
    """A constructor or destructor is called by the name of the complete object's, and defined once as the base's."""
    for targets in graph.calls.values():
        for target in list(targets):
            if target not in graph.frames and re.search(r"[CD]1E", target):
                other = re.sub(r"([CD])1E", r"\g<1>2E", target, count=1)
                if other in graph.frames:
                    targets.remove(target)
                    targets.add(other)


def resolve_virtual_calls(graph):
    for caller, calls in graph.virtual.items():
        for short_name, entry in calls:
            base = class_of(graph, short_name)
            method = method_of(graph, base, entry)
            graph.virtual_calls[caller].update(graph.overriders(base, method))


def class_of(graph, short_name):
    """The dump names classes without their namespaces; those with few are meant, the others are final."""
    names = [name for name in graph.vtables if name.rpartition("::")[2] == short_name.rpartition("::")[2]]
    if not names:
        raise SystemExit("no virtual table of " + short_name)
    return min(names, key=lambda name: name.count("::"))


def method_of(graph, base, entry):
    """The name of a virtual function, as a class has it that defines it. None: only programs do."""
    for name, offset in sorted(graph.derived[base]):
        table = graph.vtables.get(name, {}).get(offset, [])
        if len(table) > entry and table[entry] != "__cxa_pure_virtual":
            function = table[entry].rpartition("::")[2]
            return plain_name(demangle([function])[function]).rpartition("::")[2]
    return None
