// What it costs to learn that there are no credentials: prints the microseconds of the first look of
// DefaultCredentials, of the second, and of the region after them. bench_credentials.py runs it where there is no
// instance metadata.
#include <chrono>
#include <cstdio>

#include "tinyaws/default_credentials.h"
#include "tinyaws/system.h"
#include "tinyaws/tinyaws.h"

namespace {

using namespace tinyaws;
using Clock = std::chrono::steady_clock;

double microseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

bool look_for_credentials(Client& client) {
  Credentials credentials;
  const auto begin = Clock::now();
  const Status status = client.find_credentials(credentials);
  std::printf("%.1f\n", microseconds_since(begin));
  return status == Status::kNoCredentials;
}

bool look_for_region(Client& client) {
  PreparedRequest prepared;
  const ApiRequest request{"sts"};
  const auto begin = Clock::now();
  const Status status = client.prepare(request, prepared);
  std::printf("%.1f\n", microseconds_since(begin));
  return status == Status::kNoRegion;
}

}  // namespace

int main() {
  System<> system(System<>::Trust::kNothing);
  DefaultCredentials credentials(system);
  Client client(system, credentials);
  const bool expected = look_for_credentials(client) && look_for_credentials(client) && look_for_region(client);
  if (!expected) std::fprintf(stderr, "there are credentials, or a region\n");
  return expected ? 0 : 1;
}
