# Debian's multiarch libraries lie beside the build machine's own, which is why there is no sysroot to search.
include(${CMAKE_CURRENT_LIST_DIR}/target.cmake)
set(CMAKE_LIBRARY_ARCHITECTURE ${TINYAWS_GCC})
set(ENV{PKG_CONFIG_LIBDIR} /usr/lib/${TINYAWS_GCC}/pkgconfig:/usr/share/pkgconfig)
