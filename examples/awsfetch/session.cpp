#include "session.h"

#include "config.h"
#include "failure.h"
#include "missing.h"
#include "offline.h"
#include "output.h"
#include "refusal.h"

namespace awsfetch {
namespace {

using tinyaws::Status;

// What was found before, until a service refuses it: then what there is where it came from. Empty ones leave a
// request unsigned.
class Found final : public tinyaws::CredentialsProvider {
 public:
  /// `platform` says what time it is, whatever requests are dated with.
  Found(Job& job, tinyaws::CredentialsProvider& source, tinyaws::Platform& platform, const Session* told_of)
      : job_(job), source_(source), platform_(platform), told_of_(told_of) {}

  Status get(tinyaws::Instant now, tinyaws::UnixTime, tinyaws::Credentials& credentials,
             tinyaws::Call*& fetch) override {
    fetch = nullptr;
    if (renewed_) {
      status_ = source_.get(now, platform_.time_of_day(now), credentials, fetch);
      if (status_ == Status::kOk) take(credentials);
      return status_;
    }
    credentials = job_.credentials();
    return Status::kOk;
  }
  bool renew(uint32_t version, tinyaws::Instant now, tinyaws::UnixTime) override {
    if (!source_.renew(version, now, platform_.time_of_day(now))) return false;
    if (told_of_ != nullptr) print_line("* the service does not take these credentials: asking for others");
    job_.set_credentials({});
    renewed_ = true;
    return true;
  }
  Str describe() const override { return "found before"; }
  tinyaws::IoResult explain(tinyaws::MutBytes) const override { return {}; }

  /// Why there are no others; kOk if that was not so.
  Status failure() const { return status_ == Status::kPending ? Status::kOk : status_; }

 private:
  void take(const tinyaws::Credentials& credentials) {
    const bool are_others = job_.credentials().access_key_id.empty();
    job_.set_credentials(credentials);
    if (are_others && told_of_ != nullptr) print_signer(job_, *told_of_);
  }

  Job& job_;
  tinyaws::CredentialsProvider& source_;
  tinyaws::Platform& platform_;
  const Session* const told_of_;
  Status status_ = Status::kOk;
  bool renewed_ = false;
};

}  // namespace

Session::Session(const Options& options, const tinyaws::ClientOptions& client_options)
    : options_(options),
      system_(System::Trust::kNothing),
      trust_(options, system_.environment(), system_.platform(), system_.tls_config(),
             tinyaws::Port(system_).transport),
      port_(replace_transport(system_, trust_)),
      source_(port_, options, trust_.certificate()),
      patience_(source_.provider(), *source_.settings(), options.timeouts.total_ms, system_.platform().now()),
      progress_(options.verbose, true),
      dated_(system_.platform(), options.date.value_or(tinyaws::UnixTime())),
      finder_(port_, patience_, finder_options(client_options)) {}

tinyaws::Port Session::replace_transport(tinyaws::Port port, tinyaws::Transport& transport) {
  return {port.platform, port.environment, transport, port.buffer, port.files, port.processes};
}

tinyaws::ClientOptions Session::finder_options(const tinyaws::ClientOptions& given) {
  tinyaws::ClientOptions made = given;
  made.observer = &progress_;
  made.settings = &patience_;
  return made;
}

MaybeExit Session::prepare() {
  if (auto failed = trust_.read_certificate()) return failed;
  return source_.check();
}

MaybeExit Session::failure() const {
  if (!patience_.is_over()) return trust_.failure();
  return complain(kFailed,
                  "the time limit of {} s (--max-time) was over while credentials or the region were fetched; give "
                  "more --max-time",
                  {Seconds(options_.timeouts.total_ms)});
}

Status Session::look_for_way(Job& job, const tinyaws::ApiRequest& request) {
  tinyaws::PreparedRequest configured;
  if (!job.request().service.empty() && job.host().empty() && look_for_endpoint(request, configured) == Status::kOk &&
      configured.destination.endpoint_origin() != tinyaws::Origin::kRules) {
    patience_.set_region(job.read_host(configured.destination.resolved().endpoint.host).region);
  }
  const Status status = finder_.prepare(request, job.prepared());
  if (patience_.has_told_region()) job.set_region_of_host();
  return status;
}

Status Session::look_for_endpoint(const tinyaws::ApiRequest& request, tinyaws::PreparedRequest& prepared) {
  tinyaws::ApiRequest asked = request;
  asked.region = "us-east-1";
  return finder_.prepare(asked, prepared);
}

MaybeExit Session::find_way(Job& job) {
  const Status status = look_for_way(job, job.request());
  if (status == Status::kOk) return {};
  if (auto failed = failure()) return failed;
  return complain_about_way(status, job, options_, port_, patience_);
}

MaybeExit Session::find_credentials(tinyaws::Credentials& credentials) {
  const Status status = finder_.find_credentials(credentials);
  if (status == Status::kOk) return {};
  if (auto failed = failure()) return failed;
  return source_.complain(status);
}

Exit Session::send(Job& job) {
  // The transport goes over to another client.
  finder_.close();
  trust_.show_certificate();
  tinyaws::Platform& platform = options_.date ? dated_ : port_.platform;
  const tinyaws::Port port{platform, port_.environment, trust_, port_.buffer, port_.files, nullptr};
  SignedRecord signed_texts;
  Progress progress(options_.verbose, job.resolved().endpoint.tls, {&platform, &signed_texts});
  tinyaws::ClientOptions client_options = job.client_options();
  client_options.observer = &progress;
  client_options.settings = &patience_;
  client_options.correct_clock = !options_.date;
  client_options.timeouts.total_ms = patience_.left_ms(port_.platform.now());
  if (options_.verbose) client_options.tee = &signed_texts;
  Found credentials(job, patience_, port_.platform, options_.verbose ? this : nullptr);
  tinyaws::Client client(port, credentials, client_options);

  tinyaws::Response response;
  Output output(options_.output, options_.include, response);
  AnswerRecord record(output);
  if (options_.verbose) {
    response.hand_to(record);
  } else {
    response.hand_to(output);
  }
  const Status status = client.fetch(job.request(), response);
  if (status != Status::kOk && status != Status::kServiceError) {
    if (auto failed = failure()) return *failed;
    if (credentials.failure() != Status::kOk) return source_.complain(credentials.failure());
    return complain_about_failure(status, job, options_, output, progress);
  }
  if (auto failed = output.finish(job.request().method == "HEAD")) return *failed;
  if (status == Status::kOk) return kAnswered;
  if (options_.verbose) explain_refusal(response.error(), signed_texts, record);
  return complain_about_answer(response.error(), job.credentials());
}

Exit Session::sign(Job& job) {
  tinyaws::Platform& platform = port_.platform;
  if (!options_.date && !platform.knows_time()) {
    return usage_error("this machine's clock is not set, so nothing can be signed: set the clock, or give --date");
  }
  return sign_offline(job, options_, options_.date ? *options_.date : platform.time_of_day(platform.now()));
}

}  // namespace awsfetch
