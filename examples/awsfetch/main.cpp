// awsfetch: what curl is to HTTP, for AWS. Sends one signed request and prints the answer.
//
//   options.cpp, settings.cpp, values.cpp, help.cpp   the command line
//   job.cpp, target.cpp, hosts.h, body.cpp            what it comes to: where, which service and region, what body
//   main.cpp                                          sending
//   offline.cpp                                       signing without sending
//   output.cpp, progress.cpp                          where the answer goes; --verbose
//   failure.cpp, explain.cpp, report.cpp              what to say when it went wrong
#include <fcntl.h>
#include <tinyaws/system.h>
#include <tinyaws/tinyaws.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "explain.h"
#include "failure.h"
#include "job.h"
#include "offline.h"
#include "options.h"
#include "output.h"
#include "progress.h"

namespace awsfetch {
namespace {

using tinyaws::Status;
using System = tinyaws::System<kConnectionBytes>;

// The platform as it is, but for the time that requests are signed with. Certificates are checked against the true
// one.
class DatedPlatform final : public tinyaws::Platform {
 public:
  DatedPlatform(tinyaws::Platform& real, std::optional<tinyaws::UnixTime> date) : real_(real), date_(date) {}

  tinyaws::Instant now() override { return real_.now(); }
  tinyaws::UnixTime unix_time() override { return date_ ? *date_ : real_.unix_time(); }
  Status random(tinyaws::MutBytes out) override { return real_.random(out); }
  void wait(tinyaws::Span<const tinyaws::Interest> interests, tinyaws::Instant until) override {
    real_.wait(interests, until);
  }

 private:
  tinyaws::Platform& real_;
  const std::optional<tinyaws::UnixTime> date_;
};

// Null when the file can be read, else why not: mbedTLS does not say.
const char* why_unreadable(const char* path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  char byte;
  const bool readable = file >= 0 && read(file, &byte, 1) >= 0;
  const int reason = errno;
  if (file >= 0) close(file);
  return readable ? nullptr : std::strerror(reason);
}

std::optional<Exit> load_cas(System& system, const Options& options) {
  const Str bundle = system.environment().variable("AWS_CA_BUNDLE");
  const char* path = options.cacert;
  if (path == nullptr && !bundle.empty()) path = bundle.data();
  if (path == nullptr) path = tinyaws::mbedtls::find_system_ca_file();
  if (path == nullptr) {
    return usage_error(
        {"no CA certificates on this system: install ca-certificates, give --cacert FILE or set "
         "AWS_CA_BUNDLE"});
  }
  if (const char* why = why_unreadable(path)) return usage_error({"could not read the CA file ", path, ": ", why});
  if (system.tls_config().add_ca_file(path) == Status::kOk) return {};
  return usage_error({"could not use the CA file ", path, ": ", system.tls_config().describe()});
}

// Enough of a key id to know it by.
void print_signer(const Job& job) {
  const Str key_id = job.credentials().access_key_id;
  const size_t shown = key_id.size() < 16 ? key_id.size() / 4 : 4;
  print_line({"* signing as ",
              {key_id.data(), shown},
              "****",
              {key_id.data() + key_id.size() - shown, shown},
              job.credentials().session_token.empty() ? "" : " with a session token",
              ", credentials from the environment, for ",
              job.request().service,
              " in ",
              job.request().region});
}

Exit report_answer(const tinyaws::Response& response) {
  if (response.status() >= 200 && response.status() < 300) return kAnswered;
  return complain(kRefused, {response.head().status_line()});
}

Exit send(Job& job, const Options& options) {
  System system(System::Trust::kNothing);
  if (job.destination().endpoint.tls) {
    if (auto failed = load_cas(system, options)) return *failed;
  }
  DatedPlatform platform(system.platform(), options.date);
  const tinyaws::Port parts = system;
  const tinyaws::Port port{platform, parts.environment, parts.transport, parts.buffer};
  Progress progress(options.verbose, job.destination().endpoint.tls);
  tinyaws::ClientOptions client_options = job.client_options();
  client_options.observer = &progress;
  tinyaws::StaticCredentials credentials(job.credentials());
  tinyaws::Client client(port, credentials, client_options);

  tinyaws::Response response;
  Output output(options.output, options.include, response);
  response = tinyaws::Response(output);
  const Status status = client.fetch(job.request(), response);
  if (status != Status::kOk && status != Status::kServiceError) {
    return complain_about_failure(status, job, options, output, progress);
  }
  if (auto failed = output.finish(job.request().method == "HEAD")) return *failed;
  return report_answer(response);
}

// A standard descriptor that is closed would be given to the connection, and the answer written into it. What takes
// its place can't be used either.
void occupy_standard_descriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) < 0) (void)open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

Exit run(int argc, char** argv) {
  Options options;
  if (auto done = parse_options(argc, argv, options)) return *done;
  const tinyaws::posix::Environment environment;
  Job job(options, environment);
  if (auto failed = job.prepare()) return *failed;
  if (options.verbose) print_signer(job);
  if (!options.sign_only && options.presign_seconds == 0) return send(job, options);
  tinyaws::posix::Platform platform;
  return sign_offline(job, options, DatedPlatform(platform, options.date).unix_time());
}

}  // namespace
}  // namespace awsfetch

int main(int argc, char** argv) {
  // Writing to a pipe whose reader has gone is then an error like any other, with a message and an exit code.
  std::signal(SIGPIPE, SIG_IGN);
  awsfetch::occupy_standard_descriptors();
  return awsfetch::run(argc, argv);
}
