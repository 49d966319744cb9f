#include "sigv4/canonical_path.h"

#include "text/percent.h"

namespace tinyaws {
namespace {

class Segments {
 public:
  explicit Segments(Str path) : rest_(path) {}

  bool next(Str& segment) {
    while (!rest_.empty() && rest_.front() == '/') rest_.remove_prefix(1);
    size_t end = 0;
    while (end < rest_.size() && rest_[end] != '/') ++end;
    segment = Str(rest_.data(), end);
    rest_.remove_prefix(end);
    return end > 0;
  }

 private:
  Str rest_;
};

bool is_dot(Str segment) {
  return segment == ".";
}
bool is_dot_dot(Str segment) {
  return segment == "..";
}

// Whether a ".." further on takes back the segment that stands before `rest`. Looking ahead for each segment takes
// time where a stack would take memory without a bound.
bool taken_back(Segments rest) {
  size_t depth = 0;
  Str segment;
  while (rest.next(segment)) {
    if (is_dot(segment)) continue;
    if (!is_dot_dot(segment)) {
      ++depth;
    } else if (depth-- == 0) {
      return true;
    }
  }
  return false;
}

void put_encoded(Str text, const SigningPolicy& policy, HashWriter& out) {
  if (policy.double_encode) {
    percent_encode(text, Slash::kKeep, out);
  } else {
    out.put(text);
  }
}

// RFC 3986 section 5.2.4 with empty segments dropped too; unlike there, a final ".." leaves no slash behind.
void put_normalized(Str path, const SigningPolicy& policy, HashWriter& out) {
  Segments segments(path);
  Str segment;
  bool any = false;
  while (segments.next(segment)) {
    if (is_dot(segment) || is_dot_dot(segment) || taken_back(segments)) continue;
    out.put('/');
    put_encoded(segment, policy, out);
    any = true;
  }
  if (!any || path.back() == '/') out.put('/');
}

}  // namespace

void put_canonical_path(Str path, const SigningPolicy& policy, HashWriter& out) {
  if (path.empty()) {
    out.put('/');
  } else if (policy.normalize_path) {
    put_normalized(path, policy, out);
  } else {
    put_encoded(path, policy, out);
  }
}

}  // namespace tinyaws
