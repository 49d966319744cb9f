// Reading the head of a response (RFC 9112 sections 2 to 6), strictly.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/exchange.h"
#include "tinyaws/http.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// Looks for the end of a head at the front of `received`, checking each line once: `scanned` starts at 0 and keeps
/// how far that has come. kOk: `scanned` is the head's size. kPending: more bytes are needed.
/// Errors: kMalformedHead, kForbiddenByte.
Status scan_head(Bytes received, size_t& scanned);

/// The status code of a scanned head.
uint16_t read_status(Bytes head);

/// The fields of a scanned head, one after the other.
class FieldReader {
 public:
  explicit FieldReader(Bytes head);

  /// The value comes without the blanks around it.
  bool next(Header& field);

 private:
  Str rest_;
};

/// How the body is delimited and whether the connection lives on.
struct Framing {
  Receiving body = Receiving::kDone;  ///< Never kHead; kDone: there is none.
  uint64_t length = 0;
  bool keep_alive = false;
};

/// RFC 9112 section 6.3. `to_head_request`: the request's method was HEAD.
/// Errors: kMalformedLength, kConflictingLength, kUnknownCoding.
Status read_framing(const ResponseHead& head, bool to_head_request, Framing& framing);

/// A line of a head or of trailer fields, without its CRLF, holds NUL or CR.
bool has_forbidden_byte(Str line);

}  // namespace tinyaws
