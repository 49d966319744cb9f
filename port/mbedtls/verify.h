// What mbedTLS leaves open when it checks a certificate.
#pragma once

#include <mbedtls/x509_crt.h>

#include <cstddef>
#include <cstdint>

#include "tinyaws/mbedtls.h"

namespace tinyaws::mbedtls {

constexpr size_t kMaxAddressBytes = 16;

/// Reads an IPv4 or IPv6 address. Returns its size in bytes, 0 when `host` is a name.
size_t parse_address(const char* host, unsigned char (&address)[kMaxAddressBytes]);

/// All flags (MBEDTLS_X509_BADCERT_*) of one certificate of the chain, trusted CAs included. `depth` 0 is the peer's
/// certificate; `flags` are mbedTLS's own, which all count but for those of dates.
///
/// - Addresses: an iPAddress entry of the certificate must hold `host` (RFC 9110 section 4.3.5). 2.28 knows names
///   only; it would compare the text with dNSName and CN. So would 3.x before 3.5.
/// - Dates: by `clock` alone. mbedTLS judges by the C library's clock, or not at all (without
///   MBEDTLS_HAVE_TIME_DATE).
/// - Whether the end of an untrusted chain is self-signed.
uint32_t final_flags(const mbedtls_x509_crt& certificate, int depth, uint32_t flags, const char* host,
                     const TlsClock& clock);

/// The last second in which `certificate` is valid.
int64_t valid_until(const mbedtls_x509_crt& certificate);

}  // namespace tinyaws::mbedtls
