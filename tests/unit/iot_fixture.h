// A device whose role alias is served by a scripted peer.
#pragma once

#include <string>

#include "document_source_fixture.h"
#include "tinyaws/iot_credentials.h"

namespace test {

using SourceOutcome = DocumentSource::Outcome;

inline const char* const kHost = "prefix.credentials.iot.eu-west-1.amazonaws.com";
inline const char* const kDocument =
    "{\"credentials\":{\"accessKeyId\":\"ASIAI\",\"secretAccessKey\":\"iotsecret\",\"sessionToken\":\"iottoken\","
    "\"expiration\":\"2021-09-21T04:16:53Z\"}}";

struct IotWorld : SourceWorld {
  explicit IotWorld(size_t space_size = 8192) : SourceWorld(space_size) {
    options.endpoint = kHost;
    options.role_alias = "my-alias";
  }

  IotOptions options;

  IotCredentials& provider() {
    if (!provider_) provider_ = std::make_unique<IotCredentials>(platform, space.bytes(), options);
    return *provider_;
  }
  void end() { provider_.reset(); }
  Status fetch() { return SourceWorld::fetch(provider()); }

 private:
  std::unique_ptr<IotCredentials> provider_;
};

inline void check_given(IotWorld& world, const std::string& what) {
  CHECK_STATUS(world.fetch(), Status::kOk, what);
  check_credentials(world, "ASIAI", "iotsecret", "iottoken");
  CHECK(world.credentials.expiration.seconds == 1632197813, what);
}

}  // namespace test
