// The default chain on a machine of a ChainWorld.
#pragma once

#include <memory>
#include <string>

#include "../fakes/chain_world.h"
#include "tinyaws/api_call.h"
#include "tinyaws/default_credentials.h"

namespace test {

using namespace tinyaws;
using namespace tinyaws::fakes;

struct DefaultWorld : ChainWorld {
  DefaultCredentials::Options options;
  bool has_files = true;
  bool has_processes = true;

  Port port() {
    Port out{platform, environment, transport, buffer.bytes()};
    if (has_files) out.files = &files;
    if (has_processes) out.processes = &processes;
    return out;
  }

  /// Made with what is set at its first use.
  DefaultCredentials& provider() {
    if (!provider_) provider_ = std::make_unique<DefaultCredentials>(port(), options);
    return *provider_;
  }
  void end() { provider_.reset(); }
  Status get() { return ChainWorld::get(provider()); }
  std::string explain() { return ChainWorld::explain(provider()); }

 private:
  std::unique_ptr<DefaultCredentials> provider_;
};

}  // namespace test
