#include "text/json_members.h"

#include "text/escape.h"

namespace tinyaws {
namespace {

void deliver(Span<JsonMember> members, Str name, Str text, bool cut) {
  for (JsonMember& member : members) {
    if (member.name != name) continue;
    member.text = text;
    member.cut = cut;
  }
}

Status read(Bytes document, Span<JsonMember> members) {
  JsonScanner scanner(document);
  Str name;
  for (;;) {
    const JsonPiece piece = scanner.next();
    const bool is_member = scanner.depth() == 1;
    if (piece == JsonPiece::kBad || (piece == JsonPiece::kCut && scanner.depth() == 0))
      return Status::kInvalidArgument;
    if (piece == JsonPiece::kTooDeep) return Status::kValueTooLong;
    if (piece == JsonPiece::kName && is_member) name = scanner.text();
    if (piece == JsonPiece::kString && is_member) deliver(members, name, scanner.text(), false);
    if (piece == JsonPiece::kCutString && is_member) {
      deliver(members, name, whole_json_characters(scanner.text()), true);
    }
    if (piece == JsonPiece::kCut || piece == JsonPiece::kCutString) return Status::kTruncated;
    if (piece == JsonPiece::kClose && scanner.depth() == 0) return Status::kOk;
  }
}

}  // namespace

Status read_json_members(Bytes document, Span<JsonMember> members) {
  for (JsonMember& member : members) {
    member.text = {};
    member.cut = false;
  }
  const Status status = document.find('\0') == Str::npos ? read(document, members) : Status::kInvalidArgument;
  if (status != Status::kInvalidArgument) return status;
  for (JsonMember& member : members) member.text = {};
  return status;
}

}  // namespace tinyaws
