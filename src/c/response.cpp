#include "c/bodies.h"
#include "tinyaws/c_object.h"
#include "tinyaws/error_info.h"

using namespace tinyaws;
using namespace tinyaws::c;

static_assert(TINYAWS_ERROR_NONE == static_cast<int>(ErrorClass::kNone));
static_assert(TINYAWS_ERROR_THROTTLING == static_cast<int>(ErrorClass::kThrottling));
static_assert(TINYAWS_ERROR_TRANSIENT == static_cast<int>(ErrorClass::kTransient));
static_assert(TINYAWS_ERROR_CLOCK == static_cast<int>(ErrorClass::kClock));
static_assert(TINYAWS_ERROR_CREDENTIALS == static_cast<int>(ErrorClass::kCredentials));
static_assert(TINYAWS_ERROR_PERMANENT == static_cast<int>(ErrorClass::kPermanent));

namespace {

const Response& response(const tinyaws_response* self) {
  return object<CResponse>(self).response;
}

}  // namespace

void tinyaws_response_init(tinyaws_response* self) {
  make<CResponse>(self);
}

void tinyaws_response_store_in(tinyaws_response* self, char* body, size_t size) {
  object<CResponse>(self).response.store_in({body, size});
}

void tinyaws_response_hand_to(tinyaws_response* self, const tinyaws_body_sink_functions* functions, void* context) {
  CResponse& own = object<CResponse>(self);
  own.sink.set(*functions, context);
  own.response.hand_to(own.sink);
}

void tinyaws_response_destroy(tinyaws_response* self) {
  destroy<CResponse>(self);
}

uint16_t tinyaws_response_status(const tinyaws_response* self) {
  return response(self).status();
}

tinyaws_str tinyaws_response_status_line(const tinyaws_response* self) {
  return to_c(response(self).head().status_line());
}

tinyaws_str tinyaws_response_header(const tinyaws_response* self, tinyaws_str name) {
  return to_c(response(self).header(from_c(name)));
}

tinyaws_str tinyaws_response_body(const tinyaws_response* self) {
  return to_c(response(self).body());
}

uint64_t tinyaws_response_body_size(const tinyaws_response* self) {
  return response(self).body_size();
}

bool tinyaws_response_body_cut(const tinyaws_response* self) {
  return response(self).body_cut();
}

tinyaws_str tinyaws_error_class_name(tinyaws_error_class error_class) {
  return to_c(name(static_cast<ErrorClass>(error_class)));
}

tinyaws_error_info tinyaws_response_error(const tinyaws_response* self) {
  const ErrorInfo& error = response(self).error();
  tinyaws_error_info info{};
  info.status = error.status;
  info.code = to_c(error.code);
  info.message = to_c(error.message);
  info.request_id = to_c(error.request_id);
  info.extended_request_id = to_c(error.extended_request_id);
  info.region = to_c(error.region);
  info.server_time = error.server_time.seconds;
  info.error_class = static_cast<tinyaws_error_class>(error.error_class());
  info.retryable = error.retryable();
  info.parsed = error.parsed;
  info.message_cut = error.message_cut;
  return info;
}
