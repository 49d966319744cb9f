// Two shared files, and what is read from them.
#pragma once

#include "check.h"
#include "fakes/guarded_buffer.h"
#include "fakes/surroundings.h"
#include "fakes/table_files.h"
#include "profile/values.h"

namespace test {

using tinyaws::KeySet;
using tinyaws::ProfileKey;
using tinyaws::ProfileValues;
using tinyaws::SectionKind;
using tinyaws::SharedFile;
using tinyaws::Status;
using tinyaws::Str;

constexpr const char* kConfigPath = "/h/.aws/config";
constexpr const char* kCredentialsPath = "/h/.aws/credentials";
constexpr KeySet kAllKeys = (KeySet{1} << tinyaws::kProfileKeys) - 1;

struct SharedFiles {
  explicit SharedFiles(const std::string& config = {}, const std::string& credentials = {}) {
    environment.table["HOME"] = "/h";
    if (!config.empty()) files.table[kConfigPath] = config;
    if (!credentials.empty()) files.table[kCredentialsPath] = credentials;
  }

  tinyaws::fakes::TableFiles files;
  tinyaws::fakes::TableEnvironment environment;
};

/// A loaded section, in an arena that ends at a guard page.
class Loaded {
 public:
  explicit Loaded(size_t arena_bytes = 1024) : arena(arena_bytes) {}

  Status load(SharedFiles& world, Str section, ProfileValues::Wanted wanted = {kAllKeys, 0},
              SectionKind kind = SectionKind::kProfile) {
    return values.load(world.files, world.environment, kind, section, wanted, arena.bytes());
  }
  Str get(ProfileKey key) const { return values.get(key); }
  bool has(ProfileKey key) const { return values.has(key); }

  /// `text` stands in the arena, in use or left behind.
  bool memory_holds(Str text) const {
    return Str(arena.bytes().data(), arena.bytes().size()).find(text) != Str::npos;
  }

  tinyaws::fakes::GuardedBuffer arena;
  ProfileValues values;
};

}  // namespace test
