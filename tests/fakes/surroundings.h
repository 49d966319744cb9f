// Credentials and settings of a program under test.
#pragma once

#include <map>
#include <string>

#include "tinyaws/credentials.h"
#include "tinyaws/port.h"

namespace tinyaws::fakes {

class FixedCredentials final : public CredentialsProvider {
 public:
  std::string key_id = "AKIDEXAMPLE";
  std::string secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  std::string token;
  Status status = Status::kOk;
  int gets = 0;

  Credentials credentials() const { return {key_id, secret, token}; }

  Status get(UnixTime, Credentials& out) override {
    ++gets;
    if (status == Status::kOk) out = credentials();
    return status;
  }
  Str describe() const override { return "fixed credentials of a test"; }
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
