// Credentials of the role that a container runs with: Amazon ECS, Amazon EKS Pod Identity, and whatever else speaks
// their protocol.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/document_source.h"

namespace tinyaws {

/// Length of an authorization token. Cost: none; a token from a file takes that much of the provider's space while it
/// is used, and every token its length in the connection's buffer. Error: kValueTooLong.
constexpr size_t kMaxContainerTokenBytes = 4096;

struct ContainerOptions {
  /// Requests for one document, failed ones included. Every status but 200 is repeated, and so are answers that are
  /// no JSON object and failures of the way to the server.
  uint8_t max_attempts = 3;
  Timeouts timeouts = default_timeouts();

  static constexpr Timeouts default_timeouts() { return {2000, 5000, 5000, 5000, 10000}; }
};

/// Asks the server that AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (a path on 169.254.170.2) or, when that is not set,
/// AWS_CONTAINER_CREDENTIALS_FULL_URI names. Without TLS only the hosts of the container services and of the machine
/// itself are asked. The value of the Authorization field is the content of the file that
/// AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names, read anew for each fetch and without anything taken off, else
/// AWS_CONTAINER_AUTHORIZATION_TOKEN, else there is none. Blank variables count as unset.
/// ("Container credential provider", AWS SDKs and Tools Reference Guide.)
class ContainerCredentials final : public DocumentSource {
 public:
  /// Why nothing can be asked for.
  enum class Problem : uint8_t {
    kNone,
    kNotConfigured,   ///< Neither URI is set. kNotFound
    kBadUri,          ///< A URI that is none. kInvalidArgument
    kHostNotAllowed,  ///< A host that may be asked over TLS only. kInvalidArgument
    kTokenFile,       ///< The token's file can't be read. kFileUnreadable
    kTokenTooLong,    ///< See kMaxContainerTokenBytes. kValueTooLong
    kBadToken,        ///< A token that is empty or has a line end or another control character. kInvalidArgument
  };

  /// `space` holds the document while it comes in, the credentials afterwards, and the token of a file besides; it is
  /// wiped when they are no longer used. `files` may be null: then there are none. All must outlive the provider.
  ContainerCredentials(Platform& platform, const Environment& environment, Files* files, MutBytes space,
                       const ContainerOptions& options = {});
  ~ContainerCredentials();

  Str describe() const override { return "container"; }

  Problem problem() const { return problem_; }

 private:
  Status prepare() override;
  bool write_document_request(Request& request) override;
  bool may_pass(uint16_t) const override { return true; }
  bool broken_documents_may_pass() const override { return true; }
#if TINYAWS_WITH_WORDS
  void put_obstacle(Writer& out) const override;
  void put_token_obstacle(Writer& out) const;
  void put_place(Writer& out) const override;
  Str advice() const override;
#endif

  Problem find_document(Url& url) const;
  Problem find_token();
  Problem read_token(Str path);
  void keep_token(Str token);
  IoResult read_whole_file(MutBytes out);

  const Environment& environment_;
  Files* files_;
  Str file_token_;
  Header headers_[2];
  Problem problem_ = Problem::kNone;
};

}  // namespace tinyaws
