#include "errors/json_error.h"

#include "base/ascii.h"
#include "errors/error_form.h"
#include "text/json_members.h"

namespace tinyaws {
namespace {

constexpr size_t kCodes = 3;

// In the order in which they count.
constexpr char kNames[] = "__type code Code message Message errorMessage";
constexpr size_t kNameCount = 6;

void take_code(Span<const JsonMember> members, ErrorInfo& error) {
  for (const JsonMember& member : members) {
    if (!error.code.empty()) return;
    if (member.found() && !member.cut) error.code = bare_code(member.text);
  }
}

void take_message(Span<const JsonMember> members, ErrorInfo& error) {
  for (const JsonMember& member : members) {
    if (!error.message.empty()) return;
    error.message = member.text;
    error.message_cut = member.cut;
  }
}

}  // namespace

Str bare_code(Str code) {
  const size_t colon = code.find(':');
  if (colon != Str::npos) code.remove_suffix(code.size() - colon);
  const size_t hash = code.find('#');
  if (hash != Str::npos) code.remove_prefix(hash + 1);
  code = trim_space(code);
  return is_plain(code) ? code : Str();
}

void read_json_error(Str document, Extent extent, ErrorInfo& error) {
  JsonMember members[kNameCount] = {};
  Str names = kNames;
  for (JsonMember& member : members) member.name = take_until(names, ' ');
  const Status status = read_json_members(document, members);
  if (status == Status::kTruncated && extent == Extent::kWhole) return;
  take_code({members, kCodes}, error);
  take_message({members + kCodes, kNameCount - kCodes}, error);
}

}  // namespace tinyaws
