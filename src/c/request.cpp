#include "c/request.h"

using namespace tinyaws;
using namespace tinyaws::c;

static_assert(TINYAWS_EVENT_RESOLVING == static_cast<int>(Event::Kind::kResolving));
static_assert(TINYAWS_EVENT_STATUS == static_cast<int>(Event::Kind::kStatus));
static_assert(TINYAWS_EVENT_WAITING == static_cast<int>(Event::Kind::kWaiting));

namespace tinyaws::c {
namespace {

Timeouts to_timeouts(const tinyaws_timeouts& own) {
  return {own.connect_ms, own.tls_ms,   own.first_byte_ms, own.stall_ms,
          own.attempt_ms, own.total_ms, own.continue_ms,   own.idle_ms};
}

}  // namespace

ApiRequest to_request(const tinyaws_api_request& own, CSource& source) {
  ApiRequest request;
  request.service = from_c(own.service);
  request.region = from_c(own.region);
  if (own.method.size != 0) request.method = from_c(own.method);
  if (own.path.size != 0) request.path = from_c(own.path);
  request.headers = from_c(own.headers, own.header_count);
  request.body.bytes = from_c(own.body.bytes);
  request.body.payload_hash = from_c(own.body.payload_hash);
  if (own.body.source != nullptr) {
    source.set(*own.body.source, own.body.source_context);
    request.body.source = &source;
    request.body.length = own.body.length;
  }
  request.query = from_c(own.query, own.query_count);
  request.target = from_c(own.target);
  request.policy = from_c(own.policy);
  request.bucket = from_c(own.bucket);
  request.repeatable = !own.not_repeatable;
  return request;
}

void CObserver::on_event(const Event& event) {
  const tinyaws_event own{static_cast<tinyaws_event_kind>(event.kind), to_c(event.status), to_c(event.text),
                          event.bytes_in, event.bytes_out};
  function_(context_, &own);
}

ClientOptions to_options(const tinyaws_client_options* own, CObserver& observer) {
  ClientOptions options;
  if (own == nullptr) return options;
  options.region = from_c(own->region);
  options.endpoint_url = from_c(own->endpoint_url);
  options.timeouts = to_timeouts(own->timeouts);
  options.max_attempts = own->max_attempts;
  options.correct_clock = own->correct_clock;
  options.observer = observer.observes() ? &observer : nullptr;
  options.use_fips_endpoint = own->use_fips_endpoint;
  options.use_dualstack_endpoint = own->use_dualstack_endpoint;
  options.s3_path_style = own->s3_path_style;
  options.s3_accelerate = own->s3_accelerate;
  return options;
}

}  // namespace tinyaws::c

tinyaws_str tinyaws_event_name(tinyaws_event_kind kind) {
  return to_c(name(static_cast<Event::Kind>(kind)));
}

void tinyaws_client_options_init(tinyaws_client_options* options) {
  const ClientOptions defaults;
  const Timeouts& limits = defaults.timeouts;
  *options = {};
  options->timeouts = {limits.connect_ms, limits.tls_ms,   limits.first_byte_ms, limits.stall_ms,
                       limits.attempt_ms, limits.total_ms, limits.continue_ms,   limits.idle_ms};
  options->max_attempts = defaults.max_attempts;
  options->correct_clock = defaults.correct_clock;
}
