#include "hosts_file.h"

#include "address_text.h"
#include "host_name.h"

namespace tinyaws::posix {

HostsLines::HostsLines(Str host, AddressList& out) : host_(without_last_dot(host)), out_(out) {}

void HostsLines::on_line(Str line) {
  if (const size_t comment = line.find('#'); comment != Str::npos) line = {line.data(), comment};
  Address address;
  if (read_address(take_word(line), address) != AddressText::kOk) return;
  for (Str name = take_word(line); !name.empty(); name = take_word(line)) {
    if (equals_ignoring_case(without_last_dot(name), host_)) {
      out_.add(address);
      return;
    }
  }
}

}  // namespace tinyaws::posix
