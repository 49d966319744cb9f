// What a tinyaws_async_system holds: an AsyncSystem whose connections lie elsewhere.
#pragma once

#include <cstddef>

#include "tinyaws/async_client.h"
#include "tinyaws/posix_poller.h"
#include "tinyaws/system.h"
#include "tinyaws/system_c.h"

namespace tinyaws::c {

class CAsyncSystem final : public SystemBoard {
 public:
  explicit CAsyncSystem(const tinyaws_async_memory& memory);
  ~CAsyncSystem();

  tinyaws_async_port port();
  posix::Poller& poller() { return poller_; }
  const posix::Poller& poller() const { return poller_; }

 private:
  void add(posix::Poller* poller, size_t i);

  posix::Poller poller_;
  tinyaws_async_memory memory_;
};

}  // namespace tinyaws::c
