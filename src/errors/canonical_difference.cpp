#include "errors/canonical_difference.h"

#include "errors/text_comparison.h"

namespace tinyaws {
namespace {

constexpr size_t kLeastLines = 7;  // method, path, query, host, the empty line, names, hash

// A line of each, taken off.
struct Lines {
  EscapedText ours;
  EscapedText theirs;
  bool same = false;
  bool cut = false;  // theirs is as far as it goes
};

size_t count_lines(EscapedText text) {
  size_t lines = 1;
  char c;
  while (text.next(c)) lines += c == '\n' ? 1 : 0;
  return lines;
}

class Comparison {
 public:
  Comparison(EscapedText ours, const ShownText& theirs)
      : ours_(ours), theirs_(theirs.text), theirs_whole_(theirs.whole) {}

  bool take_lines() {
    bool ended = false;
    lines_.ours = ours_.take_line(ended);
    lines_.theirs = theirs_.take_line(ended);
    lines_.cut = !ended && !theirs_whole_;
    lines_.same = same_text(lines_.ours, lines_.theirs);
    return lines_.same;
  }

  const Lines& lines() const { return lines_; }

  // What to make of lines that are not the same.
  CanonicalDifference difference(CanonicalPart part) const {
    if (lines_.cut && starts_with_text(lines_.ours, lines_.theirs)) part = CanonicalPart::kEnd;
    return {part, {}, lines_.ours, lines_.theirs};
  }

 private:
  EscapedText ours_;
  EscapedText theirs_;
  const bool theirs_whole_;
  Lines lines_;
};

EscapedText name_of(EscapedText line) {
  bool ended = false;
  return line.take_until(':', ended);
}

EscapedText value_of(EscapedText line) {
  bool ended = false;
  line.take_until(':', ended);
  return line;
}

// A line that is no header may be a part of one that is secret.
bool is_header(EscapedText line) {
  bool named = false;
  line.take_until(':', named);
  return named;
}

CanonicalDifference compare_headers(const Lines& lines) {
  if (!lines.theirs.empty() && !is_header(lines.theirs)) return {CanonicalPart::kUnreadable, {}, {}, {}};
  const EscapedText our_name = name_of(lines.ours);
  const EscapedText their_name = name_of(lines.theirs);
  if (same_text(our_name, their_name)) {
    return {CanonicalPart::kHeader, our_name, value_of(lines.ours), value_of(lines.theirs)};
  }
  const bool is_missing = lines.theirs.empty() || (!lines.ours.empty() && is_before(our_name, their_name));
  if (is_missing) return {CanonicalPart::kHeaderMissing, our_name, value_of(lines.ours), {}};
  return {CanonicalPart::kHeaderAdded, their_name, {}, value_of(lines.theirs)};
}

}  // namespace

CanonicalDifference compare_canonical_requests(EscapedText ours, const ShownText& theirs) {
  if (theirs.whole && count_lines(theirs.text) < kLeastLines) return {CanonicalPart::kUnreadable, {}, {}, {}};
  Comparison comparison(ours, theirs);
  for (CanonicalPart part : {CanonicalPart::kMethod, CanonicalPart::kPath, CanonicalPart::kQuery}) {
    if (!comparison.take_lines()) return comparison.difference(part);
  }
  do {
    if (comparison.take_lines()) continue;
    const CanonicalDifference difference = comparison.difference(CanonicalPart::kHeader);
    return difference.part == CanonicalPart::kEnd ? difference : compare_headers(comparison.lines());
  } while (!comparison.lines().ours.empty());
  for (CanonicalPart part : {CanonicalPart::kSignedHeaders, CanonicalPart::kPayloadHash}) {
    if (!comparison.take_lines()) return comparison.difference(part);
  }
  return {};
}

CanonicalDifference compare_strings_to_sign(EscapedText ours, const ShownText& theirs) {
  Comparison comparison(ours, theirs);
  for (CanonicalPart part :
       {CanonicalPart::kAlgorithm, CanonicalPart::kDate, CanonicalPart::kScope, CanonicalPart::kRequestHash}) {
    if (!comparison.take_lines()) return comparison.difference(part);
  }
  return {};
}

}  // namespace tinyaws
