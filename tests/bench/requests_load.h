// The load that bench_requests.py puts on three clients in turn, and what each of them says about its run.
//
// A DynamoDB PutItem with a body of 300 bytes and a session token of 800, over connections that are kept. The first
// slice of requests opens them, and is not measured.
#pragma once

#include <malloc.h>
#include <sys/resource.h>
#include <time.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "counted_allocations.h"

namespace tinyaws::bench {

constexpr char kKeyId[] = "AKIAIOSFODNN7EXAMPLE";
constexpr char kSecret[] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
constexpr char kRegion[] = "eu-west-1";
constexpr char kService[] = "dynamodb";
constexpr char kContentType[] = "application/x-amz-json-1.0";
constexpr char kOperation[] = "DynamoDB_20120810.PutItem";
constexpr char kAddress[] = "127.0.0.1";
constexpr size_t kMaxConnections = 32;
constexpr size_t kTokenBytes = 800;
constexpr size_t kBodyBytes = 300;
constexpr size_t kAnswerBytes = 200;

/// The command line: PORT CONNECTIONS REQUESTS [CA_FILE], with TLS when there is a CA_FILE.
struct Load {
  Load(int argc, char** argv)
      : port(static_cast<uint16_t>(number(argc, argv, 1, UINT16_MAX))),
        connections(number(argc, argv, 2, kMaxConnections)),
        requests(number(argc, argv, 3, UINT32_MAX)),
        ca_file(argc > 4 ? argv[4] : nullptr) {}

  const uint16_t port;
  const size_t connections;
  const size_t requests;
  const char* const ca_file;
  const std::string token = std::string(kTokenBytes, 'T');
  const std::string body = std::string(kBodyBytes, 'b');

  std::string authority() const { return std::string(kAddress) + ":" + std::to_string(port); }
  std::string url() const { return (ca_file != nullptr ? "https://" : "http://") + authority(); }

 private:
  static size_t number(int argc, char** argv, int index, unsigned long most) {
    const unsigned long value = index < argc ? std::strtoul(argv[index], nullptr, 10) : 0;
    if (value == 0 || value > most) {
      std::fprintf(stderr, "usage: %s PORT CONNECTIONS REQUESTS [CA_FILE]\n", argv[0]);
      std::exit(2);
    }
    return value;
  }
};

[[noreturn]] inline void fail(const char* what, const char* why = "") {
  std::fprintf(stderr, "%s %s\n", what, why);
  std::exit(1);
}

/// Requests that are measured at once. Of all such slices the best one counts: others share the machine.
constexpr size_t kSlice = 1000;

/// Measures a client, whose `run(requests)` returns when as many requests have been answered.
class Meter {
 public:
  /// To be made before anything is connected.
  Meter() : heap_before_(mallinfo2().uordblks) {}

  /// Prints one line of JSON. `slot_bytes`: what one connection takes in memory of the program's own.
  template <class Client>
  void measure(const Load& load, Client&& run, size_t slot_bytes = 0) const {
    run(kSlice);
    const size_t heap = mallinfo2().uordblks - heap_before_;
    const size_t allocations_before = allocations;
    double best_cpu = HUGE_VAL;
    double best_wall = HUGE_VAL;
    for (size_t done = 0; done < load.requests; done += kSlice) {
      const double cpu = cpu_us();
      const double wall = wall_us();
      run(kSlice);
      best_cpu = std::fmin(best_cpu, (cpu_us() - cpu) / kSlice);
      best_wall = std::fmin(best_wall, (wall_us() - wall) / kSlice);
    }
    std::printf("{\"cpu_us\": %.3f, \"per_second\": %.1f, \"allocations\": %zu, ", best_cpu, 1e6 / best_wall,
                allocations - allocations_before);
    std::printf("\"heap\": %zu, \"peak_kb\": %ld, \"slot\": %zu}\n", heap / load.connections, peak_kb(), slot_bytes);
  }

 private:
  static double wall_us() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
  }

  static double cpu_us() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
  }

  // Not ru_maxrss: that starts with the size of whoever started this program.
  static long peak_kb() {
    long result = 0;
    char line[256];
    std::FILE* status = std::fopen("/proc/self/status", "r");
    if (status == nullptr) return 0;
    while (std::fgets(line, sizeof line, status) != nullptr) {
      if (std::sscanf(line, "VmHWM: %ld", &result) == 1) break;
    }
    std::fclose(status);
    return result;
  }

  const size_t heap_before_;
};

}  // namespace tinyaws::bench
