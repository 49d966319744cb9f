#include "tinyaws/default_credentials.h"

#include "c/provider.h"
#include "tinyaws/c_object.h"

using namespace tinyaws;
using namespace tinyaws::c;

tinyaws_credentials_provider* tinyaws_default_credentials_init(tinyaws_default_credentials* self,
                                                               const tinyaws_board* board,
                                                               const tinyaws_default_credentials_options* options) {
  DefaultCredentials::Options own;
  if (options != nullptr) {
    own.profile = from_c(options->profile);
    own.allow_imds_v1 = options->allow_imds_v1;
    own.sts.region = from_c(options->sts_region);
    own.sts.use_fips_endpoint = options->sts_use_fips_endpoint;
    own.sts.use_dualstack_endpoint = options->sts_use_dualstack_endpoint;
  }
  return to_c(make<DefaultCredentials>(self, from_c(*board), own));
}

void tinyaws_default_credentials_invalidate(tinyaws_default_credentials* self) {
  object<DefaultCredentials>(self).invalidate();
}

void tinyaws_default_credentials_destroy(tinyaws_default_credentials* self) {
  destroy<DefaultCredentials>(self);
}
