// jsmn, compiled once.
#pragma once

#define JSMN_STATIC
#define JSMN_HEADER
#include <jsmn.h>

#include "tinyaws/bytes.h"

namespace tinyaws {

constexpr jsmn_parser kJsonStart = {0, 0, -1};

/// Goes on splitting the document into tokens. As jsmn_parse: their number so far, or one of jsmn's errors.
int split_json(jsmn_parser& parser, Bytes document, Span<jsmntok_t> tokens);

}  // namespace tinyaws
