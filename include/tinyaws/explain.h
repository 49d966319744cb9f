// Why a signature was refused, in words for a person: for logs, and for a program's "verbose".
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// The codes of an answer that `explain_mismatch` has something to say about: SignatureDoesNotMatch,
/// InvalidSignatureException and InvalidSignature.
bool is_signature_refusal(Str code);

/// What was signed, as a SigningTee is shown it, all pieces joined. Either may be empty when it was not kept.
struct SignedTexts {
  Str canonical_request;
  Str string_to_sign;
};

/// Compares what was signed with what the service shows in its refusal, and writes the first difference and its
/// likely cause: a few lines of printable text, without a line end behind the last.
/// `answer`: the body of the refusal; its beginning will do, and is then compared as far as it goes. Read are the
/// elements CanonicalRequest (else CanonicalRequestBytes) and StringToSign of Amazon S3 ("Error responses", Amazon S3
/// API Reference), and the texts in quotes that other services have in their message, in XML, JSON or plain ("The
/// Canonical String for this request should have been ..."). Nothing is copied, whatever its length. Where nothing is
/// shown, the usual causes are named.
/// Only some 60 bytes around a difference are written, and none of what may be a secret: of headers and parameters
/// whose name speaks of a token, a key or the like, only name and lengths.
/// Where kWithWords is false it writes nothing, and answers kOk with 0.
/// kOk with the text's length, or kBufferTooSmall with the length needed; under 1,024 unless a header's name is long.
/// Cost: time in proportion to the lengths; some 2 KB of stack.
IoResult explain_mismatch(const SignedTexts& ours, Bytes answer, MutBytes text);

}  // namespace tinyaws
