#include "tinyaws/status.h"
#include "base/ascii.h"

namespace tinyaws {
namespace {

// In the order of the enumeration, one a line: pointers to each would cost more than the search.
constexpr char kNames[] =
    "kOk\n"
    "kPending\n"
    "kInvalidArgument\n"
    "kBufferTooSmall\n"
    "kTooManyHeaders\n"
    "kRequestTooLarge\n"
    "kBusy\n"
    "kCancelled\n"
    "kNotFound\n"
    "kUnsupported\n"
    "kBodySourceFailed\n"
    "kBodySinkFailed\n"
    "kNoCredentials\n"
    "kNoRegion\n"
    "kClockNotSet\n"
    "kCryptoFailed\n"
    "kFileUnreadable\n"
    "kMalformedFile\n"
    "kValueTooLong\n"
    "kProfileNotFound\n"
    "kProfileInvalid\n"
    "kCredentialsIncomplete\n"
    "kCredentialsRefused\n"
    "kCredentialsUnavailable\n"
    "kMalformedCredentials\n"
    "kCredentialsExpired\n"
    "kProcessFailed\n"
    "kResolveFailed\n"
    "kConnectFailed\n"
    "kTlsFailed\n"
    "kCertificateRejected\n"
    "kConnectionLost\n"
    "kConnectTimedOut\n"
    "kTlsTimedOut\n"
    "kFirstByteTimedOut\n"
    "kStalled\n"
    "kAttemptTimedOut\n"
    "kDeadlineExceeded\n"
    "kMalformedHead\n"
    "kForbiddenByte\n"
    "kMalformedLength\n"
    "kConflictingLength\n"
    "kUnknownCoding\n"
    "kMalformedChunk\n"
    "kTruncated\n"
    "kHeadTooLarge\n"
    "kTrailersTooLarge\n"
    "kChunkExtensionsTooLarge\n"
    "kTooManyInterims\n"
    "kUnexpectedUpgrade\n"
    "kServiceError\n";

constexpr size_t count_lines(const char* text) {
  size_t lines = 0;
  for (; *text != '\0'; ++text) lines += *text == '\n';
  return lines;
}
static_assert(count_lines(kNames) == static_cast<size_t>(Status::kServiceError) + 1, "a line for each status");

}  // namespace

Str name(Status status) {
  return nth_part(kNames, static_cast<size_t>(status), '\n');
}

}  // namespace tinyaws
