#include "tinyaws/status.h"

#include <cstring>

#include "c/views.h"
#include "tinyaws/c_status.h"

using namespace tinyaws;
using namespace tinyaws::c;

namespace {

constexpr tinyaws_status counterpart(Status status) {
  switch (status) {
    case Status::kOk:
      return TINYAWS_OK;
    case Status::kPending:
      return TINYAWS_PENDING;
    case Status::kInvalidArgument:
      return TINYAWS_INVALID_ARGUMENT;
    case Status::kBufferTooSmall:
      return TINYAWS_BUFFER_TOO_SMALL;
    case Status::kTooManyHeaders:
      return TINYAWS_TOO_MANY_HEADERS;
    case Status::kRequestTooLarge:
      return TINYAWS_REQUEST_TOO_LARGE;
    case Status::kBusy:
      return TINYAWS_BUSY;
    case Status::kCancelled:
      return TINYAWS_CANCELLED;
    case Status::kNotFound:
      return TINYAWS_NOT_FOUND;
    case Status::kUnsupported:
      return TINYAWS_UNSUPPORTED;
    case Status::kBodySourceFailed:
      return TINYAWS_BODY_SOURCE_FAILED;
    case Status::kBodySinkFailed:
      return TINYAWS_BODY_SINK_FAILED;
    case Status::kNoCredentials:
      return TINYAWS_NO_CREDENTIALS;
    case Status::kNoRegion:
      return TINYAWS_NO_REGION;
    case Status::kClockNotSet:
      return TINYAWS_CLOCK_NOT_SET;
    case Status::kCryptoFailed:
      return TINYAWS_CRYPTO_FAILED;
    case Status::kFileUnreadable:
      return TINYAWS_FILE_UNREADABLE;
    case Status::kMalformedFile:
      return TINYAWS_MALFORMED_FILE;
    case Status::kValueTooLong:
      return TINYAWS_VALUE_TOO_LONG;
    case Status::kProfileNotFound:
      return TINYAWS_PROFILE_NOT_FOUND;
    case Status::kProfileInvalid:
      return TINYAWS_PROFILE_INVALID;
    case Status::kCredentialsIncomplete:
      return TINYAWS_CREDENTIALS_INCOMPLETE;
    case Status::kCredentialsRefused:
      return TINYAWS_CREDENTIALS_REFUSED;
    case Status::kCredentialsUnavailable:
      return TINYAWS_CREDENTIALS_UNAVAILABLE;
    case Status::kMalformedCredentials:
      return TINYAWS_MALFORMED_CREDENTIALS;
    case Status::kCredentialsExpired:
      return TINYAWS_CREDENTIALS_EXPIRED;
    case Status::kProcessFailed:
      return TINYAWS_PROCESS_FAILED;
    case Status::kResolveFailed:
      return TINYAWS_RESOLVE_FAILED;
    case Status::kConnectFailed:
      return TINYAWS_CONNECT_FAILED;
    case Status::kTlsFailed:
      return TINYAWS_TLS_FAILED;
    case Status::kCertificateRejected:
      return TINYAWS_CERTIFICATE_REJECTED;
    case Status::kConnectionLost:
      return TINYAWS_CONNECTION_LOST;
    case Status::kConnectTimedOut:
      return TINYAWS_CONNECT_TIMED_OUT;
    case Status::kTlsTimedOut:
      return TINYAWS_TLS_TIMED_OUT;
    case Status::kFirstByteTimedOut:
      return TINYAWS_FIRST_BYTE_TIMED_OUT;
    case Status::kStalled:
      return TINYAWS_STALLED;
    case Status::kAttemptTimedOut:
      return TINYAWS_ATTEMPT_TIMED_OUT;
    case Status::kDeadlineExceeded:
      return TINYAWS_DEADLINE_EXCEEDED;
    case Status::kMalformedHead:
      return TINYAWS_MALFORMED_HEAD;
    case Status::kForbiddenByte:
      return TINYAWS_FORBIDDEN_BYTE;
    case Status::kMalformedLength:
      return TINYAWS_MALFORMED_LENGTH;
    case Status::kConflictingLength:
      return TINYAWS_CONFLICTING_LENGTH;
    case Status::kUnknownCoding:
      return TINYAWS_UNKNOWN_CODING;
    case Status::kMalformedChunk:
      return TINYAWS_MALFORMED_CHUNK;
    case Status::kTruncated:
      return TINYAWS_TRUNCATED;
    case Status::kHeadTooLarge:
      return TINYAWS_HEAD_TOO_LARGE;
    case Status::kTrailersTooLarge:
      return TINYAWS_TRAILERS_TOO_LARGE;
    case Status::kChunkExtensionsTooLarge:
      return TINYAWS_CHUNK_EXTENSIONS_TOO_LARGE;
    case Status::kTooManyInterims:
      return TINYAWS_TOO_MANY_INTERIMS;
    case Status::kUnexpectedUpgrade:
      return TINYAWS_UNEXPECTED_UPGRADE;
    case Status::kServiceError:
      return TINYAWS_SERVICE_ERROR;
  }
  return TINYAWS_PENDING;
}

constexpr bool all_have_the_same_value() {
  for (int i = 0; i <= static_cast<int>(Status::kServiceError); ++i) {
    if (counterpart(static_cast<Status>(i)) != static_cast<tinyaws_status>(i)) return false;
  }
  return true;
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
