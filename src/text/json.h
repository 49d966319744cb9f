// JSON (RFC 8259) documents that stand in memory as a whole. jsmn splits them; what jsmn lets pass is checked here: a
// document that was cut short or tampered with yields nothing.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// Values in one document, the names of members among them. Cost: 16 bytes each in a Json. Error: kValueTooLong.
/// An answer of the instance metadata service has 15, an identity document some 35.
constexpr size_t kMaxJsonValues = 64;

/// Objects and arrays that stand in one another. Cost: 16 bytes each on the stack of Json::parse.
/// Error: kValueTooLong.
constexpr size_t kMaxJsonDepth = 16;

enum class NameCase : bool { kExact, kIgnored };

class Json;

/// An object of a Json, or none. Valid as long as the Json; its strings as long as the document.
class JsonObject {
 public:
  JsonObject() = default;

  bool exists() const { return json_ != nullptr; }

  /// The text of a string member, unescaped. Of members that have the same name the last one counts.
  /// Errors: kNotFound when there is no such member, or it is null; kInvalidArgument when it is no string; `text` is
  /// then left alone. The text may hold any byte, NUL too.
  Status string(Str name, Str& text) const;

  /// A number without fraction or exponent, of 18 digits at most. Errors: as above; kInvalidArgument when it is none.
  Status integer(Str name, int64_t& number) const;

  /// A member that is an object; else one that does not exist and has no members.
  JsonObject object(Str name) const;

 private:
  friend class Json;
  JsonObject(const Json* json, size_t index, NameCase names) : json_(json), index_(index), names_(names) {}

  Status find(Str name, size_t& value) const;

  const Json* json_ = nullptr;
  size_t index_ = 0;
  NameCase names_ = NameCase::kExact;
};

/// A document that was split into its values. Holds no byte of it.
class Json {
 public:
  /// Checks the whole document, which must be one object, and unescapes its strings in place: the bytes are no JSON
  /// any more. Does not check that the bytes above 127 are UTF-8.
  /// Errors: kInvalidArgument when it is not JSON, or not an object; kValueTooLong beyond kMaxJsonValues or
  /// kMaxJsonDepth. Then there is no root.
  Status parse(MutBytes document);

  /// The document's object. How names are compared in it and in the objects within: byte by byte, or regardless of
  /// the case of ASCII letters.
  JsonObject root(NameCase names = NameCase::kExact) const;

 private:
  friend class JsonObject;

  // Of one token of jsmn, whose header is needed where this is compiled and nowhere else.
  static constexpr size_t kTokenBytes = 16;

  Str text(size_t index) const;
  bool is_of_type(size_t index, int type) const;
  bool is_inside(size_t index, size_t container) const;
  size_t after(size_t index) const;

  const char* document_ = nullptr;
  size_t count_ = 0;
  alignas(int) unsigned char tokens_[kMaxJsonValues * kTokenBytes];
};

/// Replaces the escapes in a JSON string by what they stand for, in place; `size` is how long it then is. False when
/// it holds a control character, or a backslash that begins no escape: those stay as they are.
bool unescape_json(MutBytes text, size_t& size);

}  // namespace tinyaws
