#!/bin/sh
# Unpacks mbedTLS 3.6 of Debian 13 (trixie) below DIR, without installing anything: DIR/usr/include,
# DIR/usr/lib/TRIPLET. Takes the mirrors and keys that this machine's apt uses for Debian.
set -eu

fail() {
  echo "fetch_mbedtls36.sh: $1" >&2
  exit 1
}

[ $# -eq 1 ] || fail "usage: fetch_mbedtls36.sh DIR"
mkdir -p "$1/apt/lists/partial" "$1/apt/cache/archives/partial" "$1/debs"
dir=$(cd "$1" && pwd)
log=$dir/apt/log

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
signed_by=
[ ! -r "$keyring" ] || signed_by="[signed-by=$keyring] "
apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' >"$dir/apt/targets" \
  2>"$log" || fail "apt-get does not work here: $(cat "$log")"
awk -v signed_by="$signed_by" '$1 == "bookworm" && $2 == "main" { print "deb " signed_by $3 " trixie main" }' \
  "$dir/apt/targets" | sort -u >"$dir/apt/sources.list"
[ -s "$dir/apt/sources.list" ] || fail "apt has no source of bookworm main to derive one of trixie from"

apt_trixie() {
  command=$1
  shift
  "$command" -q -o Dir::Etc::SourceList="$dir/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$dir/apt/lists" -o Dir::Cache="$dir/apt/cache" -o APT::Sandbox::User=root \
    -o Acquire::Retries=2 -o APT::Update::Error-Mode=any "$@" >"$log" 2>&1
}

apt_trixie apt-get update || fail "trixie can't be reached: $(grep -m 1 -E '^(E|W|Err)' "$log")"
apt_trixie apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
  --no-enhances libmbedtls-dev || fail "trixie has no libmbedtls-dev: $(tail -n 1 "$log")"
packages=$(grep -E '^libmbed' "$log" | sort -u)
# shellcheck disable=SC2086 # one word a package
(cd "$dir/debs" && apt_trixie apt-get download $packages) || fail "download failed: $(tail -n 1 "$log")"

for deb in "$dir"/debs/libmbed*.deb; do
  dpkg -x "$deb" "$dir" || fail "$deb can't be unpacked"
done
