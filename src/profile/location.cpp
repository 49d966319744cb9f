#include "profile/location.h"

#include "base/ascii.h"
#include "base/writer.h"

namespace tinyaws {
namespace {

bool begins_at_home(Str path) {
  return path == "~" || starts_with(path, "~/");
}

}  // namespace

Str name(SharedFile file) {
  return file == SharedFile::kConfig ? "config file" : "credentials file";
}

Str read_variable(const Environment& environment, const char* name) {
  const Str value = environment.variable(name);
  return is_blank_text(value) ? Str() : value;
}

const char* variable_of(SharedFile file) {
  return file == SharedFile::kConfig ? "AWS_CONFIG_FILE" : "AWS_SHARED_CREDENTIALS_FILE";
}

IoResult write_shared_path(const Environment& environment, SharedFile file, MutBytes out) {
  Str path = read_variable(environment, variable_of(file));
  if (path.empty()) path = file == SharedFile::kConfig ? "~/.aws/config" : "~/.aws/credentials";
  Writer writer(out);
  if (begins_at_home(path)) {
    Str home = read_variable(environment, "HOME");
    if (home.empty()) return {Status::kNotFound, 0};
    path.remove_prefix(1);
    if (home.back() == '/' && !path.empty()) home.remove_suffix(1);
    writer.put(home);
  }
  writer.put(path);
  writer.put('\0');
  if (!writer.fits()) return {Status::kValueTooLong, 0};
  return {Status::kOk, writer.size() - 1};
}

ProfileChoice choose_profile(const Environment& environment, Str given) {
  if (!is_blank_text(given)) return {given, true};
  for (const char* variable : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    const Str value = trim_blanks(read_variable(environment, variable));
    if (!value.empty()) return {value, true};
  }
  return {"default", false};
}

}  // namespace tinyaws
