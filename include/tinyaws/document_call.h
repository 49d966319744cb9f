// The common part of the sources of credentials that are asked over HTTP.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/backoff.h"
#include "tinyaws/bytes.h"
#include "tinyaws/call.h"
#include "tinyaws/credentials.h"
#include "tinyaws/http.h"
#include "tinyaws/port.h"
#include "tinyaws/remark.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

enum class CredentialsFormat : uint8_t;

/// Fetches small documents, one after the other, each as often as it takes. A source of credentials derives from it
/// and says what to ask for and what to make of the answers.
///
///   kIdle --start_script--> kRunning --write_request: false--> kEnded --end_script--> kIdle
///                              '-------------- on_cancel ------------------------------^
class DocumentCall : public Call {
 public:
  Next next(Instant now, UnixTime wall, RequestHead& head) final;
  void on_head(const ResponseHead& head, Instant now) final;
  IoResult on_body(const ResponseHead& head, Bytes piece) final;
  void on_response(const ResponseHead& head, Instant now) final;
  void on_failure(const Failure& failure, Instant now) final;
  void on_cancel() final;
  const Timeouts* timeouts() const final { return &timeouts_; }
  bool is_secret() const final { return true; }

 protected:
  enum class Stage : uint8_t { kIdle, kRunning, kEnded };

  /// What came of one attempt.
  struct Answer {
    Status status;  ///< kOk: there is an answer, of whatever HTTP status. Else why there is none; kValueTooLong
                    ///< for the body of a 200 that does not fit.
    uint16_t http_status;  ///< 0 without an answer.
    MutBytes document;  ///< The body, of an answer other than 200 what fits of it. May be changed; dies with the next
                        ///< request.
    UnixTime date;      ///< The answer's Date header; 0 without one.
    const ResponseHead* head;  ///< Null without an answer.
    bool heard = false;        ///< Without an answer: its beginning had arrived.
  };

  enum class Verdict : uint8_t {
    kGoOn,    ///< `write_request` is asked for the next.
    kRepeat,  ///< The same request again after a random wait. REQUIRES: may_repeat().
  };

  /// `space` receives the body of each answer, one at a time. All must outlive the call.
  DocumentCall(Platform& platform, MutBytes space, const Timeouts& timeouts, uint8_t max_attempts);
  ~DocumentCall() = default;

  Stage stage() const { return stage_; }
  void start_script();
  void end_script() { stage_ = Stage::kIdle; }

  /// From now on what is in the space is secret.
  void expect_secrets() { holds_secrets_ = true; }

  /// Wipes the space if something secret of this call is in it: it may be shared with other sources. Ends a script
  /// that is over.
  void forget();

  /// Reads an answer's document; kOk, or the errors of read_credentials. What is wrong with it goes into `remark`.
  Status read(CredentialsFormat format, const Answer& answer, Remark& remark);

  /// Ends the script. After kOk: with the credentials that were read last; else nothing of them is left.
  Status hand_over(Status outcome, Credentials& credentials);

  /// The same request may be sent once more.
  bool may_repeat() const { return backoff_.attempts() < max_attempts_; }

  /// Fills in the next request, whose views must live until the answer to it; what it does not touch stays as it was
  /// in the last one. False: the script is over. Asked again for a repetition.
  virtual bool write_request(Instant now, Request& request) = 0;

  virtual Verdict judge(const Answer& answer) = 0;

  Platform& platform() const { return platform_; }
  MutBytes space() const { return space_; }

  /// Keeps the last `size` bytes of the space out of the documents' reach, until the next `start_script`.
  /// REQUIRES: size <= space().size().
  void reserve(size_t size) { reserved_ = size; }
  MutBytes reserved() const { return space_.drop(space_.size() - reserved_); }

 private:
  void conclude(const Answer& answer, Instant now);

  Stage stage_ = Stage::kIdle;
  bool holds_secrets_ = false;
  Backoff backoff_;
  uint8_t max_attempts_;
  bool repeated_free_ = false;
  Platform& platform_;
  size_t size_ = 0;
  size_t reserved_ = 0;
  MutBytes space_;
  Instant due_;
  UnixTime date_;
  Credentials credentials_;  // in the space
  Timeouts timeouts_;
  Request request_;
};

}  // namespace tinyaws
