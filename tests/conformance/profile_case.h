// What a profile comes to, as the conformance data tells it: keys, or steps from the first credentials to the last
// role.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fakes/table_files.h"
#include "profile/plan.h"

namespace conformance {

class Variables final : public tinyaws::Environment {
 public:
  std::map<std::string, std::string> table;
  void set(const std::string& line) { table[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1); }
  tinyaws::Str variable(const char* variable_name) const override {
    const auto found = table.find(variable_name);
    return found == table.end() ? tinyaws::Str() : tinyaws::Str(found->second);
  }
};

/// The two files and the variables of a case, and what was read from them.
struct World {
  tinyaws::fakes::TableFiles files;
  Variables environment;
  char arena[8192];
  char scratch[512];
  tinyaws::ProfileValues values;
  tinyaws::ProfilePlan plan;

  std::string get(tinyaws::ProfileKey key) const { return std::string(values.get(key)); }
  std::string variable(const char* name) const { return std::string(tinyaws::read_variable(environment, name)); }
};

void set_up(World& world, const std::string& path);

tinyaws::Status load(World& world, tinyaws::SectionKind kind, const std::string& section, tinyaws::KeySet keys);

/// Lines as an expect.tsv has them, for a case of keys or of steps: the environment's keys, else the profile.
std::vector<std::string> resolve(World& world, bool in_steps);

}  // namespace conformance
