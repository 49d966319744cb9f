#include "failure.h"

#include <cstring>

#include "base/ascii.h"
#include "explain.h"
#include "session.h"

namespace awsfetch {
namespace {

using tinyaws::Status;

struct Line {
  Status status;
  const char* before_peer;
  const char* after_peer;
  const char* advice;
};

// The peer stands between the first two; the transport's own words follow. What is an error of HTTP is said by the
// last.
constexpr Line kLines[] = {
    {Status::kResolveFailed, "could not resolve ", "", "check the host's name, the network and /etc/resolv.conf"},
    {Status::kConnectFailed, "could not connect to ", "",
     "check host and port, and whether the service runs and a firewall stands between"},
    {Status::kTlsFailed, "no TLS with ", "",
     "check that the port speaks TLS 1.2 or newer; for plain HTTP write http://"},
    {Status::kCertificateRejected, "could not verify ", "",
     "check the host's name, this machine's clock and the CAs (--cacert, AWS_CA_BUNDLE)"},
    {Status::kConnectionLost, "", " closed the connection while ",
     "try again; if it remains so, check host and port"},
    {Status::kTruncated, "", " ended the answer early: the connection was closed before all of it had come",
     "what was written is not complete: try again"},
    {Status::kUnexpectedUpgrade, "", " switched protocols without being asked", "check that it is an AWS service"},
};
constexpr Line kCutOff = {Status::kConnectionLost, "", " closed the connection while ",
                          "what was written is not complete: try again"};
constexpr Line kNoHttp = {Status::kMalformedHead, "the response of ", " is not HTTP/1.1 as it should be",
                          "check that an HTTP service is at that port, and that no proxy changes its answers"};

const Line& line_for(Status status, bool answer_begun) {
  if (status == Status::kConnectionLost && answer_begun) return kCutOff;
  for (const Line& line : kLines) {
    if (line.status == status) return line;
  }
  return kNoHttp;
}

// Host and port as they stand in a URL.
class Peer {
 public:
  explicit Peer(const tinyaws::Endpoint& endpoint) : endpoint_(endpoint), port_(endpoint.port) {}
  Str open() const { return is_v6() ? "[" : ""; }
  Str host() const { return endpoint_.host; }
  Str close() const { return is_v6() ? "]:" : ":"; }
  Str port() const { return port_; }

 private:
  bool is_v6() const { return endpoint_.host.find(':') != Str::npos; }

  const tinyaws::Endpoint& endpoint_;
  Number port_;
};

// The transport's words begin with the address, or the name, and say the same as the peer if that is one.
bool names_peer(Str words, const Peer& peer) {
  if (starts_with(words, '[')) words.remove_prefix(1);
  return starts_with(words, peer.host());
}

Exit complain_with(const Line& line, Str words, const tinyaws::Endpoint& endpoint, const Progress& progress) {
  const Peer peer(endpoint);
  const Number attempts(progress.failed_attempts());
  const bool repeated = progress.failed_attempts() > 1;
  const Str before_attempts = repeated ? " (" : "";
  const Str count = repeated ? Str(attempts) : Str();
  const Str after_attempts = repeated ? " attempts); " : "; ";
  const Str step = line.status == Status::kConnectionLost ? progress.step() : Str();
  if (*line.before_peer != '\0' && names_peer(words, peer)) {
    return complain(kFailed, "{}{}{}{}{}{}",
                    {line.before_peer, words, before_attempts, count, after_attempts, line.advice});
  }
  return complain(kFailed, "{}{}{}{}{}{}{}{}{}{}{}{}{}",
                  {line.before_peer, peer.open(), peer.host(), peer.close(), peer.port(), line.after_peer, step,
                   words.empty() ? "" : ": ", words, before_attempts, count, after_attempts, line.advice});
}

struct Limit {
  Status status;
  const char* what;
  uint32_t tinyaws::Timeouts::*ms;
  const char* advice;
};

constexpr Limit kLimits[] = {
    {Status::kConnectTimedOut, "no connection to ", &tinyaws::Timeouts::connect_ms,
     "check the network and firewalls, or give more --connect-timeout"},
    {Status::kTlsTimedOut, "no TLS session with ", &tinyaws::Timeouts::tls_ms,
     "check that the port speaks TLS, or give more --connect-timeout"},
    {Status::kFirstByteTimedOut, "no answer from ", &tinyaws::Timeouts::first_byte_ms,
     "the service may be overloaded: try again later"},
    {Status::kStalled, "nothing more to or from ", &tinyaws::Timeouts::stall_ms,
     "what was written is not complete: check the network and try again"},
    {Status::kDeadlineExceeded, "no complete answer from ", &tinyaws::Timeouts::total_ms, "give more --max-time"},
};

const Limit* limit_for(Status status) {
  for (const Limit& limit : kLimits) {
    if (limit.status == status) return &limit;
  }
  return nullptr;
}

Exit complain_about_time(const Limit& limit, const tinyaws::Timeouts& timeouts, const tinyaws::Endpoint& endpoint,
                         const Progress& progress) {
  const Peer peer(endpoint);
  const bool total = limit.status == Status::kDeadlineExceeded;
  return complain(kFailed, "{}{}{}{}{}: the time limit of {} s{} was over while {}{}{}{}{}",
                  {limit.what, peer.open(), peer.host(), peer.close(), peer.port(), Seconds(timeouts.*limit.ms),
                   total ? " (--max-time)" : "", progress.step(), progress.words().empty() ? "" : " (",
                   progress.words(), progress.words().empty() ? "; " : "); ", limit.advice});
}

// Limits of the library and of awsfetch, each with its number.
MaybeExit complain_about_size(Status status, size_t headers) {
  switch (status) {
    case Status::kRequestTooLarge:
      return usage_error(
          "method, URL, headers and session token together are larger than the {} bytes that awsfetch has for them "
          "(kConnectionBytes)",
          {Number(kConnectionBytes)});
    case Status::kTooManyHeaders:
      return complain_about_header_count(headers);
    case Status::kHeadTooLarge:
      return complain(
          kFailed, "the head of the response is larger than the {} bytes that awsfetch has for it (kConnectionBytes)",
          {Number(kConnectionBytes)});
    case Status::kTrailersTooLarge:
      return complain(kFailed, "the response has more than {} bytes of trailer fields (TINYAWS_MAX_TRAILER_BYTES)",
                      {Number(tinyaws::kMaxTrailerBytes)});
    case Status::kChunkExtensionsTooLarge:
      return complain(kFailed,
                      "the response has more than {} bytes of chunk extensions (TINYAWS_MAX_CHUNK_EXTENSION_BYTES)",
                      {Number(tinyaws::kMaxChunkExtensionBytes)});
    case Status::kTooManyInterims:
      return complain(
          kFailed, "more than {} interim (1xx) responses came before the final one (TINYAWS_MAX_INTERIM_RESPONSES)",
          {Number(tinyaws::kMaxInterimResponses)});
    default:
      return {};
  }
}

Exit complain_about_clock(const tinyaws::Endpoint& endpoint) {
  return complain(kFailed, "this machine's clock is not set, so {}",
                  {endpoint.tls ? Str("no certificate can be judged: set the clock, or see --no-clock")
                                : Str("nothing can be signed: set the clock, or leave out "
                                      "AWS_DISABLE_CLOCK_SKEW_CORRECTION to take the time from the service")});
}

// A field may also be malformed behind the body, when the head has long been well.
Str describe_http(Status status) {
  if (status != Status::kMalformedHead) return tinyaws::describe(status);
  return "its status line, a header field or a trailer field is malformed";
}

bool is_about_http(Status status) {
  return status >= Status::kResolveFailed && status <= Status::kUnexpectedUpgrade;
}

}  // namespace

Str words_of_error(int error) {
  return std::strerror(error);
}

Exit complain_about_failure(Status status, Job& job, const Options& options, const Output& output,
                            const Progress& progress) {
  // The call ends with kUnsupported when it can't be repeated, which hides why it should have been.
  if (output.refused_restart()) status = progress.failure();
  if (auto said = complain_about_size(status, options.header_count)) return *said;
  const tinyaws::Endpoint& endpoint = job.resolved().endpoint;
  if (const Limit* limit = limit_for(status))
    return complain_about_time(*limit, options.timeouts, endpoint, progress);
  if (is_about_http(status)) {
    const Line& line = line_for(status, progress.answer_begun());
    return complain_with(line, &line == &kNoHttp ? describe_http(status) : progress.words(), endpoint, progress);
  }
  switch (status) {
    case Status::kInvalidArgument:
      return complain_about_request(job.request(), job.credentials(), options.raw_path);
    case Status::kClockNotSet:
      return complain_about_clock(endpoint);
    case Status::kBodySinkFailed:
      return output.complain();
    case Status::kBodySourceFailed:
      return usage_error(
          "could not read the body from {}: {}",
          {job.body().name(), job.body().failure().empty() ? "it has become shorter" : job.body().failure()});
    default:
      return complain(kFailed, "the request failed: {}", {tinyaws::describe(status)});
  }
}

}  // namespace awsfetch
