#include "sigv4/signed_headers.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

// What a proxy or a client below may add, change or drop on the way.
constexpr Str kNeverSigned[] = {
    "accept-encoding", "connection",      "expect",     "keep-alive", "te",
    "trailer",         "upgrade",         "user-agent", "via",        "transfer-encoding",
    "x-amzn-trace-id", "x-forwarded-for",
};
constexpr Str kNeverSignedPrefixes[] = {"proxy-", "sec-websocket-"};
constexpr Str kAddedNames[] = {"host", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"};
constexpr Str kMadeBySigner[] = {"authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"};

bool is_one_of(Str name, Span<const Str> names) {
  for (Str candidate : names) {
    if (equals_ignoring_case(name, candidate)) return true;
  }
  return false;
}

bool has_prefix(Str name, Str prefix) {
  return name.size() >= prefix.size() && equals_ignoring_case({name.data(), prefix.size()}, prefix);
}

bool is_never_signed(Str name) {
  return is_one_of(name, kNeverSigned) || has_prefix(name, kNeverSignedPrefixes[0]) ||
         has_prefix(name, kNeverSignedPrefixes[1]);
}

int compare_names(Str a, Str b) {
  const size_t shared = a.size() < b.size() ? a.size() : b.size();
  for (size_t i = 0; i < shared; ++i) {
    const int difference = to_lower(a[i]) - to_lower(b[i]);
    if (difference != 0) return difference;
  }
  return a.size() < b.size() ? -1 : a.size() > b.size();
}

}  // namespace

Status SignedHeaders::collect(const SigningInput& input) {
  given_ = input.headers;
  size_ = 0;
  if (given_.size() > UINT8_MAX - kAdded) return Status::kTooManyHeaders;
  for (size_t i = 0; i < given_.size(); ++i) {
    const Header& header = given_[i];
    if (!is_token(header.name) || !is_clean(header.value)) return Status::kInvalidArgument;
    if (is_one_of(header.name, kMadeBySigner)) return Status::kInvalidArgument;
    if (is_never_signed(header.name) || equals_ignoring_case(header.name, "host")) continue;
    const Status status = insert(i);
    if (status != Status::kOk) return status;
  }
  return add(Added::kHost, input.host);
}

Status SignedHeaders::add(Added header, Str value) {
  if (value.empty() || !is_clean(value)) return Status::kInvalidArgument;
  const auto kind = static_cast<size_t>(header);
  added_values_[kind] = value;
  return insert(given_.size() + kind);
}

Header SignedHeaders::at(size_t index) const {
  if (index < given_.size()) return given_[index];
  const size_t kind = index - given_.size();
  return {kAddedNames[kind], added_values_[kind]};
}

bool SignedHeaders::repeats(size_t i) const {
  return i > 0 && equals_ignoring_case((*this)[i].name, (*this)[i - 1].name);
}

// Insertion sort: callers' headers are few, and mostly in order.
Status SignedHeaders::insert(size_t index) {
  if (size_ == kMaxHeaders) return Status::kTooManyHeaders;
  const Str name = at(index).name;
  size_t place = size_++;
  while (place > 0 && compare_names(name, (*this)[place - 1].name) < 0) {
    order_[place] = order_[place - 1];
    --place;
  }
  order_[place] = static_cast<uint8_t>(index);
  return Status::kOk;
}

Status collect_for_header_signing(const SigningInput& input, const Credentials& credentials,
                                  const SigningPolicy& policy, Str amz_date, SignedHeaders& headers) {
  Status status = headers.collect(input);
  if (status == Status::kOk) status = headers.add(SignedHeaders::Added::kDate, amz_date);
  if (status == Status::kOk && policy.sign_token && !credentials.session_token.empty()) {
    status = headers.add(SignedHeaders::Added::kToken, credentials.session_token);
  }
  if (status == Status::kOk && policy.content_sha256) {
    status = headers.add(SignedHeaders::Added::kPayloadHash, input.payload_hash);
  }
  return status;
}

}  // namespace tinyaws
