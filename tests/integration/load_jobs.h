// What async_load asks of servers: jobs, each of which runs one request after the other.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "load_pattern.h"
#include "tinyaws/async_client.h"
#include "tinyaws/tinyaws.h"

/// The files that `write_files` makes for a web server to give out, by their sizes: "/files/1000".
constexpr std::array<size_t, 6> kFileSizes = {0, 1, 1000, 65536, size_t{1} << 20, kLargestContent};

/// False when one of them can't be written.
bool write_files(const Pattern& pattern, const char* directory);

/// One request, and what comes of it.
struct Errand {
  const char* method = "GET";
  std::string path;
  tinyaws::Bytes sent;
  tinyaws::Bytes expected;
};

/// What one job does in turn.
class Script {
 public:
  virtual ~Script() = default;
  virtual Errand next(Chance& chance) = 0;
  virtual void on_end(tinyaws::Status status) = 0;
};

/// Gets files, and posts to what answers "taken\n".
class FilesScript final : public Script {
 public:
  explicit FilesScript(const Pattern& pattern) : pattern_(pattern) {}
  Errand next(Chance& chance) override;
  void on_end(tinyaws::Status) override {}

 private:
  const Pattern& pattern_;
};

/// Puts an object, gets it back, and goes on to the next one.
class ObjectScript final : public Script {
 public:
  ObjectScript(const Pattern& pattern, size_t number) : pattern_(pattern), number_(number) {}
  Errand next(Chance& chance) override;
  void on_end(tinyaws::Status status) override;

 private:
  const Pattern& pattern_;
  size_t number_;
  uint64_t version_ = 0;
  size_t size_ = 0;
  bool reads_ = false;
  bool stored_ = false;
};

/// What came of all requests, and what is still to be started.
struct Tally {
  int64_t left = 0;
  int64_t started = 0;
  int64_t ended = 0;
  int64_t mismatches = 0;
  int64_t misuses = 0;  ///< Ends that were none: of a call that did not run, or has no result. Calls that got lost.
  std::map<std::string, int64_t> statuses;
};

class Job final : public tinyaws::Completion {
 public:
  /// Everything given must outlive the job.
  Job(tinyaws::AsyncClient& client, Script& script, Chance& chance, Tally& tally, tinyaws::Str service);

  /// Starts the next request if it can. False: the client is full.
  bool start();

  /// If it runs.
  void cancel();

 private:
  void on_done(tinyaws::Call& call) override;
  void prepare();
  void end(tinyaws::Status status);

  tinyaws::AsyncClient& client_;
  Script& script_;
  Chance& chance_;
  Tally& tally_;
  Errand errand_;
  ContentSource source_;
  ContentSink sink_;
  tinyaws::ApiRequest request_;
  tinyaws::Response response_;
  tinyaws::ApiCall call_;
  bool prepared_ = false;
  bool runs_ = false;
};
