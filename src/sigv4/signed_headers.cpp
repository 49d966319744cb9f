#include "sigv4/signed_headers.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

// What a proxy or a client below may add, change or drop on the way; the host stands apart.
constexpr char kNeverSigned[] =
    "accept-encoding connection expect host keep-alive proxy- sec-websocket- te trailer transfer-encoding upgrade "
    "user-agent via x-amzn-trace-id x-forwarded-for";
constexpr char kMadeBySigner[] = "authorization x-amz-content-sha256 x-amz-date x-amz-security-token";

// The n-th word of a list, counted from 0, as a view into it: its bytes are stored once.
constexpr Str word_of(const char* list, size_t n) {
  for (; n > 0; --n) {
    while (*list++ != ' ') {
    }
  }
  size_t size = 0;
  while (list[size] != ' ' && list[size] != '\0') ++size;
  return {list, size};
}

constexpr Str kHost = word_of(kNeverSigned, 3);
constexpr Str kContentSha256 = word_of(kMadeBySigner, 1);
constexpr Str kDate = word_of(kMadeBySigner, 2);
constexpr Str kToken = word_of(kMadeBySigner, 3);

}  // namespace

SignedHeaders::SignedHeaders(const SigningInput& input, const SigningConfig& config, Str amz_date)
    : given_(input.headers),
      added_{{kHost, input.host},
             {kDate, amz_date},
             {kToken, config.policy.sign_token ? config.credentials.session_token : Str()},
             {kContentSha256, config.policy.content_sha256 ? input.payload_hash : Str()}} {}

Status SignedHeaders::collect() {
  const Str host = added_[0].value;
  if (host.empty() || !is_clean(host)) return Status::kInvalidArgument;
  const size_t count = given_.size() + kMaxAdded;
  if (count > UINT8_MAX) return Status::kTooManyHeaders;
  Status status = Status::kOk;
  for (size_t i = 0; i < count && status == Status::kOk; ++i) {
    const Header& header = at(i);
    if (i >= given_.size()) {
      if (!header.value.empty()) status = insert(i);
    } else if (!is_token(header.name) || !is_clean(header.value) || is_listed(header.name, kMadeBySigner)) {
      status = Status::kInvalidArgument;
    } else if (!is_listed(header.name, kNeverSigned)) {
      status = insert(i);
    }
  }
  return status;
}

const Header& SignedHeaders::at(size_t index) const {
  return index < given_.size() ? given_[index] : added_[index - given_.size()];
}

bool SignedHeaders::repeats(size_t i) const {
  return i > 0 && equals_ignoring_case((*this)[i].name, (*this)[i - 1].name);
}

Writer& SignedHeaders::put_names(Writer& out) const {
  for (size_t i = 0; i < size_; ++i) {
    if (repeats(i)) continue;
    if (i > 0) out.put(';');
    out.put_lower((*this)[i].name);
  }
  return out;
}

// Insertion sort: callers' headers are few, and mostly in order.
Status SignedHeaders::insert(size_t index) {
  if (size_ == kMaxHeaders) return Status::kTooManyHeaders;
  size_t place = size_++;
  while (place > 0 && compare_ignoring_case(at(index).name, (*this)[place - 1].name) < 0) {
    order_[place] = order_[place - 1];
    --place;
  }
  order_[place] = static_cast<uint8_t>(index);
  return Status::kOk;
}

}  // namespace tinyaws
