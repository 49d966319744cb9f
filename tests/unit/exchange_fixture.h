// What the tests of the exchange as an engine share: one request over a guarded buffer.
#pragma once

#include <string>

#include "../fakes/bodies.h"
#include "../fakes/client_world.h"
#include "../fakes/exchange_driver.h"
#include "../fakes/guarded_buffer.h"

namespace test {

using namespace tinyaws;
using namespace tinyaws::fakes;

/// One request over a guarded buffer.
struct Fixture {
  explicit Fixture(size_t size = 1024) : buffer(size), driver(buffer.bytes()) {
    request.endpoint = {"peer.example", 443, true};
  }
  GuardedBuffer buffer;
  ExchangeDriver driver;
  Request request;
  Exchange& exchange() { return driver.exchange(); }
  unsigned flags() { return driver.exchange().state(); }
  bool has(unsigned flag) { return (flags() & flag) == flag; }
  void start() { CHECK_STATUS(driver.start(request), Status::kOk, "start"); }

  /// Starts and sends all of a request without a body.
  void start_and_send() {
    start();
    driver.send_all();
  }
};

}  // namespace test
