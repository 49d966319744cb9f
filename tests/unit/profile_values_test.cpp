// Covers C30: sections that stand twice, names of the default profile.
#include "profile/values.h"

#include "profile_fixture.h"

using namespace tinyaws;
using test::Loaded;
using test::SharedFiles;

namespace {

constexpr ProfileKey kId = ProfileKey::kAwsAccessKeyId;
constexpr ProfileKey kSecret = ProfileKey::kAwsSecretAccessKey;
constexpr ProfileKey kToken = ProfileKey::kAwsSessionToken;
constexpr ProfileKey kRegion = ProfileKey::kRegion;

void every_key_has_its_name(void**) {
  for (size_t i = 0; i < kProfileKeys; ++i) {
    const auto key = static_cast<ProfileKey>(i);
    SharedFiles world("[profile a]\n" + std::string(name(key)) + " = v\n");
    Loaded loaded;
    assert_status(loaded.load(world, "a"), Status::kOk);
    assert_text(loaded.get(key), "v");
    for (size_t other = 0; other < kProfileKeys; ++other) {
      assert_int_equal(loaded.has(static_cast<ProfileKey>(other)), other == i);
    }
  }
  assert_text(name(ProfileKey::kIgnoreConfiguredEndpointUrls), "ignore_configured_endpoint_urls");
  assert_text(name(ProfileKey::kSsoStartUrl), "sso_start_url");
}

void the_credentials_file_wins(void**) {
  SharedFiles world("[profile a]\nregion = r\naws_access_key_id = old\n[profile b]\naws_session_token = other\n",
                    "[a]\naws_access_key_id = new\naws_secret_access_key = s\n[b]\nregion = other\n");
  Loaded loaded;
  assert_status(loaded.load(world, "a"), Status::kOk);
  assert_text(loaded.get(kRegion), "r");
  assert_text(loaded.get(kId), "new");
  assert_text(loaded.get(kSecret), "s");
  assert_text(loaded.get(kToken), "");
  assert_false(loaded.memory_holds("old"));
}

void an_empty_value_is_none(void**) {
  SharedFiles world("[profile a]\nregion = r\naws_access_key_id = id\n", "[a]\naws_access_key_id = # gone\n");
  Loaded loaded;
  assert_status(loaded.load(world, "a"), Status::kOk);
  assert_text(loaded.get(kId), "");
  assert_false(loaded.has(kId));
  assert_false(loaded.memory_holds("id"));
  assert_true(loaded.has(kRegion));
}

void the_default_profile(void**) {
  for (const char* config : {"[default]\nregion = 1\n[profile default]\naws_access_key_id = id\n",
                             "[profile default]\naws_access_key_id = id\n[default]\nregion = 1\n"}) {
    SharedFiles world(config, "[default]\naws_secret_access_key = s\n");
    Loaded loaded;
    assert_status(loaded.load(world, "default"), Status::kOk);
    assert_text(loaded.get(kId), "id");
    assert_text(loaded.get(kSecret), "s");
    assert_false(loaded.has(kRegion));
  }
}

// Not even a value that is too long is left of it.
void a_replaced_default_leaves_nothing(void**) {
  SharedFiles world("[default]\nregion = " + std::string(4097, 'x') + "\n[profile default]\n");
  Loaded loaded;
  assert_status(loaded.load(world, "default"), Status::kOk);
  assert_true(loaded.values.found());
}

void only_the_section_that_was_asked_for(void**) {
  SharedFiles world("[sso-session a]\nsso_region = s\n[profile a]\nsso_region = p\n[services a]\nsso_region = v\n");
  Loaded loaded;
  assert_status(loaded.load(world, "a", {test::kAllKeys, 0}, SectionKind::kSsoSession), Status::kOk);
  assert_text(loaded.get(ProfileKey::kSsoRegion), "s");
  assert_status(loaded.load(world, "b"), Status::kOk);
  assert_false(loaded.values.found());
  assert_text(loaded.get(ProfileKey::kSsoRegion), "");
  assert_status(loaded.load(world, "a"), Status::kOk);
  assert_true(loaded.values.found());
  assert_text(loaded.get(ProfileKey::kSsoRegion), "p");
}

void only_what_is_wanted(void**) {
  SharedFiles world("[profile a]\nregion = r\naws_secret_access_key = secret\naws_access_key_id = id\n");
  Loaded loaded;
  assert_status(loaded.load(world, "a", {key_set(kRegion), key_set(kSecret)}), Status::kOk);
  assert_text(loaded.get(kRegion), "r");
  assert_true(loaded.has(kSecret));
  assert_text(loaded.get(kSecret), "");
  assert_false(loaded.has(kId));
  assert_false(loaded.memory_holds("secret"));
}

void values_of_4096_bytes(void**) {
  const std::string longest(4096, 'x');
  Loaded loaded(5000);
  SharedFiles fits("[profile a]\naws_session_token = " + longest + " \t # c\n");
  assert_status(loaded.load(fits, "a"), Status::kOk);
  assert_text(loaded.get(kToken), longest);
  SharedFiles too_long("[profile a]\naws_session_token = " + longest + "y\n");
  assert_status(loaded.load(too_long, "a"), Status::kValueTooLong);
  assert_non_null(loaded.values.long_key());
  assert_true(*loaded.values.long_key() == kToken);
  assert_false(loaded.memory_holds("xx"));
  assert_status(loaded.load(too_long, "a", {0, key_set(kToken)}), Status::kOk);
  assert_true(loaded.has(kToken));
  assert_null(loaded.values.long_key());
}

void a_long_value_that_is_replaced_is_no_error(void**) {
  SharedFiles world("[profile a]\naws_session_token = " + std::string(9000, 'x') + "\n",
                    "[a]\naws_session_token = t\n");
  Loaded loaded(64);
  assert_status(loaded.load(world, "a"), Status::kOk);
  assert_text(loaded.get(kToken), "t");
}

void the_arena_holds_just_these(void**) {
  SharedFiles world("[profile a]\nregion = 12345\naws_access_key_id = 678\n");
  Loaded exact(8);
  assert_status(exact.load(world, "a"), Status::kOk);
  assert_text(exact.get(kId), "678");
  Loaded less(7);
  assert_status(less.load(world, "a"), Status::kValueTooLong);
  assert_true(*less.values.long_key() == kId);
  assert_false(less.has(kRegion));
  assert_status(Loaded(0).load(world, "b"), Status::kOk);
}

// Old copies go, so that the arena needs no more than what counts in the end, and the others stay what they are.
void replaced_values_take_no_memory(void**) {
  std::string config = "[profile a]\nregion = first\naws_secret_access_key = old-secret\naws_access_key_id = id\n";
  for (int i = 0; i < 1000; ++i) config += "aws_secret_access_key = old-" + std::to_string(i % 10) + "\n";
  SharedFiles world(config + "region = r\naws_secret_access_key = s\n");
  Loaded loaded(20);
  assert_status(loaded.load(world, "a"), Status::kOk);
  assert_text(loaded.get(kRegion), "r");
  assert_text(loaded.get(kId), "id");
  assert_text(loaded.get(kSecret), "s");
  assert_false(loaded.memory_holds("old"));
  assert_false(loaded.memory_holds("first"));
}

void cleared_values_are_wiped(void**) {
  SharedFiles world("[profile a]\naws_secret_access_key = secret\n");
  Loaded loaded;
  assert_status(loaded.load(world, "a"), Status::kOk);
  assert_true(loaded.memory_holds("secret"));
  loaded.values.clear();
  assert_false(loaded.memory_holds("secret"));
  assert_false(loaded.has(kSecret));
}

void names_that_are_too_long(void**) {
  const std::string longest(kMaxProfileNameBytes, 'p');
  SharedFiles world("[sso-session " + longest + "]\nregion = r\n[profile " + longest + "x]\nregion = other\n");
  Loaded loaded;
  assert_status(loaded.load(world, longest, {test::kAllKeys, 0}, SectionKind::kSsoSession), Status::kOk);
  assert_text(loaded.get(kRegion), "r");
  assert_status(loaded.load(world, longest), Status::kOk);
  assert_false(loaded.values.found());
  assert_status(loaded.load(world, longest + "x"), Status::kValueTooLong);
}

void malformed_files_are_told_by_line(void**) {
  SharedFiles world("[profile a]\naws_secret_access_key = secret\n", "# x\n[b]\n\n  y\n");
  Loaded loaded;
  assert_status(loaded.load(world, "a"), Status::kMalformedFile);
  assert_true(loaded.values.file() == SharedFile::kCredentials);
  const FileReport& report = loaded.values.report(SharedFile::kCredentials);
  assert_true(report.error == IniError::kContinuationOutsideProperty);
  assert_int_equal(report.line, 4);
  assert_int_equal(loaded.values.report(SharedFile::kConfig).line, 0);
  assert_false(loaded.memory_holds("secret"));
  assert_false(loaded.has(kSecret));
}

void files_that_are_not_there(void**) {
  SharedFiles world;
  Loaded loaded;
  assert_status(loaded.load(world, "default"), Status::kOk);
  assert_false(loaded.values.found());
  assert_true(loaded.values.report(SharedFile::kConfig).state == FileState::kMissing);
  world.files.forbidden.insert(test::kConfigPath);
  world.files.directories.insert(test::kCredentialsPath);
  assert_status(loaded.load(world, "default"), Status::kOk);
  assert_true(loaded.values.report(SharedFile::kConfig).state == FileState::kUnreadable);
  assert_true(loaded.values.report(SharedFile::kCredentials).state == FileState::kUnreadable);
  world.environment.table.clear();
  assert_status(loaded.load(world, "default"), Status::kOk);
  assert_true(loaded.values.report(SharedFile::kConfig).state == FileState::kMissing);
  assert_false(world.files.is_open);
}

void a_path_that_is_too_long(void**) {
  SharedFiles world("[default]\n");
  world.environment.table["AWS_SHARED_CREDENTIALS_FILE"] = std::string(kMaxPathBytes, 'p');
  Loaded loaded;
  assert_status(loaded.load(world, "default"), Status::kValueTooLong);
  assert_true(loaded.values.file() == SharedFile::kCredentials);
  assert_null(loaded.values.long_key());
}

// Half a profile is none: only a file that fails at its first read is as if it were empty.
void reading_fails_at_every_read(void**) {
  for (int fail_at = 1;; ++fail_at) {
    SharedFiles world("[profile a]\naws_access_key_id = id\n", "[a]\naws_secret_access_key = secret\n");
    world.files.piece = 5;
    world.files.fail_at_read = fail_at;
    Loaded loaded;
    const Status status = loaded.load(world, "a");
    assert_false(world.files.is_open);
    const FileState config = loaded.values.report(SharedFile::kConfig).state;
    const FileState credentials = loaded.values.report(SharedFile::kCredentials).state;
    if (config == FileState::kRead && credentials == FileState::kRead) {
      assert_status(status, Status::kOk);
      assert_true(fail_at > 10);
      return;
    }
    const bool at_start = status == Status::kOk;
    if (!at_start) assert_status(status, Status::kFileUnreadable);
    assert_int_equal(loaded.has(kId), at_start && config == FileState::kRead);
    assert_false(loaded.has(kSecret));
    if (!at_start) assert_false(loaded.memory_holds("id"));
  }
}

void files_are_read_anew(void**) {
  SharedFiles world("[profile a]\nregion = before\n");
  Loaded loaded;
  assert_status(loaded.load(world, "a"), Status::kOk);
  world.files.table[test::kConfigPath] = "[profile a]\nregion = now\n";
  assert_status(loaded.load(world, "a"), Status::kOk);
  assert_text(loaded.get(kRegion), "now");
  assert_int_equal(world.files.opens, 4);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(every_key_has_its_name),
      cmocka_unit_test(the_credentials_file_wins),
      cmocka_unit_test(an_empty_value_is_none),
      cmocka_unit_test(the_default_profile),
      cmocka_unit_test(a_replaced_default_leaves_nothing),
      cmocka_unit_test(only_the_section_that_was_asked_for),
      cmocka_unit_test(only_what_is_wanted),
      cmocka_unit_test(values_of_4096_bytes),
      cmocka_unit_test(a_long_value_that_is_replaced_is_no_error),
      cmocka_unit_test(the_arena_holds_just_these),
      cmocka_unit_test(replaced_values_take_no_memory),
      cmocka_unit_test(cleared_values_are_wiped),
      cmocka_unit_test(names_that_are_too_long),
      cmocka_unit_test(malformed_files_are_told_by_line),
      cmocka_unit_test(files_that_are_not_there),
      cmocka_unit_test(a_path_that_is_too_long),
      cmocka_unit_test(reading_fails_at_every_read),
      cmocka_unit_test(files_are_read_anew),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
