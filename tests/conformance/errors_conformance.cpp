// Answers that are errors, as they come from the wire, and what a client makes of them; and what the codes mean.
// Covers C23: errors of every shape.
#include <cstring>
#include <map>

#include "fakes/exchange_driver.h"
#include "fakes/guarded_buffer.h"
#include "files.h"
#include "tinyaws/error_info.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace conformance;

namespace {

const std::string kFolder = TINYAWS_CONFORMANCE_DIR "/errors";

constexpr size_t kCases = 76;
constexpr size_t kCodes = 32;

void skip_without_data() {
  if (exists(kFolder + "/INDEX")) return;
  print_message("%s does not exist: its cases are not run (TINYAWS_CONFORMANCE_DIR)\n", kFolder.c_str());
  skip();
}

std::string unescaped(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    const char c = text.at(++i);
    if (c == 'x') {
      out += static_cast<char>(strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      out += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
    }
  }
  return out;
}

struct Case {
  std::string name;
  std::string answer;
  std::map<std::string, std::string> expected;

  std::string get(const std::string& key) const {
    const auto found = expected.find(key);
    return found == expected.end() ? "" : found->second;
  }
};

std::vector<Case> read_cases() {
  std::vector<Case> cases;
  for (const std::string& name : read_lines(kFolder + "/INDEX")) {
    Case one;
    one.name = name;
    one.answer = read_file(kFolder + "/" + name + "/response.txt");
    for (const std::string& line : read_lines(kFolder + "/" + name + "/expect.tsv")) {
      const std::vector<std::string> row = split(line, '\t');
      one.expected[row.at(0)] = row.size() > 1 ? unescaped(row[1]) : "";
    }
    cases.push_back(one);
  }
  return cases;
}

// The message, where the data leaves a choice or says it in words.
std::string message_of(const Case& one) {
  if (one.name == "huge-message") return std::string(100000, 'm');
  if (one.name == "text-error") return "error";
  if (one.name == "text-slow-down") return "Slow Down";
  if (one.name == "json-413-text") return "";
  return one.get("message");
}

// What the exchange makes of an answer: head and body.
Outcome exchange(const Case& one) {
  std::vector<char> buffer(4096);
  ExchangeDriver driver({buffer.data(), buffer.size()});
  Request request;
  const std::string method = one.get("method");
  request.method = method;
  request.endpoint.host = "service.eu-west-1.amazonaws.com";
  CHECK_STATUS(driver.start(request), Status::kOk, one.name);
  driver.send_all();
  driver.feed(one.answer);
  driver.end();
  const Outcome outcome = driver.outcome();
  CHECK((outcome.error == Status::kOk) == (one.get("complete") == "yes"), one.name + ": " + outcome.words());
  return outcome;
}

// A body, or its beginning, that ends at a page which may not be touched.
struct Answer {
  explicit Answer(const Outcome& from) : outcome(from), buffer(from.body.size()) {
    head.status = outcome.status;
    head.bytes = outcome.head;
  }

  ErrorInfo read(size_t size, Extent extent) {
    body = buffer.last(size);
    if (size > 0) memcpy(body.data(), outcome.body.data(), size);
    ErrorInfo error;
    read_error(head, {body.data(), body.size()}, extent, error);
    return error;
  }

  Outcome outcome;
  GuardedBuffer buffer;
  MutBytes body;
  ResponseHead head;
};

std::string retry_of(const ErrorInfo& error) {
  if (!error.retryable()) return "no";
  return error.traits.throttling ? "throttling" : "transient";
}

void check_case(const Case& one) {
  Answer answer(exchange(one));
  ErrorInfo error = answer.read(answer.outcome.body.size(), Extent::kWhole);
  decode_error(answer.body, error);
  CHECK_TEXT(std::to_string(error.status), one.get("status"), one.name + ": status");
  CHECK_TEXT(error.code, one.get("code"), one.name + ": code");
  CHECK(error.parsed == (one.get("code") != one.get("status")), one.name + ": parsed");
  CHECK_TEXT(error.message, message_of(one), one.name + ": message");
  CHECK(!error.message_cut, one.name + ": cut");
  CHECK_TEXT(error.request_id, one.get("request_id"), one.name + ": request id");
  CHECK_TEXT(error.extended_request_id, one.get("host_id"), one.name + ": host id");
  CHECK_TEXT(error.region, one.get("bucket_region"), one.name + ": region");
  CHECK_TEXT(retry_of(error), one.get("retry"), one.name + ": retry");
  CHECK_TEXT(error.traits.credentials ? "yes" : "no", one.get("refresh_credentials"), one.name + ": credentials");
  CHECK_TEXT(error.traits.clock ? "yes" : "no", one.get("clock_skew_code"), one.name + ": clock");
  CHECK((error.server_time.seconds == 1496773907) == (one.name == "s3-skew"), one.name + ": server time");
}

void all_cases(void**) {
  skip_without_data();
  const std::vector<Case> cases = read_cases();
  assert_int_equal(cases.size(), kCases);
  for (const Case& one : cases) check_case(one);
}

bool is_in(Str part, const Answer& answer) {
  for (Bytes whole : {answer.head.bytes, Bytes(answer.body.data(), answer.body.size())}) {
    if (part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size())) {
      return true;
    }
  }
  return false;
}

// Of a shorter body the code is the whole one or none, and the message the whole one or marked as cut.
void check_prefix(const Case& one, Answer& answer, size_t size, Extent extent) {
  const std::string what = one.name + ", " + std::to_string(size) + " bytes" +
                           (extent == Extent::kWhole ? ", taken as whole" : ", taken as a beginning");
  ErrorInfo error = answer.read(size, extent);
  for (Str part : {error.code, error.message, error.request_id, error.extended_request_id, error.region}) {
    CHECK(is_in(part, answer), what + ": a view of something else");
  }
  decode_error(answer.body, error);
  CHECK(is_in(error.message, answer), what + ": a message that is somewhere else");
  if (!error.is_error()) return CHECK(answer.head.status == 200, what + ": no error");
  CHECK(error.code == one.get("code") || (!error.parsed && error.code == one.get("status")),
        what + ": code " + std::string(error.code));
  const std::string whole = one.name == "s3-truncated" ? "The resou" : message_of(one);
  if (error.message_cut) {
    CHECK(extent == Extent::kBeginning, what + ": cut");
    CHECK(error.message == Str(whole).substr(0, error.message.size()) || !error.parsed, what + ": not a beginning");
  } else if (error.parsed) {
    CHECK(error.message.empty() || error.message == whole, what + ": message " + std::string(error.message));
  }
}

void every_prefix(void**) {
  skip_without_data();
  for (const Case& one : read_cases()) {
    Answer answer(exchange(one));
    const size_t size = answer.outcome.body.size();
    const size_t step = size > 5000 ? 997 : 1;
    for (size_t prefix = 0; prefix < size; prefix += step) {
      check_prefix(one, answer, prefix, Extent::kWhole);
      check_prefix(one, answer, prefix, Extent::kBeginning);
    }
  }
}

// Codes that the table's two lists do not have, and that mean other credentials all the same.
bool is_newer(const std::string& code) {
  return code == "RequestExpired";
}

void all_codes(void**) {
  skip_without_data();
  size_t rows = 0;
  for (const std::string& line : read_lines(kFolder + "/codes.tsv")) {
    const std::vector<std::string> row = split(line, '\t');
    const std::string& code = row.at(0);
    const ErrorTraits traits = traits_of(code, 400);
    CHECK(traits.throttling == (row.at(1) == "yes"), code + ": throttling");
    CHECK(traits.transient == (row.at(2) == "yes"), code + ": transient");
    CHECK(traits.clock == (row.at(3) == "yes"), code + ": clock");
    const bool refreshes = row.at(4) == "yes" || row.at(5) == "yes" || is_newer(code);
    CHECK(traits.credentials == refreshes, code + ": credentials");
    ++rows;
  }
  assert_int_equal(rows, kCodes);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(all_cases),
      cmocka_unit_test(every_prefix),
      cmocka_unit_test(all_codes),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
