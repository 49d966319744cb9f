#define JSMN_STATIC
#include <jsmn.h>

#include "text/json_tokens.h"

namespace tinyaws {

int split_json(jsmn_parser& parser, Bytes document, Span<jsmntok_t> tokens) {
  return jsmn_parse(&parser, document.data(), document.size(), tokens.data(), static_cast<unsigned>(tokens.size()));
}

}  // namespace tinyaws
