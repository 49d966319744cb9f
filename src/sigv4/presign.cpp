// Presigned URLs ("Authenticating Requests: Using Query Parameters", Amazon S3 API Reference). The URL is written
// first, with all but the signature; then what was written is signed.
#include "base/ascii.h"
#include "base/writer.h"
#include "sigv4/canonical_request.h"
#include "sigv4/s3_family.h"
#include "sigv4/string_to_sign.h"
#include "text/datetime.h"
#include "text/percent.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {
namespace {

constexpr Str kReserved =
    "x-amz-algorithm x-amz-credential x-amz-date x-amz-expires x-amz-signature x-amz-signedheaders "
    "x-amz-security-token";
constexpr size_t kLongestReserved = 20;

// The name may be written with needless escapes.
bool is_reserved(Str encoded_name) {
  char name[kLongestReserved];
  Writer out{MutBytes(name)};
  for (PercentDecoder decoder(encoded_name); !decoder.done();) out.put(static_cast<char>(decoder.next()));
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

void put_parameter(Str name_and_equals, Str value, Writer& out) {
  out.put(name_and_equals);
  percent_encode(value, Slash::kEncode, out);
}

void put_token(Str token, Writer& out) {
  if (!token.empty()) put_parameter("&X-Amz-Security-Token=", token, out);
}

void put_target(Str target, Writer& out) {
  if (!starts_with(target, "/")) out.put('/');
  out.put(target);
  const size_t mark = target.find('?');
  if (mark == Str::npos) out.put('?');
  if (mark < target.size() - 1 && target.back() != '&') out.put('&');
}

// S3 takes a URL's payload as unsigned unless this header says otherwise; it must then be signed and sent.
bool needs_payload_header(const SigningInput& input, const Scope& scope) {
  return is_s3_family(scope.service) && input.payload_hash != "UNSIGNED-PAYLOAD";
}

struct Presigning {
  const SigningInput& input;
  const Credentials& credentials;
  const Scope& scope;
  const SigningPolicy& policy;
  const SignedHeaders& headers;
  uint32_t expires;
};

// All of the target that is signed.
void put_signed_target(const Presigning& presigning, Str amz_date, Writer& out) {
  Encoder encoder(out);
  Writer encoded({}, &encoder);
  put_target(presigning.input.target, out);
  put_parameter("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=", presigning.credentials.access_key_id, out);
  encoded.put('/');
  put_scope(amz_date, presigning.scope, encoded);
  put_parameter("&X-Amz-Date=", amz_date, out);
  out.put("&X-Amz-Expires=");
  out.put_number(presigning.expires);
  if (presigning.policy.sign_token) put_token(presigning.credentials.session_token, out);
  out.put("&X-Amz-SignedHeaders=");
  presigning.headers.put_names(encoded);
}

// A URL is of no use any longer than who signed it.
Status shorten(uint32_t& expires, const Credentials& credentials, UnixTime time) {
  if (credentials.expiration.seconds == kNoExpiration.seconds || credentials.outlives_expiration) return Status::kOk;
  if (time.seconds < 0) return Status::kInvalidArgument;
  const int64_t left = credentials.expiration.seconds - time.seconds;
  if (left < 1) return Status::kCredentialsExpired;
  if (left < expires) expires = static_cast<uint32_t>(left);
  return Status::kOk;
}

}  // namespace

IoResult Signer::presign(const SigningInput& input, bool tls, const Credentials& credentials, const Scope& scope,
                         const SigningPolicy& policy, UnixTime time, uint32_t expires, MutBytes url) {
  if (expires < 1 || expires > kMaxPresignSeconds || has_reserved_parameter(input.target)) {
    return {Status::kInvalidArgument, 0};
  }
  Signature signature;
  Status status = shorten(expires, credentials, time);
  if (status == Status::kOk) status = begin(input, credentials, scope, time, signature);
  SignedHeaders headers;
  if (status == Status::kOk) status = headers.collect(input);
  if (status == Status::kOk && needs_payload_header(input, scope)) {
    status = headers.add("x-amz-content-sha256", input.payload_hash);
  }
  if (status != Status::kOk) return {status, 0};

  Writer out(url);
  out.put(tls ? "https://" : "http://");
  out.put(input.host);
  const size_t target_begin = out.size();
  put_signed_target({input, credentials, scope, policy, headers, expires}, signature.date(), out);
  if (out.fits()) {
    status = sign_canonical({input.method, out.text_from(target_begin), headers, input.payload_hash, policy}, scope,
                            signature);
    if (status != Status::kOk) return {status, 0};
  }
  out.put("&X-Amz-Signature=");
  out.put(signature.text());
  if (!policy.sign_token) put_token(credentials.session_token, out);
  return out.result();
}

}  // namespace tinyaws
