#include "tinyaws/system_c.h"

#include "tinyaws/c_bridge.h"
#include "tinyaws/c_object.h"
#include "tinyaws/system.h"

using namespace tinyaws;
using namespace tinyaws::c;

namespace {

tinyaws_tls_config* to_c(mbedtls::TlsConfig& config) {
  return reinterpret_cast<tinyaws_tls_config*>(&config);
}

mbedtls::TlsConfig& tls_config(tinyaws_tls_config* self) {
  return *reinterpret_cast<mbedtls::TlsConfig*>(self);
}

}  // namespace

void tinyaws_system_init(tinyaws_system* self) {
  make<System<>>(self);
}

void tinyaws_system_destroy(tinyaws_system* self) {
  destroy<System<>>(self);
}

tinyaws_port tinyaws_system_port(tinyaws_system* self) {
  const Port port = object<System<>>(self);
  return {c::to_c(Board(port)), c::to_c(port.transport), port.buffer.data(), port.buffer.size()};
}

tinyaws_board tinyaws_system_board(tinyaws_system* self) {
  return c::to_c(Board(object<System<>>(self)));
}

tinyaws_tls_config* tinyaws_system_tls_config(tinyaws_system* self) {
  return to_c(object<System<>>(self).tls_config());
}

tinyaws_status tinyaws_tls_config_add_ca(tinyaws_tls_config* self, const char* pem_or_der, size_t size) {
  return c::to_c(tls_config(self).add_ca({pem_or_der, size}));
}

tinyaws_status tinyaws_tls_config_add_ca_file(tinyaws_tls_config* self, const char* path) {
  return c::to_c(tls_config(self).add_ca_file(path));
}

tinyaws_status tinyaws_tls_config_set_client_certificate_files(tinyaws_tls_config* self, const char* certificate_path,
                                                               const char* key_path) {
  return c::to_c(tls_config(self).set_client_certificate_files(certificate_path, key_path));
}

tinyaws_str tinyaws_tls_config_describe(const tinyaws_tls_config* self) {
  return c::to_c(reinterpret_cast<const mbedtls::TlsConfig*>(self)->describe());
}
