#!/usr/bin/python3
"""A throw-away certificate authority, nginx with TLS in front of a server, and openssl s_server."""

import datetime
import os
import pathlib
import sys

if __package__ in (None, ""):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from servers import support

NGINX = "/usr/sbin/nginx"
LOOPBACK_NAMES = "DNS:localhost,IP:127.0.0.1,IP:::1"
TODAY = datetime.datetime.now(datetime.timezone.utc)
VALID = (TODAY - datetime.timedelta(days=1), TODAY + datetime.timedelta(days=30))
EXPIRED = (TODAY - datetime.timedelta(days=30), TODAY - datetime.timedelta(days=1))
NOT_YET_VALID = (TODAY + datetime.timedelta(days=10), TODAY + datetime.timedelta(days=30))

AUTHORITY_CONFIG = """
[ca]
default_ca = authority
[authority]
database = {directory}/index.txt
new_certs_dir = {directory}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any_name
copy_extensions = copy
[any_name]
commonName = supplied
[req]
distinguished_name = req_name
prompt = no
[req_name]
commonName = {name}
"""

AUTHORITY_EXTENSIONS = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n"
LEAF_EXTENSIONS = "basicConstraints=critical,CA:false\nextendedKeyUsage=serverAuth,clientAuth\n{names}"

KEY_OPTIONS = {
    "rsa": ["-newkey", "rsa:2048"],
    "ecdsa": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
}


class Certificate:
    """A certificate and its key, each a PEM file."""

    def __init__(self, directory, label):
        self.certificate = os.path.join(directory, f"{label}.crt")
        self.key = os.path.join(directory, f"{label}.key")


class Authority(Certificate):
    """A certificate authority in a directory of its own, made with the openssl command."""

    def __init__(self, directory, name, kind, issuer=None):
        """Without an issuer it has signed itself."""
        support.require_commands("certificates", "openssl")
        self._directory = os.path.join(directory, name)
        os.mkdir(self._directory)
        super().__init__(self._directory, name)
        self._kind = kind
        self._write("index.txt", "")
        # pylint: disable-next=protected-access # of another object of this class
        (issuer or self)._issue(name, kind, self, AUTHORITY_EXTENSIONS, VALID, self_signed=issuer is None)

    def leaf(self, label, names=LOOPBACK_NAMES, validity=VALID, kind=None, self_signed=False):
        """A server or client certificate; the ways it can be wrong are its arguments."""
        result = Certificate(self._directory, label)
        extensions = LEAF_EXTENSIONS.format(names=f"subjectAltName={names}\n" if names else "")
        self._issue(label, kind or self._kind, result, extensions, validity, self_signed)
        return result

    def _write(self, name, text):
        path = os.path.join(self._directory, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def _issue(self, label, kind, result, extensions, validity, self_signed):
        config = self._write("openssl.cnf", AUTHORITY_CONFIG.format(directory=self._directory, name=label))
        request = os.path.join(self._directory, f"{label}.csr")
        support.run_checked(["openssl", "req", "-new", "-nodes", *KEY_OPTIONS[kind], "-config", config,
                             "-keyout", result.key, "-out", request])
        signing = (["-selfsign", "-keyfile", result.key] if self_signed
                   else ["-cert", self.certificate, "-keyfile", self.key])
        support.run_checked([
            "openssl", "ca", "-batch", "-notext", "-config", config, *signing, "-in", request,
            "-out", result.certificate, "-extfile", self._write(f"{label}.ext", extensions),
            "-startdate", _asn1_time(validity[0]), "-enddate", _asn1_time(validity[1])])


def _asn1_time(moment):
    return moment.strftime("%Y%m%d%H%M%SZ")


class Pki:
    """Every certificate that the tests need: one authority a key type, one that nobody trusts, one for clients."""

    def __init__(self):
        directory = support.temporary_directory("pki")
        self.rsa_authority = Authority(directory, "rsa-authority", "rsa")
        self.ecdsa_authority = Authority(directory, "ecdsa-authority", "ecdsa")
        self.unknown_authority = Authority(directory, "unknown-authority", "ecdsa")
        self.client_authority = Authority(directory, "client-authority", "ecdsa")
        self.rsa = self.rsa_authority.leaf("rsa")
        self.ecdsa = self.ecdsa_authority.leaf("ecdsa")
        self.wrong_name = self.ecdsa_authority.leaf("wrong-name", names="DNS:somebody-else.example")
        self.expired = self.ecdsa_authority.leaf("expired", validity=EXPIRED)
        self.not_yet_valid = self.ecdsa_authority.leaf("not-yet-valid", validity=NOT_YET_VALID)
        self.self_signed = self.ecdsa_authority.leaf("self-signed", self_signed=True)
        self.untrusted = self.unknown_authority.leaf("untrusted")
        self.client = self.client_authority.leaf("client", names="DNS:device-1.example")
        self.bundle = os.path.join(directory, "bundle.crt")
        _concatenate([self.rsa_authority.certificate, self.ecdsa_authority.certificate], self.bundle)


def _concatenate(paths, target):
    with open(target, "w", encoding="ascii") as out:
        for path in paths:
            with open(path, encoding="ascii") as file:
                out.write(file.read())


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
  client_max_body_size 0;
  large_client_header_buffers 8 64k;
  merge_slashes off;
  {servers}
}}
"""

# The address is in proxy_pass without a path and the host as it came: anything else would change what was signed.
NGINX_SERVER = """
  server {{
    {listen}
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    ssl_protocols {protocols};
    {options}
    location / {{
      proxy_pass http://127.0.0.1:{upstream};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
    }}
  }}
"""


class Nginx(support.Server):
    """nginx with one TLS listener a front; `ports` has them by name."""

    def __init__(self, upstream_port):
        self.ports = {}
        self._upstream_port = upstream_port
        self._servers = []
        self._process = None

    def add(self, name, certificate, protocols="TLSv1.2 TLSv1.3", options=""):
        """Adds a front before start(); options are lines of nginx's configuration."""
        port = support.choose_port(server="nginx")
        listen = f"listen 127.0.0.1:{port} ssl;"
        if support.has_ipv6_loopback():
            listen += f" listen [::1]:{port} ssl;"
        self.ports[name] = port
        self._servers.append(NGINX_SERVER.format(
            listen=listen, certificate=certificate.certificate, key=certificate.key, protocols=protocols,
            options=options, upstream=self._upstream_port))
        return port

    def add_mutual(self, name, certificate, client_authority, protocols="TLSv1.2 TLSv1.3"):
        return self.add(name, certificate, protocols,
                        f"ssl_client_certificate {client_authority.certificate}; ssl_verify_client on;")

    def start(self):
        support.require_commands("nginx", NGINX)
        directory = support.temporary_directory("nginx")
        config = os.path.join(directory, "nginx.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write(NGINX_CONFIG.format(directory=directory, servers="".join(self._servers)))
        self._process = support.Process("nginx", [NGINX, "-c", config, "-p", directory, "-e", "stderr"], directory)
        for port in self.ports.values():
            support.wait_until(lambda port=port: support.accepts_connections(port), "nginx", 10, self._process)

    def stop(self):
        if self._process:
            self._process.stop()


class OpensslServer(support.Server):
    """openssl s_server -WWW: gives the files of a directory to GET, ends each body by closing the connection."""

    def __init__(self, certificate, files, *options):
        support.require_commands("openssl s_server", "openssl")
        self._directory = support.temporary_directory("s_server")
        for name, content in files.items():
            with open(os.path.join(self._directory, name), "wb") as file:
                file.write(content)
        self._certificate = certificate
        self._options = options
        self.port = None
        self._process = None

    def start(self):
        self.port = support.choose_port(server="openssl s_server")
        self._process = support.Process("s_server", [
            "openssl", "s_server", "-WWW", "-accept", f"127.0.0.1:{self.port}", "-cert", self._certificate.certificate,
            "-key", self._certificate.key, *self._options], self._directory)
        # A connection made only to see whether it listens would be taken as a client and logged as a failed handshake.
        support.wait_until(lambda: not support.is_port_free(self.port), "openssl s_server", 10, self._process)

    def stop(self):
        if self._process:
            self._process.stop()


def main():
    parser = support.argument_parser("Starts nginx with TLS on loopback in front of a server.")
    parser.add_argument("upstream", type=int, help="the server's port on 127.0.0.1")
    arguments = parser.parse_args()
    pki = Pki()
    nginx = Nginx(arguments.upstream)
    for name in ("rsa", "ecdsa", "wrong_name", "expired", "not_yet_valid", "self_signed", "untrusted"):
        nginx.add(name, getattr(pki, name))
    nginx.add_mutual("mutual", pki.ecdsa, pki.client_authority)

    def describe(server):
        lines = [f"{name}: https://localhost:{port}" for name, port in server.ports.items()]
        return "\n".join([*lines, f"trusted: {pki.bundle}", f"client: {pki.client.certificate} {pki.client.key}"])

    support.serve_by_hand(nginx, describe)


if __name__ == "__main__":
    main()
