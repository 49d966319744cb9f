// What the tests of a call to a service share: answers, requests, and one way to fetch.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "../fakes/client_world.h"
#include "../fakes/verify_signature.h"

namespace test {

using namespace tinyaws;
using namespace tinyaws::fakes;

inline const Scope kScope{"eu-west-1", "dynamodb"};

inline Peer peer_of(std::vector<std::string> list) {
  Peer peer;
  for (std::string& bytes : list) peer.answers.push_back({std::move(bytes)});
  return peer;
}

inline const std::string kOkAnswer = answer("200 OK", "done");
inline const std::string kBusyAnswer = answer("503 Slow Down", "busy");

struct Fetched {
  Status status;
  uint16_t http;
  std::string body;
  std::string code = {};  // of the error
};

inline Fetched fetch(ClientWorld& world, const ApiRequest& request, BodySink* sink = nullptr) {
  char memory[256];
  Response response = sink ? Response(*sink) : Response(memory);
  const Status status = world.client().fetch(request, response);
  return {status, response.status(), std::string(response.body()), std::string(response.error().code)};
}

inline ApiRequest post(Body body) {
  ApiRequest request{"dynamodb"};
  request.method = "POST";
  request.body = body;
  return request;
}

inline void expect_done(const Fetched& fetched, const std::string& what) {
  CHECK_STATUS(fetched.status, Status::kOk, what);
  CHECK(fetched.http == 200, what + ": status");
  CHECK_TEXT(fetched.body, "done", what);
}

}  // namespace test
