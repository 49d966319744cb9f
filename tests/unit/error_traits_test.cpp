#include <initializer_list>

#include "check.h"
#include "tinyaws/error_info.h"

using namespace tinyaws;

namespace {

// "throttling clock"
std::string words(ErrorTraits traits) {
  std::string out;
  if (traits.transient) out += " transient";
  if (traits.throttling) out += " throttling";
  if (traits.clock) out += " clock";
  if (traits.credentials) out += " credentials";
  return out.empty() ? "none" : out.substr(1);
}

void codes(void**) {
  for (Str code : {"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
                   "TooManyRequestsException", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
                   "TransactionInProgressException", "BandwidthLimitExceeded", "LimitExceededException",
                   "RequestThrottled", "SlowDown", "EC2ThrottledException"}) {
    assert_text(words(traits_of(code, 400)), "throttling");
  }
  assert_text(words(traits_of("PriorRequestNotComplete", 400)), "transient throttling");
  for (Str code : {"RequestTimeout", "RequestTimeoutException", "IDPCommunicationError"}) {
    assert_text(words(traits_of(code, 400)), "transient");
  }
  for (Str code : {"RequestTimeTooSkewed", "RequestInTheFuture", "AccessDeniedException"}) {
    assert_text(words(traits_of(code, 403)), "clock");
  }
  for (Str code : {"InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure", "RequestExpired"}) {
    assert_text(words(traits_of(code, 403)), "clock credentials");
  }
  for (Str code :
       {"AWS.InvalidAccount", "AuthMissingFailure", "ExpiredToken", "ExpiredTokenException", "InvalidAccessKeyId",
        "InvalidClientTokenId", "InvalidSecurity", "InvalidToken", "MissingAuthenticationToken",
        "MissingAuthenticationTokenException", "TokenRefreshRequired", "UnrecognizedClientException"}) {
    assert_text(words(traits_of(code, 403)), "credentials");
  }
}

void other_codes(void**) {
  for (Str code :
       {"", "AccessDenied", "NoSuchKey", "slowdown", "SlowDown ", "SlowDow", "SlowDownX", "503", "throttling"}) {
    assert_text(words(traits_of(code, 400)), "none");
  }
}

void statuses(void**) {
  for (const uint16_t status : std::initializer_list<uint16_t>{500, 502, 503, 504}) {
    assert_text(words(traits_of("X", status)), "transient");
    assert_text(words(traits_of("SlowDown", status)), "transient throttling");
    assert_text(words(traits_of("ExpiredToken", status)), "transient credentials");
  }
  assert_text(words(traits_of("X", 429)), "throttling");
  for (const uint16_t status : std::initializer_list<uint16_t>{0, 200, 301, 304, 400, 401, 403, 404, 408, 412, 428,
                                                               430, 499, 501, 505, 599}) {
    assert_text(words(traits_of("X", status)), "none");
  }
}

ErrorClass class_of(Str code, uint16_t status) {
  ErrorInfo error;
  error.status = status;
  error.code = code;
  error.traits = traits_of(code, status);
  return error.error_class();
}

void classes(void**) {
  assert_true(ErrorInfo().error_class() == ErrorClass::kNone);
  assert_true(class_of("SlowDown", 503) == ErrorClass::kThrottling);
  assert_true(class_of("PriorRequestNotComplete", 400) == ErrorClass::kThrottling);
  assert_true(class_of("ExpiredToken", 500) == ErrorClass::kTransient);
  assert_true(class_of("SignatureDoesNotMatch", 403) == ErrorClass::kClock);
  assert_true(class_of("ExpiredToken", 403) == ErrorClass::kCredentials);
  assert_true(class_of("AccessDeniedException", 403) == ErrorClass::kPermanent);
  assert_true(class_of("AccessDenied", 403) == ErrorClass::kPermanent);
}

void names(void**) {
  assert_text(name(ErrorClass::kNone), "none");
  assert_text(name(ErrorClass::kThrottling), "throttling");
  assert_text(name(ErrorClass::kTransient), "transient");
  assert_text(name(ErrorClass::kClock), "clock");
  assert_text(name(ErrorClass::kCredentials), "credentials");
  assert_text(name(ErrorClass::kPermanent), "permanent");
}

void retryable(void**) {
  ErrorInfo error;
  assert_false(error.is_error() || error.retryable());
  error.status = 403;
  error.traits = traits_of("ExpiredToken", 403);
  assert_true(error.is_error());
  assert_false(error.retryable());
  for (Str code : {"SlowDown", "RequestTimeout"}) {
    error.traits = traits_of(code, 400);
    assert_true(error.retryable());
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(codes),   cmocka_unit_test(other_codes), cmocka_unit_test(statuses),
      cmocka_unit_test(classes), cmocka_unit_test(names),       cmocka_unit_test(retryable),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
