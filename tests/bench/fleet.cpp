// What a fleet of devices does to a service that was down for ten minutes.
//
//   fleet [DEVICES]     100,000 otherwise
//
// Prints the load over time as a multiple of the normal one, and fails when after the outage it is twice the normal
// in any ten seconds; or when some hundred devices that use the library itself send anything else than the model
// does.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <queue>
#include <string>

#include "fleet_device.h"

using namespace fleet;

namespace {

constexpr size_t kChecked = 300;

struct Run {
  std::vector<size_t> load;
  size_t made = 0;
  size_t left = 0;  ///< Records that were not sent in the end.
};

template <class Caller>
Run run(Manner manner, Outage outage, size_t devices) {
  using Due = std::pair<int64_t, size_t>;
  Instant now;
  Service service(outage);
  std::vector<std::unique_ptr<Device<Caller>>> all;
  std::priority_queue<Due, std::vector<Due>, std::greater<Due>> queue;
  for (size_t i = 0; i < devices; ++i) {
    all.push_back(std::make_unique<Device<Caller>>(now, service, manner, i + 1));
    queue.push({all[i]->due().ms, i});
  }
  while (queue.top().first < kEnd) {
    const Due next = queue.top();
    queue.pop();
    now = {next.first};
    all[next.second]->go_on(now);
    queue.push({all[next.second]->due().ms, next.second});
  }
  Run result{service.load, 0, 0};
  for (const auto& device : all) {
    result.made += device->made();
    result.left += device->waiting();
  }
  return result;
}

struct Figures {
  double mean = 0;
  double peak = 0;  ///< Of the buckets of ten seconds.
};

/// As multiples of the load before the outage.
Figures figures(const Run& run, int64_t from, int64_t until) {
  const auto sum = [&](int64_t begin, int64_t end) {
    double n = 0;
    for (int64_t at = begin; at < end; at += kBucket) n += static_cast<double>(run.load[at / kBucket]);
    return n / static_cast<double>((end - begin) / kBucket);
  };
  const double normal = sum(kPeriod, kOutageBegins);
  Figures result;
  result.mean = sum(from, until) / normal;
  for (int64_t at = from; at < until; at += kBucket)
    result.peak = std::max(result.peak, sum(at, at + kBucket) / normal);
  return result;
}

constexpr const char* kNames[] = {"batch", "careful", "one by one", "impatient"};

void plot(const Run& run) {
  std::printf("\nminute\n");
  for (int64_t at = kOutageBegins - 3 * kMinute; at < kOutageEnds + 12 * kMinute; at += kMinute) {
    const Figures here = figures(run, at, at + kMinute);
    const auto length = std::min(static_cast<int>(here.mean * 16 + 0.5), 64);
    std::printf("%5lld %s %5.2f %s\n", static_cast<long long>(at / kMinute), Service::is_down({at}) ? "down" : "    ",
                here.mean, std::string(length, '#').c_str());
  }
  std::printf("\n");
}

bool check(bool ok, const char* what) {
  if (!ok) std::printf("FAILED: %s\n", what);
  return ok;
}

bool measure(Manner manner, Outage outage, size_t devices) {
  const Run model = run<ModelCaller>(manner, outage, devices);
  const Figures first = figures(model, kOutageBegins, kOutageBegins + kPeriod);
  const Figures second = figures(model, kOutageBegins + kPeriod, kOutageEnds);
  const Figures after = figures(model, kOutageEnds, kEnd);
  std::printf("%-8s %-11s %8zu %8.2f %8.2f %8.2f %8.2f\n", outage == Outage::kSilent ? "silent" : "refuses",
              kNames[static_cast<size_t>(manner)], devices, first.mean, second.mean,
              figures(model, kOutageEnds, kOutageEnds + kPeriod).mean, after.peak);
  if (manner == Manner::kCareful && outage == Outage::kRefuses) plot(model);
  if (manner == Manner::kImpatient) return check(after.peak > 2, "impatience does no harm: is the model right?");
  const Run small = run<ModelCaller>(manner, outage, kChecked);
  const Run real = run<RealCaller>(manner, outage, kChecked);
  const bool is_limited = manner != Manner::kBatch || outage == Outage::kRefuses;
  bool ok = check(!is_limited || after.peak < 2, "the load after the outage is twice the normal");
  ok &= check(manner == Manner::kBatch || second.mean < 2, "the load in the outage is twice the normal");
  ok &= check(model.left * 4 < devices, "records were not sent");
  ok &= check(real.load == small.load && real.left == small.left && real.made == small.made,
              "the library does something else than its model");
  return ok;
}

}  // namespace

int main(int argc, char** argv) {
  const size_t devices = argc > 1 ? static_cast<size_t>(std::strtoull(argv[1], nullptr, 10)) : 100000;
  std::printf("Load as a multiple of the normal one: %zu devices, a record every %lld s each, so %.0f requests/s;\n",
              devices, static_cast<long long>(kPeriod / kSecond),
              static_cast<double>(devices) * kSecond / static_cast<double>(kPeriod));
  std::printf("no service from minute %lld to %lld. The peak is that of ten seconds, from minute %lld on.\n\n",
              static_cast<long long>(kOutageBegins / kMinute), static_cast<long long>(kOutageEnds / kMinute),
              static_cast<long long>(kOutageEnds / kMinute));
  std::printf("%-8s %-11s %8s %8s %8s %8s %8s\n", "outage", "program", "devices", "20-25", "25-30", "30-35", "peak");
  bool ok = true;
  for (const Outage outage : {Outage::kRefuses, Outage::kSilent}) {
    ok &= measure(Manner::kImpatient, outage, std::min<size_t>(devices, 10000));
    ok &= measure(Manner::kBatch, outage, devices);
    ok &= measure(Manner::kOneByOne, outage, devices);
    ok &= measure(Manner::kCareful, outage, devices);
  }
  return ok ? 0 : 1;
}
