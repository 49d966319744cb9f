// What surrounds a source of credentials that asks one server: peer, clock, variables, files, and a connection to run
// its fetches on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../fakes/guarded_buffer.h"
#include "../fakes/surroundings.h"
#include "../fakes/table_files.h"
#include "../fakes/virtual_platform.h"
#include "tinyaws/connection.h"
#include "tinyaws/document_source.h"

namespace test {

using namespace tinyaws;
using namespace tinyaws::fakes;

struct SourceWorld {
  explicit SourceWorld(size_t space_size = 8192, size_t buffer_size = 8192)
      : buffer(buffer_size), space(space_size), connection(transport, buffer.bytes()) {
    platform.most_waits = 50000;
  }

  VirtualTime time;
  ScriptedTransport transport{time};
  VirtualPlatform platform{time, transport};
  TableEnvironment environment;
  TableFiles files;
  GuardedBuffer buffer;
  GuardedBuffer space;
  Connection connection;
  Credentials credentials;

  Status get(CredentialsProvider& provider, Call*& fetch) {
    return provider.get(platform.now(), platform.unix_time(), credentials, fetch);
  }

  /// One step; false when the call has ended.
  bool step() {
    if (connection.step(platform.now(), platform.unix_time()) != Status::kPending) return false;
    const Interest interest = connection.interest();
    if (!connection.ready()) platform.wait({&interest, 1}, connection.next_deadline());
    return true;
  }

  /// Asks once, runs the fetch, and asks for what it brought. The answer at once when there is no fetch.
  Status fetch(CredentialsProvider& provider) {
    Call* call = nullptr;
    const Status status = get(provider, call);
    if (call == nullptr) return status;
    CHECK_STATUS(status, Status::kPending, "a fetch comes with kPending");
    CHECK_STATUS(connection.start(*call), Status::kOk, "start");
    while (step()) {
    }
    const Status brought = get(provider, call);
    CHECK(call == nullptr, "a second fetch in place of an answer");
    return brought;
  }

  /// Is asked as often as `answers` has it, on one connection.
  void answers(const std::vector<std::string>& list) {
    Peer peer;
    for (const std::string& bytes : list) peer.answers.push_back({bytes});
    transport.peers.push_back(peer);
  }

  bool space_is_wiped() const {
    const MutBytes bytes = space.bytes();
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == 0; });
  }

  bool space_holds(const std::string& text) const {
    return contains(Bytes(space.bytes().data(), space.bytes().size()), text);
  }
};

inline std::string http(const std::string& status, const std::string& body, const std::string& fields = "") {
  return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

inline std::string explained(const CredentialsProvider& provider) {
  char text[1024];
  const IoResult result = provider.explain(MutBytes(text));
  CHECK_STATUS(result.status, Status::kOk, "explain");
  return {text, result.size};
}

inline void check_credentials(const SourceWorld& world, const std::string& key_id, const std::string& secret,
                              const std::string& token) {
  CHECK_TEXT(world.credentials.access_key_id, key_id, "key id");
  CHECK_TEXT(world.credentials.secret_access_key, secret, key_id + ": secret");
  CHECK_TEXT(world.credentials.session_token, token, key_id + ": token");
}

}  // namespace test
