// The stack and heap that `Signer::sign` takes, at several lengths of the session token, with the key derived anew
// and with the key cached; and the sizes of the objects that a caller places. Exits with 1 when a limit is passed.
// Covers C36: no allocation, and a limit for the stack.
#include <pthread.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "counted_allocations.h"
#include "put_item.h"
#include "tinyaws/tinyaws.h"

namespace {

constexpr size_t kStackLimit = 1536;
constexpr size_t kStackBytes = 256 * 1024;
constexpr unsigned char kPaint = 0xa5;

alignas(4096) unsigned char stack[kStackBytes];
tinyaws::Signer signer;
tinyaws::Signature signature;
tinyaws::bench::PutItem put_item;

constexpr tinyaws::Str kLongTarget =
    "/?prefix=telemetry%2F2026%2F11%2F22%2Fdevice-0001%2F&list-type=2&max-keys=1000&encoding-type=url&delimiter=%2F"
    "&continuation-token=1ueGcxLPRx1Tr%2FXYExHnhbYLgveDs2J%2Fwm36Hy4vbOwM%3D";

struct Job {
  void (*work)(void*);
  void* argument;
  size_t allocations;
};

void* run_job(void* argument) {
  auto* job = static_cast<Job*>(argument);
  const size_t before = allocations;
  job->work(job->argument);
  job->allocations = allocations - before;
  return nullptr;
}

// Bytes of stack that a thread dirtied which did just this.
size_t stack_used(Job& job) {
  std::memset(stack, kPaint, sizeof stack);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, stack, sizeof stack);
  pthread_t thread;
  if (pthread_create(&thread, &attributes, run_job, &job) != 0) std::abort();
  pthread_join(thread, nullptr);
  size_t untouched = 0;
  while (untouched < sizeof stack && stack[untouched] == kPaint) ++untouched;
  return sizeof stack - untouched;
}

void nothing(void*) {}

void sign_item(void* item) {
  const tinyaws::Status status = static_cast<tinyaws::bench::PutItem*>(item)->sign_head(signer, signature);
  if (status != tinyaws::Status::kOk) std::abort();
}

bool report(size_t token_size, bool cached, tinyaws::Str target, size_t baseline) {
  put_item.target = target;
  put_item.credentials.session_token = {put_item.credentials.session_token.data(), token_size};
  if (!cached) signer.forget();
  Job job{sign_item, &put_item, 0};
  const size_t used = stack_used(job) - baseline;
  const bool good = used <= kStackLimit && job.allocations == 0;
  std::printf("sign, token %5zu bytes, query %3zu bytes, key %s: stack %4zu bytes (limit %zu), allocations %zu%s\n",
              token_size, target.size() - 1, cached ? "cached " : "derived", used, kStackLimit, job.allocations,
              good ? "" : "  TOO MUCH");
  return good;
}

}  // namespace

int main() {
  Job idle{nothing, nullptr, 0};
  stack_used(idle);  // binds the symbols of threads once
  if (put_item.hash_body() != tinyaws::Status::kOk) return 1;
  Job warm{sign_item, &put_item, 0};
  stack_used(warm);
  const size_t baseline = stack_used(idle);
  bool good = true;
  for (size_t token_size : {size_t{0}, size_t{800}, size_t{4096}, size_t{65536}}) {
    for (tinyaws::Str target : {tinyaws::Str("/"), kLongTarget}) {
      good &= report(token_size, false, target, baseline);
      good &= report(token_size, true, target, baseline);
    }
  }
  std::printf("sizeof: Signer %zu, Exchange %zu, Connection %zu, ApiCall %zu, Client %zu, Response %zu\n",
              sizeof(tinyaws::Signer), sizeof(tinyaws::Exchange), sizeof(tinyaws::Connection),
              sizeof(tinyaws::ApiCall), sizeof(tinyaws::Client), sizeof(tinyaws::Response));
  std::printf(
      "sizeof: DefaultCredentials %zu, CachedCredentials %zu, ProfileCredentials %zu, ProfileSettings %zu,\n"
      "        StsCall %zu, ContainerCredentials %zu, InstanceMetadata %zu, IotCredentials %zu\n",
      sizeof(tinyaws::DefaultCredentials), sizeof(tinyaws::CachedCredentials), sizeof(tinyaws::ProfileCredentials),
      sizeof(tinyaws::ProfileSettings), sizeof(tinyaws::StsCall), sizeof(tinyaws::ContainerCredentials),
      sizeof(tinyaws::InstanceMetadata), sizeof(tinyaws::IotCredentials));
  return good ? 0 : 1;
}
