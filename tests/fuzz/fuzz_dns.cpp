// What the resolver reads from others: answers, resolv.conf and hosts. The first byte says which it is.
#include <cstdlib>
#include <cstring>

#include "dns_message.h"
#include "host_name.h"
#include "hosts_file.h"
#include "resolv_conf.h"

using namespace tinyaws;
using namespace tinyaws::posix;

namespace {

void check(bool ok) {
  if (!ok) abort();
}

void check_list(const AddressList& list, bool v6_only, bool v4_only) {
  check(list.addresses().size() <= kMaxAddresses && list.addresses().size() <= list.found());
  for (const Address& address : list.addresses()) check(!(v6_only && !address.v6) && !(v4_only && address.v6));
}

void read_answer(const unsigned char* data, size_t size, bool v6) {
  const DnsQuestion question{"api.example.com", 0x1234, v6};
  AddressList list;
  if (!answers_question(data, size, question)) return;
  const DnsAnswer answer = read_dns_answer(data, size, v6, list);
  check((answer.kind == AnswerKind::kAddresses) == (list.found() > 0));
  check_list(list, v6, !v6);
  list.alternate();
}

void read_resolv_conf(Str text) {
  DnsSettings settings;
  ResolvConfLines lines(settings);
  cut_lines(text, lines);
  lines.finish();
  check(settings.server_count >= 1 && settings.server_count <= kMaxNameServers);
  check(settings.domain_count <= kMaxSearchDomains && settings.ndots <= 15);
  check(settings.timeout_seconds >= 1 && settings.timeout_seconds <= 30);
  check(settings.attempts >= 1 && settings.attempts <= 5);
  for (const Str host : {Str("api"), Str("a.b.c."), Str("a.b.c.d.e.f")}) {
    const size_t count = count_search_names(settings, host);
    for (size_t i = 0; i < count; i++) {
      char name[kMaxNameBytes + 1];
      if (!write_search_name(settings, host, i, name)) continue;
      check(is_host_name(name) && name[strlen(name) - 1] != '.');
      unsigned char message[kMaxQuestionBytes];
      check(write_dns_question({name, 1, false}, message) > 0);
    }
  }
}

void read_hosts(Str text) {
  AddressList list;
  HostsLines lines("api.example.com", list);
  cut_lines(text, lines);
  check_list(list, false, false);
}

void read_name(Str text) {
  if (!is_host_name(text) || text.size() > kMaxHostBytes) return;
  char name[kMaxNameBytes + 1];
  DnsSettings settings;
  check(write_search_name(settings, text, 0, name));
  unsigned char message[kMaxQuestionBytes];
  check(write_dns_question({name, 0x1234, true}, message) > 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  if (size == 0) return 0;
  const unsigned char which = data[0] % 5;
  data++;
  size--;
  const Str text(reinterpret_cast<const char*>(data), size);
  if (which < 2) {
    read_answer(data, size, which == 1);
  } else if (which == 2) {
    read_resolv_conf(text);
  } else if (which == 3) {
    read_hosts(text);
  } else {
    read_name(text);
  }
  return 0;
}
