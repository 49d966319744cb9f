// Memory for one set of credentials.
#pragma once

#include <cstddef>

#include "tinyaws/config.h"
#include "tinyaws/credentials.h"

namespace tinyaws {

/// A copy of credentials, wiped when it is replaced and at its end.
class CredentialsStore {
 public:
  CredentialsStore() = default;
  ~CredentialsStore() { clear(); }
  CredentialsStore(const CredentialsStore&) = delete;
  CredentialsStore& operator=(const CredentialsStore&) = delete;

  /// Copies `credentials`. Errors: kValueTooLong, and then the store holds what it held before.
  Status set(const Credentials& credentials);

  /// Bytes that `credentials` take in a store.
  static size_t size_of(const Credentials& credentials);

  /// Wipes what is stored: it is empty then.
  void clear();

  /// All empty when nothing is stored. Valid until the next `set` or `clear`.
  const Credentials& credentials() const { return credentials_; }

 private:
  Credentials credentials_;
  size_t size_ = 0;
  char bytes_[kMaxCredentialsBytes];
};

}  // namespace tinyaws
