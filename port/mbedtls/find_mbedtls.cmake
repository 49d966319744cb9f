# Finds mbedTLS for the build of the library and for whoever uses the installed one:
#
#   tinyaws::MbedTLS      TLS, X.509 and crypto: libraries and headers
#   tinyaws::MbedCrypto   crypto alone, which signing needs
#   TINYAWS_MBEDTLS_VERSION, TINYAWS_MBEDTLS_INCLUDES, TINYAWS_MBEDTLS_LIBRARIES
#   TINYAWS_MBEDTLS_MISSING   empty, or what is missing and what can be done
#
# An installed CMake package (3.x has one where the distribution ships it), else the libraries by name (2.28).
set(TINYAWS_MBEDTLS_MISSING)
find_package(MbedTLS CONFIG QUIET)
if(MbedTLS_FOUND)
  set(TINYAWS_MBEDTLS_LIBRARIES MbedTLS::mbedtls MbedTLS::mbedx509 MbedTLS::mbedcrypto)
  get_target_property(TINYAWS_MBEDTLS_INCLUDES MbedTLS::mbedtls INTERFACE_INCLUDE_DIRECTORIES)
else()
  find_path(MBEDTLS_INCLUDE_DIR mbedtls/ssl.h)
  find_library(MBEDTLS_TLS_LIBRARY mbedtls)
  find_library(MBEDTLS_X509_LIBRARY mbedx509)
  find_library(MBEDTLS_CRYPTO_LIBRARY mbedcrypto)
  set(TINYAWS_MBEDTLS_LIBRARIES ${MBEDTLS_TLS_LIBRARY} ${MBEDTLS_X509_LIBRARY} ${MBEDTLS_CRYPTO_LIBRARY})
  set(TINYAWS_MBEDTLS_INCLUDES ${MBEDTLS_INCLUDE_DIR})
  foreach(part MBEDTLS_INCLUDE_DIR MBEDTLS_TLS_LIBRARY MBEDTLS_X509_LIBRARY MBEDTLS_CRYPTO_LIBRARY)
    if(NOT ${part})
      string(CONCAT TINYAWS_MBEDTLS_MISSING
        "mbedTLS 2.28 or 3.x is missing (${part}): install libmbedtls-dev (Debian, Ubuntu), mbedtls-devel (Fedora) or "
        "mbedtls-dev (Alpine), for the target's architecture, or build it by port/mbedtls/build_mbedtls.sh; and set "
        "CMAKE_PREFIX_PATH to where it is")
      return()
    endif()
  endforeach()
endif()

set(TINYAWS_MBEDTLS_VERSION)
foreach(directory IN LISTS TINYAWS_MBEDTLS_INCLUDES)
  foreach(header build_info.h version.h) # 3.x, 2.28
    if(NOT TINYAWS_MBEDTLS_VERSION AND EXISTS ${directory}/mbedtls/${header})
      file(STRINGS ${directory}/mbedtls/${header} line REGEX "define MBEDTLS_VERSION_STRING +\"")
      string(REGEX REPLACE ".*\"([0-9]+\\.[0-9]+).*" "\\1" TINYAWS_MBEDTLS_VERSION "${line}")
    endif()
  endforeach()
endforeach()

if(TINYAWS_MBEDTLS_VERSION AND NOT TINYAWS_MBEDTLS_VERSION MATCHES "^(2\\.28|3\\.[0-9]+)$")
  string(CONCAT TINYAWS_MBEDTLS_MISSING
    "mbedTLS 2.28 or 3.x is missing: ${TINYAWS_MBEDTLS_INCLUDES} has version \"${TINYAWS_MBEDTLS_VERSION}\"; set CMAKE_PREFIX_PATH "
    "to where another one is")
  return()
endif()

if(NOT TARGET tinyaws::MbedTLS)
  add_library(tinyaws::MbedTLS INTERFACE IMPORTED GLOBAL)
  add_library(tinyaws::MbedCrypto INTERFACE IMPORTED GLOBAL)
  list(GET TINYAWS_MBEDTLS_LIBRARIES 2 crypto)
  set_target_properties(tinyaws::MbedTLS PROPERTIES
    INTERFACE_LINK_LIBRARIES "${TINYAWS_MBEDTLS_LIBRARIES}" INTERFACE_INCLUDE_DIRECTORIES "${TINYAWS_MBEDTLS_INCLUDES}")
  set_target_properties(tinyaws::MbedCrypto PROPERTIES
    INTERFACE_LINK_LIBRARIES "${crypto}" INTERFACE_INCLUDE_DIRECTORIES "${TINYAWS_MBEDTLS_INCLUDES}")
endif()
