// Many signed requests over many connections, for test_async_soak.py:
//   async_load write DIRECTORY                            writes the files that a web server is to give out
//   async_load files|objects epoll|poll URL COUNT SEED    makes COUNT requests of a server
// files: GETs of URL/files/SIZE, and POSTs to URL/post, which answers "taken". objects: PUTs to URL/bucket/KEY, as S3
// has it, and GETs of them. Each byte is compared. Credentials come from the environment, CAs from AWS_CA_BUNDLE.
//
// Prints one line of JSON. Ends with 1 if an answer was not right, a call did not end, or ended twice, or a
// descriptor is left.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "descriptors.h"
#include "load_jobs.h"
#include "tinyaws/system.h"
#include "tinyaws/tinyaws.h"

namespace {

using namespace tinyaws;

constexpr size_t kSlots = 200;
constexpr size_t kQueued = 30;
constexpr size_t kJobs = 250;  // more than there is room for: some are turned away and come again
constexpr int64_t kEndsForOneCancelled = 300;
constexpr int64_t kPatienceMs = 60000;

using Load = AsyncSystem<kSlots, 4096, kQueued>;

class Counts final : public Observer {
 public:
  int64_t connected = 0;
  int64_t full_handshakes = 0;
  int64_t resumed = 0;
  int64_t reused = 0;
  std::map<std::string, int64_t> failures;

  void on_event(const Event& event) override {
    connected += event.kind == Event::Kind::kConnected;
    reused += event.kind == Event::Kind::kReused;
    if (event.kind == Event::Kind::kFailed) ++failures[std::string(name(event.status))];
    if (event.kind != Event::Kind::kVerified) return;
    ++(event.text.find("resumed") == Str::npos ? full_handshakes : resumed);
  }
};

long peak_kib() {
  std::FILE* file = std::fopen("/proc/self/status", "r");
  long peak = 0;
  char line[256];
  while (file != nullptr && std::fgets(line, sizeof line, file) != nullptr) {
    if (std::strncmp(line, "VmHWM:", 6) == 0) peak = std::strtol(line + 6, nullptr, 10);
  }
  if (file != nullptr) std::fclose(file);
  return peak;
}

/// One round of the program's loop, in one of the ways that a program may have it.
class Loop {
 public:
  Loop(Load& system, AsyncClient& client, bool with_epoll)
      : system_(system), client_(client), with_epoll_(with_epoll) {}

  void go_on() {
    if (with_epoll_) {
      client_.poll(system_.poller().wait(handles_, client_.next_deadline()));
      return;
    }
    system_.platform().wait(client_.interests(interests_), client_.next_deadline());
    client_.poll();
  }

 private:
  Load& system_;
  AsyncClient& client_;
  const bool with_epoll_;
  int handles_[64];
  Interest interests_[kSlots];
};

class Jobs {
 public:
  Jobs(AsyncClient& client, const Pattern& pattern, Chance& chance, Tally& tally, bool objects) : chance_(chance) {
    for (size_t i = 0; i < kJobs; ++i) {
      if (objects) {
        scripts_.push_back(std::make_unique<ObjectScript>(pattern, i));
      } else {
        scripts_.push_back(std::make_unique<FilesScript>(pattern));
      }
      jobs_.push_back(std::make_unique<Job>(client, *scripts_.back(), chance, tally, objects ? "s3" : "execute-api"));
    }
  }

  // Those that were turned away last come first the next time.
  void start(size_t at_most) {
    for (size_t tried = 0; tried < at_most && jobs_[next_]->start(); ++tried) next_ = (next_ + 1) % jobs_.size();
  }

  // Now and then one, whatever state its call is in.
  void cancel_some(int64_t ended) {
    if (ended < next_cancelled_) return;
    next_cancelled_ = ended + kEndsForOneCancelled;
    jobs_[chance_.below(jobs_.size())]->cancel();
  }

 private:
  Chance& chance_;
  std::vector<std::unique_ptr<Script>> scripts_;
  std::vector<std::unique_ptr<Job>> jobs_;
  size_t next_ = 0;
  int64_t next_cancelled_ = kEndsForOneCancelled;
};

/// One call runs alone, so that the others find its TLS session. False when nothing has ended for long.
bool run(Load& system, AsyncClient& client, Jobs& jobs, const Tally& tally, bool with_epoll) {
  const auto loop = std::make_unique<Loop>(system, client, with_epoll);
  Instant last_end = system.platform().now();
  for (jobs.start(1); client.busy(); jobs.start(tally.ended > 0 ? kJobs : 0)) {
    const int64_t ended = tally.ended;
    loop->go_on();
    const Instant now = system.platform().now();
    if (tally.ended != ended) last_end = now;
    jobs.cancel_some(tally.ended);
    if (now - last_end > kPatienceMs) return false;
  }
  return true;
}

void print(const char* name, int64_t value) {
  std::printf("\"%s\": %lld, ", name, static_cast<long long>(value));
}

void print(const char* name, const std::map<std::string, int64_t>& counts) {
  std::printf("\"%s\": {", name);
  const char* separator = "";
  for (const auto& [status, count] : counts) {
    std::printf("%s\"%s\": %lld", separator, status.c_str(), static_cast<long long>(count));
    separator = ", ";
  }
  std::printf("}, ");
}

void print(const Tally& tally, const Counts& counts, int descriptors_left) {
  std::printf("{");
  print("started", tally.started);
  print("ended", tally.ended);
  print("mismatches", tally.mismatches);
  print("misuses", tally.misuses);
  print("statuses", tally.statuses);
  print("failed_exchanges", counts.failures);
  print("connected", counts.connected);
  print("full_handshakes", counts.full_handshakes);
  print("resumed", counts.resumed);
  print("reused", counts.reused);
  print("descriptors_left", descriptors_left);
  std::printf("\"peak_kib\": %ld}\n", peak_kib());
}

int load(bool objects, bool with_epoll, const char* url, int64_t requests, uint64_t seed) {
  const int descriptors = count_descriptors();
  const Pattern pattern;
  Chance chance(seed);
  Tally tally;
  tally.left = requests;
  Counts counts;
  ClientOptions options;
  options.endpoint_url = url;
  options.observer = &counts;
  options.timeouts.connect_ms = options.timeouts.tls_ms = kPatienceMs;  // two hundred handshakes of a busy machine
  bool ran = false;
  {
    const auto system = std::make_unique<Load>();
    EnvironmentCredentials credentials(system->environment());
    AsyncClient client(*system, credentials, options);
    Jobs jobs(client, pattern, chance, tally, objects);
    ran = run(*system, client, jobs, tally, with_epoll);
  }
  const int left = count_descriptors() - descriptors;
  print(tally, counts, left);
  const bool all_ended = ran && tally.started == requests && tally.ended == requests;
  return all_ended && tally.mismatches + tally.misuses == 0 && left == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const Str mode = argc > 1 ? argv[1] : "";
  if (mode == "write" && argc == 3) return write_files(Pattern(), argv[2]) ? 0 : 1;
  if ((mode != "files" && mode != "objects") || argc != 6) return 2;
  return load(mode == "objects", Str(argv[2]) == "epoll", argv[3], std::atoll(argv[4]),
              static_cast<uint64_t>(std::atoll(argv[5])));
}
