#include "tinyaws/status.h"

namespace tinyaws {
namespace {

struct Text {
  Str name;
  Str words;
};

// In the order of the enumeration.
constexpr Text kTexts[] = {
    {"kOk", "success"},
    {"kPending", "not finished yet"},
    {"kInvalidArgument", "a value that can't be sent or signed"},
    {"kBufferTooSmall", "the buffer given is too small"},
    {"kTooManyHeaders", "more headers than TINYAWS_MAX_HEADERS allows"},
    {"kRequestTooLarge", "the request's head does not fit the connection's buffer"},
    {"kBusy", "at work on another call"},
    {"kCancelled", "the call was cancelled"},
    {"kNotFound", "not found"},
    {"kUnsupported", "not supported by this build or port"},
    {"kBodySourceFailed", "the source of the request's body failed or ended early"},
    {"kBodySinkFailed", "the response's body could not be stored"},
    {"kNoCredentials", "no credentials, or incomplete ones"},
    {"kNoRegion", "no region is given or configured"},
    {"kClockNotSet", "it is not known what time it is"},
    {"kCryptoFailed", "the crypto library or the random generator failed"},
    {"kFileUnreadable", "a file could not be read"},
    {"kMalformedFile", "a line of a shared file is malformed"},
    {"kValueTooLong", "a value is longer than its limit"},
    {"kProfileNotFound", "the profile is in neither of the shared files"},
    {"kProfileInvalid", "the profile is incomplete or contradicts itself"},
    {"kCredentialsIncomplete", "a part of the credentials is missing"},
    {"kCredentialsRefused", "the source of credentials answered with an error"},
    {"kCredentialsUnavailable", "the source of credentials did not answer"},
    {"kMalformedCredentials", "the source of credentials gave a malformed answer"},
    {"kCredentialsExpired", "the credentials have expired and no newer ones could be had"},
    {"kProcessFailed", "the credential process failed"},
    {"kResolveFailed", "the host name could not be resolved"},
    {"kConnectFailed", "no address of the host accepted the connection"},
    {"kTlsFailed", "TLS failed"},
    {"kCertificateRejected", "the server's certificate was rejected"},
    {"kConnectionLost", "the server closed the connection without a complete answer"},
    {"kConnectTimedOut", "no connection within the time limit"},
    {"kTlsTimedOut", "no TLS session within the time limit"},
    {"kFirstByteTimedOut", "no answer within the time limit"},
    {"kStalled", "no byte moved within the time limit"},
    {"kAttemptTimedOut", "no complete answer within the time limit of one attempt"},
    {"kDeadlineExceeded", "the call took longer than its time limit"},
    {"kMalformedHead", "the answer's status line or header fields are malformed"},
    {"kForbiddenByte", "NUL or a bare CR in the answer's header"},
    {"kMalformedLength", "the answer's Content-Length is not a number"},
    {"kConflictingLength", "the answer's length is given twice"},
    {"kUnknownCoding", "the answer has a transfer coding other than chunked"},
    {"kMalformedChunk", "the answer's chunked body is malformed"},
    {"kTruncated", "the answer ended early"},
    {"kHeadTooLarge", "the answer's head does not fit the connection's buffer"},
    {"kTrailersTooLarge", "more trailer fields than TINYAWS_MAX_TRAILER_BYTES allows"},
    {"kChunkExtensionsTooLarge", "more chunk extensions than TINYAWS_MAX_CHUNK_EXTENSION_BYTES allows"},
    {"kTooManyInterims", "more interim answers than TINYAWS_MAX_INTERIM_RESPONSES allows"},
    {"kUnexpectedUpgrade", "the server switched protocols without being asked"},
    {"kServiceError", "the service answered with an error"},
};
static_assert(sizeof kTexts / sizeof kTexts[0] == static_cast<size_t>(Status::kServiceError) + 1,
              "one text for each status");

const Text& text_of(Status status) {
  return kTexts[static_cast<size_t>(status)];
}

}  // namespace

Str name(Status status) {
  return text_of(status).name;
}

Str describe(Status status) {
  return text_of(status).words;
}

}  // namespace tinyaws
