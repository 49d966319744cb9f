#include "job.h"

#include <cstdlib>

#include "base/ascii.h"
#include "explain.h"
#include "session.h"
#include "values.h"

namespace awsfetch {
namespace {

using tinyaws::Status;

Str first_given(Str a, Str b) {
  return a.empty() ? b : a;
}

}  // namespace

Job::~Job() {
  std::free(encoded_);
}

MaybeExit Job::prepare() {
  if (options_.export_credentials) return prepare_body();
  if (auto failed = prepare_target()) return failed;
  if (auto failed = prepare_scope()) return failed;
  if (auto failed = prepare_body()) return failed;
  return options_.argument.empty() ? MaybeExit() : rehearse();
}

MaybeExit Job::prepare_target() {
  const Str argument = options_.argument;
  client_options_.endpoint_url = options_.endpoint_url;
  if (argument.empty()) return {};
  if (is_url(argument) && !options_.endpoint_url.empty()) {
    return usage_error("two endpoints: --endpoint-url {} and {}; give a path with --endpoint-url, or a URL alone",
                       {options_.endpoint_url, argument});
  }
  Target target;
  if (!read_target(argument, options_.endpoint_url, target)) {
    return usage_error("\"{}\" is neither a URL (http://..., https://...) nor a path (/...)", {argument});
  }
  request_.target = target.text;
  client_options_.endpoint_url = target.endpoint_url;
  if (!options_.raw_path) return {};
  const size_t most = 3 * target.text.size();
  encoded_ = static_cast<char*>(std::malloc(most));
  if (encoded_ == nullptr) return usage_error("out of memory for the path");
  request_.target = encode_path(target.text, {encoded_, most});
  return {};
}

HostScope Job::read_host(Str host) {
  host_size_ = host.size();
  for (size_t i = 0; i < host.size(); ++i) {
    host_[i] = tinyaws::to_lower(host[i]);
  }
  return scope_of_host({host_, host_size_}, request_.target);
}

MaybeExit Job::read_given_host(HostScope& scope) {
  const Str given = client_options_.endpoint_url;
  tinyaws::Url url;
  if (given.empty()) return {};
  if (tinyaws::parse_url(given, url) != Status::kOk || url.target.find('?') != Str::npos ||
      tinyaws::find_forbidden_byte(url.target) != Str::npos) {
    return complain_about_endpoint(given, {});
  }
  scope = read_host(url.endpoint.host);
  return {};
}

MaybeExit Job::prepare_scope() {
  HostScope found;
  if (auto failed = read_given_host(found)) return failed;
  request_.service = first_given(options_.service, found.service);
  if (request_.service.empty() && !options_.bucket.empty()) request_.service = "s3";
  region_of_host_ = is_blank_text(options_.region) && !found.region.empty();
  request_.region = region_of_host_ ? found.region : options_.region;
  request_.bucket = options_.bucket;
  client_options_.use_fips_endpoint = options_.fips;
  client_options_.use_dualstack_endpoint = options_.dual_stack;
  client_options_.s3_path_style = options_.path_style;
  return check_scope();
}

MaybeExit Job::check_scope() const {
  if (request_.service.empty() && !options_.argument.empty()) {
    return usage_error("which service? give --service, \"dynamodb\" for instance");
  }
  if (!options_.bucket.empty() && request_.service != "s3") {
    return usage_error("--bucket {} is for --service s3, not for {}", {options_.bucket, request_.service});
  }
  if ((options_.fips || options_.dual_stack) && !client_options_.endpoint_url.empty()) {
    return usage_error("{} chooses among AWS's own endpoints, and {} is given: leave out one of the two",
                       {options_.fips ? "--fips" : "--dual-stack", client_options_.endpoint_url});
  }
  return {};
}

MaybeExit Job::prepare_body() {
  if (auto failed = body_.open(options_)) return failed;
  request_.body = body_.view();
  request_.body.payload_hash = options_.payload_hash;
  request_.method = first_given(options_.method, options_.data_count > 0 ? "POST" : "GET");
  request_.headers = options_.header_span();
  client_options_.timeouts = options_.timeouts;
  client_options_.max_attempts = options_.max_attempts;
  return {};
}

// Signs with made-up credentials, so that a mistake in the command line is told before anything is fetched.
MaybeExit Job::rehearse() {
  const bool sends = !options_.is_offline();
  if (sends) {
    if (auto failed = check_request(request_, options_.raw_path)) return failed;
  } else if (!options_.sign_only && tinyaws::find_forbidden_byte(request_.target) != Str::npos) {
    return complain_about_target(request_.target, options_.raw_path);
  }
  const tinyaws::Credentials anybody{"AKIDEXAMPLE", "secret"};
  const Str region = is_blank_text(request_.region) ? Str("us-east-1") : request_.region;
  const uint32_t seconds = options_.presign_seconds;
  const tinyaws::UnixTime time = seconds > 0 ? tinyaws::UnixTime() : options_.date.value_or(tinyaws::UnixTime());
  const tinyaws::SigningConfig config{anybody, {region, request_.service}, options_.policy(request_.service), time};
  const Str hash = first_given(options_.payload_hash, "UNSIGNED-PAYLOAD");
  const tinyaws::SigningInput input{request_.method, "host", request_.target, request_.headers, hash};
  tinyaws::Signer signer;
  tinyaws::Signature signature;
  const Status status =
      seconds > 0 ? signer.presign(input, config, true, seconds, {}).status : signer.sign(input, config, signature);
  if (status == Status::kOk || status == Status::kBufferTooSmall) return {};
  return complain_about_signing(status, request_, anybody, options_);
}

MaybeExit Job::find(Session& session) {
  if (auto failed = session.find_way(*this)) return failed;
  policy_ = options_.policy(prepared_.scope.service);
  request_.policy = &policy_;
  request_.region = prepared_.destination.region();
  return session.find_credentials(credentials_);
}

}  // namespace awsfetch
