// The POSIX port in a build that asks the C library for addresses: its resolver is stood in for.
#include <netdb.h>

#include "port_posix_resolver.h"

using namespace tinyaws;
using namespace test;

namespace {

struct Library {
  std::vector<const char*> addresses;  // of a name that is no address
  int error;
  int error_number;
  int interruptions;  // before anything else
  int names;          // that were asked for
  int lists;          // given and not yet freed
};
Library library;

void set_addresses(addrinfo* list, const std::vector<const char*>& addresses) {
  for (size_t i = 0; i < addresses.size(); i++) {
    const bool v6 = strchr(addresses[i], ':') != nullptr;
    auto* address = new sockaddr_in6();
    auto* v4 = reinterpret_cast<sockaddr_in*>(address);
    list[i] = {};
    list[i].ai_family = address->sin6_family = v6 ? AF_INET6 : AF_INET;
    list[i].ai_addr = reinterpret_cast<sockaddr*>(address);
    list[i].ai_next = i + 1 < addresses.size() ? &list[i + 1] : nullptr;
    inet_pton(list[i].ai_family, addresses[i], v6 ? static_cast<void*>(&address->sin6_addr) : &v4->sin_addr);
  }
}

}  // namespace

extern "C" int getaddrinfo(const char* host, const char*, const addrinfo* hints, addrinfo** list) {
  const bool numeric = isdigit(*host) || strchr(host, ':');
  if (library.interruptions-- > 0) return errno = EINTR, EAI_SYSTEM;
  if (!numeric && (hints->ai_flags & AI_NUMERICHOST)) return EAI_NONAME;
  library.names += !numeric;
  errno = library.error_number;
  if (library.error != 0) return library.error;
  const std::vector<const char*> addresses = numeric ? std::vector<const char*>{host} : library.addresses;
  *list = new addrinfo[addresses.size()];
  set_addresses(*list, addresses);
  library.lists++;
  return 0;
}

extern "C" void freeaddrinfo(addrinfo* list) noexcept {
  for (addrinfo* one = list; one; one = one->ai_next) delete reinterpret_cast<sockaddr_in6*>(one->ai_addr);
  delete[] list;
  library.lists--;
}

namespace {

struct Blocking {
  Blocking() { library = {}; }
  ~Blocking() { assert_int_equal(library.lists, 0); }

  Status start(Str host) {
    assert_status(lookup.start(host), Status::kPending);
    return lookup.advance({0});
  }

  TestPlatform platform;
  Resolver resolver{platform};
  Lookup lookup{resolver};
};

void takes_the_order_of_the_library(void**) {
  Blocking it;
  library.addresses = {"192.0.2.1", "2001:db8::1", "192.0.2.2"};
  library.interruptions = 3;
  assert_status(it.start("api.example.com"), Status::kOk);
  assert_string_equal(join(it.lookup.addresses()).c_str(), "192.0.2.1 2001:db8::1 192.0.2.2");
  assert_int_equal(it.lookup.found(), 3);
  assert_status(it.lookup.advance({0}), Status::kOk);
  assert_int_equal(library.names, 1);
  assert_int_equal(it.lookup.interest().handle, -1);
  assert_true(it.lookup.next_deadline() == kNever);
  it.lookup.stop();
  assert_true(it.lookup.addresses().empty());
  assert_says(it.lookup.describe(), "api.example.com");
}

void addresses_need_no_look_up(void**) {
  Blocking it;
  assert_status(it.start("192.0.2.1"), Status::kOk);
  assert_string_equal(join(it.lookup.addresses()).c_str(), "192.0.2.1");
  assert_int_equal(library.names, 0);
}

void says_what_the_library_says(void**) {
  Blocking it;
  library.error = EAI_AGAIN;
  assert_status(it.start("a.test"), Status::kResolveFailed);
  assert_says(it.lookup.describe(), std::string("a.test: ") + gai_strerror(EAI_AGAIN));
  assert_status(it.lookup.advance({0}), Status::kResolveFailed);
  assert_int_equal(library.names, 1);
  library.error = EAI_SYSTEM;
  library.error_number = EMFILE;
  assert_status(it.start("a.test"), Status::kResolveFailed);
  assert_says(it.lookup.describe(), "a.test: " + error_words(EMFILE));
}

void refuses_what_is_no_host(void**) {
  Blocking it;
  assert_status(it.lookup.start(""), Status::kInvalidArgument);
  assert_status(it.lookup.start(Str("a\0b", 3)), Status::kInvalidArgument);
  assert_status(it.lookup.start(std::string(kMaxHostBytes + 1, 'a')), Status::kInvalidArgument);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(takes_the_order_of_the_library),
      CASE(addresses_need_no_look_up),
      CASE(says_what_the_library_says),
      CASE(refuses_what_is_no_host),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
