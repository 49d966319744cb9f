#!/bin/sh
# Builds CMocka's static library for any compiler from Debian's source package, which apt verifies:
#
#   build_cmocka.sh --cc CC --out PREFIX     gets PREFIX/include/cmocka*.h and PREFIX/lib/libcmocka.a
set -eu

fail() {
  echo "build_cmocka.sh: $1" >&2
  exit 1
}

[ $# -eq 4 ] && [ "$1" = --cc ] && [ "$3" = --out ] || fail "usage: build_cmocka.sh --cc CC --out PREFIX"
cc=$2 out=$4
here=$(cd "$(dirname "$0")" && pwd)
cache=$here/../../build/cmocka-source

if [ ! -d "$cache/tree" ]; then
  . "$here/../../port/mbedtls/debian_release.sh"
  debian_release "$cache" bookworm deb-src || fail "CMocka can't be fetched"
  (cd "$cache" && debian_apt apt-get source --download-only cmocka) || fail "$(tail -n 1 "$debian_log")"
  rm -rf "$cache/unpacking"
  dpkg-source --no-copy -x "$cache"/cmocka_*.dsc "$cache/unpacking" >"$debian_log" 2>&1 || fail "$(tail -n 1 "$debian_log")"
  mv "$cache/unpacking" "$cache/tree"
fi

mkdir -p "$out/include" "$out/lib"
cp "$cache"/tree/include/cmocka*.h "$out/include/"
# It makes a uintptr_t of its own where there seems to be none, and knows only how glibc says that there is one.
{ printf '#include <stdint.h>\n#define _UINTPTR_T\n' && cat "$cache/tree/include/cmocka.h"; } >"$out/include/cmocka.h"
object=$(mktemp)
trap 'rm -f "$object"' EXIT
# What its configure step would find out, the same on every Linux.
$cc -std=gnu99 -O1 -I"$out/include" -DHAVE_CLOCK_GETTIME_REALTIME -DHAVE_STRUCT_TIMESPEC -DHAVE_STRSIGNAL -DHAVE_STDLIB_H \
  -DHAVE_STRINGS_H -DHAVE_STRING_H -DHAVE_TIME_H -DHAVE_UNISTD_H -DHAVE_SETJMP_H -DHAVE_SIGNAL_H -DHAVE_STDINT_H \
  -DHAVE_INTTYPES_H -DHAVE_MALLOC_H -DHAVE_SNPRINTF -DHAVE_VSNPRINTF -c "$cache/tree/src/cmocka.c" -o "$object"
rm -f "$out/lib/libcmocka.a"
$($cc -print-prog-name=ar) rcs "$out/lib/libcmocka.a" "$object"
