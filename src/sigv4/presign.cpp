// Presigned URLs ("Authenticating Requests: Using Query Parameters", Amazon S3 API Reference). The URL is written
// first, with all but the signature; then what was written is signed.
#include "base/ascii.h"
#include "base/writer.h"
#include "sigv4/canonical_query.h"
#include "sigv4/canonical_request.h"
#include "sigv4/s3_family.h"
#include "sigv4/string_to_sign.h"
#include "text/datetime.h"
#include "text/percent.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {
namespace {

constexpr Str kReserved[] = {
    "X-Amz-Algorithm", "X-Amz-Credential",    "X-Amz-Date",           "X-Amz-Expires",
    "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Security-Token",
};

// The name may be written with needless escapes.
bool is_name(Str encoded, Str name) {
  PercentDecoder decoder(encoded);
  for (char c : name) {
    if (decoder.done() || to_lower(static_cast<char>(decoder.next())) != to_lower(c)) return false;
  }
  return decoder.done();
}

bool has_reserved_parameter(Str query) {
  QueryReader reader(query);
  QueryReader::Part part;
  while (reader.next(part)) {
    for (Str name : kReserved) {
      if (is_name(part.name, name)) return true;
    }
  }
  return false;
}

// Percent-encodes whatever is put into it.
class EncodingWriter {
 public:
  explicit EncodingWriter(Writer& out) : out_(out) {}
  void put(char c) { percent_encode({&c, 1}, Slash::kEncode, out_); }
  void put(Str text) { percent_encode(text, Slash::kEncode, out_); }

 private:
  Writer& out_;
};

void put_parameter(Str name_and_equals, Str value, Writer& out) {
  out.put('&');
  out.put(name_and_equals);
  EncodingWriter(out).put(value);
}

void put_credential(Str key_id, Str amz_date, const Scope& scope, Writer& out) {
  put_parameter("X-Amz-Credential=", key_id, out);
  EncodingWriter encoded(out);
  encoded.put('/');
  put_scope(amz_date, scope, encoded);
}

void put_token(Str token, Writer& out) {
  if (!token.empty()) put_parameter("X-Amz-Security-Token=", token, out);
}

void put_target(Str target, Writer& out) {
  if (target.empty() || target.front() != '/') out.put('/');
  out.put(target);
  const bool has_query = target.find('?') != Str::npos;
  if (!has_query) out.put('?');
  if (has_query && !query_of(target).empty() && target.back() != '&') out.put('&');
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
  put_target(presigning.input.target, out);
  out.put(Str("X-Amz-Algorithm="));
  out.put(kAlgorithm);
  put_credential(presigning.credentials.access_key_id, amz_date, presigning.scope, out);
  put_parameter("X-Amz-Date=", amz_date, out);
  out.put(Str("&X-Amz-Expires="));
  out.put_number(presigning.expires);
  if (presigning.policy.sign_token) put_token(presigning.credentials.session_token, out);
  out.put(Str("&X-Amz-SignedHeaders="));
  EncodingWriter names(out);
  presigning.headers.put_names(names);
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
  if (expires < 1 || expires > kMaxPresignSeconds || has_reserved_parameter(query_of(input.target))) {
    return {Status::kInvalidArgument, 0};
  }
  Signature signature;
  Status status = shorten(expires, credentials, time);
  if (status == Status::kOk) status = begin(input, credentials, scope, time, signature);
  SignedHeaders headers;
  if (status == Status::kOk) status = headers.collect(input);
  if (status == Status::kOk && needs_payload_header(input, scope)) {
    status = headers.add(SignedHeaders::Added::kPayloadHash, input.payload_hash);
  }
  if (status != Status::kOk) return {status, 0};

  Writer out(url);
  out.put(tls ? Str("https://") : Str("http://"));
  out.put(input.host);
  const size_t target_begin = out.size();
  put_signed_target({input, credentials, scope, policy, headers, expires}, signature.date(), out);
  if (out.fits()) {
    const Str target(url.data() + target_begin, out.size() - target_begin);
    status = sign_canonical({input.method, target, headers, input.payload_hash, policy}, scope, signature);
    if (status != Status::kOk) return {status, 0};
  }
  out.put(Str("&X-Amz-Signature="));
  out.put(signature.text());
  if (!policy.sign_token) put_token(credentials.session_token, out);
  return out.result();
}

}  // namespace tinyaws
