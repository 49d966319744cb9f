// What may stand in a host name.
#pragma once

#include "tinyaws/bytes.h"

namespace tinyaws {

/// The part of a host name between dots (RFC 1123 section 2.1): 1 to 63 letters, digits and hyphens, no hyphen at
/// either end.
bool is_host_label(Str text);

/// One label, or several with dots between them.
bool is_host_labels(Str text);

/// Four numbers with dots between them, in range or not: nothing that a name server is asked for.
bool looks_like_ipv4(Str text);

}  // namespace tinyaws
