// Questions to AWS Security Token Service (STS), whose answers are credentials.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/api_call.h"
#include "tinyaws/bytes.h"
#include "tinyaws/call.h"
#include "tinyaws/credentials.h"
#include "tinyaws/form.h"
#include "tinyaws/http.h"
#include "tinyaws/port.h"
#include "tinyaws/remark.h"
#include "tinyaws/settings.h"
#include "tinyaws/sigv4.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

/// Which endpoint of STS is asked.
struct StsPlace {
  Str region = {};  ///< Empty: as DestinationQuery::region says, then us-east-1.
  bool use_fips_endpoint = false;
  bool use_dualstack_endpoint = false;
};

/// AssumeRole, or AssumeRoleWithWebIdentity where there is a token file (AWS Security Token Service API Reference).
/// Views: they must live until the question is answered. Empty values are left out.
struct StsQuestion {
  Str role_arn;
  Str session_name;                  ///< 2 to 64 characters. Empty: "tinyaws-" and the time of day in seconds.
  Str external_id;                   ///< Of AssumeRole only.
  Str duration_seconds;              ///< "900" to "43200". Empty: STS decides, an hour.
  const char* token_file = nullptr;  ///< A web identity token, read when it is sent. Ends with a NUL.
  StsPlace place;
};

/// Asks STS once, in at most three attempts. The endpoint is the region's own, or what AWS_ENDPOINT_URL_STS and the
/// profile say.
class StsCall final : public NestingCall, private CredentialsProvider {
 public:
  /// `files` is needed for token files only; null: there are none. All must outlive the call.
  StsCall(Platform& platform, const Environment& environment, Files* files);
  ~StsCall();
  StsCall(const StsCall&) = delete;
  StsCall& operator=(const StsCall&) = delete;

  /// Makes ready for being run. AssumeRole is signed with what `source` gives; it fetches inside this call where it
  /// has to. `settings` may be null. `space` receives the answer, at most 6 KB with a session token of 4,096 bytes.
  /// REQUIRES: not running. All must live until the call has ended.
  void start(const StsQuestion& question, CredentialsProvider& source, Settings* settings, MutBytes space);

  /// As above, signed with `signer`; not at all where it is null.
  void start(const StsQuestion& question, const Credentials* signer, Settings* settings, MutBytes space);

  /// kNotFound before the first `start` and after a cancel; kPending until the call has ended. Errors:
  /// kCredentialsRefused (STS said no), kCredentialsUnavailable (no way to STS, or 5xx), kMalformedCredentials,
  /// kValueTooLong (the answer does not fit), kFileUnreadable (the token file), kUnsupported (a token file and no
  /// files), and those of an ApiCall: no credentials from `source`, no endpoint.
  Status status() const { return status_; }

  /// Takes the outcome: `status` is kNotFound again afterwards. After kOk: the credentials, views into `space`, from
  /// its start on.
  Status collect(Credentials& credentials);

  /// What STS said when it refused, "AccessDenied: ...", or what is wrong with its answer; may be empty.
  Str remark() const { return remark_.text(); }

 private:
  Next own_next(Instant now, UnixTime wall, RequestHead& head) override;
  void own_failure(const Failure& failure, Instant now) override;
  const Timeouts* own_timeouts() const override;
  bool own_is_secret() const override { return true; }
  void own_cancel() override;

  // Of what signs, where the credentials were given: while the question is asked they stand where the answer's will.
  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override;
  Str describe() const override { return "given"; }

  // What one request to STS needs. Made when it is asked, so that nothing of it is kept or has to be reset.
  struct Asking {
    Asking(const StsCall& sts, Str region);

    ClientOptions options;
    ApiRequest request;
    FormSource form;
    Signer signer;
    Response response;
    ApiCall call;
    char session_name[32];
  };

  Next ask(Str region, UnixTime wall);
  IoResult write_form(UnixTime wall);
  Str why_unusable(Status status) const;
  Str session_name(UnixTime wall);
  void conclude();
  void remark_failure();
  void read_answer(MutBytes document);
  void read_refusal(const ErrorInfo& error);
  void forget(Status outcome, MutBytes rest);
  void drop_asking();

  Status status_ = Status::kNotFound;
  bool asked_last_region_ = false;
  Asking* asking_ = nullptr;  // lives in asking_space_
  Platform& platform_;
  const Environment& environment_;
  Files* files_;
  CredentialsProvider* source_ = nullptr;
  Settings* settings_ = nullptr;
  MutBytes space_;
  StsQuestion question_;
  Credentials credentials_;
  Remark remark_;
  alignas(Asking) char asking_space_[sizeof(Asking)];
};

}  // namespace tinyaws
