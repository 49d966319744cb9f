// Connections one after the other that share what they resume.
#pragma once

#include <mbedtls/ssl_cache.h>

#include <vector>

#include "port_mbedtls_fixture.h"
#include "tinyaws/mbedtls_sessions.h"

namespace test {

using tinyaws::mbedtls::TlsSessions;
using tinyaws::mbedtls::TlsSessionStore;

/// What a server remembers of its sessions: the keys of its tickets, or the sessions themselves.
class Memory {
 public:
  explicit Memory(uint32_t lifetime = 3600) : lifetime_(lifetime) { set_up(); }
  ~Memory() { free(); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  mbedtls_ssl_ticket_context tickets;
  mbedtls_ssl_cache_context cache;

  void lose() {
    free();
    set_up();
  }

 private:
  void set_up() {
    mbedtls_ssl_ticket_init(&tickets);
    mbedtls_ssl_cache_init(&cache);
    must("ssl_ticket_setup",
         mbedtls_ssl_ticket_setup(&tickets, fake_random, nullptr, MBEDTLS_CIPHER_AES_256_GCM, lifetime_));
  }
  void free() {
    mbedtls_ssl_ticket_free(&tickets);
    mbedtls_ssl_cache_free(&cache);
  }

  uint32_t lifetime_;
};

/// How a session is resumed.
enum class Way { kTickets12, kIds12, kTickets13 };

inline std::vector<Way> ways() {
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
  return {Way::kTickets12, Way::kIds12, Way::kTickets13};
#else
  return {Way::kTickets12, Way::kIds12};
#endif
}

inline const char* name(Way way) {
  return way == Way::kTickets12 ? "tickets of TLS 1.2" : way == Way::kIds12 ? "ids of TLS 1.2" : "TLS 1.3";
}

inline void speak([[maybe_unused]] Server& server, Way way, Memory& memory) {
  mbedtls_ssl_config& config = server.config();
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
  if (way == Way::kTickets13) mbedtls_ssl_conf_min_tls_version(&config, MBEDTLS_SSL_VERSION_TLS1_3);
#endif
  if (way != Way::kTickets13) server.speak_tls12_at_most();
  if (way == Way::kIds12) {
    mbedtls_ssl_conf_session_cache(&config, &memory.cache, mbedtls_ssl_cache_get, mbedtls_ssl_cache_set);
  } else {
    mbedtls_ssl_conf_session_tickets_cb(&config, mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse, &memory.tickets);
  }
}

/// One connection of a client that has a store: to a server of its own, with the memory that it shares.
struct Meeting {
  Meeting(TlsConfig& config, TlsSessions* sessions, Way way, Memory& memory,
          const std::string& certificate = pki().ec({}), const Key& key = pki().ec_key)
      : client(config, inner, sessions), server(wire, certificate, key) {
    speak(server, way, memory);
  }

  Wire wire;
  FakeTransport inner{wire};
  TlsTransport client;
  Server server;

  Status connect(const tinyaws::Endpoint& endpoint = {"example.com", 443, true}) {
    Status status = client.open(endpoint);
    for (int turn = 0; turn < 1000 && status == Status::kPending; ++turn) {
      server.step();
      status = client.advance({});
    }
    server.step();
    return status;
  }
  IoResult receive() {
    char space[100];
    return client.recv(space);
  }
  bool resumed() const {
    const std::string said = words(client);
    const std::string end = ", resumed";
    return said.size() > end.size() && said.compare(said.size() - end.size(), end.size(), end) == 0;
  }
};

/// A client with a store and a server with a memory.
struct Acquaintance {
  explicit Acquaintance(Way the_way, uint32_t lifetime = 3600) : way(the_way), memory(lifetime) {
    if (config.add_ca(pki().ca) != Status::kOk) broken("add_ca", 0);
  }

  Way way;
  Memory memory;
  FakePlatform platform;
  TlsConfig config{platform};
  TlsSessionStore<4> sessions;
  std::string certificate = pki().ec({});

  /// A whole connection that must succeed. True when it was resumed.
  bool meets(const tinyaws::Endpoint& endpoint = {"example.com", 443, true}) {
    return meets(config, &sessions, endpoint);
  }
  bool meets(TlsConfig& own, TlsSessions* store, const tinyaws::Endpoint& endpoint = {"example.com", 443, true}) {
    Meeting meeting(own, store, way, memory, certificate);
    const Status status = meeting.connect(endpoint);
    if (status != Status::kOk) fail_msg("%s: %s", name(way), words(meeting.client).c_str());
    const bool resumed = meeting.resumed();
    assert_int_equal(meeting.client.send("ping").size, 4);
    meeting.server.to_send = "pong";
    meeting.server.step();
    assert_text(meeting.server.received, "ping");
    IoResult got = meeting.receive();
    for (int turn = 0; turn < 9 && got.status == Status::kPending; ++turn) got = meeting.receive();
    assert_int_equal(got.size, 4);
    return resumed;
  }
};

}  // namespace test
