// A program that runs for long and finds credentials as it goes, for the tests named test_credentials_*.py:
//   credentials_session default [PROFILE]                                    whatever DefaultCredentials finds
//   credentials_session iot ENDPOINT ALIAS THING [CERTIFICATE_FILE KEY_FILE]  those of AWS IoT; THING may be empty
// It takes commands from standard input, one a line. Each answer is some lines with a line of one dot at their end:
//   find            STATUS MICROSECONDS PLACE KEY_ID EXPIRATION; then what was looked at
//   region          STATUS MICROSECONDS REGION
//   get URL         STATUS HTTP_STATUS, of a signed GET; then its body
//   burst N URL     OK FAILED STATUS_OF_THE_FIRST_FAILURE MICROSECONDS, of N such GETs at once
//   forward SECONDS the clock that credentials are aged on moves on; no other line
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "credentials_burst.h"
#include "moved_platform.h"
#include "tinyaws/cached_credentials.h"
#include "tinyaws/default_credentials.h"
#include "tinyaws/iot_credentials.h"
#include "tinyaws/system.h"
#include "tinyaws/tinyaws.h"

namespace {

using namespace tinyaws;

class Stopwatch {
 public:
  long long microseconds() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

int width(Str text) {
  return static_cast<int>(text.size());
}

class Session {
 public:
  Session(CredentialsProvider& credentials, const Port& port, MovedPlatform& platform)
      : credentials_(credentials), port_(port), platform_(platform), client_(port, credentials) {}

  bool obey(char* line) {
    char* rest = std::strchr(line, ' ');
    if (rest != nullptr) *rest++ = '\0';
    if (std::strcmp(line, "find") == 0) {
      find();
    } else if (std::strcmp(line, "region") == 0) {
      find_region();
    } else if (std::strcmp(line, "get") == 0 && rest != nullptr) {
      get(rest);
    } else if (std::strcmp(line, "burst") == 0 && rest != nullptr) {
      burst(rest);
    } else if (std::strcmp(line, "forward") == 0 && rest != nullptr) {
      platform_.forward(std::atoll(rest) * 1000);
    } else {
      return false;
    }
    std::printf(".\n");
    return std::fflush(stdout) == 0;
  }

 private:
  void find() {
    const Stopwatch stopwatch;
    Credentials found;
    const Status status = client_.find_credentials(found);
    const long long took = stopwatch.microseconds();
    const Str place = credentials_.describe();
    const Str key_id = found.access_key_id.empty() ? Str("-") : found.access_key_id;
    std::printf("%.*s\t%lld\t%.*s\t%.*s\t%lld\n", width(name(status)), name(status).data(), took, width(place),
                place.data(), width(key_id), key_id.data(), static_cast<long long>(found.expiration.seconds));
    char text[8192];
    const IoResult explained = credentials_.explain(text);
    if (explained.status == Status::kOk) std::printf("%.*s\n", static_cast<int>(explained.size), text);
  }

  void find_region() {
    const Stopwatch stopwatch;
    PreparedRequest prepared;
    const ApiRequest request{"sts"};
    const Status status = client_.prepare(request, prepared);
    const Str region = status == Status::kOk ? prepared.scope.region : Str("-");
    std::printf("%.*s\t%lld\t%.*s\n", width(name(status)), name(status).data(), stopwatch.microseconds(),
                width(region), region.data());
  }

  void get(const char* url) {
    client_.close();
    ClientOptions options;
    options.endpoint_url = url;
    options.max_attempts = 1;
    Client client(port_, credentials_, options);
    char body[16384];
    Response response(body);
    const Status status = client.fetch({"execute-api", "us-east-1"}, response);
    client.close();
    std::printf("%.*s\t%d\n%.*s\n", width(name(status)), name(status).data(), response.status(),
                static_cast<int>(response.body().size()), reinterpret_cast<const char*>(response.body().data()));
  }

  void burst(char* arguments) {
    char* url = nullptr;
    const long count = std::strtol(arguments, &url, 10);
    const Stopwatch stopwatch;
    const BurstResult result =
        run_burst(static_cast<int>(count), url + 1, credentials_, platform_, port_.environment);
    std::printf("%d\t%d\t%.*s\t%lld\n", result.ok, result.failed, width(name(result.first_failure)),
                name(result.first_failure).data(), stopwatch.microseconds());
  }

  CredentialsProvider& credentials_;
  Port port_;
  MovedPlatform& platform_;
  Client client_;
};

int serve(CredentialsProvider& credentials, const Port& port, MovedPlatform& platform) {
  Session session(credentials, port, platform);
  char line[1024];
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    line[std::strcspn(line, "\n")] = '\0';
    if (!session.obey(line)) return 2;
  }
  return 0;
}

int serve_iot(int argc, char** argv, System<16384>& system, const Port& port, MovedPlatform& platform) {
  mbedtls::TlsConfig device(system.platform(), system.tls_config());
  if (argc == 7 && device.set_client_certificate_files(argv[5], argv[6]) != Status::kOk) {
    std::fprintf(stderr, "%s\n", device.describe().data());
    return 2;
  }
  IotOptions options;
  options.endpoint = argv[2];
  options.role_alias = argv[3];
  options.thing_name = argv[4];
  options.tls_settings = &device;
  static char space[6144];
  IotCredentials source(platform, MutBytes(space), options);
  CachedCredentials credentials(source, platform);
  return serve(credentials, port, platform);
}

}  // namespace

int main(int argc, char** argv) {
  const Str mode = argc > 1 ? argv[1] : "";
  System<16384> system;
  MovedPlatform platform(system.platform());
  const Port parts = system;
  const Port port{platform, parts.environment, parts.transport, parts.buffer, parts.files, parts.processes};
  if (mode == "iot" && (argc == 5 || argc == 7)) return serve_iot(argc, argv, system, port, platform);
  if (mode != "default" || argc > 3) return 2;
  DefaultCredentials::Options options;
  if (argc == 3) options.profile = argv[2];
  DefaultCredentials credentials(port, options);
  return serve(credentials, port, platform);
}
