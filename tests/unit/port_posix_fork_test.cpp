// The POSIX port in a program that forks: a child may let go of what it has inherited, and has connections and chance
// of its own. Nothing leaves the loopback interface.
// Covers C37: fork.
#include <sys/wait.h>

#include "port_posix_tcp.h"

using namespace tinyaws;
using namespace test;

namespace {

/// Runs `body` in a child and expects it to answer true. In the child nothing may assert: it would run on in the
/// test.
template <class F>
void in_a_child(F body) {
  fflush(nullptr);
  const pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) _exit(body() ? 0 : 1);
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void a_child_that_closes_leaves_the_connection_alone(void**) {
  Server server("127.0.0.1");
  Names names;
  TcpTransport transport(names.resolver);
  assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kOk);
  server.accept_one();
  in_a_child([&] {
    transport.close();
    return transport.state() == Transport::State::kClosed;
  });
  assert_io(transport.send("ping"), Status::kOk, 4);
  char space[8];
  assert_int_equal(::read(server.peer, space, sizeof space), 4);
  server.say("pong");
  assert_io(receive(transport, space), Status::kOk, 4);
}

void parent_and_child_draw_different_bytes(void**) {
  posix::Platform platform;
  for (const int error : {0, ENOSYS}) {
    faults.random_errno = error;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    char before[16], drawn_here[16], drawn_there[16];
    assert_status(platform.random(before), Status::kOk);
    in_a_child([&] {
      char out[16];
      return platform.random(out) == Status::kOk && ::write(ends[1], out, sizeof out) == sizeof out;
    });
    assert_status(platform.random(drawn_here), Status::kOk);
    assert_int_equal(::read(ends[0], drawn_there, sizeof drawn_there), sizeof drawn_there);
    assert_memory_not_equal(drawn_here, drawn_there, sizeof drawn_here);
    close(ends[0]);
    close(ends[1]);
  }
  faults.random_errno = 0;
}

bool connects(posix::Resolver& resolver, const char* host, uint16_t port) {
  TcpTransport own(resolver);
  if (own.open({host, port, false}) != Status::kPending) return false;
  Status status = Status::kPending;
  for (int i = 0; i < 200 && (status = own.advance(now())) == Status::kPending; ++i) {
    const Interest interest = own.interest(false, false);
    posix::Platform().wait({&interest, 1}, now() + 50);
  }
  return status == Status::kOk;
}

void a_child_opens_connections_of_its_own(void**) {
  Server server("127.0.0.1");
  Names names("peer.test", {"127.0.0.1"});
  TcpTransport transport(names.resolver);
  assert_status(connect_to(transport, "peer.test", server.port), Status::kOk);
  server.accept_one();
  in_a_child([&] { return connects(names.resolver, "peer.test", server.port); });
  assert_io(transport.send("ping"), Status::kOk, 4);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(a_child_that_closes_leaves_the_connection_alone),
      CASE(parent_and_child_draw_different_bytes),
      CASE(a_child_opens_connections_of_its_own),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
