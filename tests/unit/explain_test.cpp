#include "tinyaws/explain.h"

#include <string>
#include <vector>

#include "fakes/check.h"

using namespace tinyaws;
using fakes::contains;

namespace {

const std::string kEmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const std::string kToken = "FwoGZXIvYXdzEBYaDsecret+token/of=many//bytes";

struct Parts {
  std::string method = "PUT";
  std::string path = "/photos/a%20b.jpg";
  std::string query = "part=1&x-id=PutObject";
  std::string headers = "host:s3.example.com\nx-amz-date:20261123T040000Z\nx-amz-security-token:" + kToken + "\n";
  std::string names = "host;x-amz-date;x-amz-security-token";
  std::string hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  std::string canonical() const {
    return method + "\n" + path + "\n" + query + "\n" + headers + "\n" + names + "\n" + hash;
  }
};

struct ToSign {
  std::string algorithm = "AWS4-HMAC-SHA256";
  std::string date = "20261123T040000Z";
  std::string scope = "20261123/eu-west-1/s3/aws4_request";
  std::string hash = std::string(64, 'a');

  std::string text() const { return algorithm + "\n" + date + "\n" + scope + "\n" + hash; }
};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string xml_text(const std::string& text) {
  return replaced(replaced(replaced(text, "&", "&amp;"), "<", "&lt;"), "'", "&#39;");
}

std::string xml(const std::string& canonical, const std::string& to_sign) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>SignatureDoesNotMatch</Code>"
         "<Message>The signature does not match.</Message><AWSAccessKeyId>AKID</AWSAccessKeyId><StringToSign>" +
         xml_text(to_sign) + "</StringToSign><CanonicalRequest>" + xml_text(canonical) +
         "</CanonicalRequest><RequestId>R</RequestId></Error>";
}

std::string message(const std::string& canonical, const std::string& to_sign) {
  return "No match.\n\nThe Canonical String for this request should have been\n'" + canonical +
         "'\n\nThe String-to-Sign should have been\n'" + to_sign + "'\n";
}

std::string json(const std::string& canonical, const std::string& to_sign) {
  const std::string text = replaced(replaced(message(canonical, to_sign), "\\", "\\\\"), "\"", "\\\"");
  return R"({"__type":"com.amazon.coral.service#InvalidSignatureException","message":")" +
         replaced(text, "\n", "\\n") + "\",\"more\":\"'\"}";
}

std::string explain(const std::string& ours, const std::string& to_sign, const std::string& answer) {
  // Of the exact size, so that a sanitizer sees a byte too many.
  const std::vector<char> exact(answer.begin(), answer.end());
  char text[2048];
  const IoResult result = explain_mismatch({ours, to_sign}, Bytes(exact.data(), exact.size()), MutBytes(text));
  CHECK_STATUS(result.status, Status::kOk, answer);
  return {text, result.size};
}

std::string explain(const Parts& ours, const Parts& theirs) {
  ToSign other;
  other.hash = std::string(64, 'b');
  return explain(ours.canonical(), ToSign().text(), xml(theirs.canonical(), other.text()));
}

void check_has(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) CHECK(contains(text, part), "\"" + part + "\" is not in\n" + text);
}

void check_lacks(const std::string& text, const std::string& part) {
  CHECK(!contains(text, part), "\"" + part + "\" is in\n" + text);
}

void explain_path(const std::string& ours, const std::string& theirs, const std::string& cause) {
  Parts a;
  Parts b;
  a.path = ours;
  b.path = theirs;
  check_has(explain(a, b), {"differ in the path\n", "likely cause: ", cause});
}

void paths(void**) {
  explain_path("/a%2520b", "/a%20b", "signed percent-encoded once more");
  explain_path("/a%20b", "/a%2520b", "service percent-encodes the path once more");
  explain_path("/a%2Bb", "/a+b", "once more");
  explain_path("/a%2fb%7E", "/a%2Fb~", "written differently");
  explain_path("/A/%E4", "/a/%e4", "written differently");
  explain_path("/a//b", "/a/b", "Amazon S3 takes paths as they are");
  explain_path("/a/b", "/a/./c/../b", "Amazon S3 takes paths as they are");
  explain_path("/a/b", "/a/b/", "slash at the path's end");
  explain_path("/a/b/", "/a/b", "slash at the path's end");
  explain_path("/items", "/prod/items", "gateway with its stage");
  explain_path("/bucket/key", "/key", "bucket in the path");
  explain_path("/", "/prod", "gateway with its stage");
  explain_path("/a", "/b", "changed on the way");
  explain_path("/a", "/a/b/", "changed on the way");
}

void sides_of_a_difference(void**) {
  Parts a;
  Parts b;
  a.path = "/" + std::string(30, 'a') + "X" + std::string(50, 'b');
  b.path = "/" + std::string(30, 'a') + "Y";
  check_has(explain(a, b), {"\nsigned:   ...\"" + std::string(24, 'a') + "X" + std::string(39, 'b') + "\"...\n",
                            "\nexpected: ...\"" + std::string(24, 'a') + "Y\"\n"});
  a.path = "/\x01\xc3\xa4";
  b.path = "/";
  check_has(explain(a, b), {"\nsigned:   \"/\\x01\\xc3\\xa4\"\n", "\nexpected: \"/\"\n"});
}

void methods(void**) {
  Parts other;
  other.method = "GET";
  check_has(explain(Parts(), other), {"differ in the method\n", "\"PUT\"", "\"GET\"", "redirect"});
}

void explain_query(const std::string& ours, const std::string& theirs, const std::string& cause) {
  Parts a;
  Parts b;
  a.query = ours;
  b.query = theirs;
  check_has(explain(a, b), {"differ in the query", "likely cause: ", cause});
}

void queries(void**) {
  explain_query("a=1&b=2", "b=2&a=1", "another order");
  explain_query("a=x%20y", "a=x%2By", "\"+\" is a blank");
  explain_query("a=x%2By", "a=x%20y", "\"+\" is a blank");
  explain_query("a=x%20y", "a=x+y", "\"+\" is a blank");
  explain_query("a=1%252", "a=1%2", "once more on one side");
  explain_query("a=~", "a=%7E", "once more on one side");
  explain_query("a=~%2F", "a=%7E%2f", "written differently");
  explain_query("a=1&b=2", "a=1", "did not arrive");
  explain_query("a=1&b=2", "b=2", "did not arrive");
  explain_query("a=1", "a=1&b=2", "added after signing");
  explain_query("b=2", "a=1&b=2", "added after signing");
  explain_query("", "a=1", "added after signing");
  explain_query("a=1", "", "did not arrive");
  explain_query("a=1", "a=2", "changed after signing");
}

void names_of_parameters(void**) {
  Parts a;
  Parts b;
  a.query = "a=1&b=2&d=3";
  b.query = "a=1&b=4&d=3";
  check_has(explain(a, b), {"first in the parameter b\nsigned:   \"b=2\"\nexpected: \"b=4\"\n"});
  b.query = "a=1&b=2";
  check_has(explain(a, b), {"first in the parameter d\nsigned:   \"d=3\"\nexpected: nothing\n"});
}

std::string explain_header(const std::string& name, const std::string& ours, const std::string& theirs) {
  Parts a;
  Parts b;
  a.headers = name + ":" + ours + "\n";
  b.headers = name + ":" + theirs + "\n";
  const std::string text = explain(a, b);
  check_has(text, {"differ in the header " + name + "\n", "likely cause: "});
  return text;
}

void headers(void**) {
  check_has(explain_header("host", "example.com:8080", "example.com"), {"the port stands in the host"});
  check_has(explain_header("host", "example.com", "Example.com:80"), {"the port stands in the host"});
  check_has(explain_header("host", "example.com", "10.0.0.1"), {"\"example.com\"", "\"10.0.0.1\"", "another Host"});
  check_has(explain_header("host", "example.com", "backend:8080"), {"another Host"});
  check_has(explain_header("x-a", "a  b", "a b"), {"white space"});
  check_has(explain_header("x-a", "a,b", "a, b"), {"white space"});
  check_has(explain_header("content-type", "text/plain; charset=UTF-8", "text/plain; charset=utf-8"), {"case of"});
  check_has(explain_header("content-type", "text/plain", "text/html"), {"a proxy, or a library"});
  check_has(explain_header("content-length", "3", ""), {"expected: nothing", "did not arrive"});
  check_has(explain_header("x-amz-date", "20261123T040000Z", "20261123T040001Z"), {"date that was signed"});
  check_has(explain_header("x-amz-content-sha256", "a", "b"), {"hash that was signed"});
}

void headers_of_one_side(void**) {
  Parts more;
  more.headers = "accept:x\n" + more.headers;
  check_has(explain(more, Parts()), {"the header accept\nsigned:   \"x\"\nexpected: nothing\n", "did not arrive"});
  check_has(explain(Parts(), more), {"the header accept\nsigned:   nothing\nexpected: \"x\"\n", "was not signed"});
  more.headers = Parts().headers + "x-last:y\n";
  check_has(explain(more, Parts()), {"the header x-last\n", "did not arrive"});
  check_has(explain(Parts(), more), {"the header x-last\n", "was not signed"});
}

void lists_of_names(void**) {
  Parts other;
  other.names = "host;x-amz-date";
  check_has(explain(Parts(), other), {"the list of signed headers\n", "-date;x-amz-security-token\"", "-date\"\n"});
  other.names = kToken;
  check_lacks(explain(Parts(), other), kToken);
}

void explain_payload(const std::string& ours, const std::string& theirs, const std::string& cause) {
  Parts a;
  Parts b;
  a.hash = ours;
  b.hash = theirs;
  check_has(explain(a, b), {"differ in the hash of the body\n", "likely cause: ", cause});
}

void payloads(void**) {
  // Of "hello"; of that in hexadecimal; of its 32 bytes.
  const std::string once = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  const std::string of_hex = "d7914fe546b684688bb95f4f888a92dfc680603a75f23eb823658031fff766d9";
  const std::string of_bytes = "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50";
  explain_payload(of_hex, once, "hashed twice");
  explain_payload(of_bytes, once, "hashed twice");
  explain_payload(once, of_hex, "hashed twice");
  explain_payload(once, of_bytes, "hashed twice");
  explain_payload(kEmptyHash, once, "signed without a body");
  explain_payload(once, kEmptyHash, "saw no body");
  explain_payload(once, "UNSIGNED-PAYLOAD", "a word in place");
  explain_payload("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", once, "a word in place");
  explain_payload(once, std::string(64, '0'), "changed on the way");
}

void explain_to_sign(const ToSign& theirs, const std::string& what, const std::string& cause) {
  const std::string canonical = Parts().canonical();
  for (const std::string& answer : {xml(canonical, theirs.text()), json(canonical, theirs.text())}) {
    check_has(explain(canonical, ToSign().text(), answer), {what, "likely cause: ", cause});
  }
}

void strings_to_sign(void**) {
  explain_to_sign(ToSign(), "signed the same string", "secret access key");
  ToSign other;
  other.algorithm = "AWS4-ECDSA-P256-SHA256";
  explain_to_sign(other, "differ in the algorithm\n", "another kind");
  other = ToSign();
  other.date = "20261123T040100Z";
  explain_to_sign(other, "differ in the date\n", "X-Amz-Date was changed");
  other = ToSign();
  other.scope = "20261124/eu-west-1/s3/aws4_request";
  explain_to_sign(other, "differ in the scope", "the day differs");
  other.scope = "20261123/us-east-1/s3/aws4_request";
  explain_to_sign(other, "differ in the scope", "another region");
  other.scope = "20261123/eu-west-1/sqs/aws4_request";
  explain_to_sign(other, "differ in the scope", "another name");
  other.scope = "20261123/eu-west-1/s3/aws5_request";
  explain_to_sign(other, "differ in the scope", "another kind");
  other = ToSign();
  other.hash = std::string(64, 'b');
  explain_to_sign(other, "for their hashes do", "control characters");
}

void what_is_not_shown(void**) {
  const std::string canonical = Parts().canonical();
  const std::string nothing = "<Error><Code>SignatureDoesNotMatch</Code></Error>";
  check_has(explain(canonical, ToSign().text(), nothing), {"shows nothing", "Host above all", "secret access key"});
  check_has(explain(canonical, ToSign().text(), ""), {"shows nothing", "secret access key"});
  const std::string only_string = "<Error><StringToSign>" + ToSign().text() + "</StringToSign></Error>";
  check_has(explain(canonical, ToSign().text(), only_string), {"signed the same string", "secret access key"});
  ToSign other;
  other.hash = std::string(64, 'b');
  const std::string other_string = replaced(only_string, ToSign().hash, other.hash);
  check_has(explain(canonical, ToSign().text(), other_string), {"for their hashes do", "Host above all"});
  const std::string only_request = "<Error><CanonicalRequest>" + xml_text(canonical) + "</CanonicalRequest></Error>";
  check_has(explain(canonical, ToSign().text(), only_request), {"same canonical request", "region or the service"});
}

void what_the_message_says(void**) {
  for (const auto& [words, cause] :
       {std::pair("Signature expired: 20261123T040000Z is now earlier than 20261123T041000Z", "clock is behind"),
        std::pair("Signature not yet current: 20261123T040000Z is still later than", "clock is ahead"),
        std::pair("Credential should be scoped to a valid region.", "the region, the service or the day")}) {
    const std::string answer = std::string(R"({"__type":"InvalidSignatureException","message":")") + words + "\"}";
    check_has(explain(Parts().canonical(), ToSign().text(), answer), {"shows nothing", "likely cause: ", cause});
    check_lacks(explain(Parts().canonical(), ToSign().text(), answer), "secret access key");
  }
}

void what_was_not_kept(void**) {
  const std::string answer = xml(Parts().canonical(), ToSign().text());
  check_has(explain("", "", answer), {"was not kept", "Host above all", "secret access key"});
  check_has(explain("", ToSign().text(), answer), {"signed the same string"});
  Parts other;
  other.method = "GET";
  check_has(explain(other.canonical(), "", answer), {"the method"});
}

void what_can_t_be_read(void**) {
  const std::string canonical = Parts().canonical();
  const std::string joined = replaced(canonical, "\n", " ");
  std::string text = explain(canonical, ToSign().text(), xml(joined, "x"));
  check_has(text, {"not made of the usual lines", "likely cause"});
  check_lacks(text, kToken);
  Parts broken;
  broken.headers = replaced(broken.headers, "x-amz-date", kToken + "\nx-amz-date");
  text = explain(Parts(), broken);
  check_has(text, {"not made of the usual lines", "likely cause"});
  check_lacks(text, kToken);
}

void forms(void**) {
  Parts ours;
  ours.headers = "x-a:it's <\"&> \\ \xc3\xa4\n" + ours.headers;
  Parts theirs = ours;
  theirs.hash = std::string(64, '0');
  const std::string to_sign = ToSign().text();
  const std::string canonical = theirs.canonical();
  std::string hex;
  for (char c : canonical) {
    char pair[4];
    snprintf(pair, sizeof pair, "%02x ", static_cast<unsigned char>(c));
    hex += pair;
  }
  const std::string references = replaced(xml(canonical, to_sign), "\n", "&#xA;");
  for (const std::string& answer :
       {xml(canonical, to_sign), json(canonical, to_sign), message(canonical, to_sign),
        "\xef\xbb\xbf" + xml(canonical, to_sign), "\xef\xbb\xbf\n" + json(canonical, to_sign),
        replaced(xml(canonical, to_sign), "\n", "\r\n"), replaced(json(canonical, to_sign), "\\n", "\\r\\n"),
        references, replaced(references, "\xc3\xa4", "&#228;"),
        replaced(json(canonical, to_sign), "\xc3\xa4", "\\u00e4"), replaced(json(canonical, to_sign), "'", "\\u0027"),
        "<Error><CanonicalRequest><![CDATA[" + canonical + "]]></CanonicalRequest></Error>",
        "<Error><CanonicalRequestBytes>" + hex + "</CanonicalRequestBytes></Error>",
        "<ErrorResponse><Error><Message>" + xml_text(message(canonical, to_sign)) +
            "</Message></Error></ErrorResponse>",
        R"({"errors":[{"message":)" + json(canonical, to_sign).substr(json(canonical, to_sign).find("\"No")) +
            "]}"}) {
    check_has(explain(ours.canonical(), to_sign, answer), {"differ in the hash of the body\n", "2cf24dba", "000000"});
    check_has(explain(canonical, to_sign, answer), {"same"});
  }
}

// A value with what ends other texts.
void quotes_in_a_value(void**) {
  Parts parts;
  parts.headers = "x-a:'\n" + parts.headers;
  for (const std::string& answer :
       {json(parts.canonical(), ToSign().text()), message(parts.canonical(), ToSign().text())}) {
    CHECK_TEXT(explain(parts.canonical(), ToSign().text(), answer).substr(0, 35),
               "the service signed the same string\n", answer);
  }
}

void secrets_are_never_shown(void**) {
  const std::string other = "FwoGZXIvYXdzEBYaDsecret+another";
  for (const char* name : {"x-amz-security-token", "authorization", "cookie", "x-api-key", "x-amz-s3session-token",
                           "x-amz-server-side-encryption-customer-key", "x-amz-access-token"}) {
    const std::string text = explain_header(name, kToken, other);
    check_has(text, {"signed:   44 bytes, not shown\n", "expected: 31 bytes, not shown\n"});
    check_lacks(text, "FwoGZXIv");
    check_lacks(explain_header(name, kToken, ""), "FwoGZXIv");
    check_lacks(explain_header(name, "", other), "FwoGZXIv");
  }
  Parts a;
  Parts b;
  a.query = "X-Amz-Security-Token=" + kToken;
  b.query = "X-Amz-Security-Token=" + other;
  check_has(explain(a, b), {"parameter X-Amz-Security-Token\n", "not shown"});
  check_lacks(explain(a, b), "FwoGZXIv");
  b.query = "x-amz-security-token:" + kToken;
  check_lacks(explain(Parts(), b), "FwoGZXIv");
}

// A service that takes lines apart in another way.
void secrets_in_other_places(void**) {
  const std::string token = "x-amz-security-token:" + kToken;
  for (const std::string& answer : {"PUT\n" + Parts().path + "?" + token, token + "\n" + Parts().canonical(),
                                    replaced(Parts().canonical(), "s3.example.com\n", "s3.example.com,"),
                                    replaced(Parts().canonical(), "PUT\n", "PUT " + token + "\n"),
                                    replaced(Parts().canonical(), "PutObject\n", "PutObject&" + token + "\n"),
                                    replaced(Parts().canonical(), "\n\nhost", "\n" + kToken + "\n\nhost"),
                                    replaced(Parts().canonical(), Parts().names, kToken),
                                    replaced(Parts().canonical(), Parts().hash, "x-amz-security-token:" + kToken)}) {
    check_lacks(explain(Parts().canonical(), ToSign().text(), xml(answer, ToSign().text())), "FwoGZXIv");
    check_lacks(explain(Parts().canonical(), ToSign().text(), json(answer, ToSign().text())), "FwoGZXIv");
  }
}

void long_texts(void**) {
  Parts ours;
  ours.headers = "host:h\nx-amz-security-token:" + std::string(4096, 't') + "\n";
  Parts theirs = ours;
  theirs.headers = replaced(theirs.headers, "tttt\n", "tttu\n");
  check_has(explain(ours, theirs), {"4096 bytes, not shown", "it was cut"});
}

void buffers_that_are_too_small(void**) {
  Parts other;
  other.method = "GET";
  const std::string answer = xml(other.canonical(), ToSign().text());
  const std::string ours = Parts().canonical();
  const std::string whole = explain(ours, ToSign().text(), answer);
  for (size_t size = 0; size < whole.size(); ++size) {
    std::vector<char> text(size);
    const IoResult result = explain_mismatch({ours, {}}, answer, {text.data(), size});
    CHECK_STATUS(result.status, Status::kBufferTooSmall, std::to_string(size));
    assert_int_equal(result.size, whole.size());
  }
  std::vector<char> text(whole.size());
  CHECK_STATUS(explain_mismatch({ours, {}}, answer, {text.data(), text.size()}).status, Status::kOk, "exact");
  CHECK_TEXT(Str(text.data(), text.size()), whole, "exact");
}

// Nothing that is not there yet is taken for a difference.
void beginnings_of_answers(void**) {
  const std::string canonical = Parts().canonical();
  Parts other;
  other.hash = std::string(64, '0');
  for (const std::string& answer :
       {xml(canonical, ToSign().text()), json(canonical, ToSign().text()), message(canonical, ToSign().text()),
        replaced(xml(canonical, ToSign().text()), "\n", "&#10;"),
        replaced(json(canonical, ToSign().text()), "t", "\\u0074")}) {
    for (size_t size = 0; size <= answer.size(); ++size) {
      const std::string beginning = answer.substr(0, size);
      const std::string text = explain(canonical, ToSign().text(), beginning);
      check_lacks(text, "differ in");
      check_lacks(text, "FwoGZXIv");
      check_has(text, {"likely cause: "});
      check_lacks(explain(other.canonical(), ToSign().text(), beginning), "FwoGZXIv");
    }
  }
  const std::string answer = json(canonical, ToSign().text());
  check_has(explain(canonical, ToSign().text(), answer.substr(0, answer.find("host"))), {"ends within"});
  check_has(explain(other.canonical(), ToSign().text(), answer.substr(0, answer.find("'\\n\\nThe S"))), {"the body"});
}

void refusals(void**) {
  for (const char* code : {"SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignature"}) {
    CHECK(is_signature_refusal(code), code);
  }
  for (const char* code : {"", "AccessDenied", "SignatureDoesNotMatchX", "RequestTimeTooSkewed"}) {
    CHECK(!is_signature_refusal(code), code);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(paths),
      cmocka_unit_test(sides_of_a_difference),
      cmocka_unit_test(methods),
      cmocka_unit_test(queries),
      cmocka_unit_test(names_of_parameters),
      cmocka_unit_test(headers),
      cmocka_unit_test(headers_of_one_side),
      cmocka_unit_test(lists_of_names),
      cmocka_unit_test(payloads),
      cmocka_unit_test(strings_to_sign),
      cmocka_unit_test(what_is_not_shown),
      cmocka_unit_test(what_the_message_says),
      cmocka_unit_test(what_was_not_kept),
      cmocka_unit_test(what_can_t_be_read),
      cmocka_unit_test(forms),
      cmocka_unit_test(quotes_in_a_value),
      cmocka_unit_test(secrets_are_never_shown),
      cmocka_unit_test(secrets_in_other_places),
      cmocka_unit_test(long_texts),
      cmocka_unit_test(buffers_that_are_too_small),
      cmocka_unit_test(beginnings_of_answers),
      cmocka_unit_test(refusals),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
