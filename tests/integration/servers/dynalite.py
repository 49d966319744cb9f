#!/usr/bin/python3
"""dynalite (DynamoDB) and kinesalite (Kinesis), installed by tests/install.sh. They do not verify signatures."""

import os
import pathlib
import sys

if __package__ in (None, ""):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from servers import support

SOURCE_DIRECTORY = pathlib.Path(__file__).resolve().parents[3]

# Started from a line of our own because kinesalite's command cannot choose its address and listens everywhere.
LAUNCHER = """
const [name, port] = process.argv.slice(1);
const options = {createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, createStreamMs: 0, deleteStreamMs: 0};
require(name)(options).listen(Number(port), '127.0.0.1');
"""


def npm_directory():
    return os.environ.get("TINYAWS_NPM_DIR") or str(SOURCE_DIRECTORY / "build" / "tests" / "npm")


class NodeServer(support.Server):
    """One of the two: NodeServer('dynalite') or NodeServer('kinesalite')."""

    def __init__(self, name="dynalite", port=None):
        self.name = name
        self._wanted_port = port
        self.port = None
        self._process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        module = os.path.join(npm_directory(), "node_modules", self.name)
        support.require_commands(self.name, "node", module)
        self.port = support.choose_port(self._wanted_port, self.name)
        self._process = support.Process(
            self.name, ["node", "-e", LAUNCHER, module, str(self.port)], support.temporary_directory(self.name))
        support.wait_until(lambda: support.accepts_connections(self.port), self.name, 30, self._process)

    def stop(self):
        if self._process:
            self._process.stop()


def main():
    parser = support.argument_parser("Starts dynalite or kinesalite on loopback.")
    parser.add_argument("name", nargs="?", choices=["dynalite", "kinesalite"], default="dynalite")
    arguments = parser.parse_args()
    server = NodeServer(arguments.name, arguments.port)
    support.serve_by_hand(server, lambda _: f"{server.name} is at {server.url}")


if __name__ == "__main__":
    main()
