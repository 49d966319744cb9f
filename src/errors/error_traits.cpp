#include "tinyaws/error_info.h"
#include "tinyaws/explain.h"

namespace tinyaws {
namespace {

enum Trait : uint8_t { kTransient = 1, kThrottling = 2, kClock = 4, kCredentials = 8 };

struct CodeTraits {
  Str code;
  unsigned traits;
};

constexpr Str kDenied = "AccessDeniedException";

// By its name in alphabetical order.
constexpr CodeTraits kCodes[] = {
    {"AWS.InvalidAccount", kCredentials},
    {kDenied, kClock},
    {"AuthFailure", kClock | kCredentials},
    {"AuthMissingFailure", kCredentials},
    {"BandwidthLimitExceeded", kThrottling},
    {"EC2ThrottledException", kThrottling},
    {"ExpiredToken", kCredentials},
    {"ExpiredTokenException", kCredentials},
    {"IDPCommunicationError", kTransient},
    {"InvalidAccessKeyId", kCredentials},
    {"InvalidClientTokenId", kCredentials},
    {"InvalidSecurity", kCredentials},
    {"InvalidSignatureException", kClock | kCredentials},
    {"InvalidToken", kCredentials},
    {"LimitExceededException", kThrottling},
    {"MissingAuthenticationToken", kCredentials},
    {"MissingAuthenticationTokenException", kCredentials},
    {"PriorRequestNotComplete", kThrottling | kTransient},
    {"ProvisionedThroughputExceededException", kThrottling},
    {"RequestExpired", kClock | kCredentials},
    {"RequestInTheFuture", kClock},
    {"RequestLimitExceeded", kThrottling},
    {"RequestThrottled", kThrottling},
    {"RequestThrottledException", kThrottling},
    {"RequestTimeTooSkewed", kClock},
    {"RequestTimeout", kTransient},
    {"RequestTimeoutException", kTransient},
    {"SignatureDoesNotMatch", kClock | kCredentials},
    {"SlowDown", kThrottling},
    {"ThrottledException", kThrottling},
    {"Throttling", kThrottling},
    {"ThrottlingException", kThrottling},
    {"TokenRefreshRequired", kCredentials},
    {"TooManyRequestsException", kThrottling},
    {"TransactionInProgressException", kThrottling},
    {"UnrecognizedClientException", kCredentials},
};

unsigned traits_of_code(Str code) {
  for (const CodeTraits& known : kCodes) {
    if (known.code == code) return known.traits;
  }
  return 0;
}

unsigned traits_of_status(uint16_t status) {
  if (status == 429) return kThrottling;
  return status == 500 || (status >= 502 && status <= 504) ? unsigned{kTransient} : 0;
}

}  // namespace

ErrorTraits traits_of(Str code, uint16_t http_status) {
  const unsigned found = traits_of_code(code) | traits_of_status(http_status);
  ErrorTraits traits;
  traits.transient = (found & kTransient) != 0;
  traits.throttling = (found & kThrottling) != 0;
  traits.clock = (found & kClock) != 0;
  traits.credentials = (found & kCredentials) != 0;
  return traits;
}

Str name(ErrorClass error_class) {
  switch (error_class) {
    case ErrorClass::kNone:
      return "none";
    case ErrorClass::kThrottling:
      return "throttling";
    case ErrorClass::kTransient:
      return "transient";
    case ErrorClass::kClock:
      return "clock";
    case ErrorClass::kCredentials:
      return "credentials";
    case ErrorClass::kPermanent:
      return "permanent";
  }
  return "";
}

ErrorClass ErrorInfo::error_class() const {
  if (!is_error()) return ErrorClass::kNone;
  if (traits.throttling) return ErrorClass::kThrottling;
  if (traits.transient) return ErrorClass::kTransient;
  if (traits.clock && code != kDenied) return ErrorClass::kClock;
  return traits.credentials ? ErrorClass::kCredentials : ErrorClass::kPermanent;
}

bool is_signature_refusal(Str code) {
  return code == "SignatureDoesNotMatch" || code == "InvalidSignatureException" || code == "InvalidSignature";
}

}  // namespace tinyaws
