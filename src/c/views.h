// What C and C++ have in the same form: arrays of these are handed on as they are.
#pragma once

#include <cstddef>
#include <type_traits>

#include "tinyaws/bytes.h"
#include "tinyaws/c_bridge.h"
#include "tinyaws/c_http.h"
#include "tinyaws/c_port.h"
#include "tinyaws/c_sigv4.h"
#include "tinyaws/http.h"
#include "tinyaws/port.h"
#include "tinyaws/sigv4.h"
#include "tinyaws/status.h"

namespace tinyaws::c {

template <class C, class Cpp>
constexpr bool have_same_form() {
  static_assert(std::is_standard_layout_v<Cpp>);
  static_assert(sizeof(C) == sizeof(Cpp));
  static_assert(alignof(C) == alignof(Cpp));
  return true;
}

static_assert(have_same_form<tinyaws_str, Str>());
static_assert(have_same_form<tinyaws_header, Header>() && offsetof(tinyaws_header, value) == offsetof(Header, value));
static_assert(have_same_form<tinyaws_parameter, Parameter>() &&
              offsetof(tinyaws_parameter, value) == offsetof(Parameter, value));
static_assert(have_same_form<tinyaws_interest, Interest>() &&
              offsetof(tinyaws_interest, read) == offsetof(Interest, read) &&
              offsetof(tinyaws_interest, write) == offsetof(Interest, write));
static_assert(have_same_form<tinyaws_signing_policy, SigningPolicy>() &&
              offsetof(tinyaws_signing_policy, double_encode) == offsetof(SigningPolicy, double_encode) &&
              offsetof(tinyaws_signing_policy, content_sha256) == offsetof(SigningPolicy, content_sha256) &&
              offsetof(tinyaws_signing_policy, sign_token) == offsetof(SigningPolicy, sign_token));

inline Span<const Header> from_c(const tinyaws_header* headers, size_t count) {
  return {reinterpret_cast<const Header*>(headers), count};
}
inline Span<const Parameter> from_c(const tinyaws_parameter* parameters, size_t count) {
  return {reinterpret_cast<const Parameter*>(parameters), count};
}
inline const SigningPolicy* from_c(const tinyaws_signing_policy* policy) {
  return reinterpret_cast<const SigningPolicy*>(policy);
}

/// What a function in C has answered; kInvalidArgument for what is no status.
inline Status from_c(tinyaws_status status) {
  const auto number = static_cast<unsigned>(status);
  return number <= static_cast<unsigned>(Status::kServiceError) ? static_cast<Status>(number)
                                                                : Status::kInvalidArgument;
}
inline IoResult from_c(tinyaws_io_result result) {
  return {from_c(result.status), result.size};
}
inline tinyaws_io_result to_c(IoResult result) {
  return {to_c(result.status), result.size};
}

}  // namespace tinyaws::c
