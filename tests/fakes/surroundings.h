// Credentials and settings of a program under test.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "tinyaws/credentials.h"
#include "tinyaws/port.h"
#include "tinyaws/settings.h"

namespace tinyaws::fakes {

class FixedCredentials final : public CredentialsProvider {
 public:
  std::string key_id = "AKIDEXAMPLE";
  std::string secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  std::string token;
  Status status = Status::kOk;
  int gets = 0;

  Credentials credentials() const { return {key_id, secret, token}; }

  Status get(Instant, UnixTime, Credentials& out, Call*&) override {
    ++gets;
    if (status == Status::kOk) out = credentials();
    return status;
  }
  Str describe() const override { return "fixed credentials of a test"; }
  IoResult explain(MutBytes) const override { return {}; }
  Settings* settings() override { return configured; }

  Settings* configured = nullptr;
};

/// A profile's settings as a test wants them.
class FixedSettings final : public Settings {
 public:
  ServiceSettings configured;
  Status status = Status::kOk;
  std::string machine_region;      ///< What `find_region` finds; empty: nothing.
  std::string region_explanation;  ///< What `explain_region` says.
  Call* region_fetch = nullptr;    ///< Not null: has to run first, once.
  bool region_busy = false;        ///< Somebody else is fetching it.
  std::string asked_service;
  int region_searches = 0;

  Status get(Str service, ServiceSettings& out) override {
    asked_service = std::string(service);
    if (status == Status::kOk) out = configured;
    return status;
  }
  Status find_region(Instant, UnixTime, Str& region, Call*& fetch) override {
    ++region_searches;
    if (region_busy) return Status::kPending;
    if (region_fetch != nullptr) {
      fetch = region_fetch;
      region_fetch = nullptr;
      return Status::kPending;
    }
    region = machine_region;
    return machine_region.empty() ? Status::kNotFound : Status::kOk;
  }
  IoResult explain_region(MutBytes text) const override {
    if (region_explanation.size() > text.size()) return {Status::kBufferTooSmall, region_explanation.size()};
    std::copy(region_explanation.begin(), region_explanation.end(), text.data());
    return {Status::kOk, region_explanation.size()};
  }
};

class TableEnvironment final : public Environment {
 public:
  std::map<std::string, std::string> table;

  Str variable(const char* variable_name) const override {
    const auto found = table.find(variable_name);
    return found == table.end() ? Str() : Str(found->second);
  }
};

}  // namespace tinyaws::fakes
