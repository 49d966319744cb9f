// How much of a stack a function dirties: it is called on a painted one. ARM and x86-64.
#pragma once

#include <pthread.h>

#include <cstddef>
#include <cstdlib>

namespace painted {

alignas(4096) inline unsigned char stack[256 * 1024];

struct Job {
  void (*work)();
  size_t used;
};

inline void* run(void* argument) {
  auto* job = static_cast<Job*>(argument);
  volatile unsigned char* top = nullptr;
#ifdef __arm__
  asm volatile("mov %0, sp" : "=r"(top));
#else
  asm volatile("movq %%rsp, %0" : "=r"(top));
#endif
  for (volatile unsigned char* at = stack; at < top; ++at) *at = 0xa5;
  job->work();
  const volatile unsigned char* at = stack;
  while (*at == 0xa5) ++at;
  job->used = size_t(top - at);
  return nullptr;
}

inline size_t stack_used(void (*work)()) {
  Job job{work, 0};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, stack, sizeof stack);
  pthread_t thread;
  if (pthread_create(&thread, &attributes, run, &job) != 0) std::abort();
  pthread_join(thread, nullptr);
  return job.used;
}

}  // namespace painted

using painted::stack_used;
