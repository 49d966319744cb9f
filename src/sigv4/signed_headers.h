// The headers that a signature covers, in the order in which it covers them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/http.h"
#include "tinyaws/sigv4.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// Views into the SigningInput, which must live as long.
class SignedHeaders {
 public:
  /// Takes the headers of `input` that may be signed, and its host.
  /// Errors: kInvalidArgument (no token for a name, CR, LF or NUL in a value, a name that only the signer may
  /// use), kTooManyHeaders.
  Status collect(const SigningInput& input);

  /// The headers that the signer makes.
  enum class Added : uint8_t { kHost, kDate, kToken, kPayloadHash };

  /// Adds one of them, each once at most. Errors: as for `collect`; kInvalidArgument for an empty value.
  Status add(Added header, Str value);

  size_t size() const { return size_; }

  /// The i-th by lower-case name; headers of one name in the order in which they are sent.
  Header operator[](size_t i) const { return at(order_[i]); }

  /// Writes "content-type;host;x-amz-date" into anything that has `put(char)`.
  template <class Out>
  void put_names(Out& out) const {
    for (size_t i = 0; i < size_; ++i) {
      if (repeats(i)) continue;
      if (i > 0) out.put(';');
      put_lower((*this)[i].name, out);
    }
  }

  /// True when the header before has the same name.
  bool repeats(size_t i) const;

  template <class Out>
  static void put_lower(Str name, Out& out) {
    for (char c : name) out.put(c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
  }

 private:
  static constexpr size_t kAdded = 4;

  Header at(size_t index) const;
  Status insert(size_t index);

  Span<const Header> given_;
  Str added_values_[kAdded];
  size_t size_ = 0;
  uint8_t order_[kMaxHeaders];  // indices into given_, then kinds of Added
};

/// All that is signed when the signature goes into the Authorization header.
Status collect_for_header_signing(const SigningInput& input, const Credentials& credentials,
                                  const SigningPolicy& policy, Str amz_date, SignedHeaders& headers);

}  // namespace tinyaws
