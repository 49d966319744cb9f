// Names of hosts.
#pragma once

#include "tinyaws/bytes.h"

namespace tinyaws::posix {

/// Bytes of a name that DNS can ask for, without a dot at the end, and of one label (RFC 1035 section 2.3.4).
constexpr size_t kMaxNameBytes = 253;
constexpr size_t kMaxLabelBytes = 63;

Str without_last_dot(Str name);

/// Whether DNS can be asked for it: labels of letters, digits, '-' and '_' (RFC 1123 section 2.1; the underscore is
/// what is found in the field), neither empty nor too long. A dot at the end is fine.
bool is_host_name(Str name);

/// "localhost", and what ends with ".localhost" (RFC 6761 section 6.3).
bool is_localhost(Str name);

size_t count_dots(Str name);

}  // namespace tinyaws::posix
