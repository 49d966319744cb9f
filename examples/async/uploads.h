// What the programs of this folder do, whatever their loop: they upload readings of a sensor to S3, several at once.
#pragma once

#include <tinyaws/system.h>
#include <tinyaws/tinyaws.h>

/// As many connections as a program of this folder has, and as many uploads at once.
constexpr size_t kSlots = 8;

using System = tinyaws::AsyncSystem<kSlots>;

/// PUTs readings to BUCKET/reading-0, BUCKET/reading-1 ... Each upload has its place; when one has ended, the next
/// one begins there.
class Uploads final : private tinyaws::Completion {
 public:
  Uploads(tinyaws::AsyncClient& client, const char* bucket, int count);

  /// Starts as many as there are places.
  void start();

  /// Says how it went. 0: all were stored; 1: some were not.
  int report() const;

 private:
  struct Upload {
    explicit Upload(tinyaws::AsyncClient& client) : call(request, response, client.context()) {}
    char path[32];
    char reading[64];
    tinyaws::ApiRequest request;
    tinyaws::Response response;
    tinyaws::ApiCall call;
  };

  void on_done(tinyaws::Call& call) override;
  void start_next(Upload& upload);

  tinyaws::AsyncClient& client_;
  const char* bucket_;
  int left_;
  int started_ = 0;
  int stored_ = 0;
  int failed_ = 0;
  Upload uploads_[kSlots];
};

/// How long poll(2) and epoll may wait: until `deadline`, but at most for a second.
int milliseconds_until(tinyaws::Instant deadline, tinyaws::Instant now);

/// The command line of the programs: BUCKET COUNT. Exits with 2 when it is something else.
struct Arguments {
  Arguments(int argc, char** argv);
  const char* bucket;
  int count;
};
