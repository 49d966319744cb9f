// Credentials for a device that has a certificate registered with AWS IoT Core.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/document_source.h"

namespace tinyaws {

/// Length of a role alias (AWS IoT API reference, CreateRoleAlias). Cost: this many bytes in the provider.
/// Error: kInvalidArgument.
constexpr size_t kMaxRoleAliasBytes = 128;

/// Length of a thing's name (AWS IoT API reference, CreateThing). Cost: none. Error: kInvalidArgument.
constexpr size_t kMaxThingNameBytes = 128;

/// Views: they must outlive the provider.
struct IotOptions {
  /// The account's own host, as a name or as "https://host[:port]": what `aws iot describe-endpoint --endpoint-type
  /// iot:CredentialProvider` prints.
  Str endpoint;
  /// Letters, digits and characters of "=@-_,." (AWS IoT API reference, CreateRoleAlias).
  Str role_alias;
  /// Sent where policies use the thing's attributes, and then the certificate must be attached to that thing.
  /// Empty: not sent.
  Str thing_name = {};
  /// The device's certificate and key, and whom it trusts. Null: those of the transport.
  const TlsSettings* tls_settings = nullptr;
  uint16_t port = 443;  ///< Where `endpoint` names none.
  /// Requests for one document, failed ones included; what is repeated is what is_transient says.
  uint8_t max_attempts = 4;
  Timeouts timeouts = default_timeouts();

  static constexpr Timeouts default_timeouts() { return {10000, 10000, 10000, 10000, 30000}; }
};

/// Asks the credentials provider of AWS IoT for the credentials of a role alias, with a client certificate over TLS.
/// ("Authorizing direct calls to AWS services using AWS IoT Core credential provider", AWS IoT Core developer guide.)
/// `get` answers kInvalidArgument when the options are not as they should be.
class IotCredentials final : public DocumentSource {
 public:
  /// What is wrong with the options.
  enum class Problem : uint8_t { kNone, kEndpoint, kPlainHttp, kRoleAlias, kThingName };

  /// `space` holds the document while it comes in and the credentials afterwards; it is wiped when they are no longer
  /// used. All must outlive the provider.
  IotCredentials(Platform& platform, MutBytes space, const IotOptions& options);
  ~IotCredentials();

  Str describe() const override { return "AWS IoT"; }

  Problem problem() const { return problem_; }

 private:
  Status prepare() override;
  bool write_document_request(Request& request) override;
  bool may_pass(uint16_t http_status) const override;
  bool broken_documents_may_pass() const override { return false; }
#if TINYAWS_WITH_WORDS
  void put_obstacle(Writer& out) const override;
  void put_place(Writer& out) const override;
  Str advice() const override;
#endif

  Problem find_endpoint(Endpoint& endpoint) const;
  Problem check(Endpoint& endpoint) const;

  IotOptions options_;
  Header thing_;
  Problem problem_ = Problem::kNone;
  char path_[32 + kMaxRoleAliasBytes];
};

}  // namespace tinyaws
