// Every limit of the library: its name, what it costs and the error when it is met.
// The values are CMake cache variables of the same name in capitals (TINYAWS_MAX_HEADERS ...).
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/config_values.h"

namespace tinyaws {

/// Library version, "major.minor.patch"; also sent as `User-Agent: tinyaws/VERSION`.
constexpr const char* kVersion = TINYAWS_VERSION_TEXT;

/// Whether there are sentences for people (TINYAWS_WITH_WORDS). Without them `describe(Status)` answers the status's
/// name; `explain`, `explain_region` and `explain_mismatch` answer the length 0. Nothing else changes.
constexpr bool kWithWords = TINYAWS_WITH_WORDS != 0;

/// Room for one SHA-256 state of the linked crypto library. Cost: twice this in a Signer and
/// up to three times on the stack of `Signer::sign`. Checked by the crypto port when it is compiled.
constexpr size_t kSha256StateBytes = TINYAWS_SHA256_STATE_BYTES;

/// Signed headers in one request, the ones the signer adds included; of those given, unsigned ones may come on top up
/// to 250. Cost: one byte each on the stack while signing. Error: kTooManyHeaders.
constexpr size_t kMaxHeaders = TINYAWS_MAX_HEADERS;
static_assert(kMaxHeaders >= 4 && kMaxHeaders <= 250, "the signer adds up to four; header indices are one byte each");

/// Interim (1xx) responses before the final one. Cost: none. Error: kTooManyInterims.
constexpr size_t kMaxInterimResponses = TINYAWS_MAX_INTERIM_RESPONSES;

/// Bytes of trailer fields after a chunked body. Cost: none, trailers are checked and dropped.
/// Error: kTrailersTooLarge.
constexpr size_t kMaxTrailerBytes = TINYAWS_MAX_TRAILER_BYTES;

/// Bytes of chunk extensions in one body, all chunks together. Cost: none. Error: kChunkExtensionsTooLarge.
constexpr size_t kMaxChunkExtensionBytes = TINYAWS_MAX_CHUNK_EXTENSION_BYTES;

/// Length of a host name (RFC 1035 section 2.3.4 allows 253). Cost: this many bytes in an ApiCall and in
/// each transport that resolves names. Error: kInvalidArgument.
constexpr size_t kMaxHostBytes = TINYAWS_MAX_HOST_BYTES;

/// Length of a region's name. Cost: this many bytes in an ApiCall, in ProfileSettings and in InstanceMetadata.
/// Error: kInvalidArgument from a caller or a variable, kValueTooLong from a profile.
constexpr size_t kMaxRegionBytes = TINYAWS_MAX_REGION_BYTES;

/// Length of an endpoint URL in a profile. Cost: this many bytes in an ApiCall and in ProfileSettings.
/// Error: kValueTooLong.
constexpr size_t kMaxEndpointUrlBytes = TINYAWS_MAX_ENDPOINT_URL_BYTES;

/// Key id, secret key, session token and account id of one set of credentials together. Cost: this many bytes in
/// CachedCredentials. Error: kValueTooLong.
constexpr size_t kMaxCredentialsBytes = TINYAWS_MAX_CREDENTIALS_BYTES;

/// Length of a file's path, its NUL included. Cost: this many bytes on the stack while a file is read, and in
/// WebIdentityCredentials. Error: kValueTooLong.
constexpr size_t kMaxPathBytes = TINYAWS_MAX_PATH_BYTES;

/// What DefaultCredentials fetches in: the credentials that sign a question to STS, the question's values and the
/// answer all stand there at once. Cost: this many bytes in DefaultCredentials. Error: kValueTooLong.
constexpr size_t kCredentialsSpaceBytes = TINYAWS_CREDENTIALS_SPACE_BYTES;

/// How much of an error's body is looked at, from its beginning, for code, message and request id. Cost: this many
/// bytes in a Response. Error: none, ErrorInfo::message_cut says so.
constexpr size_t kMaxErrorBytes = TINYAWS_MAX_ERROR_BYTES;

/// A PUT or POST with a longer body asks first whether it may be sent (Expect: 100-continue, RFC 9110 section
/// 10.1.1). Cost: a round trip, at most Timeouts::continue_ms. Error: none.
constexpr uint64_t kExpectContinueBytes = TINYAWS_EXPECT_CONTINUE_BYTES;

/// How often one call is sent elsewhere, because Amazon S3 says that the bucket is in another region or at another
/// host. Cost: none. Error: the answer that redirects once more.
constexpr uint8_t kMaxRedirects = 2;

/// The earliest time that a device's wall clock can show when it is right (ServiceClock::set_floor); Unix time.
/// Ports that read a clock begin with it. Cost: none. Error: kClockNotSet, where a clock is needed.
constexpr int64_t kTimeFloor = TINYAWS_TIME_FLOOR;

/// Secret key, region and service whose derived signing key is cached must fit here together, with 25 bytes to spare;
/// longer ones sign correctly but derive their key anew at each call. Cost: this many bytes in a Signer. Error: none.
constexpr size_t kSigningKeyCacheBytes = TINYAWS_SIGNING_KEY_CACHE_BYTES;

/// Longest life of a presigned URL in seconds (Amazon S3 API reference, "Authenticating Requests: Using
/// Query Parameters"). Error: kInvalidArgument.
constexpr uint32_t kMaxPresignSeconds = 604800;

}  // namespace tinyaws
