// An AsyncClient over a table of lines to a net, and the loops that drive it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "guarded_buffer.h"
#include "net.h"
#include "surroundings.h"
#include "tinyaws/async_client.h"

namespace tinyaws::fakes {

/// Slots in a row, each with a line and a buffer that ends at a guard page.
class SlotTable {
 public:
  SlotTable(Net& net, size_t count, size_t buffer_size) : slots_(std::allocator<tinyaws::Slot>().allocate(count)) {
    for (size_t i = 0; i < count; ++i) {
      lines.push_back(std::make_unique<Line>(net));
      buffers.push_back(std::make_unique<GuardedBuffer>(buffer_size));
      new (slots_ + i) tinyaws::Slot(*lines[i], buffers[i]->bytes());
    }
  }
  ~SlotTable() {
    for (size_t i = 0; i < lines.size(); ++i) slots_[i].~Slot();
    std::allocator<tinyaws::Slot>().deallocate(slots_, lines.size());
  }
  SlotTable(const SlotTable&) = delete;
  SlotTable& operator=(const SlotTable&) = delete;

  Span<tinyaws::Slot> slots() { return {slots_, lines.size()}; }

  std::vector<std::unique_ptr<Line>> lines;
  std::vector<std::unique_ptr<GuardedBuffer>> buffers;

 private:
  tinyaws::Slot* slots_;
};

/// Which of the two `poll`s a loop calls.
enum class PollBy { kTrying, kHandles };

struct AsyncWorld {
  explicit AsyncWorld(size_t slots, size_t queued = 0, size_t buffer_size = 2048)
      : table(net, slots, buffer_size), queue(queued), interests(slots) {
    options.endpoint_url = "https://peer.example";
    options.region = "eu-west-1";
    options.timeouts.connect_ms = 1000;
    options.timeouts.tls_ms = 700;
    options.timeouts.first_byte_ms = 2000;
    options.timeouts.stall_ms = 1500;
  }

  Net net;
  NetPlatform platform{net};
  TableEnvironment environment;
  FixedCredentials credentials;
  CredentialsProvider* provider = &credentials;
  ClientOptions options;
  SlotTable table;
  std::vector<QueuedCall> queue;
  std::vector<Interest> interests;
  PollBy by = PollBy::kTrying;
  size_t polls = 0;

  /// Made with `options` and `provider` as they are at its first use.
  AsyncClient& client() {
    if (!client_) {
      const AsyncPort port{platform, environment, table.slots(), {queue.data(), queue.size()}};
      client_ = std::make_unique<AsyncClient>(port, *provider, options);
    }
    return *client_;
  }
  void end_client() { client_.reset(); }

  Instant now() const { return net.time.now; }
  void pass(int64_t ms) { net.time.pass(ms); }
  Line& line(size_t i) { return *table.lines[i]; }

  template <class Number>
  size_t sum(Number number) const {
    size_t n = 0;
    for (const auto& line : table.lines) n += number(*line);
    return n;
  }
  size_t opens() const {
    return sum([](const Line& line) { return line.opens(); });
  }
  size_t calls() const {
    return sum([](const Line& line) { return line.calls(); });
  }
  size_t requests() const {
    return sum([](const Line& line) { return line.wire().total_requests(); });
  }
  size_t open_lines() const {
    return sum([](const Line& line) { return line.is_closed() ? 0u : 1u; });
  }
  /// The line whose present connection, or last one, is to `host`.
  Line& line_to(const std::string& host) {
    for (auto& line : table.lines) {
      if (line->opens() > 0 && line->host() == host) return *line;
    }
    CHECK(false, "no line to " + host);
    return *table.lines[0];
  }

  Span<const Interest> wanted() {
    const Span<const Interest> all = client().interests({interests.data(), interests.size()});
    CHECK(all.size() <= client().running(), "more interests than running calls");
    for (const Interest& one : all) {
      if (one.handle < 0 || (!one.read && !one.write)) CHECK(false, "an interest in nothing");
      if (net.find(one.handle) == nullptr) CHECK(false, "an interest in a handle that nobody has");
    }
    return all;
  }
  /// Handles that are wanted, and whose time has come.
  std::vector<int> met() {
    std::vector<int> handles;
    for (const Interest& one : wanted()) {
      if (net.find(one.handle)->meets(one, now())) handles.push_back(one.handle);
    }
    return handles;
  }

  void poll() {
    ++polls;
    if (by == PollBy::kTrying) return client().poll();
    const std::vector<int> handles = met();
    client().poll({handles.data(), handles.size()});
  }
  void poll_handles(std::vector<int> handles) { client().poll({handles.data(), handles.size()}); }
  void wait() { platform.wait(wanted(), client().next_deadline()); }

  /// Polls until nothing more happens at this time.
  void settle() {
    for (int i = 0; i < 100000; ++i) {
      if (now() < client().next_deadline() && met().empty()) return;
      poll();
    }
    CHECK(false, "hang: polls without an end at one time");
  }
  /// The loop of async_client.h, until nothing runs.
  void run(int most_polls = 100000) {
    while (client().busy()) {
      CHECK(most_polls-- > 0, "hang: too many polls");
      poll();
      if (client().busy()) wait();
    }
  }
  /// The same up to a time.
  void run_until(Instant end) {
    for (int i = 0; now() < end; ++i) {
      CHECK(i < 100000, "hang: too many polls");
      settle();
      platform.wait(wanted(), earlier(client().next_deadline(), end));
    }
    settle();
  }
  template <class AnyCall>
  void run(AnyCall& call) {
    CHECK_STATUS(client().start(call), Status::kOk, "start");
    run();
  }

 private:
  std::unique_ptr<AsyncClient> client_;
};

}  // namespace tinyaws::fakes
