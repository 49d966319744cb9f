"""Generates endpoints.tsv: queries for endpoints and what botocore's rule sets answer.

Run with the system's Python and Debian's python3-botocore (nothing else is needed):

    /usr/bin/python3 tests/vectors/make_endpoints.py           writes the file
    /usr/bin/python3 tests/vectors/make_endpoints.py --check   exits 1 if the committed file differs

Every answer comes from botocore's own evaluator and its endpoint-rule-set-1.json; nothing is calculated
here. Debian's release is older than the rules that the library follows, so a combination whose rules AWS has
changed since stands in no block below: dual stack of global services, of secretsmanager and of ecr, FIPS
in GovCloud of kinesis, glacier and sso, a bucket with dots on a server without TLS, among others.
"""

import itertools

import botocore.session
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError

import committed

HEADER = ("# service", "region", "fips", "dual stack", "bucket", "path style", "accelerate", "endpoint URL",
          "URL or error", "signing name", "signing region")

PLAIN, DUAL, FIPS, BOTH = (False, False), (False, True), (True, False), (True, True)
ALL = (PLAIN, DUAL, FIPS, BOTH)

# Services, regions, wishes: every combination is a row.
BLOCKS = [
    ("dynamodb sts ses iot-data sqs s3", "eu-west-3 us-gov-west-1", ALL),
    ("s3", "cn-north-1 us-iso-east-1 aws-global", ALL),
    ("sso stepfunctions cloudwatch", "us-east-1", ALL),
    ("timestream-write", "cn-north-1", ALL),
    ("timestream-write", "us-east-1", (PLAIN, FIPS)),
    ("cloudwatch logs stepfunctions events", "us-gov-west-1", (FIPS,)),
    ("sts", "aws-global us-iso-east-1 us-isob-east-1", (PLAIN,)),
    ("iam route53 cloudfront budgets ce organizations", "eu-west-3 cn-north-1", (PLAIN,)),
    ("iam route53 organizations shield waf", "eu-west-3", (FIPS,)),
    ("shield waf", "eu-west-3", (PLAIN,)),
    ("iam route53 organizations", "us-gov-east-1", (PLAIN, FIPS)),
    ("iam route53", "us-iso-east-1", (PLAIN,)),
    ("secretsmanager", "eu-west-3", (PLAIN, FIPS)),
    ("ecr", "eu-west-3 cn-north-1", (PLAIN,)),
    ("kms rolesanywhere firehose ssm", "ap-southeast-2", (BOTH,)),
]

BUCKETS = ["my-bucket", "My_Bucket", "a", "192.168.1.1", "b" * 63]

# What a row with a bucket asks for besides.
BUCKET_WISHES = [
    {},
    {"UseDualStack": True},
    {"ForcePathStyle": True},
    {"Accelerate": True},
    {"Endpoint": "http://127.0.0.1:9000/"},
    {"Endpoint": "https://store.example:8443/base"},
]
NO_TLS = [{"Endpoint": "http://localhost:9000"}]


class Oracle:
    def __init__(self):
        self.loader = botocore.session.get_session().get_component("data_loader")
        self.partitions = self.loader.load_data("partitions")
        self.providers = {}

    def provider(self, service):
        if service not in self.providers:
            rules = self.loader.load_service_model(service, "endpoint-rule-set-1")
            self.providers[service] = EndpointProvider(rules, self.partitions)
        return self.providers[service]

    def scope(self, service, region, properties):
        model = self.loader.load_service_model(service, "service-2")["metadata"]
        scheme = (properties.get("authSchemes") or [{}])[0]
        name = scheme.get("signingName", model.get("signingName", model["endpointPrefix"]))
        return name, scheme.get("signingRegion", region)

    def answer(self, service, region, **wishes):
        """URL, signing name and signing region; or why there is none."""
        try:
            endpoint = self.provider(service).resolve_endpoint(Region=region, **wishes)
        except EndpointProviderError:
            return "error", "-", "-"
        return (endpoint.url, *self.scope(service, region, endpoint.properties))


def row(oracle, service, region, **wishes):
    flags = [str(int(wishes.get(name, False)))
             for name in ("UseFIPS", "UseDualStack", "ForcePathStyle", "Accelerate")]
    query = [service, region, *flags[:2], wishes.get("Bucket", "-"), *flags[2:], wishes.get("Endpoint", "-")]
    return "\t".join([*query, *oracle.answer(service, region, **wishes)])


def rows(oracle):
    for services, regions, wishes in BLOCKS:
        for service, region, (fips, dual) in itertools.product(services.split(), regions.split(), wishes):
            yield row(oracle, service, region, UseFIPS=fips, UseDualStack=dual)
    with_buckets = [*itertools.product(BUCKETS, BUCKET_WISHES + NO_TLS),
                    *itertools.product(["my.bucket"], BUCKET_WISHES)]
    for bucket, wishes in with_buckets:
        yield row(oracle, "s3", "eu-west-3", Bucket=bucket, **wishes)


def main():
    lines = ["\t".join(HEADER), *rows(Oracle())]
    files = {"endpoints.tsv": ("\n".join(lines) + "\n").encode()}
    committed.run(__doc__.splitlines()[0], files)


if __name__ == "__main__":
    main()
