// An instance metadata service that plays a script, and a provider that asks it over a real connection in virtual
// time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../fakes/guarded_buffer.h"
#include "../fakes/surroundings.h"
#include "../fakes/virtual_platform.h"
#include "tinyaws/connection.h"
#include "tinyaws/instance_metadata.h"

namespace test {

using namespace tinyaws;
using namespace tinyaws::fakes;

inline std::string reply(const std::string& status_line, const std::string& body, const std::string& fields = "") {
  return "HTTP/1.1 " + status_line + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

inline std::string token_reply(const std::string& token = "tok==", const std::string& life = "21600") {
  return reply("200 OK", token, "X-Aws-Ec2-Metadata-Token-Ttl-Seconds: " + life + "\r\n");
}

inline std::string document(const std::string& key_id = "AKID", const std::string& session_token = "session") {
  return R"({"Code":"Success","AccessKeyId":")" + key_id + R"(","SecretAccessKey":"hush","Token":")" + session_token +
         R"(","Expiration":"2015-08-30T18:00:00Z"})";
}

inline std::string credentials_reply(const std::string& key_id = "AKID") {
  return reply("200 OK", document(key_id), "Date: Sun, 30 Aug 2015 12:00:00 GMT\r\n");
}

inline std::vector<std::string> good_replies() {
  return {token_reply(), reply("200 OK", "my-role"), credentials_reply()};
}

/// A connection that gives these answers, one a request, and is then silent.
inline Peer peer_of(const std::vector<std::string>& replies) {
  Peer peer;
  for (const std::string& bytes : replies) peer.answers.push_back({bytes});
  return peer;
}

/// Where nothing listens, and where no packet comes back.
inline Peer refusing_peer() {
  Peer peer;
  peer.fails_in = Transport::State::kConnecting;
  return peer;
}
inline Peer unreachable_peer() {
  Peer peer;
  peer.connect_ms = 1000000000;
  return peer;
}

struct MetadataWorld {
  explicit MetadataWorld(const std::vector<std::string>& replies = good_replies()) : space(6144), buffer(2048) {
    transport.peers = {peer_of(replies)};
    platform.random_byte = 0;  // no waits between attempts
  }

  VirtualTime time;
  ScriptedTransport transport{time};
  VirtualPlatform platform{time, transport};
  TableEnvironment environment;
  InstanceMetadataOptions options;
  GuardedBuffer space;
  GuardedBuffer buffer;
  Credentials credentials;
  Str region;

  /// Made with `options` as they are at its first use.
  InstanceMetadata& provider() {
    if (!provider_) {
      provider_ = std::make_unique<InstanceMetadata>(platform, environment, space.bytes(), options);
    }
    return *provider_;
  }
  void end_provider() { provider_.reset(); }
  Connection& connection() {
    if (!connection_) connection_ = std::make_unique<Connection>(transport, buffer.bytes());
    return *connection_;
  }

  Status ask(Call*& fetch) { return provider().get(time.now, time.wall, credentials, fetch); }
  Status ask_region(Call*& fetch) { return provider().find_region(time.now, time.wall, region, fetch); }

  /// Asks to the end.
  Status get() {
    return to_the_end([this](Call*& fetch) { return ask(fetch); });
  }
  Status find_region() {
    return to_the_end([this](Call*& fetch) { return ask_region(fetch); });
  }

  void run(Call& call) {
    CHECK_STATUS(connection().start(call), Status::kOk, "Connection::start");
    for (int i = 0; i < 20000; ++i) {
      if (connection().step(time.now, time.wall) != Status::kPending) return;
      if (connection().ready()) continue;
      const Interest interest = connection().interest();
      platform.wait({&interest, 1}, connection().next_deadline());
    }
    CHECK(false, "hang: too many steps");
  }

  /// "PUT /latest/api/token", one for each request.
  std::vector<std::string> requests() const {
    std::vector<std::string> lines;
    for (const auto& connection : transport.requests) {
      for (const std::string& request : connection) lines.push_back(request.substr(0, request.find(" HTTP/")));
    }
    return lines;
  }

  std::string explanation() {
    char text[512];
    const IoResult result = provider().explain(MutBytes(text));
    CHECK_STATUS(result.status, Status::kOk, "explain");
    return {text, result.size};
  }
  std::string region_explanation() {
    char text[512];
    const IoResult result = provider().explain_region(MutBytes(text));
    CHECK_STATUS(result.status, Status::kOk, "explain_region");
    return {text, result.size};
  }

 private:
  template <class Ask>
  Status to_the_end(Ask&& ask_once) {
    for (int i = 0; i < 100; ++i) {
      Call* fetch = nullptr;
      const Status status = ask_once(fetch);
      if (status != Status::kPending) return status;
      CHECK(fetch != nullptr, "somebody else fetches");
      run(*fetch);
    }
    CHECK(false, "asked without an end");
    return Status::kPending;
  }

  std::unique_ptr<InstanceMetadata> provider_;
  std::unique_ptr<Connection> connection_;
};

inline void check_outcome(MetadataWorld& world, Status status, MetadataOutcome outcome, const std::string& what) {
  CHECK_STATUS(world.get(), status, what);
  CHECK_TEXT(name(world.provider().outcome()), name(outcome), what);
}

inline void check_found(MetadataWorld& world, Str key_id, const std::string& what) {
  check_outcome(world, Status::kOk, MetadataOutcome::kFound, what);
  CHECK_TEXT(world.credentials.access_key_id, key_id, what);
  CHECK_TEXT(world.credentials.secret_access_key, "hush", what);
  CHECK_TEXT(world.credentials.session_token, "session", what);
}

inline void check_requests(MetadataWorld& world, const std::vector<std::string>& expected, const std::string& what) {
  std::string actual_lines, expected_lines;
  for (const std::string& line : world.requests()) actual_lines += line + "\n";
  for (const std::string& line : expected) expected_lines += line + "\n";
  CHECK_TEXT(actual_lines, expected_lines, what);
}

inline const char* const kPutToken = "PUT /latest/api/token";
inline const char* const kGetRole = "GET /latest/meta-data/iam/security-credentials/";
inline const char* const kGetCredentials = "GET /latest/meta-data/iam/security-credentials/my-role";
inline const char* const kGetRegion = "GET /latest/meta-data/placement/region";
inline const char* const kGetZone = "GET /latest/meta-data/placement/availability-zone/";
inline const char* const kGetDocument = "GET /latest/dynamic/instance-identity/document";

}  // namespace test
