#!/usr/bin/python3
"""nginx that gives out the files of a directory and takes what is posted, over TCP or TLS, or passes all on."""

import os
import pathlib
import sys

if __package__ in (None, ""):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from servers import support, tls

CONFIG = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log stderr warn;
worker_rlimit_nofile 4096;
events {{ worker_connections 1024; }}
http {{
  log_format answered '$connection $status $ssl_session_reused';
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  client_max_body_size 0;
  client_body_buffer_size 64k;
  large_client_header_buffers 8 64k;
  merge_slashes off;
  {servers}
}}
"""

SERVER = """
  {extra}
  server {{
    listen 127.0.0.1:{port}{listen};
    access_log {log} answered;
    {options}
    {locations}
  }}
"""

FILES = """
    location /files/ { alias %s/; }
    location = /post { return 200 "taken\\n"; }
"""

FRONT = """
    location / {
      proxy_pass http://%s;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
    }
"""

UPSTREAM = """
  upstream {name} {{
    server 127.0.0.1:{port};
    keepalive 64;
  }}
"""


class Static(support.Server):
    """Servers are added before start(); `ports` has them by name. stop() and start() again keep the ports."""

    def __init__(self):
        self.ports = {}
        self.directory = support.temporary_directory("static")
        self.files = os.path.join(self.directory, "files")
        os.mkdir(self.files)
        self._servers = []
        self._process = None

    def add_files(self, name, certificate=None, options=""):
        """Gives out what stands in `files` as /files/NAME; answers a POST to /post with "taken"."""
        return self._add(name, FILES % self.files, certificate, options)

    def add_front(self, name, upstream_port, certificate=None, options=""):
        """Passes requests on as they are, over connections that it keeps."""
        extra = UPSTREAM.format(name=f"{name}_upstream", port=upstream_port)
        return self._add(name, FRONT % f"{name}_upstream", certificate, options, extra)

    def connections(self, name):
        """The connections that brought a request that was answered, as [status, status ...] in their order."""
        answers = {}
        with open(self._log(name), encoding="ascii") as log:
            for line in log:
                connection, status, _ = line.split(" ", 2)
                answers.setdefault(connection, []).append(int(status))
        return list(answers.values())

    def start(self):
        support.require_commands("nginx", tls.NGINX)
        config = os.path.join(self.directory, "nginx.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write(CONFIG.format(directory=self.directory, servers="".join(self._servers)))
        self._process = support.Process(
            "nginx", [tls.NGINX, "-c", config, "-p", self.directory, "-e", "stderr"], self.directory)
        for port in self.ports.values():
            support.wait_until(lambda port=port: support.accepts_connections(port), "nginx", 10, self._process)

    def stop(self):
        if self._process:
            self._process.stop()

    def _log(self, name):
        return os.path.join(self.directory, f"{name}.log")

    def _add(self, name, locations, certificate, options, extra=""):
        port = self.ports[name] = support.choose_port(server="nginx")
        if certificate:
            options += f" ssl_certificate {certificate.certificate}; ssl_certificate_key {certificate.key};"
        self._servers.append(SERVER.format(
            port=port, listen=" ssl" if certificate else "", log=self._log(name), options=options,
            locations=locations, extra=extra))
        return port


def main():
    parser = support.argument_parser("Starts nginx on loopback to give out the files of a directory of its own.")
    parser.parse_args()
    server = Static()
    server.add_files("files")
    support.serve_by_hand(server, lambda _: f"http://127.0.0.1:{server.ports['files']}/files/ is {server.files}")


if __name__ == "__main__":
    main()
