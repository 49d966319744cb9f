#include "job.h"

#include <cstdlib>

#include "explain.h"

namespace awsfetch {
namespace {

using tinyaws::Status;

bool is_blank(Str text) {
  for (char c : text) {
    if (c != ' ' && !(c >= '\t' && c <= '\r')) return false;
  }
  return true;
}

Str first_given(Str a, Str b) {
  return a.empty() ? b : a;
}

}  // namespace

Job::~Job() {
  std::free(encoded_);
}

std::optional<Exit> Job::prepare() {
  if (auto failed = prepare_target()) return failed;
  if (auto failed = prepare_scope()) return failed;
  if (auto failed = prepare_credentials()) return failed;
  return prepare_body();
}

Str Job::endpoint_url() const {
  if (!options_.endpoint_url.empty()) return options_.endpoint_url;
  const Str url = environment_.variable("AWS_ENDPOINT_URL");
  return is_blank(url) ? Str() : url;
}

std::optional<Exit> Job::prepare_target() {
  const Str argument = options_.argument;
  if (is_url(argument) && !options_.endpoint_url.empty()) {
    return usage_error({"two endpoints: --endpoint-url ", options_.endpoint_url, " and ", argument,
                        "; give a path with --endpoint-url, or a URL alone"});
  }
  Target target;
  if (!read_target(argument, endpoint_url(), target)) {
    return usage_error({"\"", argument, "\" is neither a URL (http://..., https://...) nor a path (/...)"});
  }
  request_.target = target.text;
  client_options_.endpoint_url = target.endpoint_url;
  if (!options_.raw_path) return {};
  const size_t most = 3 * target.text.size();
  encoded_ = static_cast<char*>(std::malloc(most));
  if (encoded_ == nullptr) return usage_error({"out of memory for the path"});
  request_.target = encode_path(target.text, {encoded_, most});
  return {};
}

std::optional<Exit> Job::prepare_scope() {
  HostScope found;
  tinyaws::Url url;
  const Str endpoint = client_options_.endpoint_url;
  if (!endpoint.empty()) {
    if (tinyaws::parse_url(endpoint, url) != Status::kOk) return complain_about_endpoint(endpoint);
    const Str host = url.endpoint.host;
    for (size_t i = 0; i < host.size(); ++i) {
      host_[i] = host[i] >= 'A' && host[i] <= 'Z' ? static_cast<char>(host[i] + 32) : host[i];
    }
    found = scope_of_host({host_, host.size()}, request_.target);
  }
  request_.service = first_given(options_.service, found.service);
  if (request_.service.empty()) return usage_error({"which service? give --service, \"dynamodb\" for instance"});
  request_.region = tinyaws::choose_region(options_.region, found.region, environment_);
  if (is_blank(request_.region)) {
    return usage_error(
        {"which region? give --region, \"eu-west-1\" for instance, or set AWS_REGION (or "
         "AWS_DEFAULT_REGION)"});
  }
  policy_ = options_.policy(request_.service);
  request_.policy = &policy_;
  const Status status =
      tinyaws::choose_destination(request_.service, request_.region, endpoint, environment_, destination_);
  if (status == Status::kOk) return {};
  return endpoint.empty() ? complain_about_scope(request_) : complain_about_endpoint(endpoint);
}

std::optional<Exit> Job::prepare_credentials() {
  tinyaws::EnvironmentCredentials provider(environment_);
  if (provider.get({}, credentials_) != Status::kOk) return complain_about_credentials(environment_);
  return {};
}

std::optional<Exit> Job::prepare_body() {
  if (auto failed = body_.open(options_)) return failed;
  request_.body = body_.view();
  request_.body.payload_hash = options_.payload_hash;
  request_.method = first_given(options_.method, options_.data_count > 0 ? "POST" : "GET");
  request_.headers = options_.header_span();
  client_options_.timeouts = options_.timeouts;
  client_options_.max_attempts = options_.max_attempts;
  return {};
}

}  // namespace awsfetch
