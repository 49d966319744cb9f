// The POSIX port: which endpoints it refuses, which addresses it tries, and what it says of them. Nothing leaves the
// loopback interface.
#include "port_posix_tcp.h"

using namespace tinyaws;
using namespace test;

namespace {

void refuses_endpoints_it_cannot_serve(void**) {
  Names names;
  TcpTransport transport(names.resolver);
  assert_status(transport.open({"127.0.0.1", 443, true}), Status::kUnsupported);
  assert_status(transport.open({"", 80, false}), Status::kInvalidArgument);
  assert_status(transport.open({Str("127.0.0.1\0.test", 15), 80, false}), Status::kInvalidArgument);
  const std::string longest = std::string(kMaxHostBytes - 5, 'a') + ".test";
  assert_status(transport.open({longest + "s", 80, false}), Status::kInvalidArgument);
  assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kClosed));
  assert_status(transport.open({longest, 80, false}), Status::kPending);
  assert_says(transport.describe(), longest);
  faults.resolver_error = EAI_NONAME;
  assert_status(finish_connecting(transport), Status::kResolveFailed);
  assert_int_equal(text(transport.describe()).find(longest + ": "), 0);
}

void copies_the_endpoint(void**) {
  Server server("127.0.0.1");
  Names names;
  TcpTransport transport(names.resolver);
  {
    char host[] = "127.0.0.1";
    assert_status(transport.open({host, server.port, false}), Status::kPending);
    memset(host, 'x', sizeof host - 1);
  }
  assert_status(finish_connecting(transport), Status::kOk);
}

void says_who_refused(void**) {
  Server server("127.0.0.1", -1);
  Names names;
  TcpTransport transport(names.resolver);
  for (int i = 0; i < 2; i++) {
    assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kConnectFailed);
    assert_status(transport.advance(now()), Status::kConnectFailed);
    assert_int_equal(transport.interest(true, true).handle, -1);
    transport.close();
    assert_says(transport.describe(), server.at("127.0.0.1") + ": " + error_words(ECONNREFUSED));
  }
}

void says_what_the_resolver_says(void**) {
  Names names;
  TcpTransport transport(names.resolver);
  for (int i = 0; i < 2; i++) {
    faults.resolver_error = EAI_AGAIN;
    assert_status(connect_to(transport, "a.test", 80), Status::kResolveFailed);
    const std::string words = text(transport.describe());
    assert_int_equal(words.find("a.test: "), 0);
    assert_int_equal(transport.interest(true, true).handle, -1);
    transport.close();
    assert_says(transport.describe(), words);
  }
}

void resolves_localhost(void**) {
  Server server("127.0.0.1");
  Names names;
  TcpTransport transport(names.resolver);
  assert_status(connect_to(transport, "localhost", server.port), Status::kOk);
  assert_says(transport.describe(), server.at("127.0.0.1"));
}

void goes_on_to_the_next_address(void**) {
  if (!has_ipv6()) skip();
  Server server("127.0.0.1");
  Names names("two.test", {"::1", "127.0.0.1"});
  TcpTransport transport(names.resolver);
  faults.interrupt = true;
  assert_status(transport.open({"two.test", server.port, false}), Status::kPending);
  assert_status(transport.advance(now()), Status::kPending);
  assert_true(faults.interruptions > 0);
  assert_says(transport.describe(), server.at("[::1]") + ", " + server.at("127.0.0.1"));
  assert_status(finish_connecting(transport), Status::kOk);
  assert_says(transport.describe(), server.at("127.0.0.1"));
  assert_int_equal(faults.lists_out, 0);
  server.accept_one();
  server.reset();
  char space[8];
  assert_io(receive(transport, space), Status::kConnectionLost, 0);
  assert_says(transport.describe(), server.at("127.0.0.1") + ": " + error_words(ECONNRESET));
}

void skips_what_cannot_be_reached(void**) {
  Server server("127.0.0.1");
  {
    Names names("three.test", {"fe80::1", "255.255.255.255", "127.0.0.1"});
    TcpTransport transport(names.resolver);
    assert_status(connect_to(transport, "three.test", server.port), Status::kOk);
    assert_says(transport.describe(), server.at("127.0.0.1"));
  }
  faults = {};
  Names names("two.test", {"fe80::1", "255.255.255.255"});
  TcpTransport transport(names.resolver);
  assert_status(connect_to(transport, "two.test", server.port), Status::kConnectFailed);
  assert_status(transport.advance(now()), Status::kConnectFailed);
  assert_says(transport.describe(),
              server.at("255.255.255.255") + ": " + error_words(ENETUNREACH) + " (last of 2 addresses)");
  transport.close();
  assert_status(connect_to(transport, "255.255.255.255", server.port), Status::kConnectFailed);
  assert_says(transport.describe(), server.at("255.255.255.255") + ": " + error_words(ENETUNREACH));
}

void keeps_the_scope_of_an_address(void**) {
  if (!has_ipv6()) skip();
  Names names;
  TcpTransport transport(names.resolver);
  assert_status(connect_to(transport, "fe80::1%lo", 9), Status::kConnectFailed);
  const std::string words = text(transport.describe());
  assert_int_equal(words.find("[fe80::1%1]:9: "), 0);
  assert_true(words.find("Invalid argument") == std::string::npos);
}

void tries_as_many_addresses_as_it_says(void**) {
  Names names("ten.test", {"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6", "127.0.0.7",
                           "127.0.0.8", "127.0.0.9", "127.0.0.10"});
  TcpTransport transport(names.resolver);
  Server ninth("127.0.0.9");
  assert_status(transport.open({"ten.test", ninth.port, false}), Status::kPending);
  assert_status(transport.advance(now()), Status::kPending);
  std::string list = ninth.at("127.0.0.1");
  for (int i = 2; i <= 8; i++) list += ", " + ninth.at(("127.0.0." + std::to_string(i)).c_str());
  assert_says(transport.describe(), list + " and 2 more");
  assert_status(finish_connecting(transport), Status::kConnectFailed);
  assert_says(transport.describe(),
              ninth.at("127.0.0.8") + ": " + error_words(ECONNREFUSED) + " (last of 8 addresses)");
  transport.close();
  Server eighth("127.0.0.8");
  assert_status(connect_to(transport, "ten.test", eighth.port), Status::kOk);
  assert_says(transport.describe(), eighth.at("127.0.0.8"));
}

void cuts_a_long_list_in_words(void**) {
  // Without a scope these go nowhere.
  Names names("long.test", {"fe80::1111:2222:3333:1", "127.0.0.1", "fe80::1111:2222:3333:2", "fe80::1111:2222:3333:3",
                            "fe80::1111:2222:3333:4", "fe80::1111:2222:3333:5", "fe80::1111:2222:3333:6",
                            "fe80::1111:2222:3333:7"});
  Server silent("127.0.0.1", -1);
  TcpTransport transport(names.resolver);
  assert_status(transport.open({"long.test", silent.port, false}), Status::kPending);
  assert_status(transport.advance(now()), Status::kPending);
  const std::string list = text(transport.describe());
  size_t commas = 0;
  for (char c : list) commas += c == ',';
  assert_string_equal(list.c_str() + list.find(" and "), (" and " + std::to_string(7 - commas) + " more").c_str());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(refuses_endpoints_it_cannot_serve),
      CASE(copies_the_endpoint),
      CASE(says_who_refused),
      CASE(says_what_the_resolver_says),
      CASE(resolves_localhost),
      CASE(goes_on_to_the_next_address),
      CASE(skips_what_cannot_be_reached),
      CASE(keeps_the_scope_of_an_address),
      CASE(tries_as_many_addresses_as_it_says),
      CASE(cuts_a_long_list_in_words),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
