// The headers that a signature covers, in the order in which it covers them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/writer.h"
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

  /// Adds one that the signer makes, `kMaxAdded` at most. Errors: kTooManyHeaders.
  static constexpr size_t kMaxAdded = 4;
  Status add(Str name, Str value);

  size_t size() const { return size_; }

  /// The i-th by lower-case name; headers of one name in the order in which they are sent.
  const Header& operator[](size_t i) const { return at(order_[i]); }

  /// Writes "content-type;host;x-amz-date".
  void put_names(Writer& out) const;

  /// True when the header before has the same name.
  bool repeats(size_t i) const;

 private:
  const Header& at(size_t index) const;
  Status insert(size_t index);

  Span<const Header> given_;
  Header added_[kMaxAdded];
  size_t added_size_ = 0;
  size_t size_ = 0;
  uint8_t order_[kMaxHeaders];  // indices into given_, then into added_
};

/// All that is signed when the signature goes into the Authorization header.
Status collect_for_header_signing(const SigningInput& input, const Credentials& credentials,
                                  const SigningPolicy& policy, Str amz_date, SignedHeaders& headers);

}  // namespace tinyaws
