"""What libtinyaws_core.a, and what is built on it alone, asks of its surroundings: nothing but what is on the list below.

    check_symbols.py ARCHIVE... [--nm NM] [--build-type TYPE]

Of type Debug, or of none, it may also need what unoptimised code does. A build with a sanitizer is not checked:
exit 77. Exit 1: an archive needs something else.
"""
import argparse
import re
import subprocess
import sys

# Everything here is pure: it reads and writes the memory that it is given, and nothing else.
ALLOWED = [
    r"mem(cpy|move|set|cmp|chr)", r"bcmp", r"strlen",
    # The crypto port (tinyaws/sha256.h).
    r"tinyaws::sha256_(start|update|finish|clone|stop)\(.*\)",
    # Arithmetic of libgcc and of ARM's run-time ABI, for what a processor has no instruction for.
    r"__u?(div|mod|divmod)[sdt]i[34]", r"__(mul|ashl|ashr|lshr)[sdt]i3", r"__u?cmp[dt]i2",
    r"__(clz|ctz|ffs|popcount|bswap|parity)[sdt]i2",
    r"__aeabi_(u?l?divmod|u?idiv|lmul|llsl|llsr|lasr|u?lcmp|uidivmod|idivmod|mem(cpy|move|set|clr)[48]?)",
    r"__aeabi_unwind_cpp_pr[01]", r"__gnu_thumb1_case_\w+",
    # What hardening options and position-independent code add.
    r"__stack_chk_(fail|guard)(_local)?", r"__mem(cpy|move|set)_chk", r"_GLOBAL_OFFSET_TABLE_", r"_gp_disp",
    r"_?__x86\.get_pc_thunk\.\w+",
]
# assert(), which optimised builds drop.
ALLOWED_IN_DEBUG = [r"__assert_fail", r"__assert_func", r"__assert"]

SANITIZER = re.compile(r"^_*(asan|ubsan|tsan|msan|sanitizer)_")

# Defined symbols that give away what the library is built without.
FORBIDDEN_DEFINED = [(r"typeinfo ", "type information: build it with -fno-rtti"),
                     # Placement new, which unoptimised code keeps as a function, makes objects where memory is.
                     (r"(guard variable|operator (new|delete)(?!(\[\])?\(unsigned \w+, void\*\)))",
                      "a static with a constructor, or the heap")]

REASONS = [
    (r"operator (new|delete)|^(malloc|calloc|realloc|free|aligned_alloc|posix_memalign|strdup)$", "the heap"),
    (r"^(__cxa_(throw|begin_catch|end_catch|rethrow|allocate_exception|guard_\w+|atexit)|_Unwind_\w+|"
     r"__gxx_personality_v0)$|std::__throw_", "exceptions or static constructors"),
    (r"typeinfo|vtable for __cxxabiv1", "type information"),
    (r"^(time|gettimeofday|clock\w*|gmtime\w*|localtime\w*|mktime|timegm|strftime|nanosleep|usleep|sleep)$",
     "a clock: take the time as an argument"),
    (r"^(socket|connect|send\w*|recv\w*|poll|select|getaddrinfo|bind|listen|accept4?)$", "the network"),
    (r"^(open(at)?|close|read|write|f(open|close|read|write|gets|puts|printf)|printf|puts|stat|stdout|stderr)$",
     "files"),
    (r"^(getenv|secure_getenv|environ|setenv)$", "the environment"),
    (r"^std::", "libstdc++"),
]


def list_symbols(nm, archive):
    """(object, name, type) of every symbol, names demangled."""
    out = subprocess.run([nm, "-A", "-C", archive], stdout=subprocess.PIPE, universal_newlines=True,
                         check=True).stdout
    symbols = []
    for line in out.splitlines():
        match = re.match(r"^(?:.*:)?([^:]+):\s*[0-9a-fA-F]*\s+([A-Za-z?-]) (.*)$", line)
        if match:
            symbols.append((match.group(1), match.group(3), match.group(2)))
    return symbols


def reason_for(name):
    for pattern, reason in REASONS:
        if re.search(pattern, name):
            return reason
    return "not on the list of tests/checks/check_symbols.py"


def check(symbols, debug):
    allowed = re.compile("^(" + "|".join(ALLOWED + (ALLOWED_IN_DEBUG if debug else [])) + ")$")
    defined = {name for _, name, kind in symbols if kind not in "Uw"}
    problems = []
    for member, name, kind in symbols:
        if kind in "Uw" and name not in defined and not allowed.match(name):
            problems.append("%s: needs %s (%s)" % (member, name, reason_for(name)))
        for pattern, why in FORBIDDEN_DEFINED:
            if kind not in "Uw" and re.match(pattern, name):
                problems.append("%s: has %s (%s)" % (member, name, why))
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("archives", nargs="+")
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--build-type", default="Release")
    options = parser.parse_args()
    symbols = []
    for archive in options.archives:
        own = list_symbols(options.nm, archive)
        if not own:
            print("%s holds no symbols" % archive)
            return 1
        symbols += own
    if any(SANITIZER.match(name) for _, name, _ in symbols):
        print("skipped: built with a sanitizer")
        return 77
    problems = check(symbols, options.build_type in ("", "Debug"))
    for problem in sorted(set(problems)):
        print(problem)
    if problems:
        print("The core takes time, randomness, memory and input as arguments: give it what it needs through port.h.")
    else:
        print("%d symbols, none of them forbidden" % len(symbols))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
