# MIPS32r2, little-endian, glibc: Debian's cross compiler and multiarch libraries.
#   dpkg --add-architecture mipsel && apt-get update
#   apt-get install g++-mipsel-linux-gnu libmbedtls-dev:mipsel libcmocka-dev:mipsel qemu-user-static
#   cmake -B build/mipsel -DCMAKE_TOOLCHAIN_FILE=toolchains/mipsel-linux-gnu.cmake && cmake --build build/mipsel
#   qemu-mipsel-static build/mipsel/examples/awsfetch --version
set(CMAKE_SYSTEM_PROCESSOR mips)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-mipsel-static)
set(TINYAWS_GCC mipsel-linux-gnu)
set(TINYAWS_CPU -march=mips32r2)
include(${CMAKE_CURRENT_LIST_DIR}/shared/glibc.cmake)
