# What the toolchain files of this directory have in common. Each sets TINYAWS_GCC, the triple of Debian's cross
# compiler, and TINYAWS_CPU, the processor's options, before it includes glibc.cmake or musl.cmake, which include this.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_C_COMPILER ${TINYAWS_GCC}-gcc)
set(CMAKE_CXX_COMPILER ${TINYAWS_GCC}-g++)
string(JOIN " " CMAKE_C_FLAGS_INIT ${TINYAWS_CPU})
string(JOIN " " CMAKE_CXX_FLAGS_INIT ${TINYAWS_CPU})
