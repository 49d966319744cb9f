// What the tests of a request's head share: how it is written, and what came of it.
#pragma once

#include <string>

#include "../fakes/bodies.h"
#include "../fakes/check.h"
#include "../fakes/guarded_buffer.h"
#include "tinyaws/exchange.h"

namespace test {

using namespace tinyaws;
using namespace tinyaws::fakes;

inline Request get() {
  Request request;
  request.endpoint = {"peer.example", 443, true};
  return request;
}

struct Written {
  Status status = Status::kOk;
  std::string text;
  std::string host;
  std::string target;
};

inline Written write_in(MutBytes memory, const Request& request) {
  RequestHead head(memory);
  const Status begun = head.begin(request);
  Written out;
  out.status = head.end();
  CHECK(begun == Status::kOk || begun == out.status, "the first error sticks");
  CHECK_STATUS(head.error(), out.status, "error()");
  if (out.status != Status::kOk) return out;
  CHECK(head.size() <= memory.size(), "longer than its memory");
  out.text = std::string(memory.data(), head.size());
  out.host = std::string(head.host());
  out.target = std::string(head.target());
  CHECK(&head.request() == &request, "request()");
  return out;
}

inline Written write(const Request& request) {
  static GuardedBuffer memory(8192);
  return write_in(memory.bytes(), request);
}

inline void expect_refused(const Request& request, const std::string& what) {
  CHECK_STATUS(write(request).status, Status::kInvalidArgument, what);
}

inline std::string line_of(const std::string& head, const std::string& name) {
  const size_t at = head.find("\r\n" + name + ": ");
  return at == std::string::npos ? "" : head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
}

}  // namespace test
