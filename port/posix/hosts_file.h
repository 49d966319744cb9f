// /etc/hosts, hosts(5).
#pragma once

#include "config_lines.h"
#include "tinyaws/posix_resolver.h"

namespace tinyaws::posix {

/// Gathers the addresses of all lines that name a host, whatever its case. '#' begins a comment wherever it stands.
class HostsLines final : public LineSink {
 public:
  /// `host` and `out` must outlive it. A dot at the end of the host does not count.
  HostsLines(Str host, AddressList& out);

  void on_line(Str line) override;

 private:
  Str host_;
  AddressList& out_;
};

}  // namespace tinyaws::posix
