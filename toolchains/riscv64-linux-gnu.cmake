# 64-bit RISC-V, glibc: Debian 12 has the cross compiler and its C library, and mbedTLS only as source.
#   apt-get install g++-riscv64-linux-gnu qemu-user-static
#   port/mbedtls/build_mbedtls.sh --cc riscv64-linux-gnu-gcc --version 2.28 --out build/riscv64-mbedtls
#   cmake -B build/riscv64 -DCMAKE_TOOLCHAIN_FILE=toolchains/riscv64-linux-gnu.cmake \
#     -DCMAKE_PREFIX_PATH="$PWD/build/riscv64-mbedtls" && cmake --build build/riscv64
#   qemu-riscv64-static -L /usr/riscv64-linux-gnu build/riscv64/examples/awsfetch --version
set(CMAKE_SYSTEM_PROCESSOR riscv64)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-riscv64-static -L /usr/riscv64-linux-gnu)
set(TINYAWS_GCC riscv64-linux-gnu)
set(TINYAWS_CPU -march=rv64gc)
include(${CMAKE_CURRENT_LIST_DIR}/shared/glibc.cmake)
