// Errors as XML, in all the shapes that AWS's services have (Smithy, "AWS restXml protocol", "AWS query protocol" and
// "AWS EC2 query protocol", operation error serialization; "Error responses", Amazon S3 API Reference).
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/error_info.h"

namespace tinyaws {

/// The name of the document's root, without a prefix; empty when it is no XML.
Str xml_root(Bytes document);

/// Fills in the message and what is empty of code, ids and region, and ServerTime. Elements that have an end count,
/// whatever comes of the rest of the document; with kBeginning a Message that has none, too.
void read_xml_error(Bytes document, Extent extent, ErrorInfo& error);

}  // namespace tinyaws
