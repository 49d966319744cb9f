#!/usr/bin/env bash
# Tries toolchains/vendor-sdk.cmake with an SDK made up of Debian's compiler and libraries for armhf, as vendors lay
# theirs out: compilers under a name of their own, and a sysroot outside of which no library is found.
set -euo pipefail
cd "$(dirname "$0")/../.."
sdk=$PWD/build/cross/sdk
rm -rf "$sdk" build/cross/with-sdk build/cross/refused-sdk
mkdir -p "$sdk/bin" "$sdk/sysroot/usr/lib" "$sdk/sysroot/usr/include"

for tool in gcc g++ ar ranlib nm strip objcopy objdump readelf ld; do
  ln -s "/usr/bin/arm-linux-gnueabihf-$tool" "$sdk/bin/arm-vendor-linux-$tool"
done
cp -r /usr/include/mbedtls /usr/include/psa "$sdk/sysroot/usr/include/"
cp /usr/lib/arm-linux-gnueabihf/libmbed*.a "$sdk/sysroot/usr/lib/"

fail() {
  echo "try_sdk.sh: $1" >&2
  exit 1
}
refused=$(cmake -B build/cross/refused-sdk -DCMAKE_TOOLCHAIN_FILE=toolchains/vendor-sdk.cmake \
  -DTINYAWS_SDK_PREFIX="$sdk/bin/arm-vendor-linux-" -DTINYAWS_SDK_SYSROOT="$sdk/no-sysroot" 2>&1) &&
  fail 'a sysroot that is not there was taken'
case $refused in *"TINYAWS_SDK_SYSROOT is no directory"*) ;; *) fail "$refused" ;; esac

# Relative paths, as a project's script may have them.
cmake -B build/cross/with-sdk -DCMAKE_TOOLCHAIN_FILE=toolchains/vendor-sdk.cmake -DCMAKE_BUILD_TYPE=MinSizeRel \
  -DTINYAWS_SDK_PREFIX=build/cross/sdk/bin/arm-vendor-linux- -DTINYAWS_SDK_SYSROOT=build/cross/sdk/sysroot \
  -DTINYAWS_SDK_CPU='-mcpu=cortex-a7 -mthumb' -DTINYAWS_SDK_LINK=-static -DTINYAWS_SDK_EMULATOR=qemu-arm-static \
  >build/cross/with-sdk.log
cmake --build build/cross/with-sdk --parallel "$(nproc)" --target awsfetch >>build/cross/with-sdk.log

cache=build/cross/with-sdk/CMakeCache.txt
for found in MBEDTLS_INCLUDE_DIR MBEDTLS_TLS_LIBRARY MBEDTLS_CRYPTO_LIBRARY; do
  grep -q "^$found:[A-Z]*=$sdk/sysroot/" "$cache" || fail "$(grep "^$found:" "$cache") is not of the sysroot"
done
grep -q "mcpu=cortex-a7 -mthumb" build/cross/with-sdk/examples/CMakeFiles/awsfetch.dir/flags.make ||
  fail 'the options for the processor are not used'
qemu-arm-static build/cross/with-sdk/examples/awsfetch --version
