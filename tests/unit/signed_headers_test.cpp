// Covers C6, C7, C8, C9, C10: which headers are signed, refused or left out, and in what order.
#include "sigv4/signed_headers.h"

#include <algorithm>
#include <random>
#include <vector>

#include "capture.h"
#include "check.h"

using namespace tinyaws;

namespace {

constexpr Credentials kNobody;
constexpr SigningConfig kNothingAdded = {kNobody, {}, {}, {}};
constexpr char kDate[] = "20150830T123600Z";

SigningInput input_with(const std::vector<Header>& headers) {
  return {"GET", "example.com", "/", {headers.data(), headers.size()}, "UNSIGNED-PAYLOAD"};
}

// "name=value|..." in the order of the signature, "+=value|" where the name is that of the header before.
std::string listed(const SignedHeaders& headers) {
  std::string out;
  for (size_t i = 0; i < headers.size(); ++i) {
    bool is_new = false;
    const std::string name = test::written([&](Writer& lower) { is_new = headers.put_name(i, '|', lower); });
    if (!is_new) assert_text(name, "");
    out += (is_new ? name : "|+") + "=" + std::string(headers[i].value);
  }
  return out + "|";
}

std::string names(const SignedHeaders& headers) {
  return test::written([&](Writer& out) { headers.put_names(out); });
}

SignedHeaders of(const SigningInput& input, const SigningConfig& config = kNothingAdded,
                 const char* amz_date = nullptr) {
  return SignedHeaders(input, config, amz_date);
}

std::string collected(const std::vector<Header>& given) {
  SignedHeaders headers = of(input_with(given));
  assert_status(headers.collect(), Status::kOk);
  return listed(headers);
}

Status status_of(const std::vector<Header>& given) {
  return of(input_with(given)).collect();
}

void the_host_is_always_there(void**) {
  assert_text(collected({}), "host=example.com|");
  assert_text(collected({{"Host", "other"}, {"HOST", "another"}}), "host=example.com|");
  SigningInput input = input_with({});
  input.host = {};
  assert_status(of(input).collect(), Status::kInvalidArgument);
  for (Str bad : {Str("a\rb"), Str("a\nb"), Str("a\0b", 3)}) {
    input.host = bad;
    assert_status(of(input).collect(), Status::kInvalidArgument);
  }
}

void names_are_sorted_without_case_and_the_shorter_first(void**) {
  assert_text(collected({{"X-b", "1"}, {"x-A", "2"}, {"Accept", "3"}, {"x-ab", "4"}, {"X-A-b", "5"}}),
              "accept=3|host=example.com|x-a=2|x-a-b=5|x-ab=4|x-b=1|");
  // '_' is above the capitals and below the small letters: it has to be compared with the latter.
  assert_text(collected({{"xAa", "1"}, {"x_a", "2"}, {"x-a", "3"}}), "host=example.com|x-a=3|x_a=2|xaa=1|");
}

void headers_of_one_name_stay_in_order(void**) {
  const std::vector<Header> given = {{"X-A", "3"}, {"b", "x"}, {"x-a", "1"}, {"X-a", "2"}, {"x-A", "1"}};
  SignedHeaders headers = of(input_with(given));
  assert_status(headers.collect(), Status::kOk);
  assert_text(listed(headers), "b=x|host=example.com|x-a=3|+=1|+=2|+=1|");
  assert_text(names(headers), "b;host;x-a");
}

void what_proxies_change_is_never_signed(void**) {
  for (Str name : {"Authorization-Not",
                   "Accept-Encoding",
                   "Connection",
                   "Expect",
                   "Keep-Alive",
                   "TE",
                   "Trailer",
                   "Upgrade",
                   "User-Agent",
                   "Via",
                   "Transfer-Encoding",
                   "X-Amzn-Trace-Id",
                   "X-Forwarded-For",
                   "Proxy-Authorization",
                   "proxy-authenticate",
                   "PROXY-Connection",
                   "Sec-WebSocket-Key",
                   "sec-websocket-protocol",
                   "Sec-WebSocket-Version",
                   "Sec-WebSocket-Extensions",
                   "x-amzn-trace-ID",
                   "vIA"}) {
    const bool is_signed = name == "Authorization-Not";
    assert_int_equal(collected({{name, "v"}}) == "host=example.com|", !is_signed);
  }
}

void similar_names_are_signed(void**) {
  for (Str name : {"proxy", "via2", "x-amzn-trace-id2", "user-agent-x", "te-x", "sec-websocket", "x-forwarded-fo",
                   "content-length", "content-type", "date", "range", "x-amz-meta-a", "accept"}) {
    assert_true(collected({{name, "v"}}).find(std::string(name) + "=v|") != std::string::npos);
  }
}

// Twice in a request, or with another value than the signer's, they would make the signature wrong.
void names_of_the_signer_are_refused(void**) {
  for (Str name : {"Authorization", "X-Amz-Date", "x-amz-security-token", "X-AMZ-CONTENT-SHA256"}) {
    assert_status(status_of({{name, "v"}}), Status::kInvalidArgument);
    assert_status(status_of({{"a", "b"}, {name, ""}, {"c", "d"}}), Status::kInvalidArgument);
  }
}

void what_can_not_be_sent_is_refused(void**) {
  for (Str name : {"", "a b", "a:", "a\r", "a\n", " a", "\xc3\xa4"}) {
    assert_status(status_of({{name, "v"}}), Status::kInvalidArgument);
  }
  assert_status(status_of({{Str("a\0b", 3), "v"}}), Status::kInvalidArgument);
  for (Str value : {Str("a\r\nb"), Str("\n"), Str("a\r"), Str("\0", 1)}) {
    assert_status(status_of({{"a", value}}), Status::kInvalidArgument);
    assert_status(status_of({{"user-agent", value}}), Status::kInvalidArgument);  // sent, though not signed
    assert_status(status_of({{"host", value}}), Status::kInvalidArgument);
  }
  assert_status(status_of({{"a", ""}, {"b", " \t "}, {"c", "\xc3\xa4\x01"}}), Status::kOk);
}

// "h0", "h1" ...: `count` headers, each of a name of its own.
class Numbered {
 public:
  explicit Numbered(size_t count) {
    for (size_t i = 0; i < count; ++i) names_.push_back("h" + std::to_string(i));
    for (const std::string& name : names_) headers_.push_back({name, "v"});
  }

  const std::vector<Header>& headers() const { return headers_; }

 private:
  std::vector<std::string> names_;
  std::vector<Header> headers_;
};

Status status_of_signing(size_t given, Str token, bool content_sha256, bool sign_token = true) {
  const Numbered numbered(given);
  SigningPolicy policy;
  policy.content_sha256 = content_sha256;
  policy.sign_token = sign_token;
  const Credentials by{"id", "secret", token};
  SignedHeaders headers = of(input_with(numbered.headers()), {by, {}, policy, {}}, kDate);
  const Status status = headers.collect();
  if (status == Status::kOk) assert_true(headers.size() <= kMaxHeaders);
  return status;
}

void the_limit_counts_what_the_signer_adds(void**) {
  assert_status(status_of(Numbered(kMaxHeaders - 1).headers()), Status::kOk);
  for (size_t more : {0, 1, 2, 200}) {
    assert_status(status_of(Numbered(kMaxHeaders + more).headers()), Status::kTooManyHeaders);
  }
  // host and x-amz-date; then the token; then x-amz-content-sha256
  assert_status(status_of_signing(kMaxHeaders - 2, "", false), Status::kOk);
  assert_status(status_of_signing(kMaxHeaders - 1, "", false), Status::kTooManyHeaders);
  assert_status(status_of_signing(kMaxHeaders - 3, "token", false), Status::kOk);
  assert_status(status_of_signing(kMaxHeaders - 2, "token", false), Status::kTooManyHeaders);
  assert_status(status_of_signing(kMaxHeaders - 2, "token", false, false), Status::kOk);
  assert_status(status_of_signing(kMaxHeaders - 4, "token", true), Status::kOk);
  assert_status(status_of_signing(kMaxHeaders - 3, "token", true), Status::kTooManyHeaders);
}

// However many of them are not signed: a request is refused before an index of one byte is too small for it.
void more_headers_than_an_index_can_count(void**) {
  for (size_t unsigned_ones = 240; unsigned_ones < 520; ++unsigned_ones) {
    std::vector<Header> given(unsigned_ones, Header{"Via", "proxy"});
    given.push_back({"z", "last"});
    SignedHeaders headers = of(input_with(given));
    const Status status = headers.collect();
    if (status == Status::kTooManyHeaders) continue;
    assert_status(status, Status::kOk);
    assert_text(listed(headers), "host=example.com|z=last|");
  }
}

void what_the_signer_adds_is_sorted_in(void**) {
  const std::vector<Header> given = {{"x-amz-e", "5"}, {"x-amz-cz", "1"}, {"x-amz-dz", "4"}, {"z", "6"}, {"a", "0"}};
  SigningPolicy policy;
  policy.content_sha256 = true;
  const Credentials by{"id", "secret", "T"};
  SignedHeaders headers = of(input_with(given), {by, {}, policy, {}}, kDate);
  assert_status(headers.collect(), Status::kOk);
  assert_text(
      listed(headers),
      "a=0|host=example.com|x-amz-content-sha256=UNSIGNED-PAYLOAD|x-amz-cz=1|x-amz-date=20150830T123600Z|x-amz-dz=4|"
      "x-amz-e=5|x-amz-security-token=T|z=6|");
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

void random_headers_agree_with_a_stable_sort(void**) {
  std::mt19937 random(3);
  const std::vector<std::string> names = {"a",       "A",       "ab",    "a-b", "a_b", "B",
                                          "x-amz-a", "X-Amz-A", "x-amz", "z~",  "i"};
  for (int round = 0; round < 2000; ++round) {
    std::vector<Header> given;
    std::vector<std::pair<std::string, std::string>> expected = {{"host", "example.com"}};
    for (size_t i = random() % 12; i > 0; --i) {
      given.push_back({names[random() % names.size()], names[random() % names.size()]});
      expected.emplace_back(lower(std::string(given.back().name)), std::string(given.back().value));
    }
    std::stable_sort(expected.begin(), expected.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string text;
    for (size_t i = 0; i < expected.size(); ++i) {
      const bool repeats = i > 0 && expected[i].first == expected[i - 1].first;
      text += (repeats ? "+" : expected[i].first) + "=" + expected[i].second + "|";
    }
    assert_text(collected(given), text);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_host_is_always_there),
      cmocka_unit_test(names_are_sorted_without_case_and_the_shorter_first),
      cmocka_unit_test(headers_of_one_name_stay_in_order),
      cmocka_unit_test(what_proxies_change_is_never_signed),
      cmocka_unit_test(similar_names_are_signed),
      cmocka_unit_test(names_of_the_signer_are_refused),
      cmocka_unit_test(what_can_not_be_sent_is_refused),
      cmocka_unit_test(the_limit_counts_what_the_signer_adds),
      cmocka_unit_test(more_headers_than_an_index_can_count),
      cmocka_unit_test(what_the_signer_adds_is_sorted_in),
      cmocka_unit_test(random_headers_agree_with_a_stable_sort),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
