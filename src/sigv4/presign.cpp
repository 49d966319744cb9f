// Presigned URLs ("Authenticating Requests: Using Query Parameters", Amazon S3 API Reference). The URL is written
// first, with all but the signature; then what was written is signed.
#include "base/ascii.h"
#include "base/writer.h"
#include "sigv4/canonical_request.h"
#include "sigv4/s3_family.h"
#include "sigv4/scope.h"
#include "text/percent.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {
namespace {

constexpr Str kReserved =
    "x-amz-algorithm x-amz-credential x-amz-date x-amz-expires x-amz-security-token x-amz-signature "
    "x-amz-signedheaders";
constexpr size_t kLongestReserved = 20;

// The name may be written with needless escapes.
bool is_reserved(Str encoded_name) {
  char name[kLongestReserved];
  Writer out{MutBytes(name)};
  while (!encoded_name.empty()) out.put(static_cast<char>(take_decoded(encoded_name)));
  return out.fits() && is_listed(out.text(), kReserved);
}

bool has_reserved_parameter(Str target) {
  (void)take_until(target, '?');
  while (!target.empty()) {
    if (is_reserved(take_until(target, '&').before('='))) return true;
  }
  return false;
}

// Percent-encodes all that it takes.
class Encoder final : public Drain {
 public:
  explicit Encoder(Writer& out) : out_(out) {}
  void take(Str text) override { percent_encode(text, Slash::kEncode, out_); }

 private:
  Writer& out_;
};

void put_token(Str token, Writer& out) {
  if (token.empty()) return;
  out.put("&X-Amz-Security-Token=");
  percent_encode(token, Slash::kEncode, out);
}

void put_target(Str target, Writer& out) {
  if (!starts_with(target, '/')) out.put('/');
  out.put(target);
  const size_t mark = target.find('?');
  if (mark == Str::npos) out.put('?');
  if (mark < target.size() - 1 && target.back() != '&') out.put('&');
}

// Of what the signer adds only the payload's hash may be a header. S3 takes the payload as unsigned unless it is one,
// signed and sent; the others know no such header.
SigningConfig for_headers(const SigningInput& input, SigningConfig config) {
  config.policy.sign_token = false;
  config.policy.content_sha256 = is_s3_family(config.scope.service) && input.payload_hash != "UNSIGNED-PAYLOAD";
  return config;
}

struct Presigning {
  const SigningInput& input;
  const SigningConfig& config;
  const SignedHeaders& headers;
  uint32_t expires;
};

// All of the target that is signed.
void put_signed_target(const Presigning& presigning, const Signature& signature, Writer& out) {
  const SigningConfig& config = presigning.config;
  Encoder encoder(out);
  Writer encoded({}, &encoder);
  put_target(presigning.input.target, out);
  out.put("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=");
  put_credential(signature, config, encoded);
  out.put("&X-Amz-Date=").put(signature.date()).put("&X-Amz-Expires=").put_number(presigning.expires);
  if (config.policy.sign_token) put_token(config.credentials.session_token, out);
  out.put("&X-Amz-SignedHeaders=");
  presigning.headers.put_names(encoded);
}

// A URL is of no use any longer than who signed it.
Status shorten(uint32_t& expires, const SigningConfig& config) {
  const Credentials& credentials = config.credentials;
  if (credentials.expiration.seconds == kNoExpiration.seconds || credentials.outlives_expiration) return Status::kOk;
  if (config.time.seconds < 0) return Status::kInvalidArgument;
  const int64_t left = credentials.expiration.seconds - config.time.seconds;
  if (left < 1) return Status::kCredentialsExpired;
  if (left < expires) expires = static_cast<uint32_t>(left);
  return Status::kOk;
}

}  // namespace

IoResult Signer::presign(const SigningInput& input, const SigningConfig& config, bool tls, uint32_t expires,
                         MutBytes url) {
  if (expires < 1 || expires > kMaxPresignSeconds || has_reserved_parameter(input.target)) {
    return {Status::kInvalidArgument, 0};
  }
  Signature signature;
  Status status = shorten(expires, config);
  if (status == Status::kOk) status = begin(input, config, signature);
  SignedHeaders headers(input, for_headers(input, config), nullptr);
  if (status == Status::kOk) status = headers.collect();
  if (status != Status::kOk) return {status, 0};

  Writer out(url);
  out.put(tls ? "https://" : "http://").put(input.host);
  const size_t target_begin = out.size();
  put_signed_target({input, config, headers, expires}, signature, out);
  if (out.fits()) {
    status = sign_canonical({input, out.text_from(target_begin), config, headers}, signature);
    if (status != Status::kOk) return {status, 0};
  }
  out.put("&X-Amz-Signature=").put(signature.text());
  if (!config.policy.sign_token) put_token(config.credentials.session_token, out);
  return out.result();
}

}  // namespace tinyaws
