#include "tinyaws/credentials_store.h"

#include "base/wipe.h"
#include "credentials/gather.h"

namespace tinyaws {

size_t CredentialsStore::size_of(const Credentials& credentials) {
  return credentials.access_key_id.size() + credentials.secret_access_key.size() + credentials.session_token.size() +
         credentials.account_id.size();
}

Status CredentialsStore::set(const Credentials& credentials) {
  Credentials kept = credentials;
  const Status status = gather(MutBytes(bytes_), kept, size_);
  if (status == Status::kOk) credentials_ = kept;
  return status;
}

void CredentialsStore::clear() {
  wipe(bytes_, size_);
  size_ = 0;
  credentials_ = {};
}

}  // namespace tinyaws
