#include "errors/likely_cause.h"

#include "crypto/hmac.h"
#include "errors/query_difference.h"
#include "errors/text_comparison.h"

namespace tinyaws {
namespace {

constexpr size_t kHexHashBytes = 2 * kSha256Bytes;

EscapedText plain(Str text) {
  return EscapedText(text);
}

bool is(EscapedText text, Str other) {
  return same_text(text, plain(other));
}

bool has_dots(EscapedText path) {
  return contains_ignoring_case(path, "//") || contains_ignoring_case(path, "/./") ||
         contains_ignoring_case(path, "/../") || ends_with_text(path, plain("/.")) ||
         ends_with_text(path, plain("/.."));
}

// One is the other without its first segments.
bool differs_by_prefix(EscapedText a, EscapedText b) {
  return is(a, "/") || is(b, "/") || ends_with_text(a, b) || ends_with_text(b, a);
}

bool differs_by_last_slash(EscapedText a, EscapedText b) {
  const size_t size_a = a.size();
  const size_t size_b = b.size();
  const EscapedText& longer = size_a > size_b ? a : b;
  const size_t shorter = size_a > size_b ? size_b : size_a;
  return (size_a > size_b ? size_a : size_b) == shorter + 1 && ends_with_text(longer, plain("/")) &&
         same_text(a.first(shorter), b.first(shorter));
}

Str cause_of_path(EscapedText ours, EscapedText theirs) {
  if (same_text(Decoded(ours), theirs)) {
    return "the path was signed percent-encoded once more than the service does it: Amazon S3 takes it as it is "
           "sent, "
           "other services encode it once more; check the service's name and the setting for double encoding";
  }
  if (same_text(ours, Decoded(theirs))) {
    return "the service percent-encodes the path once more than was signed: all but Amazon S3 do; check the "
           "service's name and the setting for double encoding";
  }
  if (same_text(Decoded(ours), Decoded(theirs)) || same_text(Lowered(ours), Lowered(theirs))) {
    return "the same path, written differently: a proxy decoded and encoded it again on the way";
  }
  if (has_dots(ours) != has_dots(theirs)) {
    return "\"//\", \"/./\" or \"/../\" stands on one side only: Amazon S3 takes paths as they are, other services "
           "and "
           "many proxies shorten them";
  }
  if (differs_by_last_slash(ours, theirs)) {
    return "a slash at the path's end was added or taken off on the way, by a proxy or a redirect";
  }
  if (differs_by_prefix(ours, theirs)) {
    return "the beginning of the path was added or taken off on the way: by a proxy, by a gateway with its stage, or "
           "with the bucket in the path on one side and in the host on the other";
  }
  return "the path was changed on the way, by a proxy or a redirect";
}

Str cause_of_parameter(const QueryDifference& difference) {
  using Kind = QueryDifference::Kind;
  switch (difference.kind) {
    case Kind::kOrder:
      return "the same parameters in another order: they are sorted by their bytes, percent-encoded, names first";
    case Kind::kMissing:
      return "the parameter did not arrive: a proxy took it out, or the URL was changed after signing";
    case Kind::kAdded:
      return "the parameter was added after signing, by a proxy or in the URL";
    case Kind::kChanged:
      break;
  }
  return "the query was changed after signing, by a proxy or in the URL";
}

Str cause_of_query(EscapedText ours, EscapedText theirs) {
  if (same_text(Decoded(ours), theirs) || same_text(ours, Decoded(theirs))) {
    return "the query is percent-encoded once more on one side: it was encoded twice, or not at all, before it was "
           "signed or on the way";
  }
  if (same_text(Decoded(ours), Decoded(theirs))) {
    return "the same query, written differently: a proxy decoded and encoded it again on the way";
  }
  if (same_text(PlusForBlanks(ours), PlusForBlanks(theirs))) {
    return "\"+\" is a blank to one side and a plus to the other: write %20 for a blank and %2B for a plus";
  }
  return cause_of_parameter(compare_queries(ours, theirs));
}

Str cause_of_host(EscapedText ours, EscapedText theirs) {
  bool our_port = false;
  bool their_port = false;
  const EscapedText our_name = ours.take_until(':', our_port);
  const EscapedText their_name = theirs.take_until(':', their_port);
  if (our_port != their_port && same_text(Lowered(our_name), Lowered(their_name))) {
    return "the port stands in the host on one side only: a proxy added it or took it off; a port other than 80 or "
           "443 is part of the Host header";
  }
  return "a proxy or load balancer sent another Host header on: let it pass on the one that it received, or sign for "
         "the name that the service sees";
}

Str cause_of_header(EscapedText name, EscapedText ours, EscapedText theirs) {
  if (theirs.empty()) return "the header did not arrive: a proxy took it off";
  if (is(name, "host")) return cause_of_host(ours, theirs);
  if (is(name, "x-amz-security-token")) {
    return "the session token that was signed is not the one that was sent: it was cut, or changed on the way";
  }
  if (is(name, "x-amz-content-sha256")) {
    return "the hash that was signed is not the one that was sent: the request was signed twice, or changed on the "
           "way";
  }
  if (is(name, "x-amz-date")) {
    return "the date that was signed is not the one that was sent: the request was signed twice, or changed on the "
           "way";
  }
  if (same_text(Squeezed(ours), Squeezed(theirs))) {
    return "only the white space differs: blanks inside of the value, or behind the commas where headers of one name "
           "were joined; send it with single blanks, and each name once";
  }
  if (same_text(Lowered(ours), Lowered(theirs))) return "only the case of letters differs: a proxy rewrote the value";
  return "a proxy, or a library between signing and sending, changed the header";
}

bool is_hash_of(EscapedText hash, Bytes hashed) {
  Sha256State state;
  unsigned char digest[kSha256Bytes];
  char hex[kHexHashBytes];
  sha256_start(state);
  sha256_update(state, hashed);
  const Status status = sha256_finish(state, digest);
  sha256_stop(state);
  if (status != Status::kOk) return false;
  write_hex(digest, sizeof digest, hex);
  return is(hash, {hex, sizeof hex});
}

// `twice` is the hash of the hash `once`, in hexadecimal or as bytes.
bool is_hashed_again(EscapedText twice, EscapedText once) {
  char hex[kHexHashBytes];
  char bytes[kSha256Bytes];
  for (size_t i = 0; i < sizeof hex; ++i) {
    if (!once.next(hex[i]) || hex_value(hex[i]) < 0) return false;
    if (i % 2 == 1) bytes[i / 2] = static_cast<char>(hex_value(hex[i - 1]) * 16 + hex_value(hex[i]));
  }
  return once.empty() && (is_hash_of(twice, {hex, sizeof hex}) || is_hash_of(twice, {bytes, sizeof bytes}));
}

bool is_word(EscapedText hash) {
  return starts_with_text(hash, plain("UNSIGNED-")) || starts_with_text(hash, plain("STREAMING-"));
}

Str cause_of_payload(EscapedText ours, EscapedText theirs) {
  constexpr Str kHashOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  if (is_word(ours) || is_word(theirs)) {
    return "one side has a word in place of the body's hash: only services that are sent X-Amz-Content-Sha256 take "
           "it, and it has to be the same there";
  }
  if (is(ours, kHashOfNothing)) return "signed without a body, but one arrived: it has to be hashed before signing";
  if (is(theirs, kHashOfNothing)) {
    return "the service saw no body: it was lost on the way, by a redirect or a proxy";
  }
  if (is_hashed_again(ours, theirs) || is_hashed_again(theirs, ours)) {
    return "the body was hashed twice on one side: give the hash itself, or the body";
  }
  return "the body changed on the way (line ends, compression, another encoding), or what was hashed is not what was "
         "sent";
}

Str cause_of_scope(EscapedText ours, EscapedText theirs) {
  bool more = true;
  for (Str cause : {Str("the day differs: the scope's has to be that of X-Amz-Date, in UTC"),
                    Str("the service is in another region, or counts as one: sign for that region"),
                    Str("the service has another name for signing: sign for that service")}) {
    if (!same_text(ours.take_until('/', more), theirs.take_until('/', more))) return cause;
  }
  return "the service expects another kind of signature";
}

}  // namespace

Str likely_cause(const CanonicalDifference& difference) {
  const EscapedText& ours = difference.ours;
  const EscapedText& theirs = difference.theirs;
  switch (difference.part) {
    case CanonicalPart::kMethod:
      return "the method was changed on the way, by a proxy or a redirect";
    case CanonicalPart::kPath:
      return cause_of_path(ours, theirs);
    case CanonicalPart::kQuery:
      return cause_of_query(ours, theirs);
    case CanonicalPart::kHeader:
      return cause_of_header(difference.name, ours, theirs);
    case CanonicalPart::kHeaderMissing:
      return "the header did not arrive, or the service does not count it: a proxy took it off or renamed it";
    case CanonicalPart::kHeaderAdded:
      return "the service counts a header that was not signed: added on the way, or one that has to be signed";
    case CanonicalPart::kSignedHeaders:
      return "the list of signed headers was changed on the way, in the Authorization header or the URL";
    case CanonicalPart::kPayloadHash:
      return cause_of_payload(ours, theirs);
    case CanonicalPart::kAlgorithm:
      return "the service expects another kind of signature";
    case CanonicalPart::kDate:
      return "the service takes the time from elsewhere: X-Amz-Date was changed on the way, or did not arrive";
    case CanonicalPart::kScope:
      return cause_of_scope(ours, theirs);
    case CanonicalPart::kRequestHash:
      return "a header that a proxy changed (Host above all), the path's encoding, or a body that changed on the way";
    case CanonicalPart::kUnreadable:
    case CanonicalPart::kEnd:
    case CanonicalPart::kNone:
      break;
  }
  return "what the answer does not show: the rest of the header, or a body that changed on the way";
}

}  // namespace tinyaws
