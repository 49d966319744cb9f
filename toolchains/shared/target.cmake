# What the toolchain files of this directory have in common. Each sets TINYAWS_GCC, the triple of Debian's cross
# compiler, and TINYAWS_CPU, the processor's options, before it includes glibc.cmake or musl.cmake, which include this.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_C_COMPILER ${TINYAWS_GCC}-gcc)
set(CMAKE_CXX_COMPILER ${TINYAWS_GCC}-g++)
string(JOIN " " CMAKE_C_FLAGS_INIT ${TINYAWS_CPU})
string(JOIN " " CMAKE_CXX_FLAGS_INIT ${TINYAWS_CPU})
# CMake looks for these under names of the build machine; link-time optimisation needs the compiler's own.
foreach(language C CXX)
  foreach(tool ar ranlib)
    string(TOUPPER ${tool} name)
    find_program(CMAKE_${language}_COMPILER_${name} ${TINYAWS_GCC}-gcc-${tool})
  endforeach()
endforeach()
