// What a service says when it refuses, or can't: read from whatever form the answer has.
#pragma once

#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/time.h"

namespace tinyaws {

struct ResponseHead;

/// What an error's code and HTTP status mean to a client. More than one may hold: a code that means a wrong clock may
/// also mean wrong credentials.
struct ErrorTraits {
  bool transient = false;    ///< May be another answer the next time.
  bool throttling = false;   ///< May be another answer later: the service asks for fewer requests.
  bool clock = false;        ///< The signature's time may have been too far from the service's.
  bool credentials = false;  ///< The credentials have expired, or are none that the service knows.
};

/// The traits of a code and a status: 429 is throttling, 500, 502, 503 and 504 are transient, whatever the code.
/// Codes are compared byte by byte. Source of the lists: the retry and clock-skew code lists that the AWS SDKs share
/// ("Retry behavior", AWS SDKs and Tools Reference Guide), and for credentials the codes of AWS's "Common Errors"
/// pages and of Amazon S3's list of error codes. AccessDenied is none of them. AccessDeniedException, which nearly
/// always means what it says, has the clock's trait because some services answer it to a wrong time, too.
ErrorTraits traits_of(Str code, uint16_t http_status);

/// The one word for it, for logs and for a program's own decisions.
enum class ErrorClass : uint8_t {
  kNone,         ///< No error.
  kThrottling,   ///< Send less; try again later.
  kTransient,    ///< Try again.
  kClock,        ///< The clocks differ too much.
  kCredentials,  ///< Other credentials are needed.
  kPermanent,    ///< The same request will be refused again.
};

/// "throttling", "permanent". Lives for ever.
Str name(ErrorClass error_class);

/// An error as data. All views; see whoever fills it in for how long they live.
struct ErrorInfo {
  uint16_t status = 0;  ///< HTTP's; 0: there is no error here.

  /// "ThrottlingException", without a namespace before it or a type behind it. What has none in the answer has its
  /// status here: "503". Empty only where there is no error. At most 128 bytes without control characters.
  Str code;

  /// In the service's words, which may hold any byte; a body that is plain text is a message. An answer without a
  /// code, whose body was not JSON, has the status line's words where it has no others.
  Str message;

  Str request_id;           ///< x-amzn-RequestId, x-amz-request-id, or the body's.
  Str extended_request_id;  ///< Amazon S3's x-amz-id-2, or the body's HostId.
  Str region;               ///< Where Amazon S3 says that the bucket is; empty where it does not say.
  UnixTime server_time;     ///< The body's ServerTime (Amazon S3); 0 where there is none.

  /// Of code and status, but that AccessDeniedException is no matter of clocks in an answer without a Date.
  ErrorTraits traits;
  bool parsed = false;       ///< The code is the service's own.
  bool message_cut = false;  ///< Of the message only this beginning fitted.

  bool is_error() const { return status != 0; }
  bool retryable() const { return traits.transient || traits.throttling; }

  /// The first that holds: throttling, transient, clock, credentials; else permanent, as AccessDeniedException is,
  /// whatever its traits.
  ErrorClass error_class() const;
};

/// How much of an answer's body a document is.
enum class Extent : uint8_t {
  kWhole,      ///< All that came.
  kBeginning,  ///< There is more of it: a text that has no end is taken as far as it goes, and marked as cut.
};

/// Reads an error from an answer: JSON (`__type`, `code`, `Code`, x-amzn-errortype, x-amzn-query-error), XML
/// (`Error`, `ErrorResponse/Error`, `Response/Errors/Error`, `Errors/Error`, or a code as the root's name, with a
/// Message or "Exception" at its end), or whatever else a proxy sends; of which form it is its first character says.
/// Never fails: what can't be read leaves status and reason. With kWhole, JSON that has no end is not read; of XML
/// the elements count that have one. Changes nothing: the message is a view of `document` in wire form, with escapes
/// and references in it; the rest are views of `head` or `document`, and need no decoding. Of an answer that is 2xx
/// it is an error only when the body's root is `Error`, as Amazon S3 answers CompleteMultipartUpload and the copies
/// ("Error responses", Amazon S3 API Reference): it then has the traits of 500. Any depth and length; cost: some 0.5
/// KB of stack (ARMv7).
void read_error(const ResponseHead& head, Bytes document, Extent extent, ErrorInfo& error);

/// Replaces the escapes (JSON) or references and CDATA sections (XML) in the message by what they stand for, in
/// place: `document` is of no further use but for the views in `error`. What stands for nothing stays as it is.
/// REQUIRES: read_error(head, document) filled in `error`.
void decode_error(MutBytes document, ErrorInfo& error);

}  // namespace tinyaws
