// The signer against folders of cases: canonical request, string to sign and signature, each compared apart.
//
//   sigv4_conformance                            the committed vectors
//   sigv4_conformance FOLDER CASES SIGNATURES    another folder, which must hold so many; skipped where there is none
// Covers C1, C2, C3, C6, C7, C8: each with cases of its own in tests/vectors/sigv4.
#include <algorithm>
#include <cstdlib>
#include <deque>

#include "files.h"
#include "signing_case.h"
#include "unit/capture.h"
#include "unit/check.h"

using namespace tinyaws;
using namespace conformance;

namespace {

// Of tests/vectors/sigv4: change them together.
constexpr size_t kCommittedCases = 85;
constexpr size_t kCommittedSignatures = 85;

struct Run {
  const SigningCase* signing_case;
  Kind kind;
  std::string name;
};

// Says which of the three differs before any of them fails the test.
bool matches(const char* what, const std::string& actual, const std::string& expected) {
  if (actual == expected) return true;
  print_error("%s: got\n%s\nexpected\n%s\n", what, test::printable(actual).c_str(),
              test::printable(expected).c_str());
  return false;
}

bool all_match(const test::Capture& capture, const std::string& signature, const Expected& expected) {
  const bool request = matches("canonical request", capture.canonical_request_text, expected.canonical_request);
  const bool text = matches("string to sign", capture.string_to_sign_text, expected.string_to_sign);
  const bool hex = matches("signature", signature, expected.signature);
  return request && text && hex;
}

std::string line_from_end(const std::string& text, size_t back) {
  const std::vector<std::string> lines = split(text, '\n');
  return lines.at(lines.size() - 1 - back);
}

// Put together from the expected files, not from anything that the library computed.
std::string expected_authorization(const SigningCase& c, const Expected& expected) {
  return "AWS4-HMAC-SHA256 Credential=" + c.context().access_key_id + "/" +
         line_from_end(expected.string_to_sign, 1) +
         ", SignedHeaders=" + line_from_end(expected.canonical_request, 1) + ", Signature=" + expected.signature;
}

void signs_in_headers(const SigningCase& c) {
  const Expected expected = c.expected(Kind::kHeader);
  test::Capture capture;
  Signer signer;
  signer.set_tee(&capture);
  Signature signature;
  const Credentials by = c.credentials();
  const SigningConfig config{by, c.scope(), c.context().policy, {c.context().time}};
  assert_status(signer.sign(c.input(), config, signature), Status::kOk);
  assert_true(all_match(capture, std::string(signature.text()), expected));
  assert_text(signature.date(), line_from_end(expected.string_to_sign, 2));

  std::string out(4096, '\0');
  const IoResult written = write_authorization(c.input(), config, signature, {out.data(), out.size()});
  assert_status(written.status, Status::kOk);
  assert_text(Str(out.data(), written.size), expected_authorization(c, expected));
}

std::string decode(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && isxdigit(text[i + 1]) && isxdigit(text[i + 2]);
    out += escape ? static_cast<char>(strtol(text.substr(i + 1, 2).c_str(), nullptr, 16)) : text[i];
    if (escape) i += 2;
  }
  return out;
}

// The parameters of a target in an order of their own, "name=" for those without a value.
std::vector<std::string> parameters(const std::string& target) {
  std::vector<std::string> found;
  const size_t mark = target.find('?');
  if (mark == std::string::npos) return found;
  for (const std::string& part : split(target.substr(mark + 1), '&')) {
    if (part.empty()) continue;
    const size_t equals = part.find('=');
    const std::string name = part.substr(0, equals);
    found.push_back(decode(name) + "=" + (equals == std::string::npos ? "" : decode(part.substr(equals + 1))));
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> expected_parameters(const SigningCase& c, const Expected& expected) {
  if (!expected.signed_request.empty()) return parameters(parse_request(expected.signed_request).target);
  std::vector<std::string> found = parameters("?" + split(expected.canonical_request, '\n').at(2));
  found.push_back("X-Amz-Signature=" + expected.signature);
  if (!c.context().policy.sign_token) found.push_back("X-Amz-Security-Token=" + c.context().token);
  std::sort(found.begin(), found.end());
  return found;
}

void check_url(const SigningCase& c, const Expected& expected, const std::string& url) {
  const std::string start = "https://" + c.request().host + (c.request().target.front() == '/' ? "" : "/");
  assert_text(url.substr(0, start.size() + c.request().target.size()), start + c.request().target);
  const std::vector<std::string> actual = parameters(url);
  const std::vector<std::string> wanted = expected_parameters(c, expected);
  for (const std::string& parameter : wanted) {
    if (std::count(actual.begin(), actual.end(), parameter) == std::count(wanted.begin(), wanted.end(), parameter)) {
      continue;
    }
    fail_msg("the URL has not the parameter %s as often as it must", parameter.c_str());
  }
  assert_int_equal(actual.size(), wanted.size());
}

void presigns(const SigningCase& c) {
  const Expected expected = c.expected(Kind::kQuery);
  test::Capture capture;
  Signer signer;
  signer.set_tee(&capture);
  std::string url(1 << 17, '\0');
  const Credentials by = c.credentials();
  const SigningConfig config{by, c.scope(), c.context().policy, {c.context().time}};
  const IoResult result = signer.presign(c.input(), config, true, c.context().expires, {url.data(), url.size()});
  assert_status(result.status, Status::kOk);
  url.resize(result.size);
  const size_t at = url.find("&X-Amz-Signature=");
  assert_true(at != std::string::npos);
  assert_true(all_match(capture, url.substr(at + 17, 64), expected));
  check_url(c, expected, url);
}

void run(void** state) {
  const auto& run = *static_cast<const Run*>(*state);
  if (run.kind == Kind::kHeader) {
    signs_in_headers(*run.signing_case);
  } else {
    presigns(*run.signing_case);
  }
}

struct Counts {
  std::string folder;
  size_t cases;
  size_t signatures;
  size_t wanted_cases;
  size_t wanted_signatures;
};

void counts_are_right(void** state) {
  const auto& counts = *static_cast<const Counts*>(*state);
  print_message("%s: %zu cases, %zu signatures\n", counts.folder.c_str(), counts.cases, counts.signatures);
  assert_int_equal(counts.cases, counts.wanted_cases);
  assert_int_equal(counts.signatures, counts.wanted_signatures);
}

void says_that_it_is_skipped(void** state) {
  print_message("%s does not exist: its cases are not run (TINYAWS_CONFORMANCE_DIR)\n",
                static_cast<const Counts*>(*state)->folder.c_str());
  skip();
}

int run_skipped(Counts& counts) {
  const CMUnitTest tests[] = {{counts.folder.c_str(), says_that_it_is_skipped, nullptr, nullptr, &counts}};
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}

int run_folder(Counts& counts) {
  std::deque<SigningCase> cases;
  std::deque<Run> runs;
  for (const std::string& name : read_lines(counts.folder + "/INDEX")) {
    const SigningCase& c = cases.emplace_back(counts.folder, name);
    if (c.has(Kind::kHeader)) runs.push_back({&c, Kind::kHeader, name + " (header)"});
    if (c.has(Kind::kQuery)) runs.push_back({&c, Kind::kQuery, name + " (query)"});
  }
  counts.cases = cases.size();
  counts.signatures = runs.size();
  std::vector<CMUnitTest> tests;
  for (Run& r : runs) tests.push_back({r.name.c_str(), run, nullptr, nullptr, &r});
  tests.push_back({"number of cases and signatures", counts_are_right, nullptr, nullptr, &counts});
  return _cmocka_run_group_tests(counts.folder.c_str(), tests.data(), tests.size(), nullptr, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  Counts counts = {TINYAWS_VECTORS_DIR "/sigv4", 0, 0, kCommittedCases, kCommittedSignatures};
  if (argc == 4) {
    counts.folder = std::string(TINYAWS_CONFORMANCE_DIR "/") + argv[1];
    counts.wanted_cases = strtoul(argv[2], nullptr, 10);
    counts.wanted_signatures = strtoul(argv[3], nullptr, 10);
    if (!exists(counts.folder)) return run_skipped(counts);
  }
  return run_folder(counts);
}
