"""What calls dirty of a painted stack, to hold against what the call graph says: painted_calls.cpp, run here or emulated."""
import os
import re
import shutil
import subprocess
import tempfile

from build import ROOT

HERE = os.path.dirname(os.path.abspath(__file__))
EMULATORS = {"x86-64": [], "armv7": ["qemu-arm-static", "-E", "LD_BIND_NOW=1"]}
CALLER = 32  # bytes that the calling function may take

# A role of a profile: the deepest of what the default chain can do without a network.
CONFIG = """[default]
role_arn = arn:aws:iam::123456789012:role/device
source_profile = keys
region = eu-west-1
[profile keys]
aws_access_key_id = AKID
aws_secret_access_key = SECRET
"""


def can_run(build):
    return build.has_mbedtls() and build.target in EMULATORS and all(
        shutil.which(word) for word in EMULATORS[build.target][:1])


def measure(build):
    """{call: bytes}"""
    with tempfile.TemporaryDirectory() as scratch:
        program, config = os.path.join(scratch, "calls"), os.path.join(scratch, "config")
        with open(config, "w", encoding="utf-8") as file:
            file.write(CONFIG)
        includes = ["-I" + os.path.join(ROOT, path) for path in ("include", "port/posix/include", "port/none/include")]
        none = os.path.join(build.directory, "port/none/libtinyaws_none.a")
        subprocess.run([re.sub(r"g\+\+", "gcc", build.compiler), "-std=c++17", "-Os", "-Wno-psabi", "-fno-exceptions",
                        "-fno-rtti", "-fno-threadsafe-statics", "-I" + build.generated, *includes,
                        os.path.join(HERE, "painted_calls.cpp"), "-o", program, build.archive("posix"), none,
                        build.archive("core"), build.archive("sha256"), "-lmbedcrypto", "-lpthread"], check=True)
        variables = dict(os.environ, LD_BIND_NOW="1", AWS_EC2_METADATA_DISABLED="true", AWS_CONFIG_FILE=config,
                         AWS_SHARED_CREDENTIALS_FILE=config + ".none")
        out = subprocess.run([*EMULATORS[build.target], program], check=True, capture_output=True, text=True,
                             env=variables).stdout
    return {name: int(size) for name, size in (line.split("\t") for line in out.splitlines())}


def complaints(measured, figures):
    return ["stack %s: %d bytes were seen, and the call graph says %d: it misses a call" %
            (name, size, figures["stack " + name]) for name, size in measured.items()
            if size > figures["stack " + name] + CALLER]
