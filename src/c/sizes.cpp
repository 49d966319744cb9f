// What c_sizes.h is made from: see sizes.cmake.
#include "c/async_client.h"
#include "c/board.h"
#include "c/bodies.h"
#include "c/client.h"
#include "c/provider.h"
#include "tinyaws/c_measure.h"
#include "tinyaws/default_credentials.h"
#include "tinyaws/providers.h"

namespace tinyaws::c {

extern const SizeLine kSizes[];
const SizeLine kSizes[] = {
    size_line("TINYAWS_API_CALL_BYTES", sizeof(CCall)),
    size_line("TINYAWS_ANONYMOUS_CREDENTIALS_BYTES", sizeof(AnonymousCredentials)),
    size_line("TINYAWS_ASYNC_CLIENT_BYTES", sizeof(CAsyncClient)),
    size_line("TINYAWS_CACHED_CREDENTIALS_BYTES", sizeof(CachedCredentials)),
    size_line("TINYAWS_CLIENT_BYTES", sizeof(CClient)),
    size_line("TINYAWS_CREDENTIALS_CHAIN_BYTES", sizeof(CredentialsChain)),
    size_line("TINYAWS_CUSTOM_CREDENTIALS_BYTES", sizeof(CProvider)),
    size_line("TINYAWS_CUSTOM_ENVIRONMENT_BYTES", sizeof(CEnvironment)),
    size_line("TINYAWS_CUSTOM_FILES_BYTES", sizeof(CFiles)),
    size_line("TINYAWS_CUSTOM_PLATFORM_BYTES", sizeof(CPlatform)),
    size_line("TINYAWS_CUSTOM_TRANSPORT_BYTES", sizeof(CTransport)),
    size_line("TINYAWS_DEFAULT_CREDENTIALS_BYTES", sizeof(DefaultCredentials)),
    size_line("TINYAWS_ENVIRONMENT_CREDENTIALS_BYTES", sizeof(EnvironmentCredentials)),
    size_line("TINYAWS_PAYLOAD_HASH_BYTES", sizeof(PayloadHash)),
    size_line("TINYAWS_QUEUED_CALL_BYTES", sizeof(QueuedCall)),
    size_line("TINYAWS_RESPONSE_BYTES", sizeof(CResponse)),
    size_line("TINYAWS_SIGNER_BYTES", sizeof(Signer)),
    size_line("TINYAWS_SLOT_BYTES", sizeof(Slot)),
    size_line("TINYAWS_STATIC_CREDENTIALS_BYTES", sizeof(StaticCredentials)),
};

}  // namespace tinyaws::c
