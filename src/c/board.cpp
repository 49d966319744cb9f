#include "c/board.h"

#include "tinyaws/c_object.h"

namespace tinyaws::c {

static_assert(TINYAWS_TRANSPORT_OPEN == static_cast<int>(Transport::State::kOpen));
static_assert(TINYAWS_NEVER == kNever.ms && TINYAWS_UNKNOWN_TIME == kUnknownTime.seconds);

Status CTransport::open(const Endpoint& endpoint) {
  if (endpoint.tls_settings != nullptr) return Status::kUnsupported;
  const tinyaws_endpoint own{to_c(endpoint.host), endpoint.port, endpoint.tls};
  return from_c(functions_.open(context_, &own));
}

Interest CTransport::interest(bool sending, bool receiving) const {
  const tinyaws_interest interest = functions_.interest(context_, sending, receiving);
  return {interest.handle, interest.read, interest.write};
}

Instant CTransport::next_deadline() const {
  return functions_.next_deadline != nullptr ? Instant{functions_.next_deadline(context_)} : kNever;
}

void CPlatform::wait(Span<const Interest> interests, Instant until) {
  functions_.wait(context_, reinterpret_cast<const tinyaws_interest*>(interests.data()), interests.size(), until.ms);
}

}  // namespace tinyaws::c

using namespace tinyaws::c;

tinyaws_transport* tinyaws_custom_transport_init(tinyaws_custom_transport* self,
                                                 const tinyaws_transport_functions* functions, void* context) {
  return to_c(make<CTransport>(self, *functions, context));
}

tinyaws_platform* tinyaws_custom_platform_init(tinyaws_custom_platform* self,
                                               const tinyaws_platform_functions* functions, void* context) {
  return to_c(make<CPlatform>(self, *functions, context));
}

tinyaws_environment* tinyaws_custom_environment_init(tinyaws_custom_environment* self,
                                                     const tinyaws_environment_functions* functions, void* context) {
  return to_c(make<CEnvironment>(self, *functions, context));
}

tinyaws_files* tinyaws_custom_files_init(tinyaws_custom_files* self, const tinyaws_files_functions* functions,
                                         void* context) {
  return to_c(&make<CFiles>(self, *functions, context));
}

int64_t tinyaws_platform_now(tinyaws_platform* self) {
  return from_c(self).now().ms;
}

int64_t tinyaws_platform_unix_time(tinyaws_platform* self) {
  return from_c(self).unix_time().seconds;
}

int64_t tinyaws_platform_time_of_day(tinyaws_platform* self, int64_t now_ms) {
  return from_c(self).time_of_day({now_ms}).seconds;
}

bool tinyaws_platform_knows_time(tinyaws_platform* self) {
  return from_c(self).knows_time();
}

void tinyaws_platform_set_time_floor(tinyaws_platform* self, int64_t unix_time) {
  from_c(self).service_clock().set_floor({unix_time});
}
