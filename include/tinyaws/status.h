// How calls end. Misuse of the library asserts in debug builds; everything that the world can do to a
// program is one of these values. None is ever thrown and none may be ignored.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"

namespace tinyaws {

enum class [[nodiscard]] Status : uint8_t{
    kOk,
    kPending,  ///< Not finished and not failed: call again when something has happened.

    // What the caller handed over.
    kInvalidArgument,   ///< A value that can't be sent or signed: CR, LF or NUL, an empty name, a bad URL ...
    kBufferTooSmall,    ///< The caller's buffer is too short; where an IoResult is returned, `size` says what is
                        ///< needed.
    kTooManyHeaders,    ///< More than kMaxHeaders headers in a signed request.
    kRequestTooLarge,   ///< The request's head does not fit the connection's buffer.
    kBusy,              ///< The object is at work on another call, or on as many as it has room for.
    kCancelled,         ///< The call was abandoned by its caller.
    kNotFound,          ///< Nothing of that name.
    kUnsupported,       ///< This build or port can't do that.
    kBodySourceFailed,  ///< The request's body source reported an error, or ended before the length it had announced.
    kBodySinkFailed,    ///< The response's body sink reported an error.
    kNoCredentials,     ///< No credentials were found, or incomplete ones.
    kNoRegion,          ///< No region was given and none is configured.
    kClockNotSet,       ///< What time it is isn't known, and has to be: see Platform::knows_time.
    kCryptoFailed,      ///< The crypto library or the random generator reported an error.

    // Where credentials and settings come from. CredentialsProvider::explain says which place, and why.
    kFileUnreadable,          ///< A file that is there can't be read, or one that was named is not there.
    kMalformedFile,           ///< A line of a shared file breaks its grammar.
    kValueTooLong,            ///< A value in a file, a variable or an answer is longer than its limit.
    kProfileNotFound,         ///< The profile that was asked for stands in neither file.
    kProfileInvalid,          ///< A profile is incomplete, contradicts itself or points to what is not there.
    kCredentialsIncomplete,   ///< A key id without its secret, a token file without its role, or the other way round.
    kCredentialsRefused,      ///< A source of credentials answered with an error.
    kCredentialsUnavailable,  ///< A source of credentials that is configured did not answer.
    kMalformedCredentials,    ///< A source's answer is not what it should be, or lacks a field.
    kCredentialsExpired,      ///< The credentials have expired and no newer ones could be had.
    kProcessFailed,           ///< A credential_process could not be run, or ended with an error.

    // The way to the peer.
    kResolveFailed,        ///< The host name has no address, or no name server answered.
    kConnectFailed,        ///< No address of the host accepted a connection.
    kTlsFailed,            ///< The TLS handshake or a TLS record failed.
    kCertificateRejected,  ///< The peer's certificate is not one to trust for this host now.
    kConnectionLost,       ///< The peer closed or reset the connection before or while it answered.
    kConnectTimedOut,      ///< No connection within Timeouts::connect_ms.
    kTlsTimedOut,          ///< No TLS session within Timeouts::tls_ms.
    kFirstByteTimedOut,    ///< No answer within Timeouts::first_byte_ms after the request.
    kStalled,              ///< Nothing moved in either direction for Timeouts::stall_ms.
    kAttemptTimedOut,      ///< Timeouts::attempt_ms is over.
    kDeadlineExceeded,     ///< Timeouts::total_ms is over.

    // An answer that is not HTTP/1.1 as RFC 9112 has it. The connection is closed.
    kMalformedHead,            ///< The status line or a header field breaks the grammar.
    kForbiddenByte,            ///< NUL or a bare CR in a header field (section 2.2; RFC 9110 section 5.5).
    kMalformedLength,          ///< Content-Length is not one decimal number (section 6.3).
    kConflictingLength,        ///< Content-Length stands twice, or beside Transfer-Encoding (section 6.3).
    kUnknownCoding,            ///< A Transfer-Encoding other than "chunked" (section 6.1).
    kMalformedChunk,           ///< A chunk's size or end breaks the grammar (section 7.1).
    kTruncated,                ///< The connection ended before the answer did (section 8).
    kHeadTooLarge,             ///< The answer's head does not fit the connection's buffer.
    kTrailersTooLarge,         ///< More than kMaxTrailerBytes of trailer fields.
    kChunkExtensionsTooLarge,  ///< More than kMaxChunkExtensionBytes of chunk extensions.
    kTooManyInterims,          ///< More than kMaxInterimResponses answers with a 1xx status.
    kUnexpectedUpgrade,        ///< 101 Switching Protocols, which was not asked for.

    kServiceError,  ///< The service refuses, or can't: see Response::error.
};

/// The enumerator's name, "kTruncated". Lives for ever.
Str name(Status status);

/// What happened, for a person, in a few words without a full stop; its name where kWithWords is false. Lives for
/// ever.
Str describe(Status status);

/// A status and a number of bytes: moved (kOk), or needed (kBufferTooSmall); else 0.
struct IoResult {
  Status status = Status::kOk;
  size_t size = 0;
};

}  // namespace tinyaws
