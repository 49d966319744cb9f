#!/usr/bin/env bash
# From a fresh clone on Debian 12 to a signed request that a real server answered, in one command:
#
#   examples/quickstart.sh
#
# Installs what is missing (as root or through sudo), builds, starts a local DynamoDB behind a gate that verifies every
# signature, and talks to it with awsfetch and with the example program. Stops what it started. Exits with 0 only if
# everything was as it says.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

key_id=AKIDEXAMPLE
secret=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
table=my-table

say() { printf '\n== %s\n' "$*"; }
fail() { printf '\nquickstart: %s\n' "$*" >&2; exit 1; }

work=$(mktemp -d)
started=()
clean_up() {
  local process
  for process in "${started[@]}"; do
    kill "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# Starts one of the test servers and waits for the line with its address; sets `port`.
start_server() { # name arguments...
  local name=$1 log=$work/$1.log
  shift
  /usr/bin/python3 "tests/integration/servers/$name.py" "$@" >"$log" 2>&1 &
  started+=($!)
  for _ in $(seq 300); do
    port=$(sed -n 's/.* is at http:.*:\([0-9]*\)$/\1/p' "$log")
    [ -z "$port" ] || return 0
    kill -0 "${started[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  cat "$log" >&2
  fail "$name did not start"
}

build() { cmake -B build && cmake --build build --parallel "$(nproc)"; }

call() { # operation document [awsfetch options...]
  local operation=$1 document=$2
  shift 2
  build/examples/awsfetch --endpoint-url "$AWS_ENDPOINT_URL" --service dynamodb --region us-east-1 \
    -H "X-Amz-Target: DynamoDB_20120810.$operation" -H 'Content-Type: application/x-amz-json-1.0' \
    -d "$document" "$@" /
}

expect_table() { # what answer
  printf '%s\n' "$2"
  case $2 in
    *"$table"*ACTIVE* | *ACTIVE*"$table"*) ;;
    *) fail "$1 did not describe $table" ;;
  esac
}

say 'Installing what is missing, and building'
. tests/install.sh
tinyaws_install build
tinyaws_install local-dynamodb
build >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; fail 'the build failed'; }

say 'Starting DynamoDB (dynalite) and, in front of it, a gate that verifies signatures as AWS does'
start_server dynalite dynalite
start_server gate --upstream "$port" --region us-east-1 --service dynamodb --key "$key_id" "$secret"
export AWS_ENDPOINT_URL=http://127.0.0.1:$port
export AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=$key_id AWS_SECRET_ACCESS_KEY=$secret
unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE
export AWS_EC2_METADATA_DISABLED=true  # what is sent stays on this machine
echo "The gate is at $AWS_ENDPOINT_URL. It knows one key and lets a request pass only if its signature is right."

say "Creating the table $table with awsfetch"
call CreateTable '{"TableName":"'$table'",
  "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
  "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
  "ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}}' >/dev/null ||
  fail 'the table was not created'

say 'DescribeTable with awsfetch: the gate found the signature right, and DynamoDB answered'
answer=$(call DescribeTable '{"TableName":"'$table'"}') || fail 'awsfetch was refused'
expect_table awsfetch "$answer"

say 'The same from a small program written with the library, examples/describe_table'
answer=$(build/examples/describe_table "$table") || fail 'describe_table was refused'
expect_table describe_table "$answer"

say 'The same with one letter of the secret changed: this must be refused'
status=0
export AWS_SECRET_ACCESS_KEY=${secret%?}x
answer=$(call DescribeTable '{"TableName":"'$table'"}' 2>"$work/refusal") || status=$?
cat "$work/refusal"
printf '%s\n' "${answer%%\\n*}"
case "$status $answer" in
  1\ *InvalidSignatureException*) ;;
  *) fail "a wrong secret was not refused as it should be (exit $status)" ;;
esac

say 'Everything was as it should be'
cat <<'END'
The gate calculated each signature again, with code of another project, from the bytes that arrived. It passed three
requests to DynamoDB and refused the fourth, whose secret was wrong: awsfetch exited with 1 and showed the answer.
With AWS credentials in the environment the same command works against AWS: leave --endpoint-url away.
END
