#!/usr/bin/python3
"""OpenStack Swift with its S3 interface, which checks region and service in the scope as AWS does.

Everything but /etc/swift/swift.conf, which Swift insists on and which stays as Debian ships it, is made in a
temporary directory: one device, one replica, no background daemons.
"""

import getpass
import os
import pathlib
import shutil
import sys

if __package__ in (None, ""):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from servers import support

ACCESS_KEY_ID = "test:tester"
SECRET_ACCESS_KEY = "testing"
REGION = "us-east-1"
RINGS = ("account", "container", "object")

STORAGE_CONFIG = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {directory}
devices = {directory}/devices
mount_check = false
log_level = WARNING
[pipeline:main]
pipeline = {ring}-server
[app:{ring}-server]
use = egg:swift#{ring}
"""

PROXY_CONFIG = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {directory}
log_level = WARNING
[pipeline:main]
pipeline = catch_errors gatekeeper cache s3api tempauth copy slo dlo proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{cache_port}
[filter:s3api]
use = egg:swift#s3api
location = {region}
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
"""


class Swift(support.Server):
    """memcached, one storage server a ring, and the proxy. `url` is the S3 endpoint."""

    def __init__(self, port=None):
        self._wanted_port = port
        self.port = None
        self._directory = None
        self._processes = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        support.require_commands(
            "swift", "memcached", "swift-ring-builder", "swift-proxy-server", "/etc/swift/swift.conf",
            *[f"swift-{ring}-server" for ring in RINGS])
        self.port = support.choose_port(self._wanted_port, "swift")
        self._directory = support.temporary_directory("swift")
        os.makedirs(os.path.join(self._directory, "devices", "device1"))
        ports = [self._start_cache(), *[self._start_storage(ring) for ring in RINGS], self._start_proxy()]
        for port, process in zip(ports, self._processes):
            support.wait_until(lambda port=port: support.accepts_connections(port), process.name, 60, process)

    def stop(self):
        for process in reversed(self._processes):
            process.stop()
        self._processes = []

    def _spawn(self, name, command):
        self._processes.append(support.Process(name, command, self._directory))

    def _start_cache(self):
        self._cache_port = support.choose_port(server="memcached")
        self._spawn("memcached", ["memcached", "-l", "127.0.0.1", "-p", str(self._cache_port), "-U", "0", "-m", "16",
                                  "-u", getpass.getuser()])
        return self._cache_port

    def _start_storage(self, ring):
        port = support.choose_port(server=f"swift {ring} server")
        self._build_ring(ring, port)
        self._start_server(ring, STORAGE_CONFIG, port=port, ring=ring)
        return port

    def _start_proxy(self):
        self._start_server("proxy", PROXY_CONFIG, port=self.port, cache_port=self._cache_port, region=REGION,
                           secret=SECRET_ACCESS_KEY)
        return self.port

    def _build_ring(self, ring, port):
        builder = os.path.join(self._directory, f"{ring}.builder")
        for arguments in (["create", "4", "1", "1"], ["add", f"r1z1-127.0.0.1:{port}/device1", "1"], ["rebalance"]):
            support.run_checked(["swift-ring-builder", builder, *arguments])

    def _start_server(self, name, template, **values):
        config = os.path.join(self._directory, f"{name}-server.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write(template.format(directory=self._directory, user=getpass.getuser(), **values))
        self._spawn(f"swift-{name}-server", [shutil.which(f"swift-{name}-server"), config])


def main():
    arguments = support.argument_parser("Starts Swift with its S3 interface on loopback.").parse_args()
    support.serve_by_hand(Swift(arguments.port), lambda server: (
        f"Swift's S3 is at {server.url}, region {REGION}\n"
        f"AWS_ACCESS_KEY_ID={ACCESS_KEY_ID} AWS_SECRET_ACCESS_KEY={SECRET_ACCESS_KEY}"))


if __name__ == "__main__":
    main()
