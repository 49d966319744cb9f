#include "tinyaws/status.h"

#include <cstring>

#include "c/views.h"
#include "tinyaws/c_status.h"

using namespace tinyaws;
using namespace tinyaws::c;

namespace {

struct Counterparts {
  Status cpp;
  tinyaws_status c;
};

constexpr Counterparts kCounterparts[] = {
    {Status::kOk, TINYAWS_OK},
    {Status::kPending, TINYAWS_PENDING},
    {Status::kInvalidArgument, TINYAWS_INVALID_ARGUMENT},
    {Status::kBufferTooSmall, TINYAWS_BUFFER_TOO_SMALL},
    {Status::kTooManyHeaders, TINYAWS_TOO_MANY_HEADERS},
    {Status::kRequestTooLarge, TINYAWS_REQUEST_TOO_LARGE},
    {Status::kBusy, TINYAWS_BUSY},
    {Status::kCancelled, TINYAWS_CANCELLED},
    {Status::kNotFound, TINYAWS_NOT_FOUND},
    {Status::kUnsupported, TINYAWS_UNSUPPORTED},
    {Status::kBodySourceFailed, TINYAWS_BODY_SOURCE_FAILED},
    {Status::kBodySinkFailed, TINYAWS_BODY_SINK_FAILED},
    {Status::kNoCredentials, TINYAWS_NO_CREDENTIALS},
    {Status::kNoRegion, TINYAWS_NO_REGION},
    {Status::kClockNotSet, TINYAWS_CLOCK_NOT_SET},
    {Status::kCryptoFailed, TINYAWS_CRYPTO_FAILED},
    {Status::kFileUnreadable, TINYAWS_FILE_UNREADABLE},
    {Status::kMalformedFile, TINYAWS_MALFORMED_FILE},
    {Status::kValueTooLong, TINYAWS_VALUE_TOO_LONG},
    {Status::kProfileNotFound, TINYAWS_PROFILE_NOT_FOUND},
    {Status::kProfileInvalid, TINYAWS_PROFILE_INVALID},
    {Status::kCredentialsIncomplete, TINYAWS_CREDENTIALS_INCOMPLETE},
    {Status::kCredentialsRefused, TINYAWS_CREDENTIALS_REFUSED},
    {Status::kCredentialsUnavailable, TINYAWS_CREDENTIALS_UNAVAILABLE},
    {Status::kMalformedCredentials, TINYAWS_MALFORMED_CREDENTIALS},
    {Status::kCredentialsExpired, TINYAWS_CREDENTIALS_EXPIRED},
    {Status::kProcessFailed, TINYAWS_PROCESS_FAILED},
    {Status::kResolveFailed, TINYAWS_RESOLVE_FAILED},
    {Status::kConnectFailed, TINYAWS_CONNECT_FAILED},
    {Status::kTlsFailed, TINYAWS_TLS_FAILED},
    {Status::kCertificateRejected, TINYAWS_CERTIFICATE_REJECTED},
    {Status::kConnectionLost, TINYAWS_CONNECTION_LOST},
    {Status::kConnectTimedOut, TINYAWS_CONNECT_TIMED_OUT},
    {Status::kTlsTimedOut, TINYAWS_TLS_TIMED_OUT},
    {Status::kFirstByteTimedOut, TINYAWS_FIRST_BYTE_TIMED_OUT},
    {Status::kStalled, TINYAWS_STALLED},
    {Status::kAttemptTimedOut, TINYAWS_ATTEMPT_TIMED_OUT},
    {Status::kDeadlineExceeded, TINYAWS_DEADLINE_EXCEEDED},
    {Status::kMalformedHead, TINYAWS_MALFORMED_HEAD},
    {Status::kForbiddenByte, TINYAWS_FORBIDDEN_BYTE},
    {Status::kMalformedLength, TINYAWS_MALFORMED_LENGTH},
    {Status::kConflictingLength, TINYAWS_CONFLICTING_LENGTH},
    {Status::kUnknownCoding, TINYAWS_UNKNOWN_CODING},
    {Status::kMalformedChunk, TINYAWS_MALFORMED_CHUNK},
    {Status::kTruncated, TINYAWS_TRUNCATED},
    {Status::kHeadTooLarge, TINYAWS_HEAD_TOO_LARGE},
    {Status::kTrailersTooLarge, TINYAWS_TRAILERS_TOO_LARGE},
    {Status::kChunkExtensionsTooLarge, TINYAWS_CHUNK_EXTENSIONS_TOO_LARGE},
    {Status::kTooManyInterims, TINYAWS_TOO_MANY_INTERIMS},
    {Status::kUnexpectedUpgrade, TINYAWS_UNEXPECTED_UPGRADE},
    {Status::kServiceError, TINYAWS_SERVICE_ERROR},
};

constexpr bool all_have_the_same_value() {
  int value = 0;
  for (const Counterparts& both : kCounterparts) {
    if (static_cast<int>(both.cpp) != value || static_cast<int>(both.c) != value) return false;
    ++value;
  }
  return value == static_cast<int>(Status::kServiceError) + 1;
}

static_assert(all_have_the_same_value(), "c_status.h lacks a Status, or has it in another place");

}  // namespace

tinyaws_str tinyaws_text(const char* text) {
  return {text, text != nullptr ? std::strlen(text) : 0};
}

tinyaws_str tinyaws_status_name(tinyaws_status status) {
  return to_c(name(from_c(status)));
}

tinyaws_str tinyaws_status_describe(tinyaws_status status) {
  return to_c(describe(from_c(status)));
}
