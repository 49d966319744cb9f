# ARMv7, Thumb-2, hard float, musl, static: Debian's cross compiler and musl.
#   dpkg --add-architecture armhf && apt-get update
#   apt-get install g++-arm-linux-gnueabihf musl-dev:armhf qemu-user-static
#   port/mbedtls/build_mbedtls.sh --cc arm-linux-musleabihf-gcc --version 2.28 --out build/armv7-musl-deps
#   cmake -B build/armv7-musl -DCMAKE_TOOLCHAIN_FILE=toolchains/armv7-linux-musleabihf.cmake \
#     -DCMAKE_PREFIX_PATH="$PWD/build/armv7-musl-deps" && cmake --build build/armv7-musl
#   qemu-arm-static build/armv7-musl/examples/awsfetch --version
set(CMAKE_SYSTEM_PROCESSOR armv7l)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-arm-static)
set(TINYAWS_GCC arm-linux-gnueabihf)
set(TINYAWS_MUSL arm-linux-musleabihf)
set(TINYAWS_CPU -march=armv7-a+fp -mfloat-abi=hard -mthumb)
include(${CMAKE_CURRENT_LIST_DIR}/shared/musl.cmake)
