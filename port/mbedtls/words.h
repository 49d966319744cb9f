// What mbedTLS's numbers mean, in words for the one who has to act on them.
#pragma once

#include <mbedtls/ssl.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/status.h"

namespace tinyaws::mbedtls {

/// Set beside MBEDTLS_X509_BADCERT_NOT_TRUSTED when the untrusted end of the chain is its own issuer.
constexpr uint32_t kSelfSigned = MBEDTLS_X509_BADCERT_OTHER;

/// Text into a buffer that is known to be long enough.
class Words {
 public:
  explicit Words(MutBytes out) : out_(out) {}

  /// REQUIRES: room for it. What has none is dropped whole.
  Words& add(Str text) {
    if (text.size() > out_.size() - size_) return *this;
    if (!text.empty()) memcpy(out_.data() + size_, text.data(), text.size());
    size_ += text.size();
    return *this;
  }

  size_t size() const { return size_; }

 private:
  MutBytes out_;
  size_t size_ = 0;
};

/// Bytes that any of these functions writes at most, and what else a transport says.
constexpr size_t kMaxWords = kWithWords ? 416 : 96;

constexpr Str kOutOfMemory = "out of memory";

bool is_out_of_memory(int result);

/// mbedTLS often has another number for what is a lack of memory: a key that can't be read, an issuer that is not
/// found. True when not even a small block (kProbeBytes) can be had just now, so that a failure is likely to be one.
/// Where an arena counts its shortages, it answers instead: true when there was one since the last clear_shortage.
bool is_memory_short();
void clear_shortage();

/// `ask` answers whether there was a shortage since it was last asked. Null: nobody knows.
void ask_for_shortage(bool (*ask)());

/// Room for the numbers of one operation on an RSA key of 4096 bits. Cost: this much heap for a moment, after
/// failures only.
constexpr size_t kProbeBytes = 4096;

/// True for results of a handshake that are about the peer's certificate.
bool is_certificate_error(int result);

/// All that `flags` (mbedtls_ssl_get_verify_result) hold against a certificate.
void describe_certificate(uint32_t flags, Words& out);

/// A fatal alert of the peer's, by number.
void describe_alert(unsigned char alert, Words& out);

/// Any other negative result; not for those of is_out_of_memory.
void describe_error(int result, Words& out);

}  // namespace tinyaws::mbedtls
