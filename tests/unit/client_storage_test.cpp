// The memory of an AsyncClient as one object: what it holds, what it costs, and that it can be used again.
#include "tinyaws/client_storage.h"

#include "async_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

constexpr size_t kBytes = 2048;

/// As a TLS transport with the TCP transport under it: neither copied nor moved, and no Transport itself.
class Holder {
 public:
  explicit Holder(Net& net) : net_(net) { ++alive; }
  ~Holder() { --alive; }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  operator Transport&() { return line; }  // NOLINT(google-explicit-constructor)

  static inline int alive = 0;

 private:
  Net& net_;

 public:
  Line line{net_};
};

struct Surroundings {
  Net net;
  NetPlatform platform{net};
  TableEnvironment environment;
  FixedCredentials credentials;
};

template <class Storage>
void run_one(Surroundings& around, Storage& storage, const std::string& what) {
  around.net.servers[kHost] = always_hello;
  AsyncClient client({around.platform, around.environment, storage.slots(), storage.queue()}, around.credentials);
  std::vector<Interest> interests(storage.slots().size());
  Calls calls = make_calls(storage.slots().size() + storage.queue().size());
  TestCall one_too_many;
  for (auto& call : calls) CHECK_STATUS(client.start(*call), Status::kOk, what);
  CHECK_STATUS(client.start(one_too_many), Status::kBusy, what + ": room for one more");
  for (int i = 0; client.busy(); ++i) {
    CHECK(i < 1000, "hang: too many polls");
    client.poll();
    if (!client.busy()) break;
    around.platform.wait(client.interests({interests.data(), interests.size()}), client.next_deadline());
  }
  for (auto& call : calls) expect_hello(*call, what);
}

void a_storage_holds_what_it_says(void**) {
  Surroundings around;
  ClientStorage<Line, 3, kBytes, 2> storage(around.net);
  CHECK(storage.slots().size() == 3 && storage.queue().size() == 2, "slots and queue");
  CHECK(around.net.lines.size() == 3, "a transport each");
  for (size_t i = 0; i < 3; ++i) CHECK(&storage.transport(i) == around.net.lines[i], "transport(i)");
  run_one(around, storage, "three slots, two in the queue");
}

void a_storage_without_a_queue(void**) {
  Surroundings around;
  ClientStorage<Line, 1, kBytes> storage(around.net);
  CHECK(storage.slots().size() == 1 && storage.queue().empty(), "slots and queue");
  run_one(around, storage, "one slot");
}

void transports_that_convert_and_do_not_move(void**) {
  {
    Surroundings around;
    ClientStorage<Holder, 2, kBytes> storage(around.net);
    CHECK(Holder::alive == 2, "two are made");
    run_one(around, storage, "holders");
    CHECK(storage.transport(0).line.opens() + storage.transport(1).line.opens() > 0, "they are used");
  }
  CHECK(Holder::alive == 0, "all are destroyed");
}

void two_clients_one_after_the_other(void**) {
  Surroundings around;
  ClientStorage<Line, 2, kBytes, 1> storage(around.net);
  for (int i = 0; i < 3; ++i) {
    run_one(around, storage, "client " + std::to_string(i));
    for (Line* line : around.net.lines) CHECK(line->is_closed(), "the client before has closed its connections");
  }
}

/// The smallest buffer that is allowed does for an exchange.
void the_smallest_buffers(void**) {
  Surroundings around;
  ClientStorage<Line, 2, Exchange::kMinBufferBytes> storage(around.net);
  CHECK(storage.slots().size() == 2, "slots");
  AsyncClient client({around.platform, around.environment, storage.slots()}, around.credentials);
  CHECK(!client.busy() && client.next_deadline() == kNever, "idle");
}

template <size_t kSlots, size_t kBuffer, size_t kQueued>
constexpr size_t storage_bytes() {
  return sizeof(ClientStorage<Line, kSlots, kBuffer, kQueued>);
}

constexpr size_t parts(size_t slots, size_t buffer, size_t queued) {
  return slots * (sizeof(Line) + sizeof(tinyaws::Slot) + buffer) + queued * sizeof(QueuedCall);
}

/// The bill has no hidden items: its parts, and alignment.
void the_size_is_the_sum_of_its_parts(void**) {
  const struct {
    size_t actual, expected;
  } cases[] = {
      {storage_bytes<1, 2048, 1>(), parts(1, 2048, 1)},     {storage_bytes<8, 2048, 16>(), parts(8, 2048, 16)},
      {storage_bytes<32, 4096, 64>(), parts(32, 4096, 64)}, {storage_bytes<200, 1024, 1>(), parts(200, 1024, 1)},
      {storage_bytes<5, 1025, 100>(), parts(5, 1025, 100)},
  };
  for (const auto& c : cases) {
    CHECK(c.actual >= c.expected, "smaller than its parts");
    CHECK(c.actual <= c.expected + 3 * alignof(max_align_t),
          std::to_string(c.actual) + " bytes for parts of " + std::to_string(c.expected));
  }
  CHECK((storage_bytes<1, 2048, 0>() <= storage_bytes<1, 2048, 1>()),
        "a queue of none costs no more than one of one");
  const size_t slot = storage_bytes<11, 3072, 1>() - storage_bytes<10, 3072, 1>() - sizeof(Line);
  CHECK(slot <= 4096, "a slot with 3 KB of buffer takes " + std::to_string(slot) + " bytes");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_storage_holds_what_it_says),
      cmocka_unit_test(a_storage_without_a_queue),
      cmocka_unit_test(transports_that_convert_and_do_not_move),
      cmocka_unit_test(two_clients_one_after_the_other),
      cmocka_unit_test(the_smallest_buffers),
      cmocka_unit_test(the_size_is_the_sum_of_its_parts),
  };
  return cmocka_run_group_tests_name("client storage", tests, nullptr, nullptr);
}
