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

bool may_be_sent(const Header& header) {
  return is_token(header.name) && is_clean(header.value) && !is_listed(header.name, kMadeBySigner);
}

}  // namespace

SignedHeaders::SignedHeaders(const SigningInput& input, const SigningConfig& config, const Signature* signature)
    : given_(input.headers),
      added_{{kHost, input.host},
             {kDate, signature != nullptr ? signature->date() : Str()},
             {kToken, config.policy.sign_token ? config.credentials.session_token : Str()},
             {kContentSha256, config.policy.content_sha256 ? input.payload_hash : Str()}} {}

Status SignedHeaders::collect() {
  const Str host = added_[0].value;
  if (host.empty() || !is_clean(host)) return Status::kInvalidArgument;
  const size_t count = kMaxAdded + given_.size();
  if (count > UINT8_MAX) return Status::kTooManyHeaders;
  for (size_t i = 0; i < count; ++i) {
    const Header& header = at(i);
    const bool is_given = i >= kMaxAdded;
    if (is_given && !may_be_sent(header)) return Status::kInvalidArgument;
    if (is_given ? is_listed(header.name, kNeverSigned) : header.value.empty()) continue;
    if (size_ == kMaxHeaders) return Status::kTooManyHeaders;
    insert(i);
  }
  return Status::kOk;
}

const Header& SignedHeaders::at(size_t index) const {
  return index < kMaxAdded ? added_[index] : given_[index - kMaxAdded];
}

bool SignedHeaders::put_name(size_t i, char separator, Writer& out) const {
  const Str name = (*this)[i].name;
  if (i > 0) {
    if (equals_ignoring_case((*this)[i - 1].name, name)) return false;
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
  size_t place = size_++;
  for (; place > 0 && compare_ignoring_case(name, (*this)[place - 1].name) < 0; --place) {
    order_[place] = order_[place - 1];
  }
  order_[place] = static_cast<uint8_t>(index);
}

}  // namespace tinyaws
