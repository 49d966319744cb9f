"""Generates the signing vectors below sigv4/ and the three tables beside this script.

Run with the system's Python and Debian's python3-botocore (nothing else is needed):

    /usr/bin/python3 tests/vectors/make_sigv4.py           writes the files
    /usr/bin/python3 tests/vectors/make_sigv4.py --check   exits 1 if a committed file differs

Every canonical request, string to sign and signature comes from botocore's own
signers, run with a fixed clock; nothing is calculated here. The inputs are our
own and all keys are made up. The cases themselves are in sigv4_cases.py.

Input on which signers are known to disagree is left out, since no expected value
would be right for it: raw `+`, `?`, blanks or UTF-8 in a query, needless or
lower-case escapes in a query signed in headers, `&&`, repeated keys in a
presigned URL, raw sub-delimiters in an S3 path, a Date header.
"""

import datetime
import json
import types
from unittest import mock

import botocore.auth
import botocore.compat
import botocore.utils
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import committed
import sigv4_cases

# The list of newer botocore releases. Debian's release signs all but expect, user-agent and
# x-amzn-trace-id, though proxies may change or drop the others on the way.
NEVER_SIGNED = [
    "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "te",
    "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
]


# --- signing with botocore ---

def recording(signer_class):
    """The signer class, keeping what its three steps returned."""
    class Recording(signer_class):
        def canonical_request(self, request):
            self.seen_canonical_request = super().canonical_request(request)
            return self.seen_canonical_request

        def string_to_sign(self, request, canonical_request):
            self.seen_string_to_sign = super().string_to_sign(request, canonical_request)
            return self.seen_string_to_sign

        def signature(self, string_to_sign, request):
            self.seen_signature = super().signature(string_to_sign, request)
            return self.seen_signature

    return Recording


SIGNERS = {
    # (is the path signed as it is, as S3 does?, is it a presigned URL?)
    (False, False): recording(botocore.auth.SigV4Auth),
    (True, False): recording(botocore.auth.S3SigV4Auth),
    (False, True): recording(botocore.auth.SigV4QueryAuth),
    (True, True): recording(botocore.auth.S3SigV4QueryAuth),
}


def make_signer(case):
    # A token that is not signed is sent beside the signature: the signer must not see it.
    # "No token" is None: for an empty one botocore would add an empty X-Amz-Security-Token.
    token = None if case.omit_session_token else case.token or None
    credentials = Credentials(case.access_key_id, case.secret_access_key, token)
    signer_class = SIGNERS[case.is_s3, case.presign]
    if case.presign:
        return signer_class(credentials, case.service, case.region, expires=case.expires)
    return signer_class(credentials, case.service, case.region)


def make_request(case):
    request = AWSRequest(method=case.method, url="https://" + case.host + case.target,
                         data=case.body)
    request.headers["Host"] = case.host
    for name, value in case.headers:
        request.headers[name] = value
    if case.payload == "UNSIGNED-PAYLOAD" and not case.presign:
        request_unsigned_payload(request)
    elif case.sign_body and not case.is_s3:
        # S3SigV4Auth adds this header by itself; for other services botocore's callers do.
        request.headers["X-Amz-Content-SHA256"] = make_signer(case).payload(request)
    return request


def request_unsigned_payload(request):
    request.context["payload_signing_enabled"] = False
    request.context["client_config"] = types.SimpleNamespace(
        s3={"payload_signing_enabled": False})


def fixed_clock(timestamp):
    moment = datetime.datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%SZ")

    class FixedDatetime(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return moment

    return mock.patch.object(botocore.auth, "datetime",
                             types.SimpleNamespace(datetime=FixedDatetime))


def sign(case):
    """The signer after it has signed the case: read its seen_ members."""
    signer = make_signer(case)
    request = make_request(case)
    with fixed_clock(case.timestamp), \
            mock.patch.object(botocore.auth, "SIGNED_HEADERS_BLACKLIST", NEVER_SIGNED):
        signer.add_auth(request)
    # Newer botocore releases read the time elsewhere: fail rather than sign the present.
    basic_format = case.timestamp.replace("-", "").replace(":", "")
    assert basic_format in signer.seen_string_to_sign, "botocore's clock was not replaced"
    return signer


# --- files of a case ---

def context_json(case):
    credentials = {
        "access_key_id": case.access_key_id,
        "secret_access_key": case.secret_access_key,
    }
    if case.token:
        credentials["token"] = case.token
    context = {
        "credentials": credentials,
        "double_encode": not case.is_s3,
        "expiration_in_seconds": case.expires,
        "normalize": not case.is_s3,
        "region": case.region,
        "service": case.service,
        "sign_body": case.sign_body,
        "timestamp": case.timestamp,
    }
    if case.omit_session_token:
        context["omit_session_token"] = True
    if case.payload:
        context["payload"] = case.payload
    if case.note:
        context["note"] = case.note
    return json.dumps(context, indent=4, sort_keys=True).encode() + b"\n"


def request_txt(case):
    lines = [f"{case.method} {case.target} HTTP/1.1", f"Host:{case.host}"]
    lines += [f"{name}:{value}" for name, value in case.headers]
    return "\n".join(lines).encode() + b"\n\n" + case.body


def case_files(case):
    signer = sign(case)
    kind = "query" if case.presign else "header"
    contents = {
        "context.json": context_json(case),
        "request.txt": request_txt(case),
        f"{kind}-canonical-request.txt": signer.seen_canonical_request.encode(),
        f"{kind}-string-to-sign.txt": signer.seen_string_to_sign.encode(),
        f"{kind}-signature.txt": signer.seen_signature.encode(),
    }
    return {f"sigv4/{case.name}/{name}": content for name, content in contents.items()}


def all_case_files():
    cases = sigv4_cases.all_cases()
    names = [case.name for case in cases]
    assert len(set(names)) == len(names), "two cases of the same name"
    files = {"sigv4/INDEX": "".join(f"{name}\n" for name in sorted(names)).encode()}
    for case in cases:
        files.update(case_files(case))
    return files


# --- tables ---

def table(header, rows):
    lines = ["# " + "\t".join(header)] + ["\t".join(row) for row in rows]
    return "".join(line + "\n" for line in lines).encode()


def or_dash(text):
    return text or "-"


def uri_encode_row(raw):
    in_query = botocore.compat.quote(raw, safe="-._~")
    in_path = botocore.compat.quote(raw, safe="-._~/")
    return [or_dash(raw.hex()), or_dash(in_query), or_dash(in_path)]


def uri_encode_table():
    header = ["input bytes in hex (- is empty)",
              "URI-encode, / encoded (query keys, values)",
              "URI-encode, / kept (paths)"]
    return table(header, map(uri_encode_row, sigv4_cases.URI_ENCODE_INPUTS))


def path_normalize_table():
    header = ["path as sent (- is empty)",
              "normalised path (before encoding), for all services but S3"]
    return table(header, ([or_dash(path), botocore.utils.normalize_url_path(path)]
                          for path in sigv4_cases.PATHS))


def host_from_url_table():
    header = ["endpoint URL",
              "Host header to send and sign"
              " (lower case, user info dropped, default port dropped)"]
    return table(header, ([url, botocore.auth._host_from_url(url)]
                          for url in sigv4_cases.URLS))


def all_files():
    files = all_case_files()
    files["uri-encode.tsv"] = uri_encode_table()
    files["path-normalize.tsv"] = path_normalize_table()
    files["host-from-url.tsv"] = host_from_url_table()
    return files


if __name__ == "__main__":
    committed.run(__doc__.splitlines()[0], all_files(), "sigv4")
