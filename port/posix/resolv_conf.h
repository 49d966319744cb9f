// /etc/resolv.conf, resolv.conf(5).
#pragma once

#include "config_lines.h"
#include "tinyaws/posix_resolver.h"

namespace tinyaws::posix {

/// Reads nameserver, search, domain and options; other lines count for nothing, like settings that make no sense.
class ResolvConfLines final : public LineSink {
 public:
  /// Sets what is to hold where the file says nothing, the name server 127.0.0.1 excepted: see `finish`.
  /// `out` must outlive it.
  explicit ResolvConfLines(DnsSettings& out);

  void on_line(Str line) override;
  void finish();

 private:
  void digest(char c);
  void read_server(Str rest);
  void read_domains(Str rest, size_t most);
  void read_options(Str rest);

  DnsSettings& out_;
};

/// How many names there are to ask for, until one has an address. REQUIRES: is_host_name(host), here and below.
size_t count_search_names(const DnsSettings& settings, Str host);

/// Writes one of them, in the order of res_search(3), without a dot at the end but with a NUL. False: it is too long
/// to be asked for. REQUIRES: index < count_search_names; kMaxNameBytes + 1 bytes of room.
bool write_search_name(const DnsSettings& settings, Str host, size_t index, char* out);

}  // namespace tinyaws::posix
