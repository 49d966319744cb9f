#include "resolv_conf.h"

#include <cstring>

#include "address_text.h"
#include "host_name.h"

namespace tinyaws::posix {
namespace {

constexpr size_t kMaxNdots = 15;
constexpr size_t kMaxTimeoutSeconds = 30;
constexpr size_t kHighestAttempts = 5;

// "ndots:2"; the number is capped, and `least` at least.
bool read_option(Str option, Str name, size_t least, size_t most, uint8_t& out) {
  if (option.size() <= name.size() || Str(option.data(), name.size()) != name) return false;
  option.remove_prefix(name.size());
  size_t number = 0;
  for (const char c : option) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + static_cast<size_t>(c - '0');
    if (number > most) number = most;
  }
  out = static_cast<uint8_t>(number < least ? least : number);
  return true;
}

Str domain_at(const DnsSettings& settings, size_t index) {
  const char* domain = settings.domains;
  while (index-- > 0) domain += strlen(domain) + 1;
  return domain;
}

}  // namespace

ResolvConfLines::ResolvConfLines(DnsSettings& out) : out_(out) {
  out_ = {};
}

void ResolvConfLines::digest(char c) {
  out_.digest = (out_.digest ^ static_cast<unsigned char>(c)) * 16777619;
}

void ResolvConfLines::on_line(Str line) {
  for (const char c : line) digest(c);
  digest('\n');
  if (line.empty() || line.front() == ' ' || line.front() == '\t') return;
  const Str keyword = take_word(line);
  if (keyword == "nameserver") {
    read_server(line);
  } else if (keyword == "search") {
    read_domains(line, kMaxSearchDomains);
  } else if (keyword == "domain") {
    read_domains(line, 1);
  } else if (keyword == "options") {
    read_options(line);
  }
}

void ResolvConfLines::read_server(Str rest) {
  if (out_.server_count == kMaxNameServers) return;
  const AddressText result = read_address(take_word(rest), out_.servers[out_.server_count]);
  if (result == AddressText::kOk) out_.server_count++;
  if (result == AddressText::kNoInterface) out_.complete = false;
}

void ResolvConfLines::read_domains(Str rest, size_t most) {
  size_t count = 0;
  size_t used = 0;
  for (Str word = take_word(rest); !word.empty() && count < most; word = take_word(rest)) {
    const Str domain = without_last_dot(word);
    if (!is_host_name(word) || used + domain.size() + 1 > sizeof out_.domains) continue;
    memcpy(out_.domains + used, domain.data(), domain.size());
    used += domain.size();
    out_.domains[used++] = '\0';
    count++;
  }
  out_.domain_count = static_cast<uint8_t>(count);
}

void ResolvConfLines::read_options(Str rest) {
  for (Str word = take_word(rest); !word.empty(); word = take_word(rest)) {
    if (word == "rotate") out_.rotate = true;
    (void)(read_option(word, "ndots:", 0, kMaxNdots, out_.ndots) ||
           read_option(word, "timeout:", 1, kMaxTimeoutSeconds, out_.timeout_seconds) ||
           read_option(word, "attempts:", 1, kHighestAttempts, out_.attempts));
  }
}

void ResolvConfLines::finish() {
  if (out_.server_count > 0) return;
  out_.servers[0] = loopback(false);
  out_.server_count = 1;
}

size_t count_search_names(const DnsSettings& settings, Str host) {
  return host.back() == '.' ? 1 : 1 + size_t{settings.domain_count};
}

bool write_search_name(const DnsSettings& settings, Str host, size_t index, char* out) {
  const size_t last = count_search_names(settings, host) - 1;
  const size_t as_it_is = count_dots(host) >= settings.ndots ? 0 : last;
  host = without_last_dot(host);
  Str domain;
  if (index != as_it_is) domain = domain_at(settings, index - (as_it_is < index));
  const size_t size = host.size() + (domain.empty() ? 0 : 1 + domain.size());
  if (size > kMaxNameBytes) return false;
  memcpy(out, host.data(), host.size());
  if (!domain.empty()) {
    out[host.size()] = '.';
    memcpy(out + host.size() + 1, domain.data(), domain.size());
  }
  out[size] = '\0';
  return true;
}

}  // namespace tinyaws::posix
