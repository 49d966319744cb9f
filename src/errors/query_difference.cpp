#include "errors/query_difference.h"

#include "errors/text_comparison.h"

namespace tinyaws {
namespace {

bool has_parameter(EscapedText query, EscapedText parameter) {
  bool more = true;
  while (more) {
    if (same_text(query.take_until('&', more), parameter)) return true;
  }
  return false;
}

}  // namespace

QueryDifference compare_queries(EscapedText ours, EscapedText theirs) {
  QueryDifference difference;
  EscapedText our_rest = ours;
  EscapedText their_rest = theirs;
  bool our_more = true;
  bool their_more = true;
  do {
    difference.ours = our_rest.take_until('&', our_more);
    difference.theirs = their_rest.take_until('&', their_more);
  } while (our_more && their_more && same_text(difference.ours, difference.theirs));
  // One is the beginning of the other.
  if (same_text(difference.ours, difference.theirs)) {
    difference.ours = our_rest.take_until('&', our_more);
    difference.theirs = their_rest.take_until('&', their_more);
  }
  const bool is_missing = !difference.ours.empty() && !has_parameter(theirs, difference.ours);
  const bool is_added = !difference.theirs.empty() && !has_parameter(ours, difference.theirs);
  using Kind = QueryDifference::Kind;
  if (is_missing == is_added) {
    difference.kind = is_missing ? Kind::kChanged : Kind::kOrder;
  } else {
    difference.kind = is_missing ? Kind::kMissing : Kind::kAdded;
  }
  return difference;
}

EscapedText parameter_name(EscapedText parameter) {
  bool ended = false;
  return parameter.take_until('=', ended);
}

}  // namespace tinyaws
