// The resolver and names: addresses, the hosts file, localhost, and the names that are searched.
// Covers C34: addresses in the place of names.
#include "port_posix_resolver.h"

using namespace tinyaws;
using namespace test;

namespace {

/// A world in which asking a name server would fail the test.
struct Quiet {
  explicit Quiet(const std::string& hosts = {}) : world(server.port, "nameserver 127.0.0.1\n", hosts) {}

  void assert_known(Str host, const std::string& addresses) {
    Asker asker(world);
    asker.assert_found(asker.start(host), addresses);
    assert_int_equal(asker.now.ms, 1000);
    assert_false(server.was_asked());
  }
  void assert_asked(Str host) {
    Asker asker(world);
    asker.begin(host);
    server.answer_code(3);
    assert_status(asker.finish(), Status::kResolveFailed);
  }

  NameServer server;
  World world;
};

void addresses_need_no_files(void**) {
  Quiet quiet("10.0.0.1 192.0.2.1 2001:db8::1\n");
  quiet.assert_known("192.0.2.1", "192.0.2.1");
  quiet.assert_known("255.255.255.255", "255.255.255.255");
  quiet.assert_known("2001:db8::1", "2001:db8::1");
  quiet.assert_known("2001:DB8:0:0::1", "2001:db8::1");
  quiet.assert_known("::", "::");
  quiet.assert_known("::ffff:192.0.2.1", "::ffff:192.0.2.1");
  quiet.assert_known("fe80::1%7", "fe80::1%7");
  quiet.assert_known("fe80::1%4294967295", "fe80::1%4294967295");
  quiet.assert_known("fe80::1%lo", "fe80::1%1");
}

void addresses_of_missing_interfaces(void**) {
  Quiet quiet;
  Asker asker(quiet.world);
  for (const char* host : {"fe80::1%", "fe80::1%nope", "fe80::1%4294967296", "fe80::1%an-interface-name-too-long"}) {
    asker.assert_failed(asker.start(host), std::string(host) + ": no such interface");
  }
  for (const char* host : {"192.0.2.1%lo", "fe80::1::2", ":", "1.2.3.4:80", "[::1]", "fe80::12345", "%lo"}) {
    asker.assert_failed(asker.start(host), std::string(host) + ": not a host name");
  }
  // No addresses, but names that DNS can be asked for.
  for (const char* host : {"192.0.2", "192.0.2.256", "1.2.3.4.5", "0x7f000001"}) quiet.assert_asked(host);
}

void hosts_come_first(void**) {
  Quiet quiet(
      "# comment\n"
      "192.0.2.1 api.example.com api\n"
      "192.0.2.2\tother.example.com other # api.commented\n"
      "192.0.2.2 glued#api.glued\n"
      "2001:db8::1   \t api.example.com\n"
      "192.0.2.3 API.Example.COM\r\n"
      "  192.0.2.4 indented\n"
      "fe80::1%lo link.local\n"
      "192.0.2.999 bad.example.com\n"
      "nonsense api.example.com\n"
      "192.0.2.1 twice.example.com\n"
      "192.0.2.1 twice.example.com twice.example.com\n"
      "192.0.2.8\n"
      "\n"
      "192.0.2.9 last");
  quiet.assert_known("api.example.com", "2001:db8::1 192.0.2.1 192.0.2.3");
  quiet.assert_known("API.example.com", "2001:db8::1 192.0.2.1 192.0.2.3");
  quiet.assert_known("api.example.com.", "2001:db8::1 192.0.2.1 192.0.2.3");
  quiet.assert_known("api", "192.0.2.1");
  quiet.assert_known("other", "192.0.2.2");
  quiet.assert_known("glued", "192.0.2.2");
  quiet.assert_known("indented", "192.0.2.4");
  quiet.assert_known("link.local", "fe80::1%1");
  quiet.assert_known("twice.example.com", "192.0.2.1");
  quiet.assert_known("last", "192.0.2.9");
  for (const char* host : {"api.commented", "bad.example.com", "example.com", "ap", "api.example.co", "comment"}) {
    quiet.assert_asked(host);
  }
}

void hosts_are_read_anew(void**) {
  Quiet quiet;
  Resolver resolver(quiet.world.platform, quiet.world.options);
  for (const char* ip : {"192.0.2.1", "192.0.2.2"}) {
    World::write(quiet.world.hosts_path, std::string(ip) + " api.example.com\n");
    Asker asker(resolver);
    asker.assert_found(asker.start("api.example.com"), ip);
  }
}

void long_lines_are_left_out(void**) {
  const std::string filler(1024 - strlen("192.0.2.1  a"), 'x');
  Quiet quiet("192.0.2.1 " + filler + " a\n" + "192.0.2.2 x" + filler + " b\n" + "192.0.2.3 " +
              std::string(5000, 'y') + "\t192.0.2.4 c\n192.0.2.5 d\n192.0.2.6 " + std::string(2000, 'z') + " e");
  quiet.assert_known("a", "192.0.2.1");
  quiet.assert_known("d", "192.0.2.5");
  for (const char* host : {"b", "c", "e"}) quiet.assert_asked(host);
}

void more_addresses_than_room(void**) {
  std::string hosts;
  for (int i = 1; i <= 10; i++) hosts += "192.0.2." + std::to_string(i) + " many\n";
  Quiet quiet(hosts);
  Asker asker(quiet.world);
  asker.assert_found(asker.start("many"),
                     "192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7 192.0.2.8");
  assert_int_equal(asker.lookup.found(), 10);
}

void localhost_is_the_loopback(void**) {
  Quiet quiet("192.0.2.1 other\n127.0.0.9 mine.localhost\n");
  for (const char* host : {"localhost", "LocalHost", "localhost.", "a.localhost", "a.b.LOCALHOST."}) {
    quiet.assert_known(host, "::1 127.0.0.1");
  }
  quiet.assert_known("mine.localhost", "127.0.0.9");
  for (const char* host : {"alocalhost", "localhost.a", "localhos"}) quiet.assert_asked(host);
}

void files_that_are_none(void**) {
  NameServer server;
  World world(server.port, "nameserver 127.0.0.1\n");
  // Neither a directory nor a pipe without a writer is waited for.
  assert_int_equal(mkdir(world.hosts_path.c_str(), 0700), 0);
  Asker asker(world);
  asker.begin("a.test");
  rmdir(world.hosts_path.c_str());
  assert_int_equal(mkfifo(world.hosts_path.c_str(), 0600), 0);
  asker.begin("b.test");
  unlink(world.conf_path.c_str());
  assert_int_equal(mkfifo(world.conf_path.c_str(), 0600), 0);
  asker.begin("c.test");
  // Nor is what has no end.
  unlink(world.hosts_path.c_str());
  assert_int_equal(symlink("/dev/zero", world.hosts_path.c_str()), 0);
  asker.begin("d.test");
}

/// The names that are asked for when none of them exists, or exists without an address.
std::string search(const std::string& conf, const char* host, unsigned code = 3) {
  NameServer server;
  World world(server.port, "nameserver 127.0.0.1\n" + conf);
  Asker asker(world);
  Status status = asker.start(host);
  std::string names;
  while (status == Status::kPending) {
    for (int i = 0; i < 2; i++) {
      const Question question = server.next();
      if (i == 0) names += (names.empty() ? "" : " ") + question.name;
      server.send(question, Reply(question).code(code));
    }
    while (status == Status::kPending && !server.was_asked()) status = asker.go_on();
  }
  const char* why = code == 3 ? ": no such name" : ": no address";
  asker.assert_failed(status, host + std::string(why));
  return names;
}

void assert_search(const std::string& conf, const char* host, const char* names) {
  assert_string_equal(search(conf, host).c_str(), names);
  assert_string_equal(search(conf, host, 0).c_str(), names);
}

void names_are_searched(void**) {
  assert_search("", "api", "api");
  assert_search("search one.test two.test\n", "api", "api.one.test api.two.test api");
  assert_search("search one.test two.test\n", "api.s3", "api.s3 api.s3.one.test api.s3.two.test");
  assert_search("search one.test two.test\n", "api.", "api");
  assert_search("search one.test two.test\n", "api.s3.", "api.s3");
  assert_search("domain one.test\n", "api", "api.one.test api");
  assert_search("search one.test\noptions ndots:3\n", "a.b.c", "a.b.c.one.test a.b.c");
  assert_search("search one.test\noptions ndots:3\n", "a.b.c.d", "a.b.c.d a.b.c.d.one.test");
  assert_search("search one.test\noptions ndots:0\n", "api", "api api.one.test");
  assert_search("search .\n", "api", "api");
}

void names_that_would_be_too_long_are_left_out(void**) {
  std::string host = std::string(60, 'a') + ".";
  while (host.size() < 240) host += std::string(40, 'b') + ".";
  host.resize(244);
  const std::string whole = host + " " + host + ".fits.xyz";
  assert_int_equal(host.size() + strlen(".fits.xyz"), 253);
  assert_search("search doesnotfit.test fits.xyz fits.xyzz\n", host.c_str(), whole.c_str());
}

void the_first_name_with_an_address_counts(void**) {
  NameServer server;
  World world(server.port, "nameserver 127.0.0.1\nsearch one.test two.test\n");
  Asker asker(world);
  asker.begin("api");
  server.answer({}, {});
  while (!server.was_asked()) assert_status(asker.go_on(), Status::kPending);
  for (int i = 0; i < 2; i++) {
    const Question question = server.next();
    assert_string_equal(question.name.c_str(), "api.two.test");
    Reply reply(question);
    if (question.type == kTypeA) reply.alias("api.two.test", "web.test").address("192.0.2.1", 60, "web.test");
    server.send(question, reply);
  }
  asker.assert_found(asker.finish(), "192.0.2.1");
  assert_says(asker.lookup.describe(), "api");
}

void each_name_waits_anew_for_the_other_family(void**) {
  NameServer server;
  World world(server.port, "nameserver 127.0.0.1\nsearch one.test\n");
  Asker asker(world);
  asker.begin("api");
  for (const uint16_t type : {kTypeA, kTypeAaaa}) {
    const Question question = server.next(type);
    server.send(question, Reply(question).code(3));
    assert_status(asker.go_on(), Status::kPending);
  }
  asker.now = asker.now + 100;
  const Question a = server.next(kTypeA);
  const Question aaaa = server.next(kTypeAaaa);
  server.send(a, Reply(a).address("192.0.2.1"));
  assert_status(asker.go_on(), Status::kPending);
  server.send(aaaa, Reply(aaaa).address("2001:db8::1"));
  asker.assert_found(asker.go_on(), "2001:db8::1 192.0.2.1");
}

void a_server_that_fails_ends_the_search(void**) {
  NameServer server;
  World world(server.port, "nameserver 127.0.0.1\nsearch one.test two.test\noptions attempts:1\n");
  Asker asker(world);
  asker.begin("api");
  server.answer_code(2);
  asker.assert_failed(asker.finish(), "api: no name server could answer (127.0.0.1: server failure)");
}

void one_name_without_address_is_a_name(void**) {
  NameServer server;
  World world(server.port, "nameserver 127.0.0.1\nsearch one.test\n");
  Asker asker(world);
  asker.begin("api");
  server.answer({}, {});
  while (!server.was_asked()) assert_status(asker.go_on(), Status::kPending);
  server.answer_code(3);
  asker.assert_failed(asker.finish(), "api: no address");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(addresses_need_no_files),
      CASE(addresses_of_missing_interfaces),
      CASE(hosts_come_first),
      CASE(hosts_are_read_anew),
      CASE(long_lines_are_left_out),
      CASE(more_addresses_than_room),
      CASE(localhost_is_the_loopback),
      CASE(files_that_are_none),
      CASE(names_are_searched),
      CASE(names_that_would_be_too_long_are_left_out),
      CASE(the_first_name_with_an_address_counts),
      CASE(each_name_waits_anew_for_the_other_family),
      CASE(a_server_that_fails_ends_the_search),
      CASE(one_name_without_address_is_a_name),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
