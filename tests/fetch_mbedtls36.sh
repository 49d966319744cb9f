#!/bin/sh
# Unpacks mbedTLS 3.6 of Debian 13 (trixie) as it is packaged there below DIR, without installing anything:
# DIR/usr/include, DIR/usr/lib/TRIPLET.
set -eu

fail() {
  echo "fetch_mbedtls36.sh: $1" >&2
  exit 1
}

[ $# -eq 1 ] || fail "usage: fetch_mbedtls36.sh DIR"
. "$(dirname "$0")/../port/mbedtls/debian_release.sh"
debian_release "$1" trixie deb || fail "mbedTLS can't be fetched"
debian_apt apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
  --no-enhances libmbedtls-dev || fail "trixie has no libmbedtls-dev: $(tail -n 1 "$debian_log")"
packages=$(grep -E '^libmbed' "$debian_log" | sort -u)
mkdir -p "$debian_dir/debs"
# shellcheck disable=SC2086 # one word a package
(cd "$debian_dir/debs" && debian_apt apt-get download $packages) || fail "download failed: $(tail -n 1 "$debian_log")"

for deb in "$debian_dir"/debs/libmbed*.deb; do
  dpkg -x "$deb" "$debian_dir" || fail "$deb can't be unpacked"
done
