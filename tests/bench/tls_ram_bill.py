#!/usr/bin/python3
"""The RAM of one TLS connection at work, to the byte, against a server with a chain of RSA certificates as AWS has it.

    tls_ram_bill.py TLS_RAM_BILL [EMULATOR...]

The server is openssl s_server; it sends a leaf with ten names, the intermediate and the root, and a body in records of
16 KB. Once for each version of TLS that the client speaks. Exits with 1 when a bill is above its limit.
"""
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from servers import support, tls

PROTOCOLS = ("tls1_2", "tls1_3")
NAMES = ",".join([tls.LOOPBACK_NAMES, *(f"DNS:bucket-{i}.s3.dualstack.eu-west-1.example.com" for i in range(10))])
BODY_BYTES = 100000
SKIPPED = 77


def chain(directory):
    """The root in DER, the server's leaf, and a file with the intermediate and the root, which the server sends too."""
    root = tls.Authority(directory, "root", "rsa")
    intermediate = tls.Authority(directory, "intermediate", "rsa", issuer=root)
    leaf = intermediate.leaf("leaf", names=NAMES)
    path = pathlib.Path(directory) / "chain.crt"
    path.write_text("".join(pathlib.Path(each.certificate).read_text() for each in (intermediate, root)))
    root_in_der = str(pathlib.Path(directory) / "root.der")
    support.run_checked(["openssl", "x509", "-in", root.certificate, "-outform", "der", "-out", root_in_der])
    return root_in_der, leaf, str(path)


def bill(command, protocol, root, leaf, path):
    server = tls.OpensslServer(leaf, {"file": b"x" * BODY_BYTES}, "-cert_chain", path, f"-{protocol}")
    server.start()
    try:
        arguments = [*command, str(server.port), root]
        return subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False)
    finally:
        server.stop()


def main():
    program, emulator = sys.argv[1], sys.argv[2:]
    root, leaf, path = chain(support.temporary_directory("ram-bill"))
    failed = False
    for protocol in PROTOCOLS:
        result = bill([*emulator, program], protocol, root, leaf, path)
        if result.returncode == SKIPPED:
            print("mbedTLS has no hook for an arena")
            return SKIPPED
        print(f"{protocol}\n{result.stdout}{result.stderr}")
        refused = protocol == "tls1_3" and "protocol version" in result.stdout
        failed |= result.returncode != 0 and not refused
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except unittest.SkipTest as reason:
        print(reason)
        sys.exit(SKIPPED)
