// The documents that sources of credentials answer with.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/credentials.h"
#include "tinyaws/status.h"

namespace tinyaws {

enum class CredentialsFormat : uint8_t {
  /// Instance metadata (Amazon EC2 user guide, "Retrieve security credentials from instance metadata"): AccessKeyId,
  /// SecretAccessKey, Token and Expiration, all required; Code, where it is there, must be "Success".
  kMetadata,
  /// Container credentials (AWS SDKs and Tools reference guide, "Container credential provider"): AccessKeyId and
  /// SecretAccessKey are required; Token, Expiration and AccountId are not.
  kContainer,
  /// The credentials provider of AWS IoT (AWS IoT Core developer guide, "Authorizing direct calls to AWS services"):
  /// accessKeyId, secretAccessKey, sessionToken and expiration, all required, in the object "credentials". Names are
  /// taken in any case.
  kIot,
  /// What a credential_process prints (AWS SDKs and Tools reference guide, "Process credential provider"): Version,
  /// which must be 1, AccessKeyId and SecretAccessKey are required; SessionToken, Expiration and AccountId are not.
  kProcess,
  /// XML answers of AWS STS (API reference, AssumeRole and AssumeRoleWithWebIdentity): AccessKeyId, SecretAccessKey,
  /// SessionToken and Expiration in Credentials, all required.
  kAssumeRole,
};

/// What is wrong with a document.
class DocumentProblem {
 public:
  /// The code and the message of an error document, or empty. In the document's memory; as the source wrote them: a
  /// message may hold line feeds.
  Str code = {};
  Str message = {};

  /// In words, for a person, without a secret: "no credentials/SecretAccessKey", "Expiration \"x\" is no date". Empty
  /// when nothing is wrong. Valid until the next `start`.
  Str words() const { return {text_, size_}; }

  void clear();

  /// Sets the words, where there are any in this build. REQUIRES: kMaxWords bytes at most.
  void say(Str a, Str b = {}, Str c = {}) {
    if constexpr (kWithWords) join(a, b, c);
  }

  /// Room for the longest words, which quote no more than the beginning of a date. Cost: this many bytes.
  static constexpr size_t kMaxWords = 64;

 private:
  void join(Str a, Str b, Str c);

  char text_[kWithWords ? kMaxWords : 1];
  size_t size_ = 0;
};

/// Reads a document in place. On kOk the strings of `credentials` stand one after the other at the start of
/// `document`, whose memory they live in; on kCredentialsRefused `problem.code` and `problem.message` do. The rest,
/// or all of it, is wiped whatever comes of it. `issued` and `outlives_expiration` are for the caller to fill in;
/// without an Expiration it is kNoExpiration. The account id of kAssumeRole is that of the role's ARN. Empty strings
/// and null count as missing. Key id, secret, token and account id may hold neither blanks nor control characters,
/// because they end up in header fields (RFC 9110 section 5.5). Errors, with `problem` filled in and `credentials`
/// empty: kMalformedCredentials for a document that is not what it should be; kCredentialsRefused when it says that
/// something failed: a Code of kMetadata other than "Success", or a code or a message in place of keys. Needs
/// some 0.9 kB of stack (x86-64).
Status read_credentials(CredentialsFormat format, MutBytes document, Credentials& credentials,
                        DocumentProblem& problem);

}  // namespace tinyaws
