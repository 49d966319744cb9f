"""Proves that each check fails when it should: it is run on small trees and archives that are wrong on purpose.

    check_checks.py [--cxx CXX] [--ar AR] [--nm NM]
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOOLS = {"cxx": "c++", "ar": "ar", "nm": "nm"}


class CheckCase(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def run_check(self, name, *arguments):
        return subprocess.run([sys.executable, os.path.join(HERE, name)] + list(arguments), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, universal_newlines=True)

    def expect(self, result, code, *parts):
        self.assertEqual(result.returncode, code, result.stdout)
        for part in parts:
            self.assertIn(part, result.stdout)


class Symbols(CheckCase):
    def check(self, code, *flags, arguments=()):
        source = self.write("code.cpp", code)
        built = os.path.join(self.root, "code.o")
        archive = os.path.join(self.root, "libcode.a")
        subprocess.run([TOOLS["cxx"], "-std=c++17", "-O1", "-c", source, "-o", built] + list(flags), check=True)
        subprocess.run([TOOLS["ar"], "rcs", archive, built], check=True)
        return self.run_check("check_symbols.py", archive, "--nm", TOOLS["nm"], *arguments)

    def test_what_is_allowed(self):
        self.expect(self.check("""
            #include <cstring>
            namespace tinyaws { struct Sha256State; void sha256_start(Sha256State&); }
            void f(void* a, void* b, unsigned n) { std::memmove(a, b, n); }
            void g(tinyaws::Sha256State& s) { tinyaws::sha256_start(s); }
            """), 0)

    def test_each_kind_of_forbidden_symbol(self):
        for code, name in [
                ("int* f() { return new int; }", "operator new"),
                ("#include <cstdlib>\nvoid* f(unsigned n) { return std::malloc(n); }", "malloc"),
                ("void f() { throw 1; }", "__cxa_throw"),
                ("#include <ctime>\nlong f() { return std::time(nullptr); }", "time (a clock"),
                ("#include <cstdlib>\nchar* f() { return std::getenv(\"A\"); }", "the environment"),
                ("#include <sys/socket.h>\nint f() { return socket(1, 1, 0); }", "the network"),
                ("#include <cstdio>\nvoid* f() { return std::fopen(\"a\", \"r\"); }", "files"),
                ("#include <string_view>\nchar f(std::string_view s, int i) { return s.at(i); }", "std::__throw"),
                ("struct A { virtual void f(); }; void A::f() {}", "typeinfo"),
                ("int other(); int f() { return other(); }", "not on the list"),
        ]:
            with self.subTest(name):
                self.expect(self.check(code), 1, "code.o", name)

    def test_assert_is_for_debug_builds(self):
        code = "#include <cassert>\nvoid f(int i) { assert(i > 0); }"
        self.expect(self.check(code), 1, "__assert")
        self.expect(self.check(code, arguments=["--build-type=Debug"]), 0)

    def test_sanitizers_are_passed_over(self):
        self.expect(self.check("int f(int i) { return i + 1; }", "-fsanitize=undefined"), 77, "skipped")

    def test_an_empty_archive(self):
        self.expect(self.run_check("check_symbols.py", self.write("empty.a", "!<arch>\n")), 1)


class Exports(CheckCase):
    HEADER = """
        namespace tinyaws {
        struct Client { void fetch(); }; struct Signer { void sign(); }; void sha256_update();
        namespace posix { void a(); } namespace mbedtls { void b(); } }
        extern "C" void tinyaws_sign();
        """
    SOURCE = """
        namespace tinyaws { void Client::fetch() {} void Signer::sign() {} void sha256_update() {}
        void posix::a() {} void mbedtls::b() {} }
        void tinyaws_sign() {}
        """

    def check(self, more="", flags=(), name="libtinyaws.so.1.2"):
        self.write("CMakeLists.txt", "project(tinyaws VERSION 1.2.3)")
        self.write("include/tinyaws/api.h", self.HEADER)
        code, built = self.write("code.cpp", self.HEADER + self.SOURCE + more), os.path.join(self.root, "libtinyaws.so")
        subprocess.run([TOOLS["cxx"], "-O1", "-fPIC", "-shared", "-Wl,-soname," + name, code, "-o", built, *flags], check=True)
        return self.run_check("check_exports.py", self.root, built, "--nm", TOOLS["nm"])

    def test_what_is_allowed(self):
        self.expect(self.check(), 0)

    def test_what_is_not_declared(self):
        self.expect(self.check("namespace tinyaws { void internal() {} }"), 1, "tinyaws::internal()")
        self.expect(self.check("void mbedtls_ssl_read() {}"), 1, "mbedtls_ssl_read")
        self.expect(self.check("extern \"C\" void cjson_parse() {}"), 1, "cjson_parse")

    def test_what_has_to_be_there(self):
        self.expect(self.check(flags=["-fvisibility=hidden"]), 1, "does not export tinyaws::Client::fetch")
        self.expect(self.check(name="libtinyaws.so"), 1, "SONAME libtinyaws.so.1.2")

    def test_an_archive(self):
        for code, result in [("int helper() { return 1; }", 1), ("namespace tinyaws { int helper() { return 1; } }", 0)]:
            source, built = self.write("part.cpp", code), os.path.join(self.root, "part.o")
            archive = os.path.join(self.root, "libtinyaws_%d.a" % result)
            subprocess.run([TOOLS["cxx"], "-c", source, "-o", built], check=True)
            subprocess.run([TOOLS["ar"], "rcs", archive, built], check=True)
            self.expect(self.run_check("check_exports.py", self.root, archive, "--nm", TOOLS["nm"]), result)


class NoLibstdcxx(CheckCase):
    def check(self, code, linker=None):
        source, built = self.write("code.cpp", code), os.path.join(self.root, "code.o")
        subprocess.run([TOOLS["cxx"], "-std=c++17", "-O1", "-c", source, "-o", built], check=True)
        return self.run_check("check_no_libstdcxx.py", "--cc", linker or TOOLS["cxx"], "--nm", TOOLS["nm"],
                              "--without-static", "--program", "code", built)

    def test_what_needs_none(self):
        self.expect(self.check("int main() { return 0; }"), 0, "nothing of libstdc++")

    def test_what_a_linker_adds_is_seen(self):
        for code, name in [("int main() { throw 1; }", "__cxa_throw"),
                           ("void* volatile kept;\nint main() { kept = new int; }", "operator new"),
                           ("#include <string>\nint main(int n, char**) { return std::string(n, 'a')[1]; }",
                            "std::__cxx11"),
                           ("extern \"C\" [[gnu::weak]] void __cxa_rethrow();\n"
                            "int main() { return &__cxa_rethrow ? 1 : 0; }", "__cxa_rethrow")]:
            with self.subTest(name):
                self.expect(self.check(code), 1, f"code, dynamic: {name}", "is of libstdc++")

    def test_what_the_c_compiler_cannot_link(self):
        self.expect(self.check("int main() { throw 1; }", linker="cc"), 1, "can't link it", "__cxa_throw")


class Headers(CheckCase):
    def check(self, text):
        self.write("include/tinyaws/good.h", "#pragma once\n#include <cstddef>\nsize_t f(size_t n);\n")
        if text:
            self.write("port/posix/include/tinyaws/bad.h", text)
        return self.run_check("check_headers.py", self.root, self.root, "--compiler", TOOLS["cxx"])

    def test_good_headers(self):
        self.expect(self.check(None), 0, "1 headers")

    def test_bad_headers(self):
        for text in ["#pragma once\nsize_t g(size_t n);\n",                       # <cstddef> is missing
                     "struct Twice {};\n",                                         # no #pragma once
                     "#pragma once\ninline void g(int unused) {}\n",               # a warning
                     "#pragma once\ninline void g() { throw 1; }\n"]:              # an exception
            with self.subTest(text):
                self.expect(self.check(text), 1, "bad.h does not compile alone")

    def test_headers_for_c(self):
        good = "#ifndef GOOD_H\n#define GOOD_H\n#include <stddef.h>\nsize_t g(size_t n);\n#endif\n"
        self.expect(self.check(good), 0, "2 headers")
        for text in [good.replace("size_t g(", "namespace a {}\nsize_t g("),       # not for C
                     good.replace("size_t g(", "int g(int class);\nsize_t h("),          # not for C++
                     good.replace("g(size_t n)", "g(size_t n);\ntypedef struct { } empty")]:  # not C99
            with self.subTest(text):
                self.expect(self.check(text), 1, "bad.h does not compile alone")

    def test_a_port_that_is_left_out(self):
        self.check("this is no C++\n")
        result = self.run_check("check_headers.py", self.root, self.root, "--without-port", "posix")
        self.expect(result, 0, "1 headers")

    def test_no_compiler(self):
        self.expect(self.run_check("check_headers.py", self.root, self.root, "--compiler", "no-such-compiler"), 1)


class Ranks(CheckCase):
    GOOD = {
        "include/tinyaws/bytes.h": "#include <cstddef>\n",
        "include/tinyaws/http.h": '#include "tinyaws/bytes.h"\n',
        "include/tinyaws/port.h": '#include "tinyaws/http.h"\n',
        "src/base/ascii.h": '#include "tinyaws/bytes.h"\n',
        "src/text/hex.cpp": '#include "text/hex.h"\n#include "base/ascii.h"\n',
        "src/text/hex.h": "#include <cstdint>\n",
        "port/posix/include/tinyaws/posix.h": '#include "tinyaws/port.h"\n#include <sys/socket.h>\n',
        "port/posix/tcp.cpp": '#include "words.h"\n#include "tinyaws/posix.h"\n',
        "port/posix/words.h": "",
        "port/mbedtls/include/tinyaws/mbedtls.h": '#include "tinyaws/port.h"\n',
        "port/system/include/tinyaws/system.h": '#include "tinyaws/posix.h"\n#include "tinyaws/mbedtls.h"\n',
    }

    def check(self, changes):
        for path, text in dict(self.GOOD, **changes).items():
            self.write(path, text)
        return self.run_check("check_ranks.py", self.root)

    def test_a_good_tree(self):
        self.expect(self.check({}), 0, "11 files: 0 problems")

    def test_an_empty_tree(self):
        self.expect(self.run_check("check_ranks.py", self.root), 1)

    def test_every_way_up(self):
        for path, text, line in [
                ("include/tinyaws/bytes.h", '\n#include "tinyaws/http.h"\n', 2),        # a header of higher rank
                ("include/tinyaws/bytes.h", '#include "tinyaws/posix.h"\n', 1),         # a port's
                ("include/tinyaws/bytes.h", "#include <string>\n", 1),                  # the heap
                ("include/tinyaws/bytes.h", '#include "base/ascii.h"\n', 1),            # a private header
                ("include/tinyaws/extra.h", "", 1),                                     # without a rank
                ("include/tinyaws/port.h", '#include "tinyaws/c_status.h"\n', 1),       # what is for C
                ("include/tinyaws/c_status.h", '#include "tinyaws/bytes.h"\n', 1),      # from C to C++
                ("include/tinyaws/c_status.h", "#include <string.h>\n", 1),
                ("port/system/include/tinyaws/system_c.h", '#include "tinyaws/system.h"\n', 1),
                ("src/base/ascii.h", '#include "tinyaws/c_status.h"\n', 1),
                ("src/base/ascii.h", '#include "text/hex.h"\n', 1),                     # a folder of higher rank
                ("src/base/ascii.h", '#include "tinyaws/port.h"\n', 1),                 # more than the folder may see
                ("src/base/ascii.h", '// \n#  include <ctime>\n', 2),                   # a clock
                ("src/base/ascii.h", '#include "tinyaws/posix.h"\n', 1),                # a port
                ("src/base/ascii.h", '#include "missing.h"\n', 1),
                ("src/http/a.cpp", '#include "sigv4/b.h"\n', 1),                        # of the same rank
                ("src/other/a.cpp", "", 1),                                             # without a rank
                ("src/a.cpp", "", 1),
                ("port/posix/tcp.cpp", '#include "base/ascii.h"\n', 1),                 # the library's inside
                ("port/posix/tcp.cpp", '#include "tinyaws/mbedtls.h"\n', 1),            # another port
                ("port/posix/tcp.cpp", '#include "../mbedtls/verify.h"\n', 1),
                ("port/other/a.cpp", "", 1),                                            # unknown
        ]:
            with self.subTest(path + ": " + text):
                self.expect(self.check({path: text}), 1, "%s:%d: " % (path, line))
                shutil.rmtree(self.root)

    def test_circles(self):
        changes = {"include/tinyaws/status.h": '#include "tinyaws/bytes.h"\n',
                   "include/tinyaws/bytes.h": '#include "tinyaws/status.h"\n'}
        self.expect(self.check(changes), 1, "circle", "bytes.h:1")


class Limits(CheckCase):
    CMAKE = 'tinyaws_limit(TINYAWS_MAX_A 8 0 255 "As in a request")\n'
    VALUES = "#define TINYAWS_MAX_A @TINYAWS_MAX_A@\n"
    CONFIG = "/// As in a\n/// request. Cost: none. Error: kTooManyAs.\nconstexpr size_t kMaxAs = TINYAWS_MAX_A;\n"

    def check(self, cmake=CMAKE, values=VALUES, config=CONFIG):
        self.write("CMakeLists.txt", cmake)
        self.write("include/tinyaws/config_values.h.in", values)
        self.write("include/tinyaws/config.h", config)
        self.write("include/tinyaws/status.h", "enum class Status {\n  kOk,\n  kTooManyAs,\n};\n")
        return self.run_check("check_limits.py", self.root)

    def test_a_good_tree(self):
        self.expect(self.check(), 0, "1 limits: 0 problems")

    def test_bad_trees(self):
        self.expect(self.check(cmake=""), 1, "set 0 times")
        self.expect(self.check(cmake=self.CMAKE * 2), 1, "set 2 times")
        self.expect(self.check(values=""), 1, "0 limits")
        self.expect(self.check(config=""), 1, "must stand there once")
        self.expect(self.check(config=self.CONFIG * 2), 1, "must stand there once")
        self.expect(self.check(config=self.CONFIG.replace("Cost: none. ", "")), 1, "config.h:3: ", 'no "Cost:"')
        self.expect(self.check(config=self.CONFIG.replace("Error: kTooManyAs.", "")), 1, 'no "Error:"')
        self.expect(self.check(config=self.CONFIG.replace("kTooManyAs", "kTooManyBs")), 1, "kTooManyBs is no Status")


class Cases(CheckCase):
    ROW = "| C%d | area | what happens | %s |\n"
    ROWS = {1: "`one_test`; not: the rest", 2: "`one_test`, `test_two`", **{n: "none: not yet" for n in range(3, 41)}}
    ONE = "// A head.\n// Covers C1, C2: in a few words.\n"
    TWO = "# Covers C2: in a few words.\n"

    def check(self, rows=None, one=ONE, two=TWO, more=""):
        table = "".join(self.ROW % row for row in {**self.ROWS, **(rows or {})}.items())
        self.write("tests/README.md", "# Tests\n\n| case | area |\n|---|---|\n" + table + more)
        self.write("tests/unit/one_test.cpp", one)
        self.write("tests/integration/test_two.py", two)
        return self.run_check("check_cases.py", self.root)

    def test_a_good_table(self):
        self.expect(self.check(), 0, "40 cases, 2 of them with tests: 0 problems")

    def test_markers_at_their_test(self):
        self.expect(self.check(one="  /// A test. Covers C1: here.\n// Covers C2: there.\n"), 0, "0 problems")

    def test_no_table(self):
        self.write("tests/README.md", "# Tests\n")
        self.expect(self.run_check("check_cases.py", self.root), 1, "C1 is missing", "C40 is missing")

    def test_rows_that_are_wrong(self):
        self.expect(self.check(more=self.ROW % (7, "none: not yet")), 1, "README.md:45: C7 stands there twice")
        self.expect(self.check(more=self.ROW % (41, "none: not yet")), 1, "README.md:45: C41 is no case")
        self.expect(self.check(more=self.ROW % (0, "none: not yet")), 1, "README.md:45: C0 is no case")
        self.expect(self.check({9: "none"}), 1, "README.md:13: C9 names no test")
        self.expect(self.check({9: ""}), 1, "README.md:13: C9 wants")
        self.expect(self.check({9: "`three_test`"}), 1, "README.md:13: C9: no file under tests/ is called three_test")

    def test_tests_and_rows_that_do_not_agree(self):
        self.expect(self.check(two=""), 1, "integration/test_two.py:1: ", "for C2")
        self.expect(self.check({2: "`test_two`"}), 1, "unit/one_test.cpp:2: names C2: name `one_test`")
        self.expect(self.check(one=self.ONE.replace("C1, C2", "C1, C2, C3")), 1, "unit/one_test.cpp:2: names C3")

    def test_markers_that_nothing_would_find(self):
        for line in ("// Covers C1 and C2: words", "// Covers C1, C2", "// Covers C1:", "  /// covers C1: words"):
            with self.subTest(line):
                self.expect(self.check(one=line + "\n"), 1, "unit/one_test.cpp:1: write it as")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    while arguments and arguments[0].startswith("--") and arguments[0][2:] in TOOLS:
        TOOLS[arguments[0][2:]] = arguments[1]
        arguments = arguments[2:]
    unittest.main(argv=[sys.argv[0]] + arguments)
