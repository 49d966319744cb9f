#include "sigv4/canonical_path.h"

#include "base/ascii.h"
#include "text/percent.h"

namespace tinyaws {
namespace {

// How much deeper a segment leads.
int depth_of(Str segment) {
  if (segment.empty()) return 0;
  if (segment.size() > 2 || segment.front() != '.' || segment.back() != '.') return 1;
  return segment.size() == 2 ? -1 : 0;
}

// Whether no ".." further on takes back the segment that stands first. Looking ahead for each segment takes time
// where a stack would take memory without a bound.
bool first_stays(Str path) {
  int depth = 0;
  do {
    depth += depth_of(take_until(path, '/'));
  } while (depth > 0 && !path.empty());
  return depth > 0;
}

void put_encoded(Str text, SigningPolicy policy, Writer& out) {
  if (policy.double_encode) {
    percent_encode(text, Slash::kEncode, out);
  } else {
    out.put(text);
  }
}

}  // namespace

// RFC 3986 section 5.2.4 with empty segments dropped too; unlike there, a final ".." leaves no slash behind.
void put_canonical_path(Str path, SigningPolicy policy, Writer& out) {
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  bool any = false;
  while (!path.empty()) {
    const Str from_here = path;
    const Str segment = take_until(path, '/');
    if (policy.normalize_path && !first_stays(from_here)) continue;
    put_encoded(segment, policy, out.put('/'));
    any = true;
  }
  const bool ends_with_slash = any && path.data()[-1] == '/';
  if (!any || ends_with_slash) out.put('/');
}

}  // namespace tinyaws
