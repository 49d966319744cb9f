#include "tinyaws/credentials.h"

#include "base/writer.h"
#include "c/provider.h"
#include "tinyaws/c_object.h"
#include "tinyaws/cached_credentials.h"
#include "tinyaws/providers.h"

using namespace tinyaws;
using namespace tinyaws::c;

static_assert(TINYAWS_NO_EXPIRATION == kNoExpiration.seconds);

namespace tinyaws::c {

Status CProvider::get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  tinyaws_credentials own{};
  last_ = from_c(functions_.get(context_, now.ms, wall.seconds, &own));
  if (last_ == Status::kOk) credentials = from_c(own);
  return last_;
}

IoResult CProvider::explain(MutBytes text) const {
  Writer writer(text);
  writer.put(describe());
  writer.put(": ");
  writer.put(tinyaws::describe(last_));
  return writer.result();
}

bool CProvider::renew(uint32_t version, Instant now, UnixTime wall) {
  return functions_.renew != nullptr && functions_.renew(context_, version, now.ms, wall.seconds);
}

}  // namespace tinyaws::c

tinyaws_str tinyaws_credentials_describe(const tinyaws_credentials_provider* self) {
  return to_c(from_c(self).describe());
}

tinyaws_io_result tinyaws_credentials_explain(const tinyaws_credentials_provider* self, char* text, size_t size) {
  return to_c(from_c(self).explain({text, size}));
}

tinyaws_credentials_provider* tinyaws_static_credentials_init(tinyaws_static_credentials* self,
                                                              const tinyaws_credentials* credentials) {
  return to_c(make<StaticCredentials>(self, from_c(*credentials)));
}

tinyaws_credentials_provider* tinyaws_anonymous_credentials_init(tinyaws_anonymous_credentials* self) {
  return to_c(make<AnonymousCredentials>(self));
}

tinyaws_credentials_provider* tinyaws_environment_credentials_init(tinyaws_environment_credentials* self,
                                                                   tinyaws_environment* environment) {
  return to_c(make<EnvironmentCredentials>(self, from_c(environment)));
}

tinyaws_credentials_provider* tinyaws_custom_credentials_init(tinyaws_custom_credentials* self,
                                                              const tinyaws_credentials_functions* functions,
                                                              void* context) {
  return to_c(make<CProvider>(self, *functions, context));
}

tinyaws_credentials_provider* tinyaws_credentials_chain_init(tinyaws_credentials_chain* self,
                                                             tinyaws_credentials_provider* const* places,
                                                             size_t count) {
  const auto* first = reinterpret_cast<CredentialsProvider* const*>(places);
  return to_c(make<CredentialsChain>(self, Span<CredentialsProvider* const>(first, count)));
}

tinyaws_credentials_provider* tinyaws_cached_credentials_init(tinyaws_cached_credentials* self,
                                                              tinyaws_credentials_provider* source,
                                                              tinyaws_platform* platform) {
  return to_c(make<CachedCredentials>(self, from_c(source), from_c(platform)));
}

void tinyaws_cached_credentials_invalidate(tinyaws_cached_credentials* self) {
  object<CachedCredentials>(self).invalidate();
}

void tinyaws_cached_credentials_destroy(tinyaws_cached_credentials* self) {
  destroy<CachedCredentials>(self);
}
