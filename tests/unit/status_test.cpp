#include "tinyaws/status.h"

#include <set>

#include "check.h"

using namespace tinyaws;

namespace {

constexpr auto kLast = static_cast<int>(Status::kServiceError);

std::string text(Str view) {
  return std::string(view);
}

void every_status_has_a_name_and_words_of_its_own(void**) {
  std::set<std::string> names, words;
  for (int i = 0; i <= kLast; ++i) {
    const auto status = static_cast<Status>(i);
    assert_true(name(status).size() > 2);
    assert_int_equal(name(status).front(), 'k');
    assert_true(name(status)[1] >= 'A' && name(status)[1] <= 'Z');
    assert_false(describe(status).empty());
    assert_true(describe(status).back() != '.');
    assert_true(names.insert(text(name(status))).second);
    assert_true(words.insert(text(describe(status))).second);
  }
}

// The table goes by position: a line that is missing or in the wrong place shifts all that follow.
void names_are_the_enumerators(void**) {
#define CHECK(enumerator) assert_text(name(Status::enumerator), #enumerator)
  CHECK(kOk);
  CHECK(kPending);
  CHECK(kInvalidArgument);
  CHECK(kBufferTooSmall);
  CHECK(kTooManyHeaders);
  CHECK(kRequestTooLarge);
  CHECK(kBusy);
  CHECK(kNotFound);
  CHECK(kUnsupported);
  CHECK(kBodySourceFailed);
  CHECK(kBodySinkFailed);
  CHECK(kNoCredentials);
  CHECK(kNoRegion);
  CHECK(kCryptoFailed);
  CHECK(kResolveFailed);
  CHECK(kConnectFailed);
  CHECK(kTlsFailed);
  CHECK(kCertificateRejected);
  CHECK(kConnectionLost);
  CHECK(kConnectTimedOut);
  CHECK(kTlsTimedOut);
  CHECK(kFirstByteTimedOut);
  CHECK(kStalled);
  CHECK(kAttemptTimedOut);
  CHECK(kDeadlineExceeded);
  CHECK(kMalformedHead);
  CHECK(kForbiddenByte);
  CHECK(kMalformedLength);
  CHECK(kConflictingLength);
  CHECK(kUnknownCoding);
  CHECK(kMalformedChunk);
  CHECK(kTruncated);
  CHECK(kHeadTooLarge);
  CHECK(kTrailersTooLarge);
  CHECK(kChunkExtensionsTooLarge);
  CHECK(kTooManyInterims);
  CHECK(kUnexpectedUpgrade);
  CHECK(kServiceError);
#undef CHECK
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(every_status_has_a_name_and_words_of_its_own),
      cmocka_unit_test(names_are_the_enumerators),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
