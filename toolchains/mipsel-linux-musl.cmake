# MIPS32r2, little-endian, musl, static: Debian's cross compiler and musl.
#   dpkg --add-architecture mipsel && apt-get update
#   apt-get install g++-mipsel-linux-gnu musl-dev:mipsel qemu-user-static
#   port/mbedtls/build_mbedtls.sh --cc mipsel-linux-musl-gcc --version 2.28 --out build/mipsel-musl-deps
#   cmake -B build/mipsel-musl -DCMAKE_TOOLCHAIN_FILE=toolchains/mipsel-linux-musl.cmake \
#     -DCMAKE_PREFIX_PATH="$PWD/build/mipsel-musl-deps" && cmake --build build/mipsel-musl
#   qemu-mipsel-static build/mipsel-musl/examples/awsfetch --version
set(CMAKE_SYSTEM_PROCESSOR mips)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-mipsel-static)
set(TINYAWS_GCC mipsel-linux-gnu)
set(TINYAWS_MUSL mipsel-linux-musl)
set(TINYAWS_CPU -march=mips32r2)
include(${CMAKE_CURRENT_LIST_DIR}/shared/musl.cmake)
