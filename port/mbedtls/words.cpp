#include "words.h"

#include <mbedtls/asn1.h>
#include <mbedtls/bignum.h>
#include <mbedtls/cipher.h>
#include <mbedtls/ecp.h>
#include <mbedtls/entropy.h>
#include <mbedtls/md.h>
#include <mbedtls/pem.h>
#include <mbedtls/pk.h>
#include <mbedtls/platform.h>
#include <mbedtls/x509.h>

#include "tinyaws/config.h"

namespace tinyaws::mbedtls {
namespace {

// mbedTLS adds a low-level error (7 bits) to a high-level one (the bits above).
constexpr int low_level(int result) {
  return -(-result & 0x7F);
}
constexpr int high_level(int result) {
  return -(-result & 0x7F80);
}

struct NumberWords {
  int number;
  const char* words;
};

#if TINYAWS_WITH_WORDS
constexpr uint32_t kUnknownFlags = 0xFFFFFFFF;

struct FlagWords {
  uint32_t mask;
  const char* words;
};

constexpr Str kSeparator = "; ";

constexpr FlagWords kFlagWords[] = {
    {MBEDTLS_X509_BADCERT_EXPIRED, "certificate has expired"},
    {MBEDTLS_X509_BADCERT_FUTURE, "certificate is not yet valid (is this device's clock right?)"},
    {MBEDTLS_X509_BADCERT_CN_MISMATCH, "certificate is for another name"},
    {kSelfSigned, "self-signed certificate is not among the trusted CAs"},
    {MBEDTLS_X509_BADCERT_NOT_TRUSTED, "certificate's issuer is not among the trusted CAs"},
    {MBEDTLS_X509_BADCERT_REVOKED, "certificate has been revoked"},
    {MBEDTLS_X509_BADCERT_MISSING, "no certificate was sent"},
    {MBEDTLS_X509_BADCERT_KEY_USAGE | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE | MBEDTLS_X509_BADCERT_NS_CERT_TYPE,
     "certificate is not meant for a TLS server"},
    {MBEDTLS_X509_BADCERT_BAD_MD, "certificate is signed with a hash that is too weak"},
    {MBEDTLS_X509_BADCERT_BAD_PK, "certificate is signed with an algorithm that is not accepted"},
    {MBEDTLS_X509_BADCERT_BAD_KEY, "certificate has a key that is too weak"},
};

// Without those that stand alone: a self-signed one's issuer is itself, and what is missing has no other fault.
constexpr size_t size_of_all_words() {
  size_t size = 1;
  for (const FlagWords& entry : kFlagWords) {
    const bool alone = entry.mask == kSelfSigned || entry.mask == MBEDTLS_X509_BADCERT_MISSING;
    if (!alone) size += Str(entry.words).size() + kSeparator.size();
  }
  return size;
}
static_assert(size_of_all_words() <= kMaxWords, "raise kMaxWords");

// RFC 8446 section 6 and, for the older ones, RFC 5246 section 7.2.
constexpr NumberWords kAlertWords[] = {
    {10, "unexpected message"},
    {20, "bad record MAC"},
    {21, "decryption failed"},
    {22, "record overflow"},
    {40, "handshake failure"},
    {41, "no certificate"},
    {42, "bad certificate"},
    {43, "unsupported certificate"},
    {44, "certificate revoked"},
    {45, "certificate expired"},
    {46, "certificate unknown"},
    {47, "illegal parameter"},
    {48, "unknown CA"},
    {49, "access denied"},
    {50, "decode error"},
    {51, "decrypt error"},
    {70, "protocol version"},
    {71, "insufficient security"},
    {80, "internal error"},
    {86, "inappropriate fallback"},
    {90, "user cancelled"},
    {109, "missing extension"},
    {110, "unsupported extension"},
    {112, "unrecognized name"},
    {113, "bad certificate status response"},
    {115, "unknown PSK identity"},
    {116, "certificate required"},
    {120, "no application protocol"},
};

constexpr NumberWords kErrorWords[] = {
    {MBEDTLS_ERR_SSL_INVALID_MAC, "a record came with a wrong authentication code"},
    {MBEDTLS_ERR_SSL_INVALID_RECORD, "what came is not a TLS record (is this a TLS port?)"},
    {MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE, "the peer broke the order of the TLS handshake"},
    {MBEDTLS_ERR_SSL_UNEXPECTED_RECORD, "the peer sent a record that may not come here"},
    {-0x6E80, "the peer speaks no TLS version that this client does"},
    {MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY, "the peer ended the TLS session during the handshake"},
    {MBEDTLS_ERR_SSL_COUNTER_WRAPPING, "the TLS session has lasted for too many records"},
    {MBEDTLS_ERR_ENTROPY_SOURCE_FAILED, "the random generator failed"},
};
#else
// The number has to do.
constexpr NumberWords kAlertWords[] = {{-1, ""}};
constexpr NumberWords kErrorWords[] = {{0, ""}};
#endif

template <size_t N>
Str find_words(const NumberWords (&table)[N], int number) {
  for (const NumberWords& entry : table) {
    if (entry.number == number) return entry.words;
  }
  return {};
}

void add_hex(unsigned number, Words& out) {
  char digits[4];
  for (size_t i = sizeof digits; i-- > 0; number >>= 4) digits[i] = "0123456789ABCDEF"[number & 15];
  out.add({digits, sizeof digits});
}

void add_decimal(unsigned char number, Words& out) {
  char digits[3];
  size_t begin = sizeof digits;
  unsigned rest = number;
  do {
    digits[--begin] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  out.add({digits + begin, sizeof digits - begin});
}

bool (*shortage)() = nullptr;

bool may_want_certificate(unsigned char alert) {
  constexpr unsigned char kCertificateRequired = 116;  // TLS 1.3; unknown to mbedTLS 2.28
  return alert == MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE || alert == MBEDTLS_SSL_ALERT_MSG_BAD_CERT ||
         alert == kCertificateRequired;
}

}  // namespace

bool is_out_of_memory(int result) {
  if (result > 0) return false;  // so many certificates can't be read
  const int low = low_level(result);
  if (low == MBEDTLS_ERR_ASN1_ALLOC_FAILED || low == MBEDTLS_ERR_MPI_ALLOC_FAILED) return true;
  switch (high_level(result)) {
    case MBEDTLS_ERR_SSL_ALLOC_FAILED:
    case MBEDTLS_ERR_X509_ALLOC_FAILED:
    case MBEDTLS_ERR_PK_ALLOC_FAILED:
    case MBEDTLS_ERR_PEM_ALLOC_FAILED:
    case MBEDTLS_ERR_MD_ALLOC_FAILED:
    case MBEDTLS_ERR_ECP_ALLOC_FAILED:
    case MBEDTLS_ERR_CIPHER_ALLOC_FAILED:
      return true;
    default:
      return false;
  }
}

bool is_memory_short() {
  if (shortage != nullptr) return shortage();
  void* const block = mbedtls_calloc(1, kProbeBytes);
  mbedtls_free(block);
  return block == nullptr;
}

void clear_shortage() {
  if (shortage != nullptr) (void)shortage();
}

void ask_for_shortage(bool (*ask)()) {
  shortage = ask;
}

bool is_certificate_error(int result) {
  constexpr int kBadCertificate = -0x7A00;  // BAD_HS_CERTIFICATE in 2.28, BAD_CERTIFICATE in 3.x
  const int high = high_level(result);
  const bool unreadable = high <= MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE && high >= MBEDTLS_ERR_X509_FATAL_ERROR;
  return high == kBadCertificate || unreadable;
}

#if TINYAWS_WITH_WORDS
void describe_certificate(uint32_t flags, Words& out) {
  if (flags == kUnknownFlags || flags == 0) {
    out.add("certificate can't be read or checked");
    return;
  }
  if ((flags & kSelfSigned) != 0) flags &= ~static_cast<uint32_t>(MBEDTLS_X509_BADCERT_NOT_TRUSTED);
  const size_t begin = out.size();
  for (const FlagWords& entry : kFlagWords) {
    if ((flags & entry.mask) == 0) continue;
    if (out.size() != begin) out.add(kSeparator);
    out.add(entry.words);
  }
  if (out.size() == begin) out.add("certificate was refused");
}
#else
void describe_certificate(uint32_t flags, Words& out) {
  out.add("certificate: mbedTLS flags 0x");
  add_hex(flags >> 16, out);
  add_hex(flags & 0xFFFF, out);
}
#endif

void describe_alert(unsigned char alert, Words& out) {
  const Str words = find_words(kAlertWords, alert);
  out.add("the peer refused with the TLS alert ");
  if (!words.empty()) out.add("\"").add(words).add("\" (");
  add_decimal(alert, out);
  if (!words.empty()) out.add(")");
  if (may_want_certificate(alert)) out.add(": it may want a client certificate");
}

void describe_error(int result, Words& out) {
  const Str words = find_words(kErrorWords, result);
  if (!words.empty()) {
    out.add(words);
    return;
  }
  out.add("TLS failed: mbedTLS error -0x");
  add_hex(static_cast<unsigned>(-result), out);
}

}  // namespace tinyaws::mbedtls
