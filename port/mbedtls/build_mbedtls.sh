#!/bin/sh
# Builds mbedTLS's static libraries for any compiler, from Debian's source package, which apt verifies:
#
#   build_mbedtls.sh --cc CC --version 2.28|3.6 --out PREFIX [option...]
#
#   --cc CC          the C compiler: gcc, arm-linux-musleabihf-gcc, "clang --target=..." ...
#   --version V      2.28 (2.28.3 of Debian 12) or 3.6 (the LTS release in Debian 13)
#   --out PREFIX     gets PREFIX/include and PREFIX/lib/libmbed{tls,x509,crypto}.a; CMake finds them by
#                    -DCMAKE_PREFIX_PATH=PREFIX
#   --ar AR          default: what CC names
#   --cflags FLAGS   default: -Os -ffunction-sections -fdata-sections
#   --config HEADER  mbedTLS's configuration; "default" is mbedTLS's own. Without it: that for devices, beside this
#                    script. Programs that include mbedTLS's headers see the same one.
#   --before HEADER  stands before the configuration: choices that it leaves open
#   --source DIR     an unpacked source tree instead of Debian's
#   --cache DIR      where sources are kept; default: build/mbedtls-sources of this project
#
# Does nothing when PREFIX holds just that already. Needs apt and dpkg-dev, unless --source is given.
set -eu

fail() {
  echo "build_mbedtls.sh: $1" >&2
  exit 1
}

here=$(cd "$(dirname "$0")" && pwd)
cc='' ar='' version='' out='' source='' before=/dev/null config=$here/mbedtls_device_config.h
cflags='-Os -ffunction-sections -fdata-sections'
cache=$here/../../build/mbedtls-sources
while [ $# -gt 0 ]; do
  case $1 in -h | --help) sed -n '1d; s/^# \{0,1\}//p; /^set -eu$/q' "$0" && exit ;; esac
  [ $# -ge 2 ] || fail "$1 needs a value"
  case $1 in
    --cc) cc=$2 ;;
    --ar) ar=$2 ;;
    --cflags) cflags=$2 ;;
    --config) config=$2 ;;
    --before) before=$2 ;;
    --version) version=$2 ;;
    --out) out=$2 ;;
    --source) source=$2 ;;
    --cache) cache=$2 ;;
    *) fail "no such option: $1 (--help has them all)" ;;
  esac
  shift 2
done
[ -n "$cc" ] && [ -n "$out" ] || fail "--cc, --version and --out are needed"
case $version in
  2.28) release=bookworm header=config.h ;;
  3.6) release=trixie header=mbedtls_config.h ;;
  *) fail "--version is 2.28 or 3.6" ;;
esac
[ -r "$before" ] || fail "no such header: $before"
[ "$config" = default ] || [ -r "$config" ] || fail "no such configuration: $config"
# shellcheck disable=SC2086 # CC may be several words
$cc --version >/dev/null 2>&1 || fail "no such compiler: $cc"

# The tree by the name of the version that it holds: DIR/mbedtls-2.28.3.
fetch() {
  mkdir -p "$cache/$version"
  . "$here/debian_release.sh"
  debian_release "$cache/$version" "$release" deb-src || fail "mbedTLS can't be fetched"
  (cd "$cache/$version" && debian_apt apt-get source --download-only mbedtls) ||
    fail "download failed: $(tail -n 1 "$debian_log")"
  dpkg-source --no-copy -x "$cache/$version"/mbedtls_"$version".*.dsc "$cache/$version/unpacking.$$" \
    >"$debian_log" 2>&1 || fail "the package can't be unpacked: $(tail -n 1 "$debian_log")"
  mv -T "$cache/$version/unpacking.$$" "$cache/$version/tree" 2>/dev/null || rm -rf "$cache/$version/unpacking.$$"
}

if [ -z "$source" ]; then
  [ -d "$cache/$version/tree" ] || fetch
  source=$cache/$version/tree
fi
[ -r "$source/library/ssl_tls.c" ] || fail "no mbedTLS in $source"
[ -r "$source/include/mbedtls/$header" ] || fail "$source holds another version of mbedTLS than $version"

[ "$config" != default ] || config=$source/include/mbedtls/$header
wanted="$version; $($cc --version | head -n 1); $cc $cflags; $(cat "$before" "$config" "$here"/*.c "$here"/mpi_shift_l_mod.h | sha256sum)"
mkdir -p "$out/include" "$out/lib"
out=$(cd "$out" && pwd)
stamp=$out/lib/mbedtls-build.txt
if [ -r "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then exit 0; fi

rm -f "$stamp"
cp -R "$source/include/mbedtls" "$source/include/psa" "$out/include/"
cat "$before" "$config" >"$out/include/mbedtls/$header"

objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
cd "$source/library"
library=$PWD
# One line of one file is another one: mpi_shift_l_mod.h says why.
bignum=$(grep -l 'mbedtls_mpi_shift_l(.*, N->n \* 2 \* biL)' *.c) || fail "the tree has another way to begin with RSA"
sed 's/mbedtls_mpi_shift_l(\(.*\), N->n \* 2 \* biL)/tinyaws_mpi_shift_l_mod(\1, N->n * 2 * biL, N)/' "$bignum" \
  >"$objects/$bignum"
{
  ls *.c | grep -vx "$bignum"
  printf '%s\n' "$objects/$bignum" "$here"/*.c
} >"$objects/list"
# shellcheck disable=SC2016,SC2086 # the inner shell's; words
<"$objects/list" xargs -P "$(nproc)" -I '{}' sh -c 'file=$1; shift; "$@" -c "$file" -o "$0/${file##*/}.o"' "$objects" '{}' \
  $cc $cflags -std=c99 -D_GNU_SOURCE -I"$out/include" -I"$library" -include "$here/mpi_shift_l_mod.h" ||
  fail "$cc failed: see above"

# What CMakeLists.txt of mbedTLS puts into which library.
archive() { # name, files
  name=$1
  shift
  rm -f "$out/lib/$name"
  "${ar:-$($cc -print-prog-name=ar)}" rcs "$out/lib/$name" "$@" || fail "ar failed"
}
cd "$objects"
rm "$bignum" list
tls=$(ls | grep -E '^(debug|mps_|ssl_|net_sockets)' || true)
x509=$(ls | grep -E '^(x509|pkcs7|certs)' || true)
crypto=$(ls | grep -vE '^(debug|mps_|ssl_|net_sockets|x509|pkcs7|certs)')
# shellcheck disable=SC2086 # one word a file
{
  archive libmbedtls.a $tls
  archive libmbedx509.a $x509
  archive libmbedcrypto.a $crypto
}
echo "$wanted" >"$stamp"
