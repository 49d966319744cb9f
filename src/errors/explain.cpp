#include "tinyaws/explain.h"

#include "base/ascii.h"
#include "errors/canonical_difference.h"
#include "errors/explanation.h"
#include "errors/likely_cause.h"
#include "errors/query_difference.h"
#include "errors/shown_request.h"
#include "errors/text_comparison.h"

namespace tinyaws {
namespace {

constexpr Str kSecretCause =
    "the secret access key: it belongs to another key id, was changed since, or has blanks or a line end at its ends";

bool contains_any(EscapedText text, Span<const Str> words) {
  for (Str word : words) {
    if (contains_ignoring_case(text, word)) return true;
  }
  return false;
}

// Names of headers and parameters whose values nobody else needs to see.
bool is_secret_name(EscapedText name) {
  constexpr Str kWords[] = {"token",  "authorization", "cookie",     "key",
                            "secret", "password",      "credential", "signature"};
  return contains_any(name, kWords);
}

// A service that splits lines otherwise has the token in the wrong one.
bool holds_secret(const CanonicalDifference& difference) {
  constexpr Str kWords[] = {"-token", "authorization"};
  return contains_any(difference.ours, kWords) || contains_any(difference.theirs, kWords);
}

bool is_made_of(EscapedText text, bool (*belongs)(char)) {
  char c;
  while (text.next(c)) {
    if (!belongs(c)) return false;
  }
  return true;
}

bool belongs_to_names(char c) {
  return c == ';' || c == '-' || c == '_' || c == '.' || is_digit(static_cast<unsigned char>(c)) ||
         (c >= 'a' && c <= 'z');
}

bool belongs_to_query(char c) {
  return c != ':' && c != ' ';
}

Str name_of(CanonicalPart part) {
  switch (part) {
    case CanonicalPart::kMethod:
      return "the method";
    case CanonicalPart::kPath:
      return "the path";
    case CanonicalPart::kQuery:
      return "the query";
    case CanonicalPart::kSignedHeaders:
      return "the list of signed headers";
    case CanonicalPart::kPayloadHash:
      return "the hash of the body";
    case CanonicalPart::kAlgorithm:
      return "the algorithm";
    case CanonicalPart::kDate:
      return "the date";
    case CanonicalPart::kScope:
      return "the scope (day, region, service)";
    case CanonicalPart::kRequestHash:
      return "the hash of the canonical request";
    default:
      return "the header ";
  }
}

void put_query(const CanonicalDifference& difference, Explanation& out) {
  if (!is_made_of(difference.theirs, belongs_to_query)) return out.sides(difference.ours, difference.theirs, true);
  const QueryDifference parameters = compare_queries(difference.ours, difference.theirs);
  const bool secret =
      is_secret_name(parameter_name(parameters.ours)) || is_secret_name(parameter_name(parameters.theirs));
  out.put(", first in the parameter ");
  out.put(parameter_name(parameters.ours.empty() ? parameters.theirs : parameters.ours));
  out.sides(parameters.ours, parameters.theirs, secret);
}

void put_difference(const CanonicalDifference& difference, Explanation& out) {
  out.put(name_of(difference.part));
  switch (difference.part) {
    case CanonicalPart::kQuery:
      put_query(difference, out);
      break;
    case CanonicalPart::kHeader:
    case CanonicalPart::kHeaderMissing:
    case CanonicalPart::kHeaderAdded:
      out.put(difference.name);
      out.sides(difference.ours, difference.theirs, is_secret_name(difference.name) || holds_secret(difference));
      break;
    case CanonicalPart::kSignedHeaders:
      out.sides(difference.ours, difference.theirs, !is_made_of(difference.theirs, belongs_to_names));
      break;
    default:
      out.sides(difference.ours, difference.theirs, holds_secret(difference));
  }
  out.cause(likely_cause(difference));
}

// The canonical requests differ, or can't be compared to their ends. true: all is said.
bool explain_requests(const SignedTexts& ours, const ShownText& theirs, CanonicalPart& part, Explanation& out) {
  if (!theirs.found || ours.canonical_request.empty()) return false;
  const CanonicalDifference difference = compare_canonical_requests(EscapedText(ours.canonical_request), theirs);
  part = difference.part;
  if (part == CanonicalPart::kUnreadable) {
    out.line("the canonical request that the service shows is not made of the usual lines");
  } else if (part == CanonicalPart::kEnd) {
    out.line("the canonical requests are the same as far as the answer goes, ");
    out.put("which ends within the service's");
  } else if (part != CanonicalPart::kNone) {
    out.line("the canonical requests differ in ");
    put_difference(difference, out);
    return true;
  }
  return false;
}

void explain_hash(CanonicalPart requests, Explanation& out) {
  out.line("the canonical requests differ, for their hashes do");
  if (requests == CanonicalPart::kNone) {
    return out.cause("bytes that the answer does not show as they are: control characters, or bytes above 127");
  }
  CanonicalDifference difference;
  difference.part = CanonicalPart::kRequestHash;
  out.cause(likely_cause(difference));
}

// false: nothing could be compared.
bool explain_strings(const SignedTexts& ours, const ShownText& theirs, CanonicalPart requests, Explanation& out) {
  if (!theirs.found || ours.string_to_sign.empty()) return false;
  const CanonicalDifference difference = compare_strings_to_sign(EscapedText(ours.string_to_sign), theirs);
  if (difference.part == CanonicalPart::kEnd) return false;
  if (difference.part == CanonicalPart::kRequestHash) {
    explain_hash(requests, out);
  } else if (difference.part != CanonicalPart::kNone) {
    out.line("the strings to sign differ in ");
    put_difference(difference, out);
  } else {
    out.line("the service signed the same string");
    out.cause(kSecretCause);
  }
  return true;
}

// Where a service stops before it computes a signature, its message says why.
Str cause_in_message(Bytes answer) {
  constexpr struct {
    Str words;
    Str cause;
  } kCauses[] = {
      {"Signature expired", "this machine's clock is behind the service's, or the request was long on its way"},
      {"Signature not yet current", "this machine's clock is ahead of the service's"},
      {"Credential should be scoped", "the region, the service or the day that was signed for: see the message"},
  };
  for (const auto& known : kCauses) {
    if (answer.find(known.words) != Str::npos) return known.cause;
  }
  return {};
}

}  // namespace

IoResult explain_mismatch(const SignedTexts& ours, Bytes answer, MutBytes text) {
  Explanation out(text);
  const ShownRequest shown = find_shown_request(answer);
  const bool shows = shown.canonical_request.found || shown.string_to_sign.found;
  CanonicalPart requests = CanonicalPart::kUnreadable;
  if (explain_requests(ours, shown.canonical_request, requests, out)) return out.result();
  if (explain_strings(ours, shown.string_to_sign, requests, out)) return out.result();
  if (requests == CanonicalPart::kNone) {
    out.line("the service made the same canonical request, and shows no string to sign");
    out.cause("the region or the service that was signed for; or ");
    out.put(kSecretCause);
    return out.result();
  }
  if (!shows) out.line("the answer shows nothing of what the service computed");
  const Str told = shows ? Str() : cause_in_message(answer);
  if (!told.empty()) {
    out.cause(told);
    return out.result();
  }
  if (shows && ours.canonical_request.empty()) out.line("what was signed was not kept: nothing can be compared");
  out.cause(
      "a header that a proxy changed (Host above all), the path's encoding, a body that changed on the way; or ");
  out.put(kSecretCause);
  return out.result();
}

}  // namespace tinyaws
