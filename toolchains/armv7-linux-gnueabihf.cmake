# ARMv7, Thumb-2, hard float, glibc: Debian's cross compiler and multiarch libraries.
#   dpkg --add-architecture armhf && apt-get update
#   apt-get install g++-arm-linux-gnueabihf libmbedtls-dev:armhf libcmocka-dev:armhf qemu-user-static
#   cmake -B build/armv7 -DCMAKE_TOOLCHAIN_FILE=toolchains/armv7-linux-gnueabihf.cmake && cmake --build build/armv7
#   qemu-arm-static build/armv7/examples/awsfetch --version
set(CMAKE_SYSTEM_PROCESSOR armv7l)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-arm-static)
set(TINYAWS_GCC arm-linux-gnueabihf)
set(TINYAWS_CPU -march=armv7-a+fp -mfloat-abi=hard -mthumb)
include(${CMAKE_CURRENT_LIST_DIR}/shared/glibc.cmake)
