"""Fifty thousand signed requests over two hundred connections and TLS, some of which are cut.

The servers are nginx, which gives out files, and radosgw behind nginx, which verifies what was signed. Between them and
the client is a proxy that cuts one connection in a hundred, somewhere; some calls are cancelled. Where the program is
built with sanitizers, its end is also where memory that was lost is found.
"""
# Covers C40: 50,000 requests over connections that are cut.

import json
import os
import subprocess
import time
import unittest

import awsfetch
from servers import cutting, radosgw, static, support, tls

HAS_TLS13 = os.environ.get("TINYAWS_TLS13") == "1"
COMMAND = os.environ.get("TINYAWS_ASYNC_LOAD")
FILES_COUNT = 40000
OBJECTS_COUNT = 10000
PER_MILLE = 10
SEED = int(os.environ.get("TINYAWS_SOAK_SEED", "1"))
REQUESTS_A_CONNECTION = 20
# What a connection that is cut again and again may end a call with.
TRANSPORT_ERRORS = {"kConnectionLost", "kTruncated", "kTlsFailed", "kConnectFailed"}
MOST_FAILED = 5
CREDENTIALS = awsfetch.keys(radosgw.ACCESS_KEY_ID, radosgw.SECRET_ACCESS_KEY)


@unittest.skipUnless(COMMAND and cutting.COMMAND, "TINYAWS_ASYNC_LOAD or TINYAWS_CUTTING_PROXY does not name a program")
class Soak(awsfetch.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pki = tls.Pki()
        cls.radosgw = cls.start(radosgw.Radosgw())
        cls.nginx = static.Static()
        options = f"keepalive_requests {REQUESTS_A_CONNECTION}; ssl_protocols TLSv1.2 TLSv1.3;"
        cls.nginx.add_files("files", cls.pki.ecdsa, options)
        cls.nginx.add_front("objects", cls.radosgw.port, cls.pki.ecdsa, options)
        subprocess.run([COMMAND, "write", cls.nginx.files], check=True, timeout=60)
        cls.start(cls.nginx)
        made = awsfetch.run("--endpoint-url", cls.radosgw.url, "--service", "s3", "--region", "us-east-1", "-X", "PUT",
                            "/bucket", env=CREDENTIALS)
        if made.exit != awsfetch.OK:
            raise support.ServerError(str(made))

    def load(self, mode, loop, port, count):
        env = awsfetch.environment(**CREDENTIALS, AWS_CA_BUNDLE=self.pki.bundle)
        begin = time.monotonic()
        done = subprocess.run(
            [COMMAND, mode, loop, f"https://localhost:{port}", str(count), str(SEED)], capture_output=True, text=True,
            timeout=400, check=False, env=env)
        self.assertIn(done.returncode, (0, 1), done.stderr[-8000:])
        result = json.loads(done.stdout)
        print(f"\n{mode}, {loop}: {time.monotonic() - begin:.1f} s, {json.dumps(result)}", flush=True)
        self.assertEqual(done.returncode, 0, f"{result}\n{done.stderr[-8000:]}")
        self.assertEqual(done.stderr, "")
        return result

    def check(self, mode, loop, count):
        proxy = cutting.CuttingProxy(self.nginx.ports[mode], PER_MILLE, SEED)
        with proxy:
            result = self.load(mode, loop, proxy.port, count)
        print(json.dumps(proxy.counts), flush=True)
        self.assertEqual((result["started"], result["ended"]), (count, count))
        self.assertEqual((result["mismatches"], result["misuses"], result["descriptors_left"]), (0, 0, 0))
        statuses = result["statuses"]
        self.assertLessEqual(set(statuses), {"kOk", "kCancelled", *TRANSPORT_ERRORS})
        self.assertGreater(statuses["kCancelled"], 0)
        self.assertGreaterEqual(statuses["kOk"] + statuses["kCancelled"], count - MOST_FAILED)
        self.assertGreaterEqual(statuses["kOk"], count * 0.9)
        self.assertGreater(proxy.counts["cut"], 0, "nothing was cut")
        self.assertGreaterEqual(proxy.counts["connections"], count / REQUESTS_A_CONNECTION)
        self.assertGreater(result["resumed"], 0 if HAS_TLS13 else result["full_handshakes"])

    def test_files_with_epoll(self):
        self.check("files", "epoll", FILES_COUNT)

    def test_objects_with_poll(self):
        self.check("objects", "poll", OBJECTS_COUNT)


if __name__ == "__main__":
    unittest.main()
