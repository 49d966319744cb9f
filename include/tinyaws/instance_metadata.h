// The instance metadata service of Amazon EC2: credentials of the instance's role, and its region.
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

struct MetadataEndpoint;
enum class MetadataPlace : uint8_t;
class Writer;

/// Length of a session token of the service; the real one gives 56. Cost: this many bytes in InstanceMetadata.
/// Error: kValueTooLong.
constexpr size_t kMaxMetadataTokenBytes = 256;

/// Length of a role's name; IAM allows 64. Cost: this many bytes in InstanceMetadata. Error: kValueTooLong.
constexpr size_t kMaxMetadataRoleBytes = 128;

/// The two addresses of the service.
enum class MetadataAddress : uint8_t {
  kConfigured,  ///< What variable or profile say, else kIpv4.
  kIpv4,        ///< 169.254.169.254
  kIpv6,        ///< fd00:ec2::254, for instances of the Nitro family in a subnet with IPv6.
};

/// What a profile says about the service; empty where it says nothing. Views: must outlive their use.
struct MetadataProfile {
  Str endpoint = {};       ///< "ec2_metadata_service_endpoint"
  Str endpoint_mode = {};  ///< "ec2_metadata_service_endpoint_mode"
  Str v1_disabled = {};    ///< "ec2_metadata_v1_disabled"
};

struct InstanceMetadataOptions {
  /// A URL that takes the place of both addresses; a path in it stands before all paths of the service. Goes before
  /// the variables, which go before the profile. Any of the three goes before `address` and its like. Empty: none.
  /// Must outlive the provider.
  Str endpoint_url = {};

  MetadataAddress address = MetadataAddress::kConfigured;

  MetadataProfile profile;

  /// Asks without a session token (IMDSv1) where none is given: the token is refused with 403, 404 or 405, is empty,
  /// or does not come in time. Whoever can make a program on the instance fetch a URL can then have its credentials,
  /// hence the default. AWS_EC2_METADATA_V1_DISABLED=true forbids it in any case; so does the profile's flag, where
  /// that variable is not set.
  bool allow_v1 = false;

  /// Requests for one document, failed ones included: 429, 5xx, lost connections and documents that are cut short are
  /// repeated. Time-outs are only where the service has answered before.
  uint8_t max_attempts = 3;

  /// How long it is remembered that there is no service here, no role or no region, so that a device that is no
  /// instance waits once for an answer that never comes.
  uint32_t unavailable_for_ms = 60000;

  Timeouts timeouts = default_timeouts();

  /// One second each to connect, to the first byte and between bytes, two for an attempt as a whole: the service is
  /// in the instance's own host.
  static constexpr Timeouts default_timeouts() {
    Timeouts limits;
    limits.connect_ms = limits.tls_ms = limits.first_byte_ms = limits.stall_ms = 1000;
    limits.attempt_ms = 2000;
    return limits;
  }
};

/// What came of a look at the service.
enum class MetadataOutcome : uint8_t {
  kNone,              ///< Nothing yet, or the fetch is under way.
  kFound,             ///< There are credentials, or a region.
  kDisabled,          ///< AWS_EC2_METADATA_DISABLED is "true". kNotFound
  kBadConfiguration,  ///< An endpoint that is no URL, or a mode that is none. kInvalidArgument
  kUnavailable,       ///< No answer: kNotFound where there never was one and no endpoint was named, else
                      ///< kCredentialsUnavailable. 5xx to the last, or a status that means nothing here: the latter.
  kNoRole,            ///< The instance has no role. kNotFound
  kNoRegion,          ///< None of the documents with the region is there. kNotFound
  kForbidden,         ///< 403, or 401 in spite of a new token. kCredentialsRefused
  kBadRequest,        ///< 400. kCredentialsRefused
  kVersion1Disabled,  ///< There is no session token to be had, and IMDSv1 is not allowed. kCredentialsRefused
  kErrorDocument,     ///< An error in place of credentials. kCredentialsRefused
  kBadResponse,  ///< An answer that is no single token, no role, no credentials or no HTTP. kMalformedCredentials
  kTooLarge,     ///< An answer larger than its room. kValueTooLong
};

/// "imds-no-role". Lives for ever.
Str name(MetadataOutcome outcome);

/// Asks for a session token, for the role's name and for its credentials ("Use the Instance Metadata Service to
/// access instance metadata" and "Retrieve security credentials from instance metadata", Amazon EC2 User Guide). The
/// token is kept as long as it lives and renewed two minutes before; when it is refused, one new one is asked for.
/// Redirects are not followed.
///
/// Variables, read anew for each fetch, blank ones counting as unset: AWS_EC2_METADATA_DISABLED ("true" in any case,
/// nothing else), AWS_EC2_METADATA_SERVICE_ENDPOINT, AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE ("IPv4" or "IPv6" in any
/// case), AWS_EC2_METADATA_V1_DISABLED ("true" in any case). Each goes before what the profile says. ("IMDS
/// credential provider", AWS SDKs and Tools Reference Guide.)
///
/// A fetch of credentials makes at most two requests for a token and two for documents, one more after a refused
/// token, each with its attempts: with the default limits it ends within 30 seconds and the waits between attempts.
/// The region may take one document more.
class InstanceMetadata final : public CredentialsProvider, public DocumentCall {
 public:
  /// `space` holds one document while it comes in and the credentials afterwards: 2 KB and the session token's length
  /// are enough. All must outlive the provider.
  InstanceMetadata(Platform& platform, const Environment& environment, MutBytes space,
                   const InstanceMetadataOptions& options = {});
  InstanceMetadata(const InstanceMetadata&) = delete;
  InstanceMetadata& operator=(const InstanceMetadata&) = delete;

  /// Wipes the token and the credentials.
  ~InstanceMetadata();

  /// For a profile that is known later than the provider is made. Counts from the next request on.
  void set_profile(const MetadataProfile& profile) { options_.profile = profile; }

  /// As CredentialsProvider::get; errors: see MetadataOutcome, and kNotFound while one is remembered. The views die
  /// with the next `get` or `find_region`. The credentials outlive their expiration.
  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override;

  /// The region of the instance: kOk, kNotFound whatever the reason, or kPending as of `get`: one fetch at a time
  /// runs for both. What was found is kept for ever; `region` is valid as long as the provider. Why there is none:
  /// see `explain_region`.
  Status find_region(Instant now, UnixTime wall, Str& region, Call*& fetch);

  /// A fetch for `find_region` is under way.
  bool finding_region() const { return stage() == Stage::kRunning && task_ == Task::kRegion; }

  Str describe() const override { return "instance metadata"; }
#if TINYAWS_WITH_WORDS
  IoResult explain(MutBytes text) const override;
#endif

  /// As Settings::explain_region; of length 0 only where kWithWords is false.
  IoResult explain_region(MutBytes text) const {
#if TINYAWS_WITH_WORDS
    return explain(look(Task::kRegion).last, text);
#else
    (void)text;
    return {};
#endif
  }

  /// Of the last `get`.
  MetadataOutcome outcome() const {
    return look(Task::kCredentials).last.outcome;
  }

 private:
  enum class Task : uint8_t { kCredentials, kRegion };
  enum class Step : uint8_t { kOver, kToken, kRole, kCredentials, kRegion, kZone, kDocument };

  /// The last answer, and what was made of it.
  struct Finding {
    MetadataOutcome outcome = MetadataOutcome::kNone;
    Step step = Step::kOver;     ///< What was asked for.
    Status cause = Status::kOk;  ///< Why there is no answer.
    MetadataPlace place = {};    ///< Whose value is at fault.
    uint16_t http_status = 0;
  };

  /// For one task.
  struct Look {
    Instant retry;       ///< Not asked for before.
    Finding remembered;  ///< Why.
    Finding last;        ///< Of the last look.
  };

  /// What follows from an answer that is not what was hoped for. In one byte, which is returned for next to nothing.
  class Verdicts {
   public:
    // NOLINTNEXTLINE(google-explicit-constructor): an outcome alone is one
    constexpr Verdicts(MetadataOutcome outcome, bool may_pass = false, bool version_1 = false)
        : bits_(static_cast<uint8_t>(static_cast<unsigned>(outcome) | (may_pass ? kMayPass : 0) |
                                     (version_1 ? kVersion1 : 0))) {}

    MetadataOutcome outcome() const { return static_cast<MetadataOutcome>(bits_ & ~(kMayPass | kVersion1)); }
    bool may_pass() const { return (bits_ & kMayPass) != 0; }    ///< Another attempt may fare better.
    bool version_1() const { return (bits_ & kVersion1) != 0; }  ///< It may go without a token.

   private:
    static constexpr unsigned kMayPass = 64;
    static constexpr unsigned kVersion1 = 128;

    uint8_t bits_;
  };

  Look& look(Task task) {
    return looks_[static_cast<size_t>(task)];
  }
  const Look& look(Task task) const {
    return looks_[static_cast<size_t>(task)];
  }
  Status ask(Task task, Instant now, Call*& fetch);
  Status prepare(Instant now, Look& look);
  bool find_place(MetadataEndpoint& found, Finding& finding) const;
  void start(Task task);
  void remember(Instant now);
  void remember(Look& look, Instant now) const;
  void forget_token();

  bool write_request(Instant now, Request& request) override;
  Verdict judge(const Answer& answer) override;
  Verdicts judge_failure(Status failure);
  Verdicts judge_status(uint16_t http_status);
  Verdicts judge_token(const Answer& answer);
  Verdicts judge_document(const Answer& answer);
  Verdicts judge_role(const Answer& answer);
  Verdicts judge_credentials(const Answer& answer);
  Verdicts judge_region(const Answer& answer);
  bool take_new_token(uint16_t http_status);
  bool has_next_place(uint16_t http_status);

  Status status_of(const Finding& finding) const;
  bool is_absent(const Finding& finding) const;
  bool allows_version_1() const;
  Str path() const;
  static Str path_of(Step step);
#if TINYAWS_WITH_WORDS
  IoResult explain(const Finding& finding, MutBytes text) const;
  void put_place(Writer& out) const;
  void put_outcome(Writer& out, const Finding& finding) const;
  void put_malformed(Writer& out, const Finding& finding) const;
  void put_found(Writer& out, const Finding& finding) const;
  static void put_refusal(Writer& out, const Finding& finding);
#endif

  Task task_ = Task::kCredentials;
  Step step_ = Step::kOver;
  bool asks_token_ = false;   // the present request does
  bool token_asked_ = false;  // in the present fetch
  bool token_refused_ = false;
  bool version_1_ = false;
  bool heard_ = false;  // there is a service
  bool named_ = false;  // an endpoint was named
  uint16_t region_size_ = 0;
  uint16_t token_size_ = 0;
  uint16_t role_path_size_ = 0;
  const Environment& environment_;
  InstanceMetadataOptions options_;
  Header header_;
  Finding finding_;  // of the present fetch
  Instant sent_;
  Instant token_until_;
  Look looks_[2];
  char token_[kMaxMetadataTokenBytes];
  char role_path_[43 + kMaxMetadataRoleBytes];  // of its credentials
  char region_[kMaxRegionBytes];
  Remark remark_;  // of the document with the credentials
};

}  // namespace tinyaws
