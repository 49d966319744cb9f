#include "sigv4/canonical_request.h"

#include "base/ascii.h"
#include "sigv4/canonical_path.h"
#include "sigv4/canonical_query.h"

namespace tinyaws {
namespace {

// Up to the next white space. Long values, tokens above all, have none: four searches are faster than a loop.
Str first_word(Str text) {
  for (char space : {' ', '\t', '\v', '\f'}) text = text.before(space);
  return text;
}

// White space taken off both ends, and each run of it inside replaced by one blank, even within quotes.
void put_canonical_value(Str value, Writer& out) {
  value = trim_space(value);
  while (!value.empty()) {
    const Str word = first_word(value);
    out.put(word);
    value = trim_space(value.substr(word.size()));
    if (!value.empty()) out.put(' ');
  }
}

// Not inlined, to be off the stack while the query is written.
[[gnu::noinline]] void put_canonical_headers(const SignedHeaders& headers, Writer& out) {
  for (size_t i = 0; i < headers.size(); ++i) {
    if (headers.repeats(i)) {
      out.put(',');
    } else {
      if (i > 0) out.put('\n');
      out.put_lower(headers[i].name);
      out.put(':');
    }
    put_canonical_value(headers[i].value, out);
  }
  out.put('\n');
}

}  // namespace

void put_canonical_request(const SigningInput& input, Str target, const SigningPolicy& policy,
                           const SignedHeaders& headers, Writer& out) {
  put_canonical_path(take_until(target, '?'), policy, out.put(input.method).put('\n'));
  put_canonical_query(target, out.put('\n'));
  put_canonical_headers(headers, out.put('\n'));
  headers.put_names(out.put('\n')).put('\n').put(input.payload_hash);
}

}  // namespace tinyaws
