#!/usr/bin/python3
"""What a signed request costs a client: ours, libcurl's multi interface, and an epoll loop with bytes signed before.

    bench_requests.py DIRECTORY [REQUESTS]    DIRECTORY: where bench_requests, bench_requests_curl and
                                              bench_requests_bare are

POSTs of 300 bytes with an 800-byte session token to nginx on 127.0.0.1, which answers with 200 bytes; over 1, 8 and 32
connections that are kept, plain and with TLS 1.2. The programs take turns; the best of all rounds counts. All share
one core with nginx: with a core for each, an answer would wake a core that sleeps, and a virtual machine charges that
to the client, up to 70 us of CPU time a request with one connection, whatever the client does.

Exits with 1 when ours needs more than LIMIT (TLS_LIMIT) of libcurl's CPU time, gets fewer requests through, or allocates
without TLS; with 77 when something is not installed.
"""
# Covers C36: no allocation once it runs, without TLS.
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from servers import support, tls

OURS, CURL, BARE = "bench_requests", "bench_requests_curl", "bench_requests_bare"
PROGRAMS = (OURS, CURL, BARE)
CONNECTIONS = (1, 8, 32)
REQUESTS = 3000
ROUNDS = 5
# Of libcurl's CPU time. The goal is 0.25; this leaves room for a busy machine, where a row may come out half as much
# again, and for TLS, where the bare loop alone, which signs nothing, takes 0.20 to 0.25.
LIMIT = 0.5
# With TLS the bytes alone, signed in advance, take 0.25 to 0.33 of it, and where system calls are cheap ours come to a half.
TLS_LIMIT = 0.6
CORE = str(max(os.sched_getaffinity(0)))

NGINX_CONFIG = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  client_header_buffer_size 4k;
  keepalive_requests 1000000000;
  keepalive_timeout 60s;
  default_type application/x-amz-json-1.0;
  server {{
    listen 127.0.0.1:{plain};
    listen 127.0.0.1:{secure} ssl;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    ssl_protocols TLSv1.2;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256;
    ssl_ecdh_curve prime256v1;
    location / {{ return 200 "{answer}"; }}
  }}
}}
"""


class Nginx(support.Server):
    """One worker; its connections are kept for ever."""

    def __init__(self):
        support.require_commands("nginx", tls.NGINX)
        self._directory = support.temporary_directory("bench")
        authority = tls.Authority(self._directory, "authority", "ecdsa")
        self._certificate = authority.leaf("server")
        self.ca_file = authority.certificate
        self.plain, self.secure = (support.choose_port(server="nginx") for _ in range(2))
        self._process = None

    def start(self):
        config = os.path.join(self._directory, "nginx.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write(NGINX_CONFIG.format(
                directory=self._directory, plain=self.plain, secure=self.secure, answer="a" * 200,
                certificate=self._certificate.certificate, key=self._certificate.key))
        self._process = support.Process("nginx", [
            "taskset", "-c", CORE, tls.NGINX, "-c", config, "-p", self._directory, "-e", "stderr"],
            self._directory)
        for port in (self.plain, self.secure):
            support.wait_until(lambda port=port: support.accepts_connections(port), "nginx", 10, self._process)

    def stop(self):
        if self._process:
            self._process.stop()


def run(program, nginx, secure, connections, requests):
    target = [str(nginx.secure if secure else nginx.plain), str(connections), str(requests)]
    command = ["taskset", "-c", CORE, program, *target, *([nginx.ca_file] if secure else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=120,
                          env={"LD_BIND_NOW": "1"})
    return json.loads(done.stdout)


def best(results):
    choose = {"per_second": max, "allocations": max}
    return {name: choose.get(name, min)(result[name] for result in results) for name in results[0]}


def measure(programs, nginx, secure, connections, requests):
    """The best of what each program showed, by its name."""
    results = {name: [] for name in programs}
    for _ in range(ROUNDS):
        for name, path in programs.items():
            results[name].append(run(path, nginx, secure, connections, requests))
    return {name: best(of_one) for name, of_one in results.items()}


def line(title, cells):
    print(f"{title:10}" + "".join(f"{cell:>9}" for cell in cells), flush=True)


def print_head():
    line("", ["CPU, us", "", "", "ratio", "req/s", "", "", "peak KB", "", "", "heap/TLS", ""])
    line("", ["ours", "libcurl", "bare", "", *["ours", "libcurl", "bare"] * 2, "ours", "libcurl"])


def print_row(title, row, secure):
    def cells(key, digits, names=PROGRAMS):
        return [f"{row[name][key]:.{digits}f}" if name in row else "-" for name in names]

    ratio = f"{row[OURS]['cpu_us'] / row[CURL]['cpu_us']:.3f}" if CURL in row else "-"
    heap = cells("heap", 0, (OURS, CURL)) if secure else ["-", "-"]
    line(title, [*cells("cpu_us", 1), ratio, *cells("per_second", 0), *cells("peak_kb", 0), *heap])


def failures(title, row, secure):
    ours, curl = row[OURS], row.get(CURL)
    if not secure and ours["allocations"] > 0:
        yield f"{title}: {ours['allocations']} allocations after the first requests"
    limit = TLS_LIMIT if "TLS" in title else LIMIT
    if curl and ours["cpu_us"] > limit * curl["cpu_us"]:
        yield f"{title}: more than {limit} of libcurl's CPU time"
    if curl and ours["per_second"] <= curl["per_second"]:
        yield f"{title}: fewer requests per second than libcurl"


def print_memory(rows, requests):
    """Of the rows with most connections."""
    for secure in (False, True):
        row = rows[CONNECTIONS[-1], secure]
        ours = row[OURS]
        text = f"ours {ours['slot']} bytes a slot, {ours['allocations']} allocations"
        if CURL in row:
            text += f"; libcurl {row[CURL]['allocations'] / requests:.0f} allocations a request"
        print(f"{'with TLS' if secure else 'plain'}: {text}")


def compare(programs, nginx, requests):
    missed = []
    rows = {}
    print_head()
    for secure in (False, True):
        for connections in CONNECTIONS:
            title = f"{connections}, {'TLS' if secure else 'plain'}"
            row = rows[connections, secure] = measure(programs, nginx, secure, connections, requests)
            print_row(title, row, secure)
            missed.extend(failures(title, row, secure))
    print_memory(rows, requests)
    print("".join(f"MISSED {text}\n" for text in missed), end="")
    return missed


def main():
    directory = sys.argv[1]
    requests = int(sys.argv[2]) if len(sys.argv) > 2 else REQUESTS
    paths = {name: os.path.join(directory, name) for name in PROGRAMS}
    programs = {name: path for name, path in paths.items() if os.path.exists(path)}
    try:
        with Nginx() as nginx:
            missed = compare(programs, nginx, requests)
    except (support.ServerError, unittest.SkipTest) as error:
        print(f"SKIPPED: {error}")
        return 77
    if CURL not in programs:
        print("SKIPPED: libcurl, which is not installed (libcurl4-openssl-dev)")
    return 1 if missed else 77 if CURL not in programs else 0


if __name__ == "__main__":
    sys.exit(main())
