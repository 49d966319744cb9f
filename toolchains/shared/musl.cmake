# Static programs over Debian's musl, with its cross compiler for glibc. TINYAWS_MUSL is musl's triple.
#
# mbedTLS, and CMocka and jsmn.h for the tests, come from CMAKE_PREFIX_PATH, and nothing from the system's directories: libraries
# there are glibc's, and its headers would stand before musl's.
include(${CMAKE_CURRENT_LIST_DIR}/target.cmake)
set(CMAKE_FIND_ROOT_PATH /usr/lib/${TINYAWS_MUSL} ${CMAKE_PREFIX_PATH})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_LIBDIR} /usr/lib/${TINYAWS_MUSL}/pkgconfig)

set(specs -specs=/usr/lib/${TINYAWS_MUSL}/musl-gcc.specs)
# libstdc++'s headers are glibc's; two of its files are replaced by ours, which have to come first.
execute_process(COMMAND ${CMAKE_C_COMPILER} -dumpversion OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE)
set(headers /usr/${TINYAWS_GCC}/include/c++/${version})
string(APPEND CMAKE_C_FLAGS_INIT " ${specs}")
string(APPEND CMAKE_CXX_FLAGS_INIT " ${specs} -isystem ${CMAKE_CURRENT_LIST_DIR}/musl -isystem ${headers}"
  " -isystem ${headers}/${TINYAWS_GCC}")
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
