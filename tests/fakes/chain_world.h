// A machine with places for credentials, and the servers of AWS that hand them out: STS, the container's, the
// instance's and IoT's, and a service that takes only what is signed. Every key is registered when it is given out,
// so that each signature is checked and each secret can be looked for where it should not be.
#pragma once

#include <ctime>
#include <map>
#include <string>

#include "aws_words.h"
#include "fake_processes.h"
#include "guarded_buffer.h"
#include "served_transport.h"
#include "surroundings.h"
#include "table_files.h"
#include "tinyaws/connection.h"
#include "verify_signature.h"
#include "virtual_platform.h"

namespace tinyaws::fakes {

constexpr const char* kStsHost = "sts.eu-west-1.amazonaws.com";
constexpr const char* kContainerHost = "169.254.170.2";
constexpr const char* kMetadataHost = "169.254.169.254";
constexpr const char* kIotHost = "prefix.credentials.iot.eu-west-1.amazonaws.com";
constexpr const char* kServiceHost = "dynamodb.eu-west-1.amazonaws.com";

class ChainWorld {
 public:
  explicit ChainWorld(size_t space_size = kCredentialsSpaceBytes, size_t buffer_size = 12288)
      : space(space_size), buffer(buffer_size), connection(transport, buffer.bytes()) {
    platform.most_waits = 100000;
    platform.random_byte = 0;              // no waits between attempts
    transport.manner.pend_between = true;  // many steps, to be ended between
    environment.table["HOME"] = "/h";
    environment.table["AWS_REGION"] = "eu-west-1";
    transport.servers[kStsHost] = [this](const std::string& request) { return sts(request); };
    transport.servers[kContainerHost] = [this](const std::string&) { return container(); };
    transport.servers[kMetadataHost] = [this](const std::string& request) { return metadata(request); };
    transport.servers[kIotHost] = [this](const std::string&) { return iot(); };
    transport.servers[kServiceHost] = [this](const std::string& request) { return service(request); };
  }

  VirtualTime time;
  ServedTransport transport{time};
  VirtualPlatform platform{time, transport.wire};
  TableEnvironment environment;
  TableFiles files;
  FakeProcesses processes;
  GuardedBuffer space;
  GuardedBuffer buffer;
  Connection connection;
  Credentials credentials;

  size_t token_size = 40;  ///< Of each session token that is given out.
  std::map<std::string, FixedCredentials> keys;
  std::string last_signer;  ///< The key id that signed the last request to service or STS.
  std::vector<std::map<std::string, std::string>> forms;  ///< What STS was asked.
  std::string last_key_id;                                ///< The last one given out.
  size_t served = 0;                                      ///< Requests that the service took.

  /// Makes long-term keys known to the servers.
  void know(const std::string& key_id, const std::string& secret, const std::string& token = "") {
    keys[key_id].key_id = key_id;
    keys[key_id].secret = secret;
    keys[key_id].token = token;
  }

  std::string date_after(int64_t seconds, const char* format = "%Y-%m-%dT%H:%M:%SZ") {
    const time_t at = static_cast<time_t>(platform.unix_time().seconds + seconds);
    std::tm tm = {};
    char text[64];
    gmtime_r(&at, &tm);
    return {text, strftime(text, sizeof text, format, &tm)};
  }

  /// New session keys, registered.
  const FixedCredentials& issue(const std::string& kind) {
    const std::string n = std::to_string(++issued_);
    std::string token = kind + "token" + n + "/+=";
    token.resize(token_size, 't');
    last_key_id = "ASIA" + kind + n;
    know(last_key_id, kind + "secret" + n + "/+wJalrXUtnFEMI", token);
    return keys[last_key_id];
  }

  Status ask(CredentialsProvider& provider, Call*& fetch) {
    credentials = {};
    return provider.get(platform.now(), platform.unix_time(), credentials, fetch);
  }

  /// One step of the call that runs; false when it has ended.
  bool step() {
    if (connection.step(platform.now(), platform.unix_time()) != Status::kPending) return false;
    const Interest interest = connection.interest();
    if (!connection.ready()) platform.wait({&interest, 1}, connection.next_deadline());
    return true;
  }
  void run(Call& call) {
    CHECK_STATUS(connection.start(call), Status::kOk, "Connection::start");
    for (int i = 0; step(); ++i) CHECK(i < 50000, "hang: too many steps");
  }

  /// Asks until there is an answer.
  Status get(CredentialsProvider& provider) {
    for (int i = 0; i < 20; ++i) {
      Call* fetch = nullptr;
      const Status status = ask(provider, fetch);
      if (status != Status::kPending) {
        CHECK(fetch == nullptr, "a fetch beside an answer");
        return status;
      }
      CHECK(fetch != nullptr, "kPending without a fetch, though nobody else is there");
      run(*fetch);
    }
    CHECK(false, "hang: a fetch after the other, and no answer");
    return Status::kPending;
  }

  void check_given(const std::string& key_id, const std::string& what) const {
    CHECK_TEXT(credentials.access_key_id, key_id, what);
    const auto found = keys.find(key_id);
    CHECK(found != keys.end(), what + ": keys that nobody gave out");
    CHECK_TEXT(credentials.secret_access_key, found->second.secret, what);
    CHECK_TEXT(credentials.session_token, found->second.token, what);
  }

  /// A secret, a token or the half of one that is long, in some bytes; empty: none.
  std::string secret_in(Bytes bytes) const {
    for (const auto& entry : keys) {
      for (const std::string& text : {entry.second.secret, entry.second.token}) {
        for (size_t at = 0; at + 12 <= text.size() && at < 64; at += 6) {
          if (contains(bytes, text.substr(at, 12))) return text.substr(at, 12);
        }
      }
    }
    return "";
  }
  void check_no_secret(Bytes bytes, const std::string& what) const {
    CHECK_TEXT(secret_in(bytes), "", what + ": a secret in it");
  }
  void check_space_clean(const std::string& what) const {
    check_no_secret(Bytes(space.bytes().data(), space.bytes().size()), what + ": the space");
  }

  /// What a provider says about itself, checked for secrets, and for its answer when there is too little room.
  std::string explain(const CredentialsProvider& provider) const {
    GuardedBuffer room(4096);
    const IoResult result = provider.explain(room.bytes());
    CHECK_STATUS(result.status, Status::kOk, "explain");
    const std::string text(room.bytes().data(), result.size);
    check_no_secret(text, "explain");
    for (size_t less : {size_t{1}, result.size / 2, result.size}) {
      if (less > result.size || less == 0) continue;
      const IoResult small = provider.explain(room.last(result.size - less));
      CHECK_STATUS(small.status, Status::kBufferTooSmall, "explain with too little room");
      CHECK(small.size == result.size, "explain says how much it needs");
    }
    return text;
  }

 private:
  std::string dated() { return "Date: " + date_after(0, "%a, %d %b %Y %H:%M:%S GMT") + "\r\n"; }

  /// Checks who signed, and with what.
  void check_signer(const std::string& request, const std::string& service_name) {
    const SentRequest sent = parse_sent(request);
    const std::string authorization = sent.one("authorization");
    const size_t at = authorization.find("Credential=");
    CHECK(at != std::string::npos, "unsigned: " + printable(request));
    const size_t slash = authorization.find('/', at);
    last_signer = authorization.substr(at + 11, slash - at - 11);
    CHECK(keys.count(last_signer) == 1, "signed by nobody: " + last_signer);
    const size_t region = slash + 10;
    const std::string region_name = authorization.substr(region, authorization.find('/', region) - region);
    check_signed(request, keys[last_signer], {region_name, service_name}, "signature for " + service_name);
  }

  std::string sts(const std::string& request) {
    forms.push_back(parse_form(parse_sent(request).body));
    const std::string action = forms.back()["Action"];
    if (action == "AssumeRole") {
      check_signer(request, "sts");
    } else {
      CHECK_TEXT(action, "AssumeRoleWithWebIdentity", "what STS is asked");
      CHECK(parse_sent(request).all("authorization").empty(), "signed, though a token is the proof");
      last_signer = "";
    }
    const FixedCredentials& fresh = issue("role");
    return http("200 OK",
                "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n<" + action +
                    "Result><AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId><Arn>arn:aws:sts::123456789012:"
                    "assumed-role/r/s</Arn></AssumedRoleUser><Credentials><AccessKeyId>" +
                    fresh.key_id + "</AccessKeyId><SecretAccessKey>" + fresh.secret +
                    "</SecretAccessKey><SessionToken>" + fresh.token + "</SessionToken><Expiration>" +
                    date_after(3600) + "</Expiration></Credentials></" + action + "Result></" + action + "Response>",
                dated());
  }

  std::string json(const FixedCredentials& fresh) {
    return "{\"Code\":\"Success\",\"AccessKeyId\":\"" + fresh.key_id + "\",\"SecretAccessKey\":\"" + fresh.secret +
           "\",\"Token\":\"" + fresh.token + "\",\"Expiration\":\"" + date_after(3600) + "\"}";
  }
  std::string container() { return http("200 OK", json(issue("container")), dated()); }
  std::string metadata(const std::string& request) {
    if (request.compare(0, 4, "PUT ") == 0) {
      return http("200 OK", "imdstoken==", "X-Aws-Ec2-Metadata-Token-Ttl-Seconds: 21600\r\n");
    }
    CHECK_TEXT(parse_sent(request).one("x-aws-ec2-metadata-token"), "imdstoken==", "the token of IMDSv2");
    if (contains(request, "/placement/region ")) return http("200 OK", "eu-west-1");
    if (contains(request, "/security-credentials/ ")) return http("200 OK", "my-role");
    return http("200 OK", json(issue("imds")), dated());
  }
  std::string iot() {
    const FixedCredentials& fresh = issue("iot");
    return http("200 OK", "{\"credentials\":{\"accessKeyId\":\"" + fresh.key_id + "\",\"secretAccessKey\":\"" +
                              fresh.secret + "\",\"sessionToken\":\"" + fresh.token + "\",\"expiration\":\"" +
                              date_after(3600) + "\"}}");
  }
  std::string service(const std::string& request) {
    check_signer(request, "dynamodb");
    ++served;
    return http("200 OK", "{}");
  }

  int issued_ = 0;
};

}  // namespace tinyaws::fakes
