// Where the shared files are, and which profile is meant ("Environment variables list" and "Location of the shared
// config and credentials files", AWS SDKs and Tools Reference Guide). A variable that is blank counts as unset.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/port.h"
#include "tinyaws/status.h"

namespace tinyaws {

enum class SharedFile : uint8_t { kConfig, kCredentials };

/// "config file", "credentials file". Lives for ever.
Str name(SharedFile file);

/// The variable that names a shared file. Lives for ever.
const char* variable_of(SharedFile file);

/// A variable's value; empty when it is blank.
Str read_variable(const Environment& environment, const char* name);

/// Writes the path of a shared file, with a NUL at its end: AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE, else
/// ~/.aws/config or ~/.aws/credentials. A "~" that is the whole first component is HOME; "$NAME" is left as it is.
/// kOk with the length, the NUL left out. Errors: kNotFound (it begins with "~" and HOME is not set), kValueTooLong.
IoResult write_shared_path(const Environment& environment, SharedFile file, MutBytes out);

/// A profile's name, and whether somebody asked for it: then it must be there.
struct ProfileChoice {
  Str name;
  bool named = false;
};

/// `given` if it is not blank, else AWS_PROFILE, AWS_DEFAULT_PROFILE, "default". Views of `given` or the environment.
ProfileChoice choose_profile(const Environment& environment, Str given);

}  // namespace tinyaws
