#include "sigv4/canonical_request.h"

#include "base/ascii.h"
#include "sigv4/canonical_path.h"
#include "sigv4/canonical_query.h"

namespace tinyaws {
namespace {

bool has_tabs(Str text) {
  for (char tab : {'\t', '\v', '\f'}) {
    if (text.find(tab) != Str::npos) return true;
  }
  return false;
}

// Up to the next white space. Long values, tokens above all, have none: searching for blanks alone is faster.
size_t word_size(Str text, bool tabs) {
  if (!tabs) {
    const size_t blank = text.find(' ');
    return blank == Str::npos ? text.size() : blank;
  }
  size_t size = 0;
  while (size < text.size() && !is_space(static_cast<unsigned char>(text[size]))) ++size;
  return size;
}

// White space taken off both ends, and each run of it inside replaced by one blank, even within quotes.
void put_canonical_value(Str value, HashWriter& out) {
  const bool tabs = has_tabs(value);
  bool any = false;
  for (;;) {
    while (!value.empty() && is_space(static_cast<unsigned char>(value.front()))) value.remove_prefix(1);
    if (value.empty()) return;
    if (any) out.put(' ');
    const size_t size = word_size(value, tabs);
    out.put(Str(value.data(), size));
    value.remove_prefix(size);
    any = true;
  }
}

// Not inlined, to be off the stack while the query is written.
[[gnu::noinline]] void put_canonical_headers(const SignedHeaders& headers, HashWriter& out) {
  for (size_t i = 0; i < headers.size(); ++i) {
    if (headers.repeats(i)) {
      out.put(',');
    } else {
      if (i > 0) out.put('\n');
      SignedHeaders::put_lower(headers[i].name, out);
      out.put(':');
    }
    put_canonical_value(headers[i].value, out);
  }
  out.put('\n');
}

}  // namespace

Str path_of(Str target) {
  const size_t mark = target.find('?');
  return {target.data(), mark == Str::npos ? target.size() : mark};
}

Str query_of(Str target) {
  const size_t mark = target.find('?');
  if (mark == Str::npos) return {};
  return {target.data() + mark + 1, target.size() - mark - 1};
}

void put_canonical_request(const CanonicalRequest& request, HashWriter& out) {
  out.put(request.method);
  out.put('\n');
  put_canonical_path(path_of(request.target), request.policy, out);
  out.put('\n');
  put_canonical_query(query_of(request.target), out);
  out.put('\n');
  put_canonical_headers(request.headers, out);
  out.put('\n');
  request.headers.put_names(out);
  out.put('\n');
  out.put(request.payload_hash);
  out.flush();
}

}  // namespace tinyaws
