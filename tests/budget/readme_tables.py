#!/usr/bin/env python3
"""The tables of the READMEs that say what the library takes, made of the figures in budgets/.

    readme_tables.py [--write]     exit 1 where a README is not what the figures say; --write: makes it so

A table stands between the lines `<!-- figures: NAME -->` and `<!-- end of figures -->`.
"""
import os
import re
import sys

from build import ROOT
from compare import Budget

HERE = os.path.dirname(os.path.abspath(__file__))
TARGETS = ["armv7", "x86-64"]
TABLE = re.compile(r"(<!-- figures: (.*?) -->\n)(.*?)(<!-- end of figures -->)", re.S)

# Name, what is added up for its flash, what for its RAM (a list: several figures, each with its own name).
PARTS = [
    ("signing alone, without SHA-256", "level sign", [("`Signer`", "sizeof tinyaws::Signer")]),
    ("signing, HTTP, `AsyncClient`, the environment's credentials", "level client",
     [("`AsyncClient`", "sizeof tinyaws::AsyncClient"),
      ("8 plain slots of 2,048 bytes, client and resolver", "ram of a plain client of 8 slots")]),
    ("everything: both clients, errors, presigning, the default chain", "level everything", []),
    ("of that a `Client` with given credentials", "source given",
     [("`Client`", "sizeof tinyaws::Client"), ("a call", "sizeof tinyaws::ApiCall"),
      ("a `Response`", "sizeof tinyaws::Response")]),
    ("of that the default chain", "source default chain",
     [("`DefaultCredentials`", "sizeof tinyaws::DefaultCredentials")]),
    ("`posix` port", "archive posix",
     [("a TCP transport", "sizeof tinyaws::posix::TcpTransport"), ("the resolver, a thread", "sizeof tinyaws::posix::Resolver"),
      ("files", "sizeof tinyaws::posix::Files"), ("processes", "sizeof tinyaws::posix::Processes")]),
    ("`mbedtls` port, without mbedTLS", "archive mbedtls",
     [("a TLS transport", "sizeof tinyaws::mbedtls::TlsTransport"),
      ("its settings, once", "sizeof tinyaws::mbedtls::TlsConfig")]),
    ("awsfetch, linked with shared libraries", "awsfetch", []),
]

CALLS = ["Signer::sign", "Client::fetch", "Client::presign", "AsyncClient::poll", "Connection::step", "read_error",
         "explain_mismatch"]

OBJECTS = [
    ("Signer", "the signing key's two hash states, 256 bytes of its inputs"),
    ("Exchange", "offsets; the bytes are in the connection's buffer"),
    ("Connection", "an Exchange, the host's name"),
    ("Slot", "a Connection and whose call it runs; its transport and buffer stand beside it"),
    ("AsyncClient", "a Signer, the options"),
    ("ApiCall", "the prepared request with host, region and a profile's URL, a hash in progress"),
    ("Response", "the beginning of an error's body (`TINYAWS_MAX_ERROR_BYTES`, 1,024)"),
    ("Client", "a Signer, a Connection, and the call that `fetch` runs"),
]

SOURCES = ["given", "environment", "container", "instance metadata", "AWS IoT", "web identity", "assumed role",
           "profile, all it points to", "chain of two", "cache", "default chain"]
SOURCE_NAMES = {"given": "a client, given credentials", "default chain": "**default chain**"}


def flash_of(what, figures):
    return sum(figures["%s %s" % (what, kind)] for kind in ("text", "data")
               if "%s %s" % (what, kind) in figures) or figures["%s flash" % what]


class Figures:
    def __init__(self, folder):
        self.of = [Budget.read(folder, target).figures for target in TARGETS]

    def flash(self, what):
        return ["{:,}".format(flash_of(what, figures)) for figures in self.of]

    def smallest(self, what):
        figures = self.of[TARGETS.index("armv7")]
        return "{:,}".format(flash_of(what + "-smallest", figures)) if what.startswith("level ") else ""

    def each(self, what):
        return ["{:,}".format(figures[what]) if what in figures else "" for figures in self.of]


def row(*cells):
    return "| " + " | ".join(cells) + " |\n"


def what_it_takes(figures):
    text = row("part", "flash, ARMv7 Thumb-2", "at its smallest", "flash, x86-64", "RAM, ARMv7; x86-64")
    text += row(*["---"] * 5)
    for name, flash, ram in PARTS:
        bill = ", ".join("%s: %s" % (part, "; ".join(figures.each(what))) for part, what in ram)
        arm, x86 = figures.flash(flash)
        text += row(name, arm, figures.smallest(flash), x86, bill)
    return text


def stack(figures):
    text = row("stack of", "ARMv7 Thumb-2", "x86-64", "of the core alone") + row(*["---"] * 4)
    for call in CALLS:
        whole, core = (figures.each("stack tinyaws::%s%s" % (call, part)) for part in ("", ", core"))
        text += row("`%s`" % call, *whole, "; ".join(core))
    return text


def objects(figures):
    text = row("object", "ARMv7", "x86-64", "holds") + row(*["---"] * 4)
    for name, holds in OBJECTS:
        text += row("`%s`" % name, *figures.each("sizeof tinyaws::" + name), holds)
    return text


def sources(figures):
    text = row("source", "flash, ARMv7 Thumb-2", "flash, x86-64", "RAM, ARMv7", "RAM, x86-64") + row(*["---"] * 5)
    for name in SOURCES:
        text += row(SOURCE_NAMES.get(name, name), *figures.flash("source " + name),
                    *figures.each("source %s ram" % name))
    return text


MAKERS = {"what it takes": what_it_takes, "stack": stack, "objects": objects, "sources": sources}


def renewed(text, figures):
    return TABLE.sub(lambda found: found[1] + MAKERS[found[2]](figures) + found[4], text)


def write(folder, check_only=False):
    """Whether the READMEs say, or now say, what the figures do."""
    figures, good = Figures(folder), True
    for name in ("README.md", "src/README.md"):
        path = os.path.join(ROOT, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if not TABLE.search(text):
            raise SystemExit("%s has no table of figures" % name)
        if renewed(text, figures) == text:
            continue
        if check_only:
            print("%s does not say what budgets/ says: tests/budget/readme_tables.py --write" % name)
            good = False
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write(renewed(text, figures))
    return good


if __name__ == "__main__":
    sys.exit(0 if write(os.path.join(HERE, "budgets"), check_only="--write" not in sys.argv) else 1)
