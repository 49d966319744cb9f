// Where a secret may be found: in nothing that is logged or said, and after their end in no object that had it, nor
// on the stack that was used. Covers C38: secrets never in logs or errors, wiped after use.
#include <pthread.h>

#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "../fakes/client_world.h"
#include "../fakes/credentials_source.h"
#include "tinyaws/async_client.h"
#include "tinyaws/cached_credentials.h"
#include "tinyaws/client.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

const std::string kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const std::string kToken = "IQoJb3JpZ2luX2VjEXAMPLETOKEN" + std::string(600, 't');

/// Memory for an object, which outlives it.
template <class T>
class Storage {
 public:
  Storage() : bytes_(sizeof(T) + alignof(std::max_align_t), '\x5a') {}
  template <class... Arguments>
  T& make(Arguments&&... arguments) {
    void* at = bytes_.data();
    size_t room = bytes_.size();
    object_ = new (std::align(alignof(T), sizeof(T), at, room)) T(std::forward<Arguments>(arguments)...);
    return *object_;
  }
  void end() {
    if (object_ != nullptr) object_->~T();
    object_ = nullptr;
  }
  Bytes bytes() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
  T* object_ = nullptr;
};

bool holds(Bytes memory, const std::string& secret) {
  return memory.find(secret) != Bytes::npos;
}

/// Whatever an observer is told, as a log would have it.
class Log final : public Observer {
 public:
  void on_event(const Event& event) override {
    text += std::string(name(event.kind)) + " " + std::string(name(event.status)) + " " + std::string(event.text);
    text += "\n";
  }
  std::string text;
};

/// Runs `work` on a stack of its own and looks at what it has left there.
class OwnStack {
 public:
  OwnStack() : memory_(static_cast<char*>(std::aligned_alloc(4096, kBytes)), &std::free) {
    std::memset(memory_.get(), 0x5a, kBytes);
  }

  void run(const std::function<void()>& work) {
    pthread_attr_t attributes;
    pthread_t thread;
    CHECK(pthread_attr_init(&attributes) == 0, "attributes");
    CHECK(pthread_attr_setstack(&attributes, memory_.get(), kBytes) == 0, "stack");
    auto* argument = const_cast<std::function<void()>*>(&work);
    CHECK(pthread_create(&thread, &attributes, &call, argument) == 0, "thread");
    CHECK(pthread_join(thread, nullptr) == 0, "join");
    pthread_attr_destroy(&attributes);
  }

  [[gnu::no_sanitize_address]] bool holds(const std::string& secret) const {
    for (size_t at = 0; at + secret.size() <= kBytes; ++at) {
      size_t same = 0;
      while (same < secret.size() && memory_.get()[at + same] == secret[same]) ++same;
      if (same == secret.size()) return true;
    }
    return false;
  }

 private:
  static constexpr size_t kBytes = 1 << 20;

  // The end of a thread writes over the first few kilobytes.
  static void* call(void* work) {
    volatile char gap[65536];
    gap[0] = 0;
    (*static_cast<std::function<void()>*>(work))();
    return gap[0] == 0 ? nullptr : work;
  }

  std::unique_ptr<char, decltype(&std::free)> memory_;
};

struct Scenario {
  const char* name;
  std::vector<std::string> answers;
  const char* service = "dynamodb";
};

std::string refused(const std::string& code, const std::string& fields = "") {
  return answer("400 Bad Request", "{\"__type\":\"" + code + "\",\"message\":\"no\"}", fields);
}

const std::vector<Scenario> kScenarios = {
    {"answered", {answer("200 OK", "done")}},
    {"refused", {refused("AccessDeniedException")}},
    {"repeated", {answer("503 Slow Down", "busy"), answer("200 OK", "done")}},
    {"skewed", {refused("RequestExpired", "Date: Mon, 31 Aug 2015 12:36:00 GMT\r\n"), answer("200 OK", "done")}},
    {"expired", {refused("ExpiredTokenException"), answer("200 OK", "done")}},
    {"moved",
     {answer("301 Moved Permanently", "", "x-amz-bucket-region: us-west-2\r\n"), answer("200 OK", "done")},
     "s3"},
    {"mismatch", {refused("SignatureDoesNotMatch")}},
    {"cut off", {"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"}},
    {"no HTTP", {"SSH-2.0\r\n\r\n"}},
};

/// Everything of one client, in memory that is looked at afterwards.
struct Traces {
  Storage<Client> client;
  Storage<CachedCredentials> cache;
  Storage<Response> response;
  Log log;
  std::string said;
};

void use(ClientWorld& world, const Scenario& scenario, Traces& traces) {
  CachedCredentials& cache = traces.cache.make(world.credentials, world.platform);
  world.options.observer = &traces.log;
  Client& client = traces.client.make(Port{world.platform, world.environment, world.transport, world.buffer.bytes()},
                                      cache, world.options);
  Response& response = traces.response.make();
  ApiRequest request{scenario.service};
  request.method = "POST";
  request.body = "{}";
  const Status status = client.fetch(request, response);
  char text[4096];
  const IoResult explained = cache.explain(MutBytes(text));
  traces.said = std::string(describe(status)) + std::string(client.failure()) + std::string(response.error().code) +
                std::string(response.error().message) + std::string(text, explained.size) +
                std::string(cache.describe());
  traces.response.end();
  traces.client.end();
  traces.cache.end();
}

void check_said(const std::string& where, const std::string& text) {
  CHECK(!holds(text, kSecret), where + ": the secret key");
  CHECK(!holds(text, kToken), where + ": the session token");
}

void nothing_is_said_and_nothing_left(void**) {
  for (const Scenario& scenario : kScenarios) {
    ClientWorld world;
    world.credentials.secret = kSecret;
    world.credentials.token = kToken;
    world.options.max_attempts = 2;
    Peer peer;
    for (const std::string& bytes : scenario.answers) peer.answers.push_back({bytes});
    peer.answers.back().ends = true;
    world.transport.peers = {peer, peer};
    Traces traces;
    OwnStack stack;
    stack.run([&] { use(world, scenario, traces); });
    CHECK(!world.transport.requests.empty(), scenario.name);
    CHECK(holds(world.transport.requests[0][0], kToken), "the token is sent");
    check_said(std::string(scenario.name) + ", log", traces.log.text);
    check_said(std::string(scenario.name) + ", messages", traces.said);
    check_said(std::string(scenario.name) + ", client", std::string(traces.client.bytes()));
    check_said(std::string(scenario.name) + ", cache", std::string(traces.cache.bytes()));
    check_said(std::string(scenario.name) + ", response", std::string(traces.response.bytes()));
    CHECK(!holds(std::string(world.buffer.bytes().data(), world.buffer.bytes().size()), kSecret), "buffer");
    CHECK(!stack.holds(kSecret), std::string(scenario.name) + ": the secret key is on the stack");
    CHECK(!stack.holds(kToken), std::string(scenario.name) + ": the session token is on the stack");
  }
}

/// The search itself finds what is there: while a client lives, its signer knows the key's inputs.
void the_search_finds(void**) {
  ClientWorld world;
  world.credentials.secret = kSecret;
  world.transport.peers = {Peer()};
  world.transport.peers[0].answers.push_back({answer("200 OK", "done")});
  Storage<Client> storage;
  Client& client = storage.make(Port{world.platform, world.environment, world.transport, world.buffer.bytes()},
                                world.credentials, world.options);
  Response response;
  CHECK_STATUS(client.fetch({"dynamodb"}, response), Status::kOk, "fetch");
  CHECK(holds(storage.bytes(), kSecret), "in a living client");
  storage.end();
  CHECK(!holds(storage.bytes(), kSecret), "in a dead one");

  OwnStack stack;
  stack.run([] {
    char copy[64] = {};
    std::memcpy(copy, kSecret.data(), kSecret.size());
    CHECK(copy[0] == kSecret[0] && holds({copy, sizeof copy}, kSecret), "a copy");
  });
  CHECK(stack.holds(kSecret), "on a stack");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_said_and_nothing_left),
      cmocka_unit_test(the_search_finds),
  };
  return cmocka_run_group_tests_name("secrets", tests, nullptr, nullptr);
}
