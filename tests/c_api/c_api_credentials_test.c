/* Who signs, from C: given, environment, chain, cache, the program's own, the default chain over a board in C;
 * clocks. */
#include "world.h"

static struct world world;
static tinyaws_client client;

static int set_up(void** state) {
  (void)state;
  world_init(&world);
  return 0;
}

/* What a client with this provider finds. */
static tinyaws_status find(tinyaws_credentials_provider* provider, tinyaws_credentials* found) {
  const tinyaws_port port = world_port(&world);
  tinyaws_status status;
  tinyaws_client_init(&client, &port, provider, NULL);
  status = tinyaws_client_find_credentials(&client, found);
  tinyaws_client_destroy(&client);
  return status;
}

static void assert_explains(const tinyaws_credentials_provider* provider, const char* expected) {
  char text[500];
  tinyaws_str explained = {text, tinyaws_credentials_explain(provider, text, sizeof text).size};
  assert_str(explained, expected);
  assert_status(tinyaws_credentials_explain(provider, text, 3).status, "kBufferTooSmall");
}

static void given_ones(void** state) {
  tinyaws_credentials given = {.access_key_id = TINYAWS_LITERAL("ID"), .session_token = TINYAWS_LITERAL("TOKEN")};
  tinyaws_credentials found;
  tinyaws_static_credentials object;
  tinyaws_credentials_provider* provider = tinyaws_static_credentials_init(&object, &given);
  (void)state;
  assert_status(find(provider, &found), "kCredentialsIncomplete");
  assert_explains(provider, "given by the caller: a key id without its secret");
  given.secret_access_key = tinyaws_text("SECRET");
  provider = tinyaws_static_credentials_init(&object, &given);
  assert_status(find(provider, &found), "kOk");
  assert_str(found.access_key_id, "ID");
  assert_str(found.secret_access_key, "SECRET");
  assert_str(found.session_token, "TOKEN");
  assert_true(found.expiration == TINYAWS_NO_EXPIRATION);
  assert_str(tinyaws_credentials_describe(provider), "given by the caller");
}

static void none_on_purpose(void** state) {
  const tinyaws_api_request request = {.service = TINYAWS_LITERAL("s3")};
  const tinyaws_port port = world_port(&world);
  tinyaws_anonymous_credentials object;
  static tinyaws_response response;
  (void)state;
  world.answers[0] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  tinyaws_response_init(&response);
  tinyaws_client_init(&client, &port, tinyaws_anonymous_credentials_init(&object), NULL);
  assert_status(tinyaws_client_fetch(&client, &request, &response), "kOk");
  assert_true(world_was_sent(&world, 0, "GET / HTTP/1.1") && !world_was_sent(&world, 0, "Authorization"));
  tinyaws_client_destroy(&client);
  tinyaws_response_destroy(&response);
}

static void one_place_after_the_other(void** state) {
  const tinyaws_credentials given = {.access_key_id = TINYAWS_LITERAL("GIVEN"),
                                     .secret_access_key = TINYAWS_LITERAL("SECRET")};
  tinyaws_credentials found;
  tinyaws_environment_credentials environment;
  tinyaws_static_credentials fallback;
  tinyaws_credentials_chain chain;
  tinyaws_credentials_provider* places[2];
  tinyaws_credentials_provider* provider;
  (void)state;
  places[0] = tinyaws_environment_credentials_init(&environment, world.board.environment);
  places[1] = tinyaws_static_credentials_init(&fallback, &given);
  provider = tinyaws_credentials_chain_init(&chain, places, 2);
  assert_status(find(provider, &found), "kOk");
  assert_str(found.access_key_id, "AKIDEXAMPLE");
  assert_str(tinyaws_credentials_describe(provider), "environment");
  world.variables[0][0] = NULL;
  assert_status(find(provider, &found), "kOk");
  assert_str(found.access_key_id, "GIVEN");
}

struct vault {
  int asked;
  int hesitations;
  uint32_t renewed;
  tinyaws_status status;
};

static tinyaws_status vault_get(void* context, int64_t now_ms, int64_t unix_time, tinyaws_credentials* credentials) {
  struct vault* vault = context;
  assert_true(now_ms == world.now && unix_time == world.wall + world.now / 1000);
  assert_true(credentials->access_key_id.size == 0 && credentials->expiration == 0);
  if (vault->hesitations > 0) {
    --vault->hesitations;
    return TINYAWS_PENDING;
  }
  ++vault->asked;
  credentials->access_key_id = tinyaws_text(vault->renewed != 0 ? "NEW" : "OLD");
  credentials->secret_access_key = tinyaws_text("SECRET");
  credentials->expiration = unix_time + 3600;
  credentials->version = 7;
  return vault->status;
}

static bool vault_renew(void* context, uint32_t version, int64_t now_ms, int64_t unix_time) {
  struct vault* vault = context;
  (void)now_ms;
  (void)unix_time;
  vault->renewed = version;
  return true;
}

static tinyaws_str vault_describe(const void* context) {
  (void)context;
  return tinyaws_text("vault");
}

static const tinyaws_credentials_functions kVault = {vault_get, vault_renew, vault_describe};

static void the_program_s_own(void** state) {
  struct vault vault = {0, 2, 0, TINYAWS_OK};
  const tinyaws_api_request request = {.service = TINYAWS_LITERAL("dynamodb")};
  const tinyaws_port port = world_port(&world);
  tinyaws_credentials found;
  tinyaws_custom_credentials object;
  tinyaws_credentials_provider* provider = tinyaws_custom_credentials_init(&object, &kVault, &vault);
  static tinyaws_response response;
  (void)state;
  assert_status(find(provider, &found), "kOk");
  assert_str(found.access_key_id, "OLD");
  assert_int_equal(vault.asked, 1);
  world.answers[0] = "HTTP/1.1 400 No\r\nContent-Length: 41\r\n\r\n{\"__type\":\"UnrecognizedClientException\"}\n";
  world.answers[1] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  tinyaws_response_init(&response);
  tinyaws_client_init(&client, &port, provider, NULL);
  assert_status(tinyaws_client_fetch(&client, &request, &response), "kOk");
  assert_int_equal(vault.renewed, 7);
  assert_true(world_was_sent(&world, 0, "Credential=OLD/") && world_was_sent(&world, 1, "Credential=NEW/"));
  tinyaws_client_destroy(&client);
  tinyaws_response_destroy(&response);
  vault.status = TINYAWS_CREDENTIALS_UNAVAILABLE;
  assert_status(find(provider, &found), "kCredentialsUnavailable");
  assert_explains(provider, "vault: the source of credentials did not answer");
}

static void kept_until_they_age(void** state) {
  struct vault vault = {0, 0, 0, TINYAWS_OK};
  tinyaws_credentials found;
  tinyaws_custom_credentials source;
  static tinyaws_cached_credentials cache;
  tinyaws_credentials_provider* provider = tinyaws_cached_credentials_init(
      &cache, tinyaws_custom_credentials_init(&source, &kVault, &vault), world.board.platform);
  (void)state;
  assert_status(find(provider, &found), "kOk");
  assert_status(find(provider, &found), "kOk");
  assert_int_equal(vault.asked, 1);
  tinyaws_cached_credentials_invalidate(&cache);
  assert_status(find(provider, &found), "kOk");
  assert_int_equal(vault.asked, 2);
  world.now += 3600 * 1000;
  assert_status(find(provider, &found), "kOk");
  assert_int_equal(vault.asked, 3);
  tinyaws_cached_credentials_destroy(&cache);
}

static void the_default_chain_over_a_board_in_c(void** state) {
  tinyaws_default_credentials_options options = {.profile = TINYAWS_LITERAL("dev")};
  tinyaws_credentials found;
  static tinyaws_default_credentials object;
  tinyaws_credentials_provider* provider = tinyaws_default_credentials_init(&object, &world.board, NULL);
  (void)state;
  assert_status(find(provider, &found), "kOk");
  assert_str(found.access_key_id, "AKIDEXAMPLE");
  tinyaws_default_credentials_invalidate(&object);
  tinyaws_default_credentials_destroy(&object);

  world.variables[3][0] = "AWS_SHARED_CREDENTIALS_FILE";
  world.variables[3][1] = world.file_path = "/etc/aws";
  world.file_text = "[dev]\naws_access_key_id = FILED\naws_secret_access_key = SECRET\n";
  provider = tinyaws_default_credentials_init(&object, &world.board, &options);
#if TINYAWS_WITH_PROFILES
  assert_status(find(provider, &found), "kOk");
  assert_str(found.access_key_id, "FILED");
  assert_str(tinyaws_credentials_describe(provider), "profile");
#endif
  tinyaws_default_credentials_destroy(&object);
}

static void a_board_without_a_clock(void** state) {
  tinyaws_platform* platform = world.board.platform;
  (void)state;
  assert_true(tinyaws_platform_knows_time(platform));
  assert_true(tinyaws_platform_unix_time(platform) == 1440938160);
  tinyaws_platform_set_time_floor(platform, 1500000000);
  assert_false(tinyaws_platform_knows_time(platform));
  assert_true(tinyaws_platform_time_of_day(platform, tinyaws_platform_now(platform)) == 1500000000);
  tinyaws_platform_set_time_floor(platform, 0);
  world.wall = TINYAWS_UNKNOWN_TIME;
  assert_false(tinyaws_platform_knows_time(platform));
}

#define credentials_test(name) cmocka_unit_test_setup(name, set_up)

int main(void) {
  const struct CMUnitTest tests[] = {
      credentials_test(given_ones),
      credentials_test(none_on_purpose),
      credentials_test(one_place_after_the_other),
      credentials_test(the_program_s_own),
      credentials_test(kept_until_they_age),
      credentials_test(the_default_chain_over_a_board_in_c),
      credentials_test(a_board_without_a_clock),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
