"""The inputs of make_sigv4.py: requests to sign, and rows of the tables.

All keys, tokens and names are made up. Each case exists to catch one mistake of
a signer; its name says which, and `note` does where the name is not enough.
"""

import base64
import dataclasses
import hashlib

# Services whose paths are signed as they are on the wire.
S3_LIKE = {"s3", "s3-outposts"}


def made_up_text(seed, length):
    """Base64 text of that length: like a real token it has `+`, `/`, and `=` at its end."""
    blocks = (hashlib.sha256(f"{seed} {i}".encode()).digest() for i in range(length // 32 + 1))
    return base64.b64encode(b"".join(blocks)).decode()[:length - 2] + "=="


def made_up_bytes(length):
    return bytes((i * 7 + 3) % 256 for i in range(length))


DEFAULT_KEY_ID = "AKIDVECTORS"
DEFAULT_SECRET = "tinyaws/vectors+made/up/secret+0123456789"
TOKEN_900 = made_up_text("token of 900 bytes", 900)
TOKEN_4096 = made_up_text("token of 4096 bytes", 4096)


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    service: str
    host: str
    method: str = "GET"
    target: str = "/"
    headers: tuple = ()  # of (name, value), beside Host
    body: bytes = b""
    region: str = "eu-west-1"
    timestamp: str = "2024-05-17T08:09:10Z"
    access_key_id: str = DEFAULT_KEY_ID
    secret_access_key: str = DEFAULT_SECRET
    token: str = ""
    omit_session_token: bool = False
    presign: bool = False
    expires: int = 3600
    payload: str = ""  # stands in place of the body's SHA-256
    sign_body: bool = False
    note: str = ""

    @property
    def is_s3(self):
        return self.service in S3_LIKE


# --- short hands: one for each host that many cases share ---

def api_gateway(name, target="/", **options):
    host = "q1w2e3r4t5.execute-api.eu-west-1.amazonaws.com"
    return Case(name, "execute-api", host, target=target, **options)


def s3(name, target="/", host="plant-data.s3.eu-west-1.amazonaws.com", **options):
    return Case(name, "s3", host, target=target, sign_body=True, **options)


def presigned(name, service, host, target="/", **options):
    return Case(name, service, host, target=target, presign=True, **options)


def presigned_s3(name, target, **options):
    host = "plant-data.s3.eu-west-1.amazonaws.com"
    return presigned(name, "s3", host, target, payload="UNSIGNED-PAYLOAD", **options)


def json_post(name, service, target_header, body, version="1.1", **options):
    headers = (("Content-Type", f"application/x-amz-json-{version}"),
               ("X-Amz-Target", target_header))
    return Case(name, service, f"{service}.eu-west-1.amazonaws.com", "POST",
                headers=headers, body=body, **options)


def form_post(name, service, host, body, **options):
    headers = (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),)
    return Case(name, service, host, "POST", headers=headers, body=body, **options)


# --- cases ---

def service_cases():
    return [
        json_post("dynamodb-put-item", "dynamodb", "DynamoDB_20120810.PutItem",
                  '{"TableName":"probes","Item":{"id":{"S":"süd-7"},"t":{"N":"21.5"}}}'.encode(),
                  version="1.0"),
        json_post("dynamodb-describe-table-token-900", "dynamodb", "DynamoDB_20120810.DescribeTable",
                  b'{"TableName":"probes"}', version="1.0", token=TOKEN_900),
        json_post("kinesis-put-record", "kinesis", "Kinesis_20131202.PutRecord",
                  b'{"StreamName":"s","Data":"AAEC/w==","PartitionKey":"p"}'),
        json_post("logs-put-log-events", "logs", "Logs_20140328.PutLogEvents",
                  b'{"logGroupName":"/plant/7","logStreamName":"a","logEvents":[]}\n'),
        json_post("ssm-body-hash-header", "ssm", "AmazonSSM.GetParameters",
                  b'{"Names":["/plant/7/limit"]}', sign_body=True,
                  note="not S3, but x-amz-content-sha256 is asked for: it is sent and signed"),
        form_post("sqs-send-message-query", "sqs", "sqs.eu-west-1.amazonaws.com",
                  b"Action=SendMessage&MessageBody=a%20%2B%20b&Version=2012-11-05"),
        form_post("sts-assume-role", "sts", "sts.eu-west-1.amazonaws.com",
                  b"Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr"
                  b"&RoleSessionName=gateway-7&Version=2011-06-15"),
        Case("iotdata-publish", "iotdata", "a0b1c2d3e4-ats.iot.eu-west-1.amazonaws.com", "POST",
             target="/topics/plant%2F7%2Ftemp%20%C2%B0C?retain=true&qos=1", body=b"21.5",
             note="an escaped topic is escaped again in the canonical path"),
        Case("lambda-invoke-arn", "lambda", "lambda.eu-west-1.amazonaws.com", "POST",
             target="/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012"
                    "%3Afunction%3Af/invocations",
             headers=(("X-Amz-Invocation-Type", "Event"),), body=b"[1]"),
        api_gateway("apigw-post-json", "/prod/readings", method="POST", body=b'{"t":21.5}',
                    headers=(("Content-Type", "application/json"), ("Content-Length", "10"),
                             ("X-Api-Key", "made-up-key"))),
        api_gateway("unsigned-payload", "/prod/upload", method="PUT", body=b"streamed",
                    payload="UNSIGNED-PAYLOAD", sign_body=True),
    ]


def path_cases():
    return [
        api_gateway("path-double-slashes", "//prod///a//b//"),
        api_gateway("path-dot-segments", "/prod/./a/../b/.../..c/d.."),
        api_gateway("path-dotdot-at-end", "/prod/a/b/..",
                    note="no slash is added in place of the last segment"),
        api_gateway("path-dotdot-above-root", "/../../prod/../../a"),
        api_gateway("path-escaped-twice", "/prod/a%20b/%2Fc%25d/%7E/%2E%2E/%2E/a",
                    note="every % becomes %25, whatever it escapes; escaped dots are no dots"),
        api_gateway("path-lower-case-escape", "/prod/%c3%a9",
                    note="the digits of an escape are ordinary letters of the path"),
        api_gateway("path-sub-delims", "/prod/x:1=2;y,z(3)!$&'*@",
                    note="raw on the wire, encoded once in the canonical path"),
    ]


def s3_cases():
    return [
        s3("s3-list-root", "/?list-type=2&prefix=day%2F7%2F&delimiter=%2F&max-keys=3"),
        s3("s3-get-blank-and-plus", "/a%20b%2Bc%3D%26.txt"),
        s3("s3-put-utf8-key", "/s%C3%BCd/%E6%B8%A9%E5%BA%A6.csv", method="PUT",
           headers=(("Content-Type", "text/csv"),), body="t;21,5 °C\r\n".encode()),
        s3("s3-delete-dots-and-slashes", "//a/../b/./c//d/", method="DELETE",
           note="S3 keys are not paths: nothing is normalised"),
        s3("s3-head-percent", "/100%25/%2525", method="HEAD"),
        s3("s3-key-quotes-brackets-controls", "/%22q%22%5B1%5D%7Bx%7D%7C%5C%5E%60%3C%3E%23%3F%00%0A%7F"),
        s3("s3-key-sub-delims-escaped", "/%21%24%26%27%28%29%2A%2C%3A%3B%40~"),
        s3("s3-delete-many", "/?delete", method="POST",
           headers=(("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="),), body=b"<Delete/>"),
        s3("s3-upload-part-token", "/big.bin?uploadId=VXBsb2Fk.-_~&partNumber=10", method="PUT",
           body=made_up_bytes(64), token=TOKEN_900),
        s3("s3-copy", "/copy.txt", method="PUT",
           headers=(("x-amz-copy-source", "/plant-data/a%20b.txt?versionId=v1"),
                    ("x-amz-metadata-directive", "REPLACE"), ("x-amz-meta-Site", "süd"))),
        s3("s3-put-nothing", "/empty", method="PUT", headers=(("Content-Length", "0"),)),
        s3("s3-put-unsigned-payload", "/stream.bin", method="PUT", body=b"any bytes",
           payload="UNSIGNED-PAYLOAD"),
        s3("s3-ipv6-with-port", "/bucket/a", host="[fd00::7]:9000", region="us-east-1"),
        Case("s3-outposts-get", "s3-outposts", "ap-1.op-2.s3-outposts.eu-west-1.amazonaws.com",
             target="/a//./b%20c", sign_body=True),
    ]


def query_cases():
    return [
        api_gateway("query-sort-prefix-keys", "/?a1=1&a_=2&a-b=3&a.b=4&aB=5&a=6&A=7&a%20b=8&a~=9",
                    note="keys are compared alone: '=' (3D) sorts after '-', '.', digits and '%'"),
        api_gateway("query-sort-encoded-keys", "/?fA=1&f%5Bx%5D=2&f%C3%A9=3&f~=4&f-=5",
                    note="the encoded keys are compared, not the bytes they stand for"),
        api_gateway("query-repeated-keys", "/?k=b&k=a&k=&k=%C3%A9&k=A&j=z&k=a-&k=a&k=10&k=9"),
        api_gateway("query-no-value", "/?list&flag&flag=&flag=0",
                    note="no value and the empty value are both signed as 'key='"),
        api_gateway("query-escapes", "/?u=%E2%82%AC%20%2B%26%3D%3F%2F%25&%24k=-._~"),
        api_gateway("query-nothing-after-mark", "/prod?"),
    ]


def header_cases():
    return [
        api_gateway("header-trim", headers=(
            ("X-Blanks", "   a   b    c   "), ("X-Tabs", "\ta\t \tb\t"),
            ("X-Quoted", '"a   b"   c'), ("X-One", "  x"))),
        api_gateway("header-empty-value", headers=(
            ("X-Empty", ""), ("X-Only-Blanks", "   \t "), ("X-After", "1"))),
        api_gateway("header-repeated", headers=(
            ("X-List", "b"), ("X-Other", "1"), ("x-list", "  a   a  "), ("X-LIST", ""),
            ("X-List", "b,c"))),
        api_gateway("header-sort", headers=(
            ("X-Ab", "1"), ("x-a-b", "2"), ("X-A", "3"), ("x-a_b", "4"), ("X-A1", "5"),
            ("X-A.B", "6"), ("Accept", "7"), ("Zone", "8")),
            note="a shorter name is before those it begins; host and x-amz-date in between"),
        api_gateway("header-never-signed", headers=(
            ("User-Agent", "probe/1"), ("Connection", "close"), ("Expect", "100-continue"),
            ("Keep-Alive", "timeout=5"), ("Proxy-Authenticate", "Basic"),
            ("Proxy-Authorization", "Basic eA=="), ("TE", "trailers"), ("Trailer", "X-T"),
            ("Transfer-Encoding", "chunked"), ("Upgrade", "h2c"),
            ("X-Amzn-Trace-Id", "Root=1-00000000-000000000000000000000000"),
            ("X-Amzn-Trace-Identity", "signed"), ("Accept", "*/*"))),
        api_gateway("header-utf8", headers=(("X-Site", "Süd  東 🌡"),)),
        api_gateway("header-many", headers=tuple(
            (f"X-Amz-Meta-{i * 11 % 16:X}", f"value {i}") for i in range(16))),
        Case("header-host-port", "execute-api", "gateway.example:8443", target="/prod"),
    ]


def credential_cases():
    # "AWS4" goes before the secret, so 60 characters just fill HMAC's block of 64 bytes
    # and one more makes HMAC hash the key first.
    secret_cases = [
        api_gateway(f"secret-of-{length}-characters",
                    secret_access_key=made_up_text(f"secret {length}", length))
        for length in (3, 59, 60, 61, 62, 63, 64, 65, 200)
    ]
    return secret_cases + [
        api_gateway("key-id-of-128-characters", access_key_id="KEYID" + "0123456789" * 12 + "XYZ"),
        api_gateway("token-of-4096-bytes", token=TOKEN_4096),
    ]


def scope_cases():
    dates = [
        ("leap-day", "2024-02-29T12:00:00Z"),
        ("year-end", "2023-12-31T23:59:59Z"),
        ("no-leap-day-in-2100", "2100-03-01T00:00:00Z"),
        ("after-signed-32-bits", "2039-07-08T09:00:01Z"),
        ("after-unsigned-32-bits", "2106-02-07T06:28:16Z"),
    ]
    regions = ["us-gov-west-1", "eusc-de-east-1"]
    return [
        api_gateway(f"date-{name}", timestamp=timestamp) for name, timestamp in dates
    ] + [
        Case(f"region-{region}", "monitoring", f"monitoring.{region}.amazonaws.com", region=region)
        for region in regions
    ]


def body_cases():
    # SHA-256 works on blocks of 64 bytes; from 56 bytes on its padding needs another block.
    return [
        Case(f"body-of-{size}-bytes", "firehose", "firehose.eu-west-1.amazonaws.com", "POST",
             body=made_up_bytes(size))
        for size in (0, 1, 55, 56, 63, 64, 65, 300, 4096)
    ]


def presign_cases():
    iot_host = "a0b1c2d3e4-ats.iot.eu-west-1.amazonaws.com"
    return [
        presigned_s3("presign-s3-get", "/day%2B7/../a%20b//c.csv"),
        presigned_s3("presign-s3-put", "/up.csv", method="PUT",
                     headers=(("Content-Type", "text/csv"), ("x-amz-acl", "private"))),
        presigned_s3("presign-s3-1-second", "/a", expires=1),
        presigned_s3("presign-s3-7-days", "/a", expires=604800),
        presigned_s3("presign-s3-token-4096", "/a", token=TOKEN_4096),
        presigned_s3("presign-s3-further-parameters",
                     "/a?versionId=v1&response-content-type=text%2Fplain%3B%20charset%3Dutf-8"
                     "&X-Amz-B=1&X-Amz-Z=2&a&A=3",
                     note="the caller's parameters are sorted among the X-Amz- ones"),
        presigned_s3("presign-s3-lower-case-escapes", "/a?prefix=%c3%a9%2f%7e",
                     note="signed as prefix=%C3%A9%2F~"),
        presigned("presign-sts-get-caller-identity", "sts", "sts.eu-west-1.amazonaws.com",
                  "/?Action=GetCallerIdentity&Version=2011-06-15", expires=60,
                  headers=(("x-k8s-aws-id", "made-up-cluster"),)),
        presigned("presign-execute-api-path", "execute-api",
                  "q1w2e3r4t5.execute-api.eu-west-1.amazonaws.com", "/prod//a%20b/../c%2Fd?z=1",
                  token=TOKEN_900),
        presigned("presign-rds-connect", "rds-db", "db.q1w2.eu-west-1.rds.amazonaws.com:5432",
                  "/?Action=connect&DBUser=probe_user", expires=900),
        presigned("presign-iot-mqtt", "iotdevicegateway", iot_host, "/mqtt", expires=86400),
        presigned("presign-iot-mqtt-token-unsigned", "iotdevicegateway", iot_host, "/mqtt",
                  token=TOKEN_900, omit_session_token=True,
                  note="the token is appended after the signature"),
    ]


def all_cases():
    return (service_cases() + path_cases() + s3_cases() + query_cases() + header_cases()
            + credential_cases() + scope_cases() + body_cases() + presign_cases())


# --- rows of the tables ---

URI_ENCODE_INPUTS = [
    b"0", b"Az", b"_", b".", b"..", b"-~", b"/a", b"a/", b"//", b"/%2F/", b"%%", b"%%%",
    b"%2f", b"a=b&c=d", b"a+b", b"a  b", b"\r\n", b"\x00a", b"\x1f\x20", b"\x7e\x7f\x80", b"\xff",
    b"*'()!", b"$,:;=@&", b"{}|\\^`", b"<>\"#%?[]", b"key with/slash?and=more#",
    "ø".encode(), "ß/ü".encode(), "東京".encode(), "🌡".encode(), b"\xc3", bytes(range(0x20, 0x7f)),
]

PATHS = [
    "/b", "/b/", "/./b", "/b/.", "/b/./", "/b//", "/b///c", "//b//", "/b/..", "/b/../", "/b/../c",
    "/b/../../c/", "/../b", "/b/c/..", "/b/c/../..", "/b/c/../../", "/b/c/../d/.././e", "/..b/c..",
    "/b/...", "/....", "/b/.c/d.", "/%2E", "/b/%2e%2e/c", "/b%2F../c", "/b ../c", "/b/.. /c",
    "/~b/./~c", "/b;x=1/../c", "/././.", "/.././..//", "/b/../c/../d/..", "/é/../ü/",
]

URLS = [
    "https://dynamodb.eu-west-1.amazonaws.com", "http://127.0.0.1", "http://127.0.0.1:8000/",
    "https://127.0.0.1:80/", "https://LOCALHOST:443/a/b", "http://LocalHost:80?a=1",
    "https://Plant-Data.S3.eu-west-1.amazonaws.com/Key", "https://gateway.example:8443?x=1",
    "https://gateway.example:444/a:b@c", "http://me@gateway.example/", "http://me:pw@127.0.0.1:443/",
    "https://me:p%40w@gateway.example:8443/", "http://[fd00:EC2::23]/v2", "http://[::1]:80/",
    "https://[::1]:80/", "https://[FD00::7]:9443/a", "http://gateway.example:65535/",
    "http://a-b.c_d.example:1/",
]
