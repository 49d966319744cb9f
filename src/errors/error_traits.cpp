#include "base/ascii.h"
#include "tinyaws/error_info.h"
#include "tinyaws/explain.h"

namespace tinyaws {
namespace {

constexpr char kDenied[] = "AccessDeniedException";

// What codes say: that the failure is transient, is throttling, may be the clock's, or the key's (of credentials).
constexpr char kCodes[] =
    "t IDPCommunicationError RequestTimeout RequestTimeoutException\n"
    "th PriorRequestNotComplete\n"
    "h BandwidthLimitExceeded EC2ThrottledException LimitExceededException ProvisionedThroughputExceededException "
    "RequestLimitExceeded RequestThrottled RequestThrottledException SlowDown ThrottledException Throttling "
    "ThrottlingException TooManyRequestsException TransactionInProgressException\n"
    "c AccessDeniedException RequestInTheFuture RequestTimeTooSkewed\n"
    "ck AuthFailure InvalidSignatureException RequestExpired SignatureDoesNotMatch\n"
    "k AWS.InvalidAccount AuthMissingFailure ExpiredToken ExpiredTokenException InvalidAccessKeyId "
    "InvalidClientTokenId InvalidSecurity InvalidToken MissingAuthenticationToken "
    "MissingAuthenticationTokenException "
    "TokenRefreshRequired UnrecognizedClientException";

Str marks_of(Str code) {
  for (Str rows = kCodes; !rows.empty();) {
    Str row = take_until(rows, '\n');
    const Str marks = take_until(row, ' ');
    if (has_word(row, code)) return marks;
  }
  return {};
}

bool is_passing(uint16_t status) {
  return status == 500 || (status >= 502 && status <= 504);
}

}  // namespace

ErrorTraits traits_of(Str code, uint16_t http_status) {
  const Str marks = marks_of(code);
  ErrorTraits traits;
  traits.transient = is_passing(http_status) || marks.has('t');
  traits.throttling = http_status == 429 || marks.has('h');
  traits.clock = marks.has('c');
  traits.credentials = marks.has('k');
  return traits;
}

Str name(ErrorClass error_class) {
  return nth_part("none throttling transient clock credentials permanent", static_cast<size_t>(error_class), ' ');
}

ErrorClass ErrorInfo::error_class() const {
  if (!is_error()) return ErrorClass::kNone;
  if (traits.throttling) return ErrorClass::kThrottling;
  if (traits.transient) return ErrorClass::kTransient;
  if (traits.clock && code != kDenied) return ErrorClass::kClock;
  return traits.credentials ? ErrorClass::kCredentials : ErrorClass::kPermanent;
}

bool is_signature_refusal(Str code) {
  return has_word("SignatureDoesNotMatch InvalidSignatureException InvalidSignature", code);
}

}  // namespace tinyaws
