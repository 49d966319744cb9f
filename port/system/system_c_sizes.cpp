// What system_c_sizes.h is made from.
#include "async_memory.h"
#include "tinyaws/c_measure.h"
#include "tinyaws/system.h"

namespace tinyaws::c {

extern const SizeLine kSizes[];
const SizeLine kSizes[] = {
    size_line("TINYAWS_ASYNC_SYSTEM_BYTES", sizeof(CAsyncSystem)),
    size_line("TINYAWS_SYSTEM_BYTES", sizeof(System<>)),
    size_line("TINYAWS_SYSTEM_TRANSPORT_BYTES", sizeof(TlsOverTcp)),
};

}  // namespace tinyaws::c
