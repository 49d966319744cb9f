#!/usr/bin/python3
"""Ceph's radosgw: S3 and STS that verify signatures. A one-node cluster in memory, made anew for each start."""

import json
import os
import pathlib
import socket
import sys
import uuid

if __package__ in (None, ""):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from servers import support

ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ROLE_NAME = "device"
ROLE_ARN = f"arn:aws:iam:::role/{ROLE_NAME}"

# Why the unusual settings: radosgw hangs for ever with authentication off unless `ms mon client mode` is crc, and
# answers every refusal with a bare AccessDenied unless its own keys are tried before STS. `sts key` has 16 bytes.
CONFIG = """
[global]
fsid = {fsid}
mon host = v1:127.0.0.1:{monitor_port}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms bind ipv4 = true
ms bind ipv6 = false
ms bind msgr2 = false
run dir = {directory}
admin socket = {directory}/$name.asok
pid file = {directory}/$name.pid
log file = {directory}/$name.log
mon cluster log file = {directory}/cluster.log
crash dir = {directory}
osd pool default size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
paxos propose interval = 0.05
paxos min wait = 0.02

[mon.a]
mon data = {directory}/mon
mon addr = 127.0.0.1:{monitor_port}

[osd.0]
osd data = {directory}/osd
osd objectstore = memstore
memstore device bytes = 1073741824

[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw dns name = localhost
rgw s3 auth use sts = true
rgw s3 auth order = local, sts
rgw sts key = abcdefghijklmnop
rgw data = {directory}/rgw
rgw thread pool size = 16
rgw enable usage log = false
rgw run sync thread = false
rgw enable gc threads = false
rgw enable lc threads = false
rgw enable quota threads = false
"""

# A program that asks the monitor for its configuration forgets the cluster's id before its first command, and now and
# then that command is refused ("wrong fsid") or dropped, which looks like a start that hangs.
NO_CENTRAL_CONFIG = "--no-mon-config"

TRUST_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/tester"]}, "Action": ["sts:AssumeRole"]}],
}
PERMISSION_POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": "arn:aws:s3:::*"}],
}


class Radosgw(support.Server):
    """Monitor, object store and gateway. `url` is the S3 and STS endpoint."""

    def __init__(self, port=None):
        self._wanted_port = port
        self.port = None
        self._processes = []
        self._directory = self._config = self._fsid = self._monitor_port = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        support.require_commands(
            "radosgw", "ceph-mon", "ceph-osd", "ceph", "monmaptool", "radosgw", "radosgw-admin")
        self.port = support.choose_port(self._wanted_port, "radosgw")
        self._directory = support.temporary_directory("radosgw")
        self._fsid = str(uuid.uuid4())
        self._monitor_port = support.choose_port(server="ceph-mon")
        self._config = self._write("ceph.conf", CONFIG.format(
            fsid=self._fsid, directory=self._directory, monitor_port=self._monitor_port, port=self.port))
        for name in ("mon", "osd", "rgw"):
            os.mkdir(os.path.join(self._directory, name))
        self._start_monitor()
        self._start_object_store()
        self._create_user()
        self._start_gateway()

    def stop(self):
        for process in reversed(self._processes):
            process.stop()
        self._processes = []

    def _write(self, name, text):
        path = os.path.join(self._directory, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path

    def _run(self, program, *arguments):
        return support.run_checked([program, "-c", self._config, NO_CENTRAL_CONFIG, *arguments], timeout=30)

    def _spawn(self, program, *arguments):
        command = [program, "-c", self._config, NO_CENTRAL_CONFIG, "-f", *arguments]
        process = support.Process(program, command, self._directory)
        self._processes.append(process)
        return process

    def _state(self, daemon, command):
        """What a daemon says of itself. It accepts connections well before it can serve them."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(5)
                client.connect(os.path.join(self._directory, f"{daemon}.asok"))
                client.sendall(json.dumps({"prefix": command}).encode() + b"\0")
                with client.makefile("rb") as answer:
                    size = int.from_bytes(answer.read(4), "big")
                    return json.loads(answer.read(size)).get("state")
        except (OSError, ValueError):
            return None

    def _start_monitor(self):
        monitor_map = os.path.join(self._directory, "monmap")
        support.run_checked(["monmaptool", "--create", "--fsid", self._fsid, "--addv", "a",
                             f"[v1:127.0.0.1:{self._monitor_port}]", monitor_map])
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monitor_map)
        process = self._spawn("ceph-mon", "-i", "a")
        support.wait_until(lambda: self._state("mon.a", "mon_status") == "leader", "ceph-mon", 20, process)

    def _start_object_store(self):
        identity = str(uuid.uuid4())
        self._run("ceph", "osd", "new", identity)
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", identity)
        process = self._spawn("ceph-osd", "-i", "0")
        support.wait_until(lambda: self._state("osd.0", "status") == "active", "ceph-osd", 20, process)

    def _admin(self, *arguments):
        return self._run("radosgw-admin", "--name", "client.rgw", *arguments)

    def _create_user(self):
        self._admin("user", "create", "--uid", "tester", "--display-name", "tester", "--access-key", ACCESS_KEY_ID,
                    "--secret", SECRET_ACCESS_KEY)
        self._admin("role", "create", "--role-name", ROLE_NAME, "--assume-role-policy-doc", json.dumps(TRUST_POLICY))
        self._admin("role-policy", "put", "--role-name", ROLE_NAME, "--policy-name", "all",
                    "--policy-doc", json.dumps(PERMISSION_POLICY))

    def _start_gateway(self):
        process = self._spawn("radosgw", "--name", "client.rgw")
        support.wait_until(lambda: support.accepts_connections(self.port), "radosgw", 40, process)


def main():
    arguments = support.argument_parser("Starts radosgw (S3, STS) on loopback.").parse_args()
    support.serve_by_hand(Radosgw(arguments.port), lambda server: (
        f"radosgw is at {server.url}\nAWS_ACCESS_KEY_ID={ACCESS_KEY_ID} AWS_SECRET_ACCESS_KEY={SECRET_ACCESS_KEY}"))


if __name__ == "__main__":
    main()
