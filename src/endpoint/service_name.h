// The names that one service has.
#pragma once

#include "tinyaws/bytes.h"

namespace tinyaws {

struct ServiceName {
  Str in_host;
  Str signed_as;
  Str key;  ///< In settings, with other separators; empty when it follows from the name by its spelling.
};

/// Of a service by any of its names; of one that is unknown both are the name itself.
ServiceName find_service(Str service);

}  // namespace tinyaws
