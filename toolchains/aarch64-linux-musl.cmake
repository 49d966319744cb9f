# 64-bit ARM, musl, static: Debian's cross compiler and musl.
#   dpkg --add-architecture arm64 && apt-get update
#   apt-get install g++-aarch64-linux-gnu musl-dev:arm64 qemu-user-static
#   port/mbedtls/build_mbedtls.sh --cc aarch64-linux-musl-gcc --version 2.28 --out build/arm64-musl-deps
#   cmake -B build/arm64-musl -DCMAKE_TOOLCHAIN_FILE=toolchains/aarch64-linux-musl.cmake \
#     -DCMAKE_PREFIX_PATH="$PWD/build/arm64-musl-deps" && cmake --build build/arm64-musl
#   qemu-aarch64-static build/arm64-musl/examples/awsfetch --version
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static)
set(TINYAWS_GCC aarch64-linux-gnu)
set(TINYAWS_MUSL aarch64-linux-musl)
set(TINYAWS_CPU -march=armv8-a)
include(${CMAKE_CURRENT_LIST_DIR}/shared/musl.cmake)
