#include "async_lane.h"

#include <cstdlib>
#include <utility>

using tinyaws::ApiContext;
using tinyaws::Status;

namespace {

ApiContext with(const ApiContext& context, const tinyaws::ClientOptions& options) {
  return {context.signer, context.credentials, options, context.environment, context.platform};
}

}  // namespace

Lane::Lane(tinyaws::AsyncClient& client, std::string name, int count, std::string url, std::ostream& report)
    : client_(client),
      name_(std::move(name)),
      left_(count),
      url_(std::move(url)),
      report_(report),
      options_(client.context().options),
      response_(body_),
      call_(request_, response_, with(client.context(), options_)) {
  tinyaws::Url parsed;
  if (parse_url(url_, parsed) != Status::kOk) std::abort();
  options_.endpoint_url = {url_.data(), url_.size() - parsed.target.size()};
  request_.service = "execute-api";
  request_.region = "us-east-1";
  request_.target = parsed.target;
}

void Lane::start(tinyaws::Instant begin) {
  begin_ = begin;
  start_next();
}

void Lane::cancel() {
  if (!runs_) return;
  if (client_.cancel(call_) != Status::kOk) std::abort();
  end(call_.status());
}

void Lane::on_done(tinyaws::Call& call) {
  if (!runs_ || &call != &call_) std::abort();
  end(call_.status());
}

void Lane::start_next() {
  --left_;
  call_.reset();
  runs_ = true;
  const Status status = client_.start(call_, this);
  if (status != Status::kOk) end(status);
}

void Lane::end(Status status) {
  runs_ = false;
  if (status == Status::kOk) {
    ++succeeded_;
    if (left_ > 0) return start_next();
  } else {
    failure_ = status;
    detail_ = std::string(call_.detail());
  }
  report_ << name_ << '\t' << std::string_view(name(failure_)) << '\t' << succeeded_ << '\t' << response_.status()
          << '\t' << client_.context().platform.now() - begin_ << '\t' << detail_ << '\n';
}
