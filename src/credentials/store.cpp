#include <cstring>

#include "base/wipe.h"
#include "tinyaws/credentials_store.h"

namespace tinyaws {

size_t CredentialsStore::size_of(const Credentials& credentials) {
  return credentials.access_key_id.size() + credentials.secret_access_key.size() + credentials.session_token.size() +
         credentials.account_id.size();
}

Status CredentialsStore::set(const Credentials& credentials) {
  if (size_of(credentials) > sizeof bytes_) return Status::kValueTooLong;
  clear();
  credentials_ = credentials;
  credentials_.access_key_id = keep(credentials.access_key_id);
  credentials_.secret_access_key = keep(credentials.secret_access_key);
  credentials_.session_token = keep(credentials.session_token);
  credentials_.account_id = keep(credentials.account_id);
  return Status::kOk;
}

void CredentialsStore::clear() {
  wipe(bytes_, size_);
  size_ = 0;
  credentials_ = {};
}

Str CredentialsStore::keep(Str text) {
  if (text.empty()) return {};
  char* const copy = bytes_ + size_;
  std::memcpy(copy, text.data(), text.size());
  size_ += text.size();
  return {copy, text.size()};
}

}  // namespace tinyaws
