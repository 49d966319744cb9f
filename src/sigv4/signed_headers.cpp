#include "sigv4/signed_headers.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

// What a proxy or a client below may add, change or drop on the way; the host stands apart.
constexpr Str kNeverSigned =
    "accept-encoding connection expect host keep-alive proxy- sec-websocket- te trailer transfer-encoding upgrade "
    "user-agent via x-amzn-trace-id x-forwarded-for";
constexpr Str kMadeBySigner = "authorization x-amz-content-sha256 x-amz-date x-amz-security-token";

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
  size_ = added_size_ = 0;
  if (given_.size() > UINT8_MAX - kMaxAdded) return Status::kTooManyHeaders;
  for (size_t i = 0; i < given_.size(); ++i) {
    const Header& header = given_[i];
    if (!is_token(header.name) || !is_clean(header.value)) return Status::kInvalidArgument;
    if (is_listed(header.name, kMadeBySigner)) return Status::kInvalidArgument;
    if (is_listed(header.name, kNeverSigned)) continue;
    const Status status = insert(i);
    if (status != Status::kOk) return status;
  }
  if (input.host.empty() || !is_clean(input.host)) return Status::kInvalidArgument;
  return add("host", input.host);
}

Status SignedHeaders::add(Str name, Str value) {
  added_[added_size_] = {name, value};
  return insert(given_.size() + added_size_++);
}

const Header& SignedHeaders::at(size_t index) const {
  return index < given_.size() ? given_[index] : added_[index - given_.size()];
}

bool SignedHeaders::repeats(size_t i) const {
  return i > 0 && equals_ignoring_case((*this)[i].name, (*this)[i - 1].name);
}

void SignedHeaders::put_names(Writer& out) const {
  for (size_t i = 0; i < size_; ++i) {
    if (repeats(i)) continue;
    if (i > 0) out.put(';');
    out.put_lower((*this)[i].name);
  }
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
  if (status == Status::kOk) status = headers.add("x-amz-date", amz_date);
  if (status == Status::kOk && policy.sign_token && !credentials.session_token.empty()) {
    status = headers.add("x-amz-security-token", credentials.session_token);
  }
  if (status == Status::kOk && policy.content_sha256) {
    status = headers.add("x-amz-content-sha256", input.payload_hash);
  }
  return status;
}

}  // namespace tinyaws
