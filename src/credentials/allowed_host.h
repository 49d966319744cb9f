// Whom a container may be asked for credentials without TLS.
#pragma once

#include <cstdint>

#include "tinyaws/bytes.h"

namespace tinyaws {

/// Four decimal numbers of 0..255 without leading zeros: no other notation of an IPv4 address is understood.
bool parse_ipv4(Str text, uint8_t (&address)[4]);

/// Groups of one to four hexadecimal digits, "::" at most once (RFC 4291 section 2.2 without its form 3, which ends
/// in an IPv4 address), no zone.
bool parse_ipv6(Str text, uint16_t (&groups)[8]);

/// The hosts that never leave the machine, or are the container services' own: "localhost", 127.0.0.0/8, ::1,
/// 169.254.170.2 (Amazon ECS), 169.254.170.23 and fd00:ec2::23 (Amazon EKS). ("Container credential provider", AWS
/// SDKs and Tools Reference Guide.) Names are not looked up. IPv6 addresses stand without brackets.
bool is_allowed_without_tls(Str host);

}  // namespace tinyaws
