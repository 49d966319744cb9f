// A client with everything around it faked: time, peer, clock, credentials, environment, and a buffer that ends at a
// guard page.
#pragma once

#include <memory>
#include <string>

#include "bodies.h"
#include "guarded_buffer.h"
#include "surroundings.h"
#include "tinyaws/client.h"
#include "virtual_platform.h"

namespace tinyaws::fakes {

struct ClientWorld {
  explicit ClientWorld(size_t buffer_size = 2048) : buffer(buffer_size) {
    options.endpoint_url = "https://peer.example";
    options.region = "eu-west-1";
    options.timeouts.connect_ms = 1000;
    options.timeouts.tls_ms = 1000;
    options.timeouts.first_byte_ms = 2000;
    options.timeouts.stall_ms = 1500;
  }

  VirtualTime time;
  ScriptedTransport transport{time};
  VirtualPlatform platform{time, transport};
  TableEnvironment environment;
  FixedCredentials credentials;
  GuardedBuffer buffer;
  ClientOptions options;

  /// Made with `options` as they are at its first use.
  Client& client() {
    if (!client_) {
      client_ =
          std::make_unique<Client>(Port{platform, environment, transport, buffer.bytes()}, credentials, options);
    }
    return *client_;
  }

 private:
  std::unique_ptr<Client> client_;
};

/// An answer with a length, as a string.
inline std::string answer(const std::string& status_line, const std::string& body, const std::string& fields = "") {
  return "HTTP/1.1 " + status_line + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

/// What follows the head of a request.
inline std::string body_of(const std::string& request) {
  const size_t at = request.find("\r\n\r\n");
  return at == std::string::npos ? "" : request.substr(at + 4);
}

}  // namespace tinyaws::fakes
