// Credentials, to and from C.
#pragma once

#include "c/views.h"
#include "tinyaws/c_credentials.h"
#include "tinyaws/credentials.h"

namespace tinyaws::c {

inline Credentials from_c(const tinyaws_credentials& own) {
  Credentials credentials;
  credentials.access_key_id = from_c(own.access_key_id);
  credentials.secret_access_key = from_c(own.secret_access_key);
  credentials.session_token = from_c(own.session_token);
  credentials.account_id = from_c(own.account_id);
  if (own.expiration != 0) credentials.expiration = {own.expiration};
  credentials.issued = {own.issued};
  credentials.outlives_expiration = own.outlives_expiration;
  credentials.version = own.version;
  return credentials;
}

inline tinyaws_credentials to_c(const Credentials& credentials) {
  return {to_c(credentials.access_key_id), to_c(credentials.secret_access_key),
          to_c(credentials.session_token), to_c(credentials.account_id),
          credentials.expiration.seconds,  credentials.issued.seconds,
          credentials.outlives_expiration, credentials.version};
}

/// A provider whose functions are in C.
class CProvider final : public CredentialsProvider {
 public:
  CProvider(const tinyaws_credentials_functions& functions, void* context)
      : functions_(functions), context_(context) {}

  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override;
  Str describe() const override { return from_c(functions_.describe(context_)); }
  IoResult explain(MutBytes text) const override;
  bool renew(uint32_t version, Instant now, UnixTime wall) override;

 private:
  const tinyaws_credentials_functions& functions_;
  void* context_;
  Status last_ = Status::kNotFound;
};

}  // namespace tinyaws::c
