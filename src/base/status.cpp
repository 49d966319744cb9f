#include "tinyaws/status.h"

namespace tinyaws {
namespace {

// In the order of the enumeration.
constexpr Str kNames[] = {
    "kOk",
    "kPending",
    "kInvalidArgument",
    "kBufferTooSmall",
    "kTooManyHeaders",
    "kRequestTooLarge",
    "kBusy",
    "kCancelled",
    "kNotFound",
    "kUnsupported",
    "kBodySourceFailed",
    "kBodySinkFailed",
    "kNoCredentials",
    "kNoRegion",
    "kClockNotSet",
    "kCryptoFailed",
    "kFileUnreadable",
    "kMalformedFile",
    "kValueTooLong",
    "kProfileNotFound",
    "kProfileInvalid",
    "kCredentialsIncomplete",
    "kCredentialsRefused",
    "kCredentialsUnavailable",
    "kMalformedCredentials",
    "kCredentialsExpired",
    "kProcessFailed",
    "kResolveFailed",
    "kConnectFailed",
    "kTlsFailed",
    "kCertificateRejected",
    "kConnectionLost",
    "kConnectTimedOut",
    "kTlsTimedOut",
    "kFirstByteTimedOut",
    "kStalled",
    "kAttemptTimedOut",
    "kDeadlineExceeded",
    "kMalformedHead",
    "kForbiddenByte",
    "kMalformedLength",
    "kConflictingLength",
    "kUnknownCoding",
    "kMalformedChunk",
    "kTruncated",
    "kHeadTooLarge",
    "kTrailersTooLarge",
    "kChunkExtensionsTooLarge",
    "kTooManyInterims",
    "kUnexpectedUpgrade",
    "kServiceError",
};
static_assert(sizeof kNames / sizeof kNames[0] == static_cast<size_t>(Status::kServiceError) + 1,
              "one name for each status");

}  // namespace

Str name(Status status) {
  return kNames[static_cast<size_t>(status)];
}

}  // namespace tinyaws
