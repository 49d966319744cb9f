// What the tests of repetitions share: errors in AWS's words, dates, credentials that change, and all that was sent.
#pragma once

#include <cstdlib>
#include <ctime>

#include "../fakes/credentials_source.h"
#include "api_call_fixture.h"
#include "tinyaws/cached_credentials.h"

namespace test {

/// What time it is for the service when a world begins.
constexpr int64_t kServiceTime = 1440938160;  // 2015-08-30T12:36:00Z

struct Sent {
  std::string host;
  std::string bytes;
  Instant at;
};

/// All requests of a world, in order.
inline std::vector<Sent> all_sent(const ScriptedTransport& wire) {
  std::vector<Sent> out;
  for (size_t i = 0; i < wire.requests.size(); ++i) {
    for (size_t k = 0; k < wire.requests[i].size(); ++k) {
      out.push_back({wire.hosts[i], wire.requests[i][k], wire.request_times[i][k]});
    }
  }
  return out;
}
inline std::vector<Sent> all_sent(const ClientWorld& world) {
  return all_sent(world.transport);
}

inline void check_requests(const ClientWorld& world, size_t expected, const std::string& what) {
  const size_t n = world.transport.total_requests();
  CHECK(n == expected, what + ": " + std::to_string(n) + " requests, expected " + std::to_string(expected));
}

inline std::string http_date(int64_t seconds) {
  char text[64];
  const time_t time = seconds;
  std::tm tm = {};
  gmtime_r(&time, &tm);
  strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
  return text;
}
inline std::string date_field(int64_t seconds) {
  return "Date: " + http_date(seconds) + "\r\n";
}
inline const std::string kIdField = "x-amzn-RequestId: R1\r\n";

inline std::string json_error(const std::string& line, const std::string& code, const std::string& fields = "") {
  return answer(line, "{\"__type\":\"com.amazon.coral.service#" + code + "\",\"message\":\"why\"}",
                "Content-Type: application/x-amz-json-1.0\r\n" + kIdField + fields);
}
inline std::string xml_error(const std::string& line, const std::string& code, const std::string& fields = "",
                             const std::string& more = "") {
  return answer(line,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code + "</Code><Message>why</Message>" +
                    more + "<RequestId>R1</RequestId></Error>",
                "Content-Type: application/xml\r\nx-amz-request-id: R1\r\n" + fields);
}

/// An answer that was cut into chunks of so many bytes.
inline std::string chunked_answer(const std::string& line, const std::string& body, size_t piece) {
  std::string out = "HTTP/1.1 " + line + "\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (size_t at = 0; at < body.size(); at += piece) {
    char size[32];
    const std::string chunk = body.substr(at, piece);
    snprintf(size, sizeof size, "%zx\r\n", chunk.size());
    out += size + chunk + "\r\n";
  }
  return out + "0\r\n\r\n";
}

/// One connection that answers so, and keeps on.
inline Peer repeating(const std::string& bytes, size_t n = 600) {
  return Peer(std::vector<Answer>(n, Answer{bytes}));
}

inline ApiRequest request_to(const char* service, const char* method = "GET") {
  ApiRequest request{service};
  request.method = method;
  return request;
}

/// Signed by the world's credentials, and at this time to a second.
inline void check_signed_at(const ClientWorld& world, const std::string& bytes, const Scope& scope, int64_t seconds,
                            const std::string& what) {
  const SentRequest sent = check_signed(bytes, world.credentials, scope, what);
  const int64_t at = parse_amz_date(sent.one("x-amz-date")).seconds;
  CHECK(std::abs(at - seconds) <= 1, what + ": signed " + std::to_string(at - seconds) + " s off");
}

/// A source whose credentials are other ones each time that it gives some, as far as `keys` go.
class SeriesSource final : public CredentialsProvider {
 public:
  explicit SeriesSource(std::vector<std::string> key_ids) : keys(std::move(key_ids)) {}

  ScriptedSource source;
  std::vector<std::string> keys;
  size_t good = SIZE_MAX;  ///< As often it gives some; then `failure`.
  Status failure = Status::kCredentialsUnavailable;
  size_t given = 0;

  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override {
    source.status = given < good ? Status::kOk : failure;
    const Status status = source.get(now, wall, credentials, fetch);
    if (status != Status::kOk) return status;
    key_ = keys[std::min(given++, keys.size() - 1)];
    credentials.access_key_id = key_;
    return status;
  }
  Str describe() const override { return "series"; }
  IoResult explain(MutBytes) const override { return {}; }

 private:
  std::string key_;
};

/// A client whose credentials are kept in a cache.
struct CachedWorld : ClientWorld {
  explicit CachedWorld(std::vector<std::string> keys, bool fetches = true) : series(std::move(keys)) {
    series.source.has_fetch = fetches;
  }

  SeriesSource series;
  CachedCredentials cache{series, platform};

  Client& cached_client() {
    if (!client_) {
      client_ = std::make_unique<Client>(Port{platform, environment, transport, buffer.bytes()}, cache, options);
    }
    return *client_;
  }
  Fetched fetch(const ApiRequest& request) {
    char memory[256];
    Response response(memory);
    const Status status = cached_client().fetch(request, response);
    return {status, response.status(), std::string(response.body()), std::string(response.error().code)};
  }

 private:
  std::unique_ptr<Client> client_;
};

/// The key that a request was signed with; the signature is checked.
inline std::string key_of(const std::string& bytes, const Scope& scope, const std::string& what) {
  const std::string authorization = parse_sent(bytes).one("authorization");
  const size_t at = authorization.find("Credential=") + 11;
  FixedCredentials credentials;
  credentials.key_id = authorization.substr(at, authorization.find('/', at) - at);
  check_signed(bytes, credentials, scope, what);
  return credentials.key_id;
}

/// A service refuses a signature, or is content with it, and says what time it is.
inline std::string refusal(int64_t date, const std::string& code = "InvalidSignatureException") {
  return json_error("400 Bad Request", code, date_field(date));
}
inline std::string done_at(int64_t date) {
  return answer("200 OK", "done", kIdField + date_field(date));
}

/// A world whose wall clock is so many seconds ahead of the service's.
struct SkewedWorld : ClientWorld {
  explicit SkewedWorld(int64_t skew) {
    time.wall.seconds += skew;
    options.timeouts.idle_ms = 100000000;
  }
  int64_t service_time() const { return kServiceTime + (time.now.ms - 1000) / 1000; }

  void check_next_call(int64_t signed_at, const std::string& what) {
    const size_t before = transport.total_requests();
    transport.peers = {peer_of({kOkAnswer})};
    client().close();
    expect_done(test::fetch(*this, post("x")), what);
    CHECK(transport.total_requests() == before + 1, what + ": more than one request");
    check_signed_at(*this, transport.last_request(), kScope, signed_at, what);
  }
};

/// A world with what a client lends to its calls.
struct LendingWorld : ClientWorld {
  Signer signer;
  RetryQuota quota;
  ApiContext context{signer, credentials, options, environment, platform, &quota};
};

// A bucket of S3: where the tests look for it, and where it is.
inline const char* const kHome = "my-bucket.s3.eu-west-1.amazonaws.com";
inline const char* const kAway = "my-bucket.s3.us-west-2.amazonaws.com";
inline const Scope kHomeScope{"eu-west-1", "s3"};
inline const Scope kAwayScope{"us-west-2", "s3"};
inline const std::string kAwayField = "x-amz-bucket-region: us-west-2\r\n";

inline std::string moved(const std::string& fields, const std::string& line = "301 Moved Permanently",
                         const std::string& more = "") {
  return xml_error(line, "PermanentRedirect", fields, more);
}

struct S3World : ClientWorld {
  S3World() {
    options.endpoint_url = {};
    options.max_attempts = 1;  // redirections are not counted
  }
};

inline ApiRequest object(const char* method = "GET") {
  ApiRequest request = request_to("s3", method);
  request.bucket = "my-bucket";
  request.path = "/a key";
  return request;
}

}  // namespace test
