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
  /// With the host, the date unless that is null, and what `config.policy` adds. Only `collect` looks at what the
  /// views show.
  SignedHeaders(const SigningInput& input, const SigningConfig& config, const char* amz_date);

  /// Chooses and sorts; everything else comes after it.
  /// Errors: kInvalidArgument (no token for a name, CR, LF or NUL in a value, a name that only the signer may
  /// use, no host), kTooManyHeaders.
  Status collect();

  size_t size() const { return size_; }

  /// The i-th by lower-case name; headers of one name in the order in which they are sent.
  const Header& operator[](size_t i) const { return at(order_[i]); }

  /// Writes "content-type;host;x-amz-date".
  Writer& put_names(Writer& out) const;

  /// Writes the i-th name in lower case, behind `separator` unless it is the first. False: the header before has the
  /// same name, and nothing is written.
  bool put_name(size_t i, char separator, Writer& out) const;

 private:
  static constexpr size_t kMaxAdded = 4;

  const Header& at(size_t index) const;
  void insert(size_t index);

  uint8_t order_[kMaxHeaders];  // indices into added_, then into given_
  size_t size_;
  Span<const Header> given_;
  const Header added_[kMaxAdded];
};

}  // namespace tinyaws
