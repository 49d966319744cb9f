"""cutting_proxy: a TCP proxy that cuts some of its connections in the middle of what they carry."""

import json
import os

from servers import support

COMMAND = os.environ.get("TINYAWS_CUTTING_PROXY")


class CuttingProxy(support.Server):
    """In front of a server. So many connections in a thousand are cut."""

    def __init__(self, server_port, per_mille, seed):
        self.port = support.choose_port(server="cutting_proxy")
        self.counts = None
        self._command = [COMMAND, str(self.port), str(server_port), str(per_mille), str(seed)]
        self._directory = support.temporary_directory("cutting_proxy")
        self._process = None

    def start(self):
        self._process = support.Process("cutting_proxy", self._command, self._directory)
        support.wait_until(lambda: support.accepts_connections(self.port), "cutting_proxy", 10, self._process)

    def stop(self):
        """`counts` then says how many connections there were, and how many were cut."""
        self._process.stop()
        with open(os.path.join(self._directory, "cutting_proxy.log"), encoding="utf-8") as log:
            self.counts = json.loads(log.read())
