#include "parser_input.h"

#include <fcntl.h>
#include <mbedtls/pk.h>
#include <mbedtls/platform.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/x509.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tinyaws::mbedtls {
namespace {

bool is_pem(Bytes bytes) {
  return bytes.find("-----BEGIN ") != Bytes::npos;
}

// Negative for what has none: a directory, a pipe.
off_t length_of(int file) {
  char none;
  if (read(file, &none, 0) < 0) return -1;
  const off_t length = lseek(file, 0, SEEK_END);
  return lseek(file, 0, SEEK_SET) == 0 ? length : -1;
}

bool read_fully(int file, char* out, size_t size) {
  while (size > 0) {
    const ssize_t n = read(file, out, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    out += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

}  // namespace

ParserInput::ParserInput(Bytes bytes) : bytes_(bytes) {
  error_ = bytes.empty() ? MBEDTLS_ERR_X509_BAD_INPUT_DATA : 0;
  if (!is_pem(bytes) || bytes.back() == '\0') return;
  error_ = make_copy(bytes.size());
  if (error_ == 0) memcpy(copy_, bytes.data(), bytes.size());
}

ParserInput::ParserInput(const char* path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  error_ = read(file);
  if (file >= 0) close(file);
}

int ParserInput::read(int file) {
  const off_t length = length_of(file);
  if (length < 0) return MBEDTLS_ERR_PK_FILE_IO_ERROR;
  const size_t size = static_cast<size_t>(length);
  if (size > SIZE_MAX - 1 || static_cast<off_t>(size) != length) return MBEDTLS_ERR_PK_ALLOC_FAILED;
  if (const int failed = make_copy(size)) return failed;
  if (!read_fully(file, copy_, size)) return MBEDTLS_ERR_PK_FILE_IO_ERROR;
  if (!is_pem(bytes_)) bytes_.remove_suffix(1);
  return 0;
}

// With a NUL behind it, for PEM.
int ParserInput::make_copy(size_t size) {
  copy_ = static_cast<char*>(mbedtls_calloc(1, size + 1));
  if (copy_ == nullptr) return MBEDTLS_ERR_PK_ALLOC_FAILED;
  bytes_ = {copy_, size + 1};
  return 0;
}

ParserInput::~ParserInput() {
  if (copy_ == nullptr) return;
  mbedtls_platform_zeroize(copy_, bytes_.size());
  mbedtls_free(copy_);
}

}  // namespace tinyaws::mbedtls
