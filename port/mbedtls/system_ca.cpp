#include <unistd.h>

#include "tinyaws/mbedtls.h"

namespace tinyaws::mbedtls {

const char* find_system_ca_file() {
  static const char* const files[] = {
      "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Alpine, OpenWrt, Arch, Yocto, Buildroot
      "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL, Amazon Linux
      "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora 42 and newer
      "/etc/ssl/ca-bundle.pem",                             // SUSE
      "/etc/ssl/cert.pem",                                  // Alpine and OpenWrt without the bundle's package
  };
  for (const char* file : files) {
    if (access(file, R_OK) == 0) return file;
  }
  return nullptr;
}

}  // namespace tinyaws::mbedtls
