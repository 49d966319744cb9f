#include "tinyaws/status.h"

namespace tinyaws {
namespace {

// In the order of the enumeration.
constexpr Str kWords[] = {
    "success",
    "not finished yet",
    "a value that can't be sent or signed",
    "the buffer given is too small",
    "more headers than TINYAWS_MAX_HEADERS allows",
    "the request's head does not fit the connection's buffer",
    "at work on another call",
    "the call was cancelled",
    "not found",
    "not supported by this build or port",
    "the source of the request's body failed or ended early",
    "the response's body could not be stored",
    "no credentials, or incomplete ones",
    "no region is given or configured",
    "it is not known what time it is",
    "the crypto library or the random generator failed",
    "a file could not be read",
    "a line of a shared file is malformed",
    "a value is longer than its limit",
    "the profile is in neither of the shared files",
    "the profile is incomplete or contradicts itself",
    "a part of the credentials is missing",
    "the source of credentials answered with an error",
    "the source of credentials did not answer",
    "the source of credentials gave a malformed answer",
    "the credentials have expired and no newer ones could be had",
    "the credential process failed",
    "the host name could not be resolved",
    "no address of the host accepted the connection",
    "TLS failed",
    "the server's certificate was rejected",
    "the server closed the connection without a complete answer",
    "no connection within the time limit",
    "no TLS session within the time limit",
    "no answer within the time limit",
    "no byte moved within the time limit",
    "no complete answer within the time limit of one attempt",
    "the call took longer than its time limit",
    "the answer's status line or header fields are malformed",
    "NUL or a bare CR in the answer's header",
    "the answer's Content-Length is not a number",
    "the answer's length is given twice",
    "the answer has a transfer coding other than chunked",
    "the answer's chunked body is malformed",
    "the answer ended early",
    "the answer's head does not fit the connection's buffer",
    "more trailer fields than TINYAWS_MAX_TRAILER_BYTES allows",
    "more chunk extensions than TINYAWS_MAX_CHUNK_EXTENSION_BYTES allows",
    "more interim answers than TINYAWS_MAX_INTERIM_RESPONSES allows",
    "the server switched protocols without being asked",
    "the service answered with an error",
};
static_assert(sizeof kWords / sizeof kWords[0] == static_cast<size_t>(Status::kServiceError) + 1,
              "words for each status");

}  // namespace

Str describe(Status status) {
  return kWords[static_cast<size_t>(status)];
}

}  // namespace tinyaws
