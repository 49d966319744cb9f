#include "credentials/printable.h"

#include "tinyaws/http.h"

namespace tinyaws {

void put_printable(Str text, Writer& out) {
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out.put(byte < ' ' || byte == 0x7f ? ' ' : c);
  }
}

void put_endpoint(const Endpoint& endpoint, Writer& out) {
  const bool ipv6 = endpoint.host.find(':') != Str::npos;
  out.put(endpoint.tls ? "https://" : "http://");
  if (ipv6) out.put('[');
  out.put(endpoint.host);
  if (ipv6) out.put(']');
  if (endpoint.port == default_port(endpoint.tls)) return;
  out.put(':');
  out.put_number(endpoint.port);
}

}  // namespace tinyaws
