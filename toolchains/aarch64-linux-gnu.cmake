# 64-bit ARM, glibc: Debian's cross compiler and multiarch libraries.
#   dpkg --add-architecture arm64 && apt-get update
#   apt-get install g++-aarch64-linux-gnu libmbedtls-dev:arm64 libcmocka-dev:arm64 qemu-user-static
#   cmake -B build/arm64 -DCMAKE_TOOLCHAIN_FILE=toolchains/aarch64-linux-gnu.cmake && cmake --build build/arm64
#   qemu-aarch64-static build/arm64/examples/awsfetch --version
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static)
set(TINYAWS_GCC aarch64-linux-gnu)
set(TINYAWS_CPU -march=armv8-a)
include(${CMAKE_CURRENT_LIST_DIR}/shared/glibc.cmake)
