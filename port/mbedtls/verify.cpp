#include "verify.h"

#include <arpa/inet.h>

#include <cstring>

#include "words.h"

namespace tinyaws::mbedtls {
namespace {

// RFC 5280 section 4.2.1.6: GeneralName, iPAddress [7].
constexpr int kIpAddressTag = MBEDTLS_ASN1_CONTEXT_SPECIFIC | 7;

bool holds_address(const mbedtls_x509_crt& certificate, const unsigned char* address, size_t size) {
  for (const auto* name = &certificate.subject_alt_names; name != nullptr; name = name->next) {
    const mbedtls_x509_buf& buf = name->buf;
    if (buf.tag == kIpAddressTag && buf.len == size && memcmp(buf.p, address, size) == 0) return true;
  }
  return false;
}

bool is_another_address(const mbedtls_x509_crt& certificate, const char* host) {
  unsigned char address[kMaxAddressBytes];
  const size_t size = parse_address(host, address);
  return size != 0 && !holds_address(certificate, address, size);
}

bool is_self_signed(const mbedtls_x509_crt& certificate) {
  const mbedtls_x509_buf& subject = certificate.subject_raw;
  const mbedtls_x509_buf& issuer = certificate.issuer_raw;
  return subject.len == issuer.len && memcmp(subject.p, issuer.p, subject.len) == 0;
}

// Days since 1970-01-01 in the proleptic Gregorian calendar, whose years begin in March here.
int days_since_epoch(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

int64_t seconds_since_epoch(const mbedtls_x509_time& time) {
  const int64_t day = days_since_epoch(time.year, time.mon, time.day);
  return day * 86400 + (time.hour * 60 + time.min) * 60 + time.sec;
}

constexpr uint32_t kDateFlags = MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE;

uint32_t date_flags(const mbedtls_x509_crt& certificate, const TlsClock& clock) {
  if (clock.time.seconds > valid_until(certificate)) return MBEDTLS_X509_BADCERT_EXPIRED;
  const bool begun = clock.time.seconds >= seconds_since_epoch(certificate.valid_from);
  return begun || !clock.known ? 0 : MBEDTLS_X509_BADCERT_FUTURE;
}

}  // namespace

size_t parse_address(const char* host, unsigned char (&address)[kMaxAddressBytes]) {
  if (inet_pton(AF_INET, host, address) == 1) return 4;
  if (inet_pton(AF_INET6, host, address) == 1) return 16;
  return 0;
}

uint32_t final_flags(const mbedtls_x509_crt& certificate, int depth, uint32_t flags, const char* host,
                     const TlsClock& clock) {
  uint32_t all = (flags & ~kDateFlags) | date_flags(certificate, clock);
  if (depth == 0 && is_another_address(certificate, host)) all |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
  if ((flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) != 0 && is_self_signed(certificate)) all |= kSelfSigned;
  return all;
}

int64_t valid_until(const mbedtls_x509_crt& certificate) {
  return seconds_since_epoch(certificate.valid_to);
}

}  // namespace tinyaws::mbedtls
