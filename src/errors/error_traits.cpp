#include "base/ascii.h"
#include "tinyaws/error_info.h"
#include "tinyaws/explain.h"

namespace tinyaws {
namespace {

constexpr Str kDenied = "AccessDeniedException";

constexpr Str kTransientCodes =
    "IDPCommunicationError PriorRequestNotComplete RequestTimeout RequestTimeoutException";
constexpr Str kThrottlingCodes =
    "BandwidthLimitExceeded EC2ThrottledException LimitExceededException PriorRequestNotComplete "
    "ProvisionedThroughputExceededException RequestLimitExceeded RequestThrottled "
    "RequestThrottledException SlowDown ThrottledException Throttling ThrottlingException "
    "TooManyRequestsException TransactionInProgressException";
constexpr Str kClockCodes =
    "AccessDeniedException AuthFailure InvalidSignatureException RequestExpired RequestInTheFuture "
    "RequestTimeTooSkewed SignatureDoesNotMatch";
constexpr Str kCredentialsCodes =
    "AWS.InvalidAccount AuthFailure AuthMissingFailure ExpiredToken ExpiredTokenException "
    "InvalidAccessKeyId InvalidClientTokenId InvalidSecurity InvalidSignatureException InvalidToken "
    "MissingAuthenticationToken MissingAuthenticationTokenException RequestExpired SignatureDoesNotMatch "
    "TokenRefreshRequired UnrecognizedClientException";

bool is_passing(uint16_t status) {
  return status == 500 || (status >= 502 && status <= 504);
}

}  // namespace

ErrorTraits traits_of(Str code, uint16_t http_status) {
  ErrorTraits traits;
  traits.transient = is_passing(http_status) || has_word(kTransientCodes, code);
  traits.throttling = http_status == 429 || has_word(kThrottlingCodes, code);
  traits.clock = has_word(kClockCodes, code);
  traits.credentials = has_word(kCredentialsCodes, code);
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
