#include "text/json_members.h"

#include <cstdint>

#include "text/escape.h"
#include "text/json_tokens.h"

namespace tinyaws {
namespace {

bool is_container(const jsmntok_t& token) {
  return token.type == JSMN_OBJECT || token.type == JSMN_ARRAY;
}

bool is_open(const jsmntok_t& token) {
  return token.end == -1;
}

class MemberReader {
 public:
  MemberReader(Bytes document, Span<JsonMember> members) : document_(document), members_(members) {}

  Status run() {
    for (;;) {
      const int count = split_json(parser_, document_, tokens_);
      if (parser_.toknext == 0 || tokens_[0].type != JSMN_OBJECT) return Status::kInvalidArgument;
      take_members();
      if (!is_open(tokens_[0])) return Status::kOk;
      if (count == JSMN_ERROR_INVAL) return Status::kInvalidArgument;
      if (count != JSMN_ERROR_NOMEM) break;
      if (!make_room()) return Status::kValueTooLong;
    }
    take_cut_member();
    return Status::kTruncated;
  }

 private:
  Str text(const jsmntok_t& token) const {
    return {document_.data() + token.start, static_cast<size_t>(token.end - token.start)};
  }

  bool is_inside(size_t index, size_t container) const {
    return index < parser_.toknext && (is_open(tokens_[container]) || tokens_[index].start < tokens_[container].end);
  }

  size_t after(size_t index) const {
    size_t next = index + 1;
    while (is_inside(next, index)) ++next;
    return next;
  }

  void take_members() {
    for (size_t at = 1; is_inside(at, 0);) {
      const jsmntok_t& name = tokens_[at];
      if (is_container(name)) {
        at = after(at);  // its own name is forgotten: see make_room
        continue;
      }
      if (name.type != JSMN_STRING || name.size != 1 || !is_inside(at + 1, 0)) return;
      const jsmntok_t& value = tokens_[at + 1];
      if (value.type == JSMN_STRING) deliver(text(name), text(value), false);
      at = after(at + 1);
    }
  }

  // Forgets all values that are complete; what jsmn goes on with are the open ones, and a name whose value is next.
  bool make_room() {
    const int super = parser_.toksuper;
    unsigned kept = 0;
    for (unsigned i = 0; i < parser_.toknext; ++i) {
      const bool is_super = static_cast<int>(i) == super;
      if (!is_open(tokens_[i]) && !is_super) continue;
      if (is_super) parser_.toksuper = static_cast<int>(kept);
      tokens_[kept++] = tokens_[i];
    }
    parser_.toknext = kept;
    return kept < kMaxOpenJsonValues;
  }

  // jsmn stops at the quote of a string that has no other.
  void take_cut_member() {
    if (parser_.pos >= document_.size() || document_[parser_.pos] != '"' || parser_.toknext < 2) return;
    const jsmntok_t& name = tokens_[parser_.toknext - 1];
    if (parser_.toksuper != static_cast<int>(parser_.toknext - 1) || name.type != JSMN_STRING || name.size != 0)
      return;
    for (size_t i = 1; i < parser_.toknext; ++i) {
      if (is_open(tokens_[i])) return;
    }
    const Str rest(document_.data() + parser_.pos + 1, document_.size() - parser_.pos - 1);
    deliver(text(name), whole_json_characters(rest), true);
  }

  void deliver(Str name, Str value, bool cut) {
    for (JsonMember& member : members_) {
      if (member.name != name) continue;
      member.text = value;
      member.cut = cut;
    }
  }

  Bytes document_;
  Span<JsonMember> members_;
  jsmn_parser parser_ = kJsonStart;
  jsmntok_t tokens_[kMaxOpenJsonValues];
};

}  // namespace

Status read_json_members(Bytes document, Span<JsonMember> members) {
  for (JsonMember& member : members) {
    member.text = {};
    member.cut = false;
  }
  const bool is_text = document.size() <= INT32_MAX && document.find('\0') == Str::npos;
  const Status status = is_text ? MemberReader(document, members).run() : Status::kInvalidArgument;
  if (status != Status::kInvalidArgument) return status;
  for (JsonMember& member : members) member.text = {};
  return status;
}

}  // namespace tinyaws
