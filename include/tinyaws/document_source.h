// The common part of the sources of credentials that are one document on one server.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/credentials.h"
#include "tinyaws/document_call.h"
#include "tinyaws/http.h"
#include "tinyaws/port.h"
#include "tinyaws/remark.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

class Writer;

/// Asks for the document and hands its credentials on. What derives from it says where it is.
class DocumentSource : public CredentialsProvider, public DocumentCall {
 public:
  /// What came of the last look.
  enum class Outcome : uint8_t {
    kNotAsked,     ///< No answer yet.
    kCredentials,  ///< There are credentials.
    kNotSent,      ///< No request: what is configured does not allow one, or nothing is.
    kHttpStatus,   ///< The last answer's status was not 200.
    kBadResponse,  ///< The last answer held no credentials.
    kNoAnswer,     ///< No answer came, see `failure`.
  };

  /// Errors besides those of the configuration: kCredentialsUnavailable (no answer, or 429, or 5xx),
  /// kCredentialsRefused (any other status than 200, or an error document), kMalformedCredentials, kValueTooLong (the
  /// document does not fit the space), kRequestTooLarge and the others of RequestHead.
  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) final;

#if TINYAWS_WITH_WORDS
  /// One line, with where it asked, what came of it and what to do about it.
  IoResult explain(MutBytes text) const final;
#endif

  Outcome outcome() const {
    return outcome_;
  }
  uint16_t http_status() const {
    return http_status_;
  }  ///< Of the last answer; 0: none.
  Status failure() const {
    return failure_;
  }  ///< Why there is no answer.

 protected:
  DocumentSource(Platform& platform, MutBytes space, const Timeouts& timeouts, uint8_t max_attempts,
                 CredentialsFormat format)
      : DocumentCall(platform, space, timeouts, max_attempts), format_(format) {}
  DocumentSource(const DocumentSource&) = delete;
  DocumentSource& operator=(const DocumentSource&) = delete;
  ~DocumentSource() = default;

  /// Gets ready for a fetch; may `reserve` a part of the space. kOk, or what `get` answers instead of a fetch.
  virtual Status prepare() = 0;

  /// The request. False when there is none any more: the configuration has changed since `prepare`.
  virtual bool write_document_request(Request& request) = 0;

  /// An answer with this status may be another one the next time.
  virtual bool may_pass(uint16_t http_status) const = 0;

  /// A body of a 200 that is no JSON object may be another one the next time.
  virtual bool broken_documents_may_pass() const = 0;

#if TINYAWS_WITH_WORDS
  /// Why there is no request.
  virtual void put_obstacle(Writer& out) const = 0;

  /// The document's URL, without user information and query.
  virtual void put_place(Writer& out) const = 0;

  /// What to do about the outcome, "; check ..."; empty: nothing to say.
  virtual Str advice() const = 0;
#endif

  /// What goes into `explain` besides.
  Remark& remark() {
    return remark_;
  }
  const Remark& remark() const {
    return remark_;
  }

 private:
  bool write_request(Instant now, Request& request) final;
  Verdict judge(const Answer& answer) final;
  void remark_error(const Answer& answer);
  bool judge_document(const Answer& answer);
#if TINYAWS_WITH_WORDS
  void put_outcome(Writer& out) const;
#endif

  Status status_ = Status::kOk;
  Status failure_ = Status::kOk;
  uint16_t http_status_ = 0;
  CredentialsFormat format_;
  Outcome outcome_ = Outcome::kNotAsked;
  bool asking_ = false;
  Remark remark_;
};

}  // namespace tinyaws
