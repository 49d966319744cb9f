# A vendor's SDK: its compiler and its sysroot, which has the target's libraries.
#   cmake -B build/device -DCMAKE_TOOLCHAIN_FILE=toolchains/vendor-sdk.cmake \
#     -DTINYAWS_SDK_PREFIX=/opt/sdk/bin/arm-vendor-linux-gnueabihf- -DTINYAWS_SDK_SYSROOT=/opt/sdk/sysroot \
#     -DTINYAWS_SDK_CPU="-mcpu=cortex-a7 -mthumb" && cmake --build build/device
#
# TINYAWS_SDK_PREFIX     what stands before "gcc" and "g++" in the compilers' names, with the path
# TINYAWS_SDK_SYSROOT    holds usr/include and usr/lib of the device; none: the compiler's own
# TINYAWS_SDK_CPU        options for the processor, those that the SDK's own programs are compiled with
# TINYAWS_SDK_LINK       options for linking: -static for a program that needs nothing of the device
# TINYAWS_SDK_EMULATOR   runs the target's programs: "qemu-arm-static -L SYSROOT"
# Relative paths are of the directory that cmake is started in.
#
# mbedTLS: the SDK's, or built by port/mbedtls/build_mbedtls.sh with its compiler and named by CMAKE_PREFIX_PATH.
# A g++ with headers that include <string_view> is enough: nothing of libstdc++ is linked.
set(CMAKE_SYSTEM_NAME Linux)

foreach(setting PREFIX SYSROOT CPU LINK EMULATOR)
  set(TINYAWS_SDK_${setting} "" CACHE STRING "See toolchains/vendor-sdk.cmake")
  list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TINYAWS_SDK_${setting})
endforeach()
if(NOT TINYAWS_SDK_PREFIX)
  message(FATAL_ERROR "TINYAWS_SDK_PREFIX is missing: -DTINYAWS_SDK_PREFIX=/path/of/the/sdk/bin/arm-vendor-linux-gnueabihf-")
endif()
# A prefix without a directory is looked up in PATH.
foreach(path PREFIX SYSROOT)
  set(given "${TINYAWS_SDK_${path}}")
  if(given AND NOT IS_ABSOLUTE "${given}" AND (path STREQUAL "SYSROOT" OR given MATCHES "/"))
    get_filename_component(given "${given}" ABSOLUTE BASE_DIR "$ENV{PWD}")
    set(TINYAWS_SDK_${path} "${given}" CACHE STRING "See toolchains/vendor-sdk.cmake" FORCE)
  endif()
endforeach()
if(TINYAWS_SDK_SYSROOT AND NOT IS_DIRECTORY "${TINYAWS_SDK_SYSROOT}")
  message(FATAL_ERROR "TINYAWS_SDK_SYSROOT is no directory: ${TINYAWS_SDK_SYSROOT}")
endif()

set(CMAKE_C_COMPILER ${TINYAWS_SDK_PREFIX}gcc)
set(CMAKE_CXX_COMPILER ${TINYAWS_SDK_PREFIX}g++)
set(CMAKE_C_FLAGS_INIT "${TINYAWS_SDK_CPU}")
set(CMAKE_CXX_FLAGS_INIT "${TINYAWS_SDK_CPU}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "${TINYAWS_SDK_LINK}")
separate_arguments(CMAKE_CROSSCOMPILING_EMULATOR UNIX_COMMAND "${TINYAWS_SDK_EMULATOR}")

# Libraries and headers of the sysroot, and of CMAKE_PREFIX_PATH; programs of the build machine.
if(TINYAWS_SDK_SYSROOT)
  set(CMAKE_SYSROOT ${TINYAWS_SDK_SYSROOT})
  set(CMAKE_FIND_ROOT_PATH ${TINYAWS_SDK_SYSROOT} ${CMAKE_PREFIX_PATH})
  list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CMAKE_PREFIX_PATH)
  set(ENV{PKG_CONFIG_SYSROOT_DIR} ${TINYAWS_SDK_SYSROOT})
  set(ENV{PKG_CONFIG_LIBDIR} ${TINYAWS_SDK_SYSROOT}/usr/lib/pkgconfig:${TINYAWS_SDK_SYSROOT}/usr/share/pkgconfig)
endif()
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
