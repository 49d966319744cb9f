// Foreign text, and addresses, in messages.
#pragma once

#include "base/writer.h"
#include "tinyaws/bytes.h"

namespace tinyaws {

struct Endpoint;

/// Writes text on one line: blanks in place of control characters.
void put_printable(Str text, Writer& out);

/// Writes "https://[::1]:8443"; a port that is the scheme's own is left out.
void put_endpoint(const Endpoint& endpoint, Writer& out);

}  // namespace tinyaws
