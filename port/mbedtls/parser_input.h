// What mbedTLS's parsers take: PEM with a NUL that is counted, DER as it is.
#pragma once

#include <tinyaws/bytes.h>

namespace tinyaws::mbedtls {

class ParserInput {
 public:
  /// A PEM text without a NUL at its end is copied; all else has to outlive this object.
  explicit ParserInput(Bytes bytes);

  /// All that a file holds. Not by mbedTLS's own function, which brings the C library's streams.
  explicit ParserInput(const char* path);

  ~ParserInput();
  ParserInput(const ParserInput&) = delete;
  ParserInput& operator=(const ParserInput&) = delete;

  /// 0, or the error of mbedTLS that says why there is nothing to parse.
  int error() const { return error_; }

  const unsigned char* data() const { return reinterpret_cast<const unsigned char*>(bytes_.data()); }
  size_t size() const { return bytes_.size(); }

 private:
  int read(int file);
  int make_copy(size_t size);

  Bytes bytes_;
  char* copy_ = nullptr;
  int error_;
};

}  // namespace tinyaws::mbedtls
