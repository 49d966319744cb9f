#!/usr/bin/python3
"""nginx that gives out credentials: as a container's agent does, and as AWS IoT does for a client certificate.

What it gives are files that may be replaced while it runs. Tokens that it accepts are files too, so that one can be
withdrawn.
"""

import datetime
import json
import os
import pathlib
import sys
import urllib.request

if __package__ in (None, ""):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from servers import support, tls

LOG_FORMAT = """
  log_format asked '$request_method $request_uri $status "$http_authorization" "$ssl_client_s_dn" $ssl_client_verify';
"""

SETTLED = """
  server {{
    listen 127.0.0.1:{port};
    return 204;
  }}
"""

SERVER = """
  server {{
    listen 127.0.0.1:{port}{tls};
    access_log {log} asked;
    {options}
    location {location} {{
      {content}
    }}
  }}
"""

# A token with a slash in it would be a path.
CONTAINER = """
      if ($http_authorization ~ "/") {{ return 403; }}
      if (!-f {tokens}/$http_authorization) {{ return 403; }}
      default_type application/json;
      alias {document};
"""

IOT = """
      if ($http_x_amzn_iot_thingname != "{thing}") {{ return 403; }}
      default_type application/json;
      alias {document};
"""

FRONT = """
      proxy_pass http://127.0.0.1:{upstream};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
"""


def expiration(seconds):
    """As AWS writes the time in so many seconds."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def container_document(key_id, secret, token, seconds=3600):
    return {"RoleArn": "arn:aws:iam::123456789012:role/device", "AccessKeyId": key_id, "SecretAccessKey": secret,
            "Token": token, "Expiration": expiration(seconds)}


def iot_document(key_id, secret, token, seconds=3600):
    return {"credentials": {"accessKeyId": key_id, "secretAccessKey": secret, "sessionToken": token,
                            "expiration": expiration(seconds)}}


def client_authority_options(certificate, client_authority, verify):
    return (f"ssl_certificate {certificate.certificate}; ssl_certificate_key {certificate.key};"
            f" ssl_client_certificate {client_authority.certificate}; ssl_verify_client {verify};"
            f" ssl_protocols TLSv1.2 TLSv1.3;")


class Documents(support.Server):
    """Servers are added before start(); `ports` has them by name. `port`: that of the only one, else free ones."""

    def __init__(self, port=None):
        self.ports = {}
        self._wanted_port = port
        self._directory = support.temporary_directory("documents")
        self._tokens = os.path.join(self._directory, "tokens")
        os.mkdir(self._tokens)
        self._settled_port = support.choose_port(server="nginx")
        self._servers = [LOG_FORMAT, SETTLED.format(port=self._settled_port)]
        self._process = None

    def add_container(self, name):
        """Gives the document at /NAME to whoever has one of the tokens."""
        self._add(name, f"= /{name}", CONTAINER.format(tokens=self._tokens, document=self._path(name, "json")))

    def add_iot(self, name, certificate, client_authority, alias, thing):
        """Gives the document to that thing; nginx itself refuses clients without a certificate, with 400."""
        options = client_authority_options(certificate, client_authority, "on")
        content = IOT.format(thing=thing, document=self._path(name, "json"))
        self._add(name, f"= /role-aliases/{alias}/credentials", content, options)

    def add_front(self, name, certificate, client_authority, upstream):
        """Hands all on to another server, and would like to see a certificate but does not insist."""
        options = client_authority_options(certificate, client_authority, "optional")
        self._add(name, "/", FRONT.format(upstream=upstream), options)

    def give(self, name, document):
        path = self._path(name, "json")
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(document if isinstance(document, str) else json.dumps(document))
        os.replace(path + ".new", path)

    def accept_only(self, token):
        for name in os.listdir(self._tokens):
            os.remove(os.path.join(self._tokens, name))
        with open(os.path.join(self._tokens, token), "w", encoding="ascii"):
            pass

    def asked(self, name):
        """A line for each answer so far: method, target, status, "token", "client", verification."""
        # An answer is logged after it was sent, but before nginx's one process answers anything else.
        urllib.request.urlopen(f"http://127.0.0.1:{self._settled_port}", timeout=10).close()
        try:
            with open(self._path(name, "log"), encoding="utf-8") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    def start(self):
        support.require_commands("nginx", tls.NGINX)
        config = os.path.join(self._directory, "nginx.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write(tls.NGINX_CONFIG.format(directory=self._directory, servers="".join(self._servers)))
        # Without a master, nginx's one process remains root, and may read where only root may.
        self._process = support.Process(
            "nginx", [tls.NGINX, "-c", config, "-p", self._directory, "-e", "stderr"], self._directory)
        for port in self.ports.values():
            support.wait_until(lambda port=port: support.accepts_connections(port), "nginx", 10, self._process)

    def stop(self):
        if self._process:
            self._process.stop()

    def _add(self, name, location, content, tls_options=""):
        self.ports[name] = support.choose_port(self._wanted_port, "nginx")
        self._servers.append(SERVER.format(
            port=self.ports[name], tls=" ssl" if tls_options else "", log=self._path(name, "log"),
            options=tls_options, location=location, content=content))

    def _path(self, name, kind):
        return os.path.join(self._directory, f"{name}.{kind}")


def main():
    parser = support.argument_parser("Starts a container's credentials server on loopback.")
    parser.add_argument("--token", default="token", help="what the Authorization field must be")
    arguments = parser.parse_args()
    server = Documents(arguments.port)
    server.add_container("credentials")
    server.accept_only(arguments.token)
    server.give("credentials", container_document("AKIDEXAMPLE", "secret", "session"))
    support.serve_by_hand(server, lambda _: (
        f"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:{server.ports['credentials']}/credentials"
        f" AWS_CONTAINER_AUTHORIZATION_TOKEN={arguments.token}"))


if __name__ == "__main__":
    main()
