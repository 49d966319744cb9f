// As much of XML 1.0 as answers of AWS use: elements and their text. No document type, no namespaces: a prefix and
// its colon are passed over, attributes too.
#pragma once

#include <cstddef>

#include "text/text_field.h"
#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// Elements that stand in one another. Cost: a Str each on the stack of read_xml. Error: kValueTooLong.
constexpr size_t kMaxXmlDepth = 16;

/// Reads the document from end to end and fills in the fields. A path is the last names of the way to an element from
/// the root, "Credentials/AccessKeyId"; with a slash in front, all of them: "/ErrorResponse/Error/Code". Case
/// matters, paths may overlap. The text is that of the first such element that holds no other elements, white space
/// included, and counts as a string. Texts are decoded in place (references, CDATA sections, comments taken out), so
/// that the bytes are no XML any more. Line ends stay as they are, and bytes above 127 are not checked to be UTF-8.
/// Errors: kInvalidArgument when the document is not well-formed, as one that was cut short; kUnsupported when it has
/// a document type; kValueTooLong beyond kMaxXmlDepth. The fields then have no text.
Status read_xml(MutBytes document, Span<TextField> fields);

/// Decodes what stands between the tags of an element that holds no other elements, in place. Lenient: references
/// that are none, and markup that is cut off, stay as they are.
Str decode_xml_text(MutBytes raw);

}  // namespace tinyaws
