// What counts as credentials where they are given.
#pragma once

#include "tinyaws/credentials.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// Takes them over as they are. kNotFound when key id and secret are both blank, kCredentialsIncomplete when one is:
/// then `credentials` are left alone.
Status take_given(const Credentials& given, Credentials& credentials);

}  // namespace tinyaws
