"""Folders and public headers have ranks, and what has a rank includes only what has a lower one.

    check_ranks.py ROOT

The ranks below are those of the design: a reader who knows them knows where to look. Exit 1 when an include goes up.
"""
import os
import re
import sys

# Public headers. Of one rank: they may include each other, but never in a circle.
HEADER_RANKS = {
    "config_values": 0, "config": 0, "status": 0, "bytes": 0, "time": 0,
    "http": 1, "sha256": 1, "error_info": 1, "service_clock": 1, "explain": 1,
    "credentials": 2, "settings": 2, "endpoint": 2,
    "sigv4": 3,
    "exchange": 4, "call": 4, "port": 4,
    "backoff": 5, "connection": 5, "destination": 5, "form": 5, "profile": 5,
    "api_call": 6,
    "client": 7, "async_client": 7, "providers": 7, "remark": 7, "credentials_store": 7, "cached_credentials": 7, "document_call": 7,
    "document_source": 7, "instance_metadata": 7, "container_credentials": 7, "iot_credentials": 7, "sts_call": 7,
    "sts_credentials": 7, "profile_credentials": 7,
    "default_credentials": 8, "client_storage": 8,
    "tinyaws": 9,
    # In C: of C they see each other only, and no header in C++ sees them but the bridge between both.
    "c_sizes": 10, "c_status": 10, "c_http": 11, "c_port": 11, "c_credentials": 12, "c_sigv4": 13, "c_client": 14,
    "c_async_client": 15, "tinyaws_c": 16,
    "c_measure": 16, "c_object": 16, "c_bridge": 16,
}

# Headers that programs in C include, those of ports and those that are made with the build among them.
IN_C = {"config_values", "c_sizes", "c_status", "c_http", "c_port", "c_credentials", "c_sigv4", "c_client", "c_async_client",
        "tinyaws_c", "system_c", "system_c_sizes"}

# Folders of src/: the rank among each other, and the highest public header that they may include.
SOURCE_RANKS = {
    "base": (0, "status"),
    "text": (1, "http"),
    "crypto": (2, "sha256"),
    "http": (3, "exchange"),
    "sigv4": (3, "sigv4"),
    "endpoint": (3, "endpoint"),
    "profile": (4, "profile"),
    "errors": (4, "http"),
    "client": (5, "async_client"),
    "credentials": (6, "default_credentials"),
    "c": (7, "c_bridge"),
}

# Ports include public headers and their own folder, and the headers of the ports that stand here.
PORTS = {"posix": [], "mbedtls": [], "none": [], "lwip": [], "system": ["posix", "mbedtls"]}

# What the core may use of the language's library: types, and functions on memory that it is given.
SYSTEM_HEADERS = {"cassert", "cstddef", "cstdint", "cstring", "limits", "new", "string_view", "type_traits",
                  "utility"}

# What headers in C may use.
C_HEADERS = {"stdbool.h", "stddef.h", "stdint.h"}

SOURCE_NAME = re.compile(r"\.(h|h\.in|cpp|c)$")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


class Tree:
    def __init__(self, root):
        self.root = root
        self.problems = []
        self.includes = {}  # of public headers among each other: name -> {name: line}

    def complain(self, path, line, what):
        self.problems.append("%s:%d: %s" % (os.path.relpath(path, self.root), line, what))

    def sources(self, folder):
        found = []
        for directory, folders, names in os.walk(os.path.join(self.root, folder)):
            folders.sort()
            found += [os.path.join(directory, name) for name in sorted(names) if SOURCE_NAME.search(name)]
        return found

    def read_includes(self, path):
        """(line, '<' or '"', name)"""
        with open(path, encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                match = INCLUDE.match(text)
                if match:
                    yield number, match.group(1), match.group(2)

    def port_headers(self, port):
        folder = os.path.join(self.root, "port", port, "include", "tinyaws")
        return {name[:-2] for name in os.listdir(folder)} if os.path.isdir(folder) else set()

    # --- Public headers

    def check_headers(self):
        for path in self.sources("include"):
            name = re.sub(r"\.h(\.in)?$", "", os.path.basename(path))
            if name not in HEADER_RANKS:
                self.complain(path, 1, "has no rank: give it one in tests/checks/check_ranks.py")
                continue
            self.includes[name] = {}
            for line, kind, included in self.read_includes(path):
                self.check_header_include(path, line, kind, included, name)
        self.check_circles()

    def check_header_include(self, path, line, kind, included, name):
        other = public_name(included)
        if name in IN_C:
            self.check_include_in_c(path, line, included)
        if other is None:
            if name not in IN_C:
                self.check_system_include(path, line, kind, included)
        elif other not in HEADER_RANKS:
            self.complain(path, line, "includes %s, which is no header of the core" % included)
        elif HEADER_RANKS[other] > HEADER_RANKS[name]:
            self.complain(path, line, "rank %d includes %s of rank %d: move what it needs down" %
                          (HEADER_RANKS[name], included, HEADER_RANKS[other]))
        else:
            self.includes[name][other] = (path, line)

    def check_include_in_c(self, path, line, included):
        if public_name(included) not in IN_C and included not in C_HEADERS:
            self.complain(path, line, "is for C, and includes %s" % included)

    def check_circles(self):
        def visit(name, trail):
            for other, (path, line) in sorted(self.includes.get(name, {}).items()):
                if other in trail:
                    self.complain(path, line, "closes a circle of includes: " + " -> ".join(trail + [other]))
                else:
                    visit(other, trail + [other])
        for name in sorted(self.includes):
            visit(name, [name])

    def check_system_include(self, path, line, kind, included):
        if kind == "<" and included not in SYSTEM_HEADERS:
            self.complain(path, line, "the core does not include <%s>: see SYSTEM_HEADERS in "
                          "tests/checks/check_ranks.py" % included)
        elif kind == '"':
            self.complain(path, line, "includes \"%s\", neither a public header nor in its folder" % included)

    # --- src/

    def check_sources(self):
        for path in self.sources("src"):
            parts = os.path.relpath(path, os.path.join(self.root, "src")).split(os.sep)
            folder = parts[0] if len(parts) > 1 else ""
            if folder not in SOURCE_RANKS:
                self.complain(path, 1, "its folder has no rank: give it one in tests/checks/check_ranks.py")
                continue
            for line, kind, included in self.read_includes(path):
                self.check_source_include(path, line, kind, included, folder)

    def check_source_include(self, path, line, kind, included, folder):
        rank, highest = SOURCE_RANKS[folder]
        other = public_name(included)
        target = included.split("/")[0]
        if other is not None:
            if other not in HEADER_RANKS:
                self.complain(path, line, "the core includes a port's %s: go through tinyaws/port.h" % included)
            elif HEADER_RANKS[other] > HEADER_RANKS[highest]:
                self.complain(path, line, "src/%s includes %s: it may see public headers up to %s.h" %
                              (folder, included, highest))
        elif kind == '"' and "/" in included and target in SOURCE_RANKS:
            if target != folder and SOURCE_RANKS[target][0] >= rank:
                self.complain(path, line, "src/%s (rank %d) includes src/%s (rank %d): only lower ones" %
                              (folder, rank, target, SOURCE_RANKS[target][0]))
        elif kind == "<" or not os.path.exists(os.path.join(os.path.dirname(path), included)):
            self.check_system_include(path, line, kind, included)

    # --- port/

    def check_ports(self):
        for path in self.sources("port"):
            port = os.path.relpath(path, os.path.join(self.root, "port")).split(os.sep)[0]
            if port not in PORTS:
                self.complain(path, 1, "port/%s is not known: add it to PORTS in tests/checks/check_ranks.py" % port)
                continue
            own = self.port_headers(port).union(*[self.port_headers(other) for other in PORTS[port]])
            for line, kind, included in self.read_includes(path):
                self.check_port_include(path, line, kind, included, port, own)

    def check_port_include(self, path, line, kind, included, port, own):
        other = public_name(included)
        if os.path.basename(path)[:-2] in IN_C:
            self.check_include_in_c(path, line, included)
        if other is not None:
            if other not in own and other not in HEADER_RANKS and other not in IN_C:
                self.complain(path, line, "port/%s includes %s of another port" % (port, included))
        elif included.split("/")[0] in SOURCE_RANKS and "/" in included:
            self.complain(path, line, "port/%s includes %s: ports see include/ only" % (port, included))
        elif kind == '"' and not os.path.exists(os.path.join(os.path.dirname(path), included)):
            self.complain(path, line, "port/%s includes \"%s\", which is not in its folder" % (port, included))


def public_name(included):
    match = re.match(r"^tinyaws/(\w+)\.h$", included)
    return match.group(1) if match else None


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tree = Tree(sys.argv[1])
    files = len(tree.sources("include") + tree.sources("src") + tree.sources("port"))
    tree.check_headers()
    tree.check_sources()
    tree.check_ports()
    for problem in tree.problems:
        print(problem)
    print("%d files: %d problems" % (files, len(tree.problems)))
    return 1 if tree.problems or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
