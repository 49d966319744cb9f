#include "sigv4/canonical_request.h"

#include "base/ascii.h"
#include "sigv4/canonical_path.h"
#include "sigv4/canonical_query.h"

namespace tinyaws {
namespace {

// White space taken off both ends, and each run of it inside replaced by one blank, even within quotes.
void put_canonical_value(Str value, Writer& out) {
  for (bool first = true; !value.empty();) {
    const Str word = {value.data(), size_before(value, " \t\v\f")};
    if (word.empty()) {
      value.remove_prefix(1);
      continue;
    }
    value.remove_prefix(word.size());
    if (!first) out.put(' ');
    out.put(word);
    first = false;
  }
}

// Not inlined, to be off the stack while the query is written.
[[gnu::noinline]] void put_canonical_headers(const SignedHeaders& headers, Writer& out) {
  for (size_t i = 0; i < headers.size(); ++i) {
    out.put(headers.put_name(i, '\n', out) ? ':' : ',');
    put_canonical_value(headers[i].value, out);
  }
  out.put('\n');
}

}  // namespace

void put_canonical_request(const CanonicalRequest& request, Writer& out) {
  Str query = request.target;
  const Str path = take_until(query, '?');
  put_canonical_path(path, request.config.policy, out.put(request.input.method).put('\n'));
  put_canonical_query(query, out.put('\n'));
  put_canonical_headers(request.headers, out.put('\n'));
  request.headers.put_names(out.put('\n')).put('\n').put(request.input.payload_hash);
}

}  // namespace tinyaws
