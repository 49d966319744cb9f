// Errors as JSON (Smithy, "AWS JSON 1.1 protocol" and "AWS restJson1 protocol", operation error serialization).
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/error_info.h"

namespace tinyaws {

/// A code without the namespace in front of its '#' and without what follows a ':'; empty when that is no code.
Str bare_code(Str code);

/// Fills in the code, when it is empty, and the message from `document`, a bare one. Of a document that has no end
/// nothing counts where `extent` is kWhole.
void read_json_error(Str document, Extent extent, ErrorInfo& error);

}  // namespace tinyaws
