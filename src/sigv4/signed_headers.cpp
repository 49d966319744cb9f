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

SignedHeaders::SignedHeaders(const SigningInput& input, const SigningConfig& config, const char* amz_date)
    : given_(input.headers),
      added_{{kHost, input.host},
             {kContentSha256, input.payload_hash},
             {kDate, {amz_date, sizeof(Signature::amz_date)}},
             {kToken, config.credentials.session_token}} {
  size_t size = 0;  // they are in order
  order_[size++] = 0;
  if (config.policy.content_sha256) order_[size++] = 1;
  if (amz_date != nullptr) order_[size++] = 2;
  if (config.policy.sign_token && !config.credentials.session_token.empty()) order_[size++] = 3;
  size_ = size;
}

Status SignedHeaders::collect() {
  if (!is_filled(added_[0].value)) return Status::kInvalidArgument;
  if (given_.size() > UINT8_MAX - kMaxAdded) return Status::kTooManyHeaders;
  for (size_t i = 0; i < given_.size(); ++i) {
    const Header& header = given_[i];
    if (!is_token(header.name) || !is_clean(header.value) || is_listed(header.name, kMadeBySigner)) {
      return Status::kInvalidArgument;
    }
    if (is_listed(header.name, kNeverSigned)) continue;
    if (size_ == kMaxHeaders) return Status::kTooManyHeaders;
    insert(kMaxAdded + i);
  }
  return Status::kOk;
}

const Header& SignedHeaders::at(size_t index) const {
  return index < kMaxAdded ? added_[index] : given_[index - kMaxAdded];
}

bool SignedHeaders::put_name(size_t i, char separator, Writer& out) const {
  const uint8_t* place = order_ + i;
  const Str name = at(place[0]).name;
  if (i > 0) {
    if (equals_ignoring_case(at(place[-1]).name, name)) return false;
    out.put(separator);
  }
  out.put_lower(name);
  return true;
}

Writer& SignedHeaders::put_names(Writer& out) const {
  for (size_t i = 0; i < size_; ++i) (void)put_name(i, ';', out);
  return out;
}

// Insertion sort: callers' headers are few, and mostly in order.
void SignedHeaders::insert(size_t index) {
  const Str name = at(index).name;
  uint8_t* place = order_ + size_++;
  for (; place > order_ && compare_ignoring_case(name, at(place[-1]).name) < 0; --place) place[0] = place[-1];
  *place = static_cast<uint8_t>(index);
}

}  // namespace tinyaws
