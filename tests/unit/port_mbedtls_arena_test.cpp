// TlsArena: mbedTLS in a block of memory. Handshakes and exchanges in just as much as the high-water mark says, and
// in less; blocks, gaps and heads; what is refused.
#include <mbedtls/platform.h>

#include <memory>
#include <vector>

#include "port_mbedtls_fixture.h"
#include "tinyaws/mbedtls_arena.h"

using namespace test;  // NOLINT: a test reads better so
using tinyaws::mbedtls::TlsArena;

namespace {

/// Memory of exactly that size.
class Memory {
 public:
  explicit Memory(size_t size) : bytes_(new char[size]), size_(size) {}
  MutBytes all() { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  size_t size_;
};

void places_blocks(void**) {
  Memory memory(1024);
  TlsArena arena(memory.all());
  assert_int_equal(arena.in_use(), 0);
  assert_int_equal(arena.high_water() > 0, false);
  void* const first = arena.allocate(3, 4);
  void* const second = arena.allocate(1, 100);
  void* const third = arena.allocate(1, 1);
  for (void* block : {first, second, third}) {
    assert_non_null(block);
    assert_true(arena.owns(block));
    assert_int_equal(reinterpret_cast<uintptr_t>(block) % 8, 0);
  }
  assert_int_equal(arena.in_use(), 16 + 104 + 8);
  const size_t most = arena.high_water();
  arena.release(second);
  assert_int_equal(arena.in_use(), 16 + 8);
  assert_ptr_equal(arena.allocate(1, 44), second);  // the first place that is large enough, and only a part of it
  assert_ptr_equal(arena.allocate(1, 52), static_cast<char*>(second) + 48);
  assert_int_equal(arena.high_water(), most);
  assert_int_equal(arena.in_use(), 16 + 104 + 8);
}

void joins_what_was_freed(void**) {
  Memory memory(1024);
  TlsArena arena(memory.all());
  std::vector<void*> blocks;
  for (int i = 0; i < 5; ++i) blocks.push_back(arena.allocate(1, 60));
  const size_t most = arena.high_water();
  for (const int i : {1, 3, 2}) arena.release(blocks[i]);
  assert_ptr_equal(arena.allocate(1, 3 * 64 - 4), blocks[1]);
  assert_int_equal(arena.high_water(), most);
  arena.release(blocks[4]);
  arena.release(blocks[1]);
  assert_ptr_equal(arena.allocate(1, 600), blocks[1]);  // what was free at the end is the end no more
}

void clears_what_it_gives(void**) {
  Memory memory(256);
  TlsArena arena(memory.all());
  char* const block = static_cast<char*>(arena.allocate(10, 10));
  memset(block, 'x', 100);
  arena.release(block);
  const char* const again = static_cast<char*>(arena.allocate(1, 100));
  assert_ptr_equal(again, block);
  for (int i = 0; i < 100; ++i) assert_int_equal(again[i], 0);
}

void refuses_what_has_no_room(void**) {
  Memory memory(128);
  TlsArena arena(memory.all());
  assert_null(arena.allocate(1, 128));
  assert_null(arena.allocate(SIZE_MAX, 2));
  assert_null(arena.allocate(1, SIZE_MAX));
  assert_int_equal(arena.shortages(), 3);
  assert_int_equal(arena.in_use(), 0);
  assert_int_equal(arena.high_water(), 0);
  assert_non_null(arena.allocate(1, 100));
  assert_null(arena.allocate(1, 24));
  for (const size_t size : {0, 1, 3, 7}) {
    Memory little(size);
    TlsArena tiny(little.all());
    assert_null(tiny.allocate(1, 1));
  }
}

void any_alignment_will_do(void**) {
  Memory memory(256);
  for (size_t shift = 0; shift < 8; ++shift) {
    TlsArena arena(memory.all().drop(shift));
    char* const block = static_cast<char*>(arena.allocate(1, 64));
    assert_int_equal(reinterpret_cast<uintptr_t>(block) % 8, 0);
    TlsArena same(MutBytes(memory.all().data() + shift, arena.high_water()));
    assert_non_null(same.allocate(1, 64));
    TlsArena less(MutBytes(memory.all().data() + shift, arena.high_water() - 1));
    assert_null(less.allocate(1, 64));
  }
}

/// A long course of allocations in memory of a given size. False when one found no room.
bool runs_in(MutBytes bytes, size_t& most) {
  TlsArena arena(bytes);
  std::vector<std::pair<unsigned char*, size_t>> blocks;
  uint32_t dice = 1;
  for (int turn = 0; turn < 20000; ++turn) {
    dice = dice * 1664525 + 1013904223;
    const size_t choice = dice >> 8;
    if (blocks.size() > 40 || (choice % 2 == 0 && !blocks.empty())) {
      const size_t i = choice / 2 % blocks.size();
      for (size_t k = 0; k < blocks[i].second; ++k) assert_int_equal(blocks[i].first[k], blocks[i].second % 251);
      arena.release(blocks[i].first);
      blocks[i] = blocks.back();
      blocks.pop_back();
      continue;
    }
    const size_t size = choice / 2 % (choice % 16 == 1 ? 1500 : 90);
    auto* const block = static_cast<unsigned char*>(arena.allocate(1, size));
    if (block == nullptr) return false;
    memset(block, static_cast<int>(size % 251), size);
    blocks.emplace_back(block, size);
  }
  for (const auto& block : blocks) arena.release(block.first);
  assert_int_equal(arena.in_use(), 0);
  most = arena.high_water();
  return true;
}

void high_water_is_exact_for_any_course(void**) {
  size_t most = 0;
  Memory large(100000);
  assert_true(runs_in(large.all(), most));
  Memory exact(most);
  size_t again = 0;
  assert_true(runs_in(exact.all(), again));
  assert_int_equal(again, most);
  Memory less(most - 1);
  assert_false(runs_in(less.all(), again));
}

#if defined(MBEDTLS_PLATFORM_MEMORY)
/// The server's blocks come from the C library, the client's from the arena.
class Servers {
 public:
  explicit Servers(TlsArena* arena) : arena_(arena) {
    if (arena != nullptr) (void)mbedtls_platform_set_calloc_free(calloc, free_theirs);
    current() = arena;
  }
  ~Servers() {
    if (arena_ != nullptr && arena_->install() != Status::kOk) broken("install", 0);
  }

 private:
  static TlsArena*& current() {
    static TlsArena* arena = nullptr;
    return arena;
  }
  static void free_theirs(void* space) {
    if (current()->owns(space)) return current()->release(space);
    free(space);
  }
  TlsArena* arena_;
};

struct Outcome {
  Status status = Status::kOk;
  std::string words;
  size_t most = 0;
};

constexpr const char* kHost = "example.com";

Status converse(TlsArena& arena, TlsTransport& client, Server& server) {
  Status status = client.open({kHost, 443, true});
  for (int turn = 0; turn < 200000 && status == Status::kPending; ++turn) {
    {
      const Servers theirs(&arena);
      server.step();
    }
    status = client.advance({});
  }
  if (status != Status::kOk) return status;
  const Servers theirs(&arena);
  server.to_send = std::string(20000, 'x');
  return Status::kOk;
}

Status read_all(TlsArena& arena, TlsTransport& client, Server& server) {
  const IoResult sent = client.send("ping");
  if (sent.status != Status::kOk) return sent.status;
  size_t received = 0;
  char space[3000];
  for (int turn = 0; turn < 1000 && received < 20000; ++turn) {
    {
      const Servers theirs(&arena);
      server.step();
    }
    const IoResult got = client.recv(space);
    if (got.status != Status::kOk && got.status != Status::kPending) return got.status;
    received += got.size;
  }
  return received == 20000 && server.received == "ping" ? Status::kOk : Status::kStalled;
}

/// A configuration, a handshake and an exchange in memory of a given size.
Outcome serve_in(MutBytes bytes) {
  pki();                    // made outside
  fake_random_state() = 1;  // the lengths of numbers and signatures are by chance
  TlsArena arena(bytes);
  Wire wire;
  Outcome outcome;
  auto server = std::make_unique<Server>(wire, pki().ec({}), pki().ec_key);
  assert_status(arena.install(), Status::kOk);
  {
    FakePlatform platform;
    TlsConfig config(platform);
    FakeTransport inner(wire);
    TlsTransport client(config, inner);
    outcome.status = config.add_ca(pki().ca);
    outcome.words.assign(config.describe().data(), config.describe().size());
    if (outcome.status == Status::kOk) {
      outcome.status = converse(arena, client, *server);
      if (outcome.status == Status::kOk) outcome.status = read_all(arena, client, *server);
      outcome.words = words(client);
    }
    client.close();
    const Servers theirs(&arena);
    server.reset();
  }
#if defined(MBEDTLS_PSA_CRYPTO_C)
  mbedtls_psa_crypto_free();
#endif
  assert_int_equal(arena.in_use(), 0);
  outcome.most = arena.high_water();
  return outcome;
}

void serves_in_just_its_high_water(void**) {
  Memory large(200000);
  const Outcome outcome = serve_in(large.all());
  assert_status(outcome.status, Status::kOk);
  print_message("  a handshake and an exchange, EC: %zu bytes\n", outcome.most);
  Memory exact(outcome.most);
  const Outcome again = serve_in(exact.all());
  assert_status(again.status, Status::kOk);
  assert_int_equal(again.most, outcome.most);
}

void says_that_memory_is_short(void**) {
  Memory large(200000);
  const size_t most = serve_in(large.all()).most;
  std::vector<size_t> sizes = {most - 1, most - 8, 0, 100, 1000};
  for (size_t size = 2000; size < most; size += 331) sizes.push_back(size);
  for (const size_t size : sizes) {
    Memory memory(size);
    const Outcome outcome = serve_in(memory.all());
    if (outcome.status != Status::kTlsFailed || outcome.words != "out of memory") {
      fail_msg("in %zu of %zu bytes: %s, \"%s\"", size, most, printable(tinyaws::name(outcome.status)).c_str(),
               outcome.words.c_str());
    }
  }
}

void only_one_is_installed(void**) {
  Memory memory(1000), other_memory(1000);
  {
    TlsArena arena(memory.all());
    TlsArena other(other_memory.all());
    assert_status(arena.install(), Status::kOk);
    assert_status(arena.install(), Status::kOk);
    assert_status(other.install(), Status::kBusy);
    void* const block = mbedtls_calloc(1, 10);
    assert_true(arena.owns(block));
    mbedtls_free(block);
    mbedtls_free(nullptr);
  }
  void* const block = mbedtls_calloc(1, 10);
  {
    TlsArena arena(memory.all());
    assert_false(arena.owns(block));
    assert_status(arena.install(), Status::kOk);
    mbedtls_free(block);  // goes back to where it came from
    assert_int_equal(arena.in_use(), 0);
  }
}
#else
void needs_the_hook(void**) {
  Memory memory(1000);
  TlsArena arena(memory.all());
  assert_false(TlsArena::kSupported);
  assert_status(arena.install(), Status::kUnsupported);
  void* const block = mbedtls_calloc(1, 10);
  assert_false(arena.owns(block));
  mbedtls_free(block);
}
#endif

}  // namespace

int main() {
  const CMUnitTest tests[] = {
    cmocka_unit_test(places_blocks),
    cmocka_unit_test(joins_what_was_freed),
    cmocka_unit_test(clears_what_it_gives),
    cmocka_unit_test(refuses_what_has_no_room),
    cmocka_unit_test(any_alignment_will_do),
    cmocka_unit_test(high_water_is_exact_for_any_course),
#if defined(MBEDTLS_PLATFORM_MEMORY)
    cmocka_unit_test(serves_in_just_its_high_water),
    cmocka_unit_test(says_that_memory_is_short),
    cmocka_unit_test(only_one_is_installed),
#else
    cmocka_unit_test(needs_the_hook),
#endif
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
