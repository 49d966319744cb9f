// What the body of an error looks like, by its first character: services and proxies say what they like of its type.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"

namespace tinyaws {

enum class ErrorForm : uint8_t { kJson, kXml, kText };

/// The document without a byte order mark and without white space at either end.
Str bare_document(Bytes document);

/// Of a bare document; kText is all that is neither of the others, nothing among them.
ErrorForm form_of(Str bare);

/// Longest code that is taken for one; those of AWS have at most some 60 bytes. Cost: none. Error: none, the code is
/// then as good as missing.
constexpr size_t kMaxErrorCodeBytes = 128;

/// A text that may be a code, a request id or a region as it stands: not empty, without control characters, and
/// without anything that begins an escape, a reference or other markup.
bool is_plain(Str text);

}  // namespace tinyaws
