#include "sigv4/canonical_path.h"

#include "base/ascii.h"
#include "text/percent.h"

namespace tinyaws {
namespace {

// How much deeper a segment leads.
int depth_of(Str segment) {
  if (segment.empty() || segment == ".") return 0;
  return segment == ".." ? -1 : 1;
}

// Whether a ".." further on takes back the segment that stands before `rest`. Looking ahead for each segment takes
// time where a stack would take memory without a bound.
bool taken_back(Str rest) {
  int depth = 0;
  while (depth >= 0 && !rest.empty()) depth += depth_of(take_until(rest, '/'));
  return depth < 0;
}

void put_encoded(Str text, const SigningPolicy& policy, Writer& out) {
  if (policy.double_encode) {
    percent_encode(text, Slash::kKeep, out);
  } else {
    out.put(text);
  }
}

}  // namespace

// RFC 3986 section 5.2.4 with empty segments dropped too; unlike there, a final ".." leaves no slash behind.
void put_canonical_path(Str path, const SigningPolicy& policy, Writer& out) {
  const bool ends_with_slash = path.empty() || path.back() == '/';
  if (!policy.normalize_path && !path.empty()) return put_encoded(path, policy, out);
  bool any = false;
  while (!path.empty()) {
    const Str segment = take_until(path, '/');
    if (depth_of(segment) < 1 || taken_back(path)) continue;
    out.put('/');
    put_encoded(segment, policy, out);
    any = true;
  }
  if (!any || ends_with_slash) out.put('/');
}

}  // namespace tinyaws
