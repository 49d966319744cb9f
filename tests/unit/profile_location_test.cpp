#include "profile/location.h"

#include "check.h"
#include "fakes/guarded_buffer.h"
#include "fakes/surroundings.h"
#include "profile/section.h"

using namespace tinyaws;

namespace {

const char* const kBlanks[] = {"", " ", " \t\r\n"};

void assert_path(const fakes::TableEnvironment& environment, SharedFile file, Str expected) {
  fakes::GuardedBuffer out(expected.size() + 1);
  const IoResult written = write_shared_path(environment, file, out.bytes());
  assert_status(written.status, Status::kOk);
  assert_text(Str(out.bytes().data(), written.size), expected);
  assert_int_equal(out.bytes()[written.size], '\0');
}

void assert_choice(const fakes::TableEnvironment& environment, Str given, Str expected, bool named) {
  const ProfileChoice choice = choose_profile(environment, given);
  assert_text(choice.name, expected);
  assert_int_equal(choice.named, named);
}

void paths(void**) {
  fakes::TableEnvironment environment;
  environment.table = {{"HOME", "/h"}};
  assert_path(environment, SharedFile::kConfig, "/h/.aws/config");
  assert_path(environment, SharedFile::kCredentials, "/h/.aws/credentials");
  environment.table = {{"HOME", "/"}};
  assert_path(environment, SharedFile::kConfig, "/.aws/config");
  environment.table = {{"HOME", "/h"}, {"AWS_CONFIG_FILE", "~user/c"}, {"AWS_SHARED_CREDENTIALS_FILE", "$X/~/c"}};
  assert_path(environment, SharedFile::kConfig, "~user/c");
  assert_path(environment, SharedFile::kCredentials, "$X/~/c");
  environment.table = {{"AWS_CONFIG_FILE", "c"}};
  assert_path(environment, SharedFile::kConfig, "c");
}

void blank_variables_are_not_set(void**) {
  fakes::TableEnvironment environment;
  for (const char* blank : kBlanks) {
    environment.table = {{"HOME", "/h"}, {"AWS_CONFIG_FILE", blank}, {"AWS_PROFILE", blank}};
    assert_path(environment, SharedFile::kConfig, "/h/.aws/config");
    assert_choice(environment, blank, "default", false);
    environment.table = {{"HOME", blank}};
    assert_status(write_shared_path(environment, SharedFile::kConfig, {}).status, Status::kNotFound);
  }
}

void a_path_that_is_too_long(void**) {
  fakes::TableEnvironment environment;
  environment.table = {{"HOME", "/h"}, {"AWS_CONFIG_FILE", "~/0123456789"}};
  assert_path(environment, SharedFile::kConfig, "/h/0123456789");
  char out[13];
  assert_status(write_shared_path(environment, SharedFile::kConfig, MutBytes(out)).status, Status::kValueTooLong);
}

void profiles(void**) {
  fakes::TableEnvironment environment;
  assert_choice(environment, {}, "default", false);
  environment.table = {{"AWS_DEFAULT_PROFILE", "old"}};
  assert_choice(environment, {}, "old", true);
  environment.table["AWS_PROFILE"] = " new ";
  assert_choice(environment, {}, "new", true);
  assert_choice(environment, "given", "given", true);
  environment.table = {{"AWS_PROFILE", "default"}};
  assert_choice(environment, {}, "default", true);
}

void assert_section(Str text, SharedFile file, SectionKind kind, Str expected, bool prefixed = true) {
  const SectionName section = read_section(text, file);
  assert_int_equal(static_cast<int>(section.kind), static_cast<int>(kind));
  if (kind == SectionKind::kOther) return;
  assert_text(section.name, expected);
  assert_int_equal(section.prefixed, prefixed);
}

void sections_of_the_config_file(void**) {
  assert_section("default", SharedFile::kConfig, SectionKind::kProfile, "default", false);
  assert_section("profile default", SharedFile::kConfig, SectionKind::kProfile, "default");
  assert_section("profile a", SharedFile::kConfig, SectionKind::kProfile, "a");
  assert_section("sso-session a", SharedFile::kConfig, SectionKind::kSsoSession, "a");
  assert_section("services a", SharedFile::kConfig, SectionKind::kServices, "a");
  for (Str other : {"", "a", "profile", "profile a b", "profile \"a\"", "Profile a", "sso-session", "profil a"}) {
    assert_section(other, SharedFile::kConfig, SectionKind::kOther, {});
  }
}

void sections_of_the_credentials_file(void**) {
  assert_section("a", SharedFile::kCredentials, SectionKind::kProfile, "a", false);
  assert_section("profile", SharedFile::kCredentials, SectionKind::kProfile, "profile", false);
  assert_section("", SharedFile::kCredentials, SectionKind::kProfile, "", false);
  for (Str other : {"profile a", "sso-session a", "services a", "a!"}) {
    assert_section(other, SharedFile::kCredentials, SectionKind::kOther, {});
  }
}

void files_have_names(void**) {
  assert_text(name(SharedFile::kConfig), "config file");
  assert_text(name(SharedFile::kCredentials), "credentials file");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(paths),
      cmocka_unit_test(blank_variables_are_not_set),
      cmocka_unit_test(a_path_that_is_too_long),
      cmocka_unit_test(profiles),
      cmocka_unit_test(sections_of_the_config_file),
      cmocka_unit_test(sections_of_the_credentials_file),
      cmocka_unit_test(files_have_names),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
