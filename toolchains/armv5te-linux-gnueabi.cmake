# ARMv5TE, soft float, glibc: Debian's cross compiler and multiarch libraries (armel).
#   dpkg --add-architecture armel && apt-get update
#   apt-get install g++-arm-linux-gnueabi libmbedtls-dev:armel libcmocka-dev:armel qemu-user-static
#   cmake -B build/armv5te -DCMAKE_TOOLCHAIN_FILE=toolchains/armv5te-linux-gnueabi.cmake && cmake --build build/armv5te
#   qemu-arm-static build/armv5te/examples/awsfetch --version
set(CMAKE_SYSTEM_PROCESSOR armv5tejl)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-arm-static -cpu arm926)
set(TINYAWS_GCC arm-linux-gnueabi)
set(TINYAWS_CPU -march=armv5te -mfloat-abi=soft -marm)
include(${CMAKE_CURRENT_LIST_DIR}/shared/glibc.cmake)
