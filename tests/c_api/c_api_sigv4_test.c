/* Signing alone, from C, against the vectors of AWS; presigned URLs; texts and names. */
#include "world.h"

static const tinyaws_credentials kCredentials = {
    .access_key_id = TINYAWS_LITERAL("AKIDEXAMPLE"),
    .secret_access_key = TINYAWS_LITERAL("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")};
static const tinyaws_scope kScope = {TINYAWS_LITERAL("us-east-1"), TINYAWS_LITERAL("service")};
static const char kEmptyHash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

enum { kTime = 1440938160 };

static tinyaws_str hex_of(const tinyaws_signature* signature) {
  tinyaws_str hex = {signature->hex, sizeof signature->hex};
  return hex;
}

/* "get-vanilla" of AWS's test suite. */
static tinyaws_signing_input get_vanilla(void) {
  tinyaws_signing_input input = {.method = TINYAWS_LITERAL("GET"),
                                 .host = TINYAWS_LITERAL("example.amazonaws.com"),
                                 .target = TINYAWS_LITERAL("/"),
                                 .payload_hash = {kEmptyHash, 64}};
  return input;
}

static void a_known_signature(void** state) {
  const tinyaws_signing_input input = get_vanilla();
  const tinyaws_signing_policy policy = tinyaws_signing_policy_for_service(kScope.service);
  tinyaws_signer signer;
  tinyaws_signature signature;
  char text[300];
  tinyaws_io_result written;
  tinyaws_str authorization = {text, 0};
  (void)state;
  tinyaws_signer_init(&signer);
  assert_status(tinyaws_signer_sign(&signer, &input, &kCredentials, &kScope, &policy, kTime, &signature), "kOk");
  assert_memory_equal(signature.amz_date, "20150830T123600Z", 16);
  assert_str(hex_of(&signature), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  written = tinyaws_write_authorization(&input, &kCredentials, &kScope, &policy, &signature, text, 3);
  assert_status(written.status, "kBufferTooSmall");
  authorization.size = written.size;
  written = tinyaws_write_authorization(&input, &kCredentials, &kScope, &policy, &signature, text, written.size);
  assert_status(written.status, "kOk");
  assert_str(authorization,
             "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
             "SignedHeaders=host;x-amz-date, "
             "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  tinyaws_signer_forget(&signer);
  assert_status(tinyaws_signer_sign(&signer, &input, &kCredentials, &kScope, &policy, kTime, &signature), "kOk");
  assert_str(hex_of(&signature), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  tinyaws_signer_destroy(&signer);
}

/* "get-header-value-order" of the same: headers are an array in C's form. */
static void headers_are_signed(void** state) {
  const tinyaws_header headers[] = {{TINYAWS_LITERAL("My-Header1"), TINYAWS_LITERAL("value4")},
                                    {TINYAWS_LITERAL("My-Header1"), TINYAWS_LITERAL("value1")},
                                    {TINYAWS_LITERAL("My-Header1"), TINYAWS_LITERAL("value3")},
                                    {TINYAWS_LITERAL("My-Header1"), TINYAWS_LITERAL("value2")}};
  const tinyaws_signing_policy policy = tinyaws_signing_policy_for_service(kScope.service);
  tinyaws_signing_input input = get_vanilla();
  tinyaws_signer signer;
  tinyaws_signature signature;
  (void)state;
  input.headers = headers;
  input.header_count = 4;
  tinyaws_signer_init(&signer);
  assert_status(tinyaws_signer_sign(&signer, &input, &kCredentials, &kScope, &policy, kTime, &signature), "kOk");
  assert_str(hex_of(&signature), "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01");
  tinyaws_signer_destroy(&signer);
}

/* The example of "Authenticating Requests: Using Query Parameters" in the Amazon S3 API Reference. */
static void a_known_url(void** state) {
  const tinyaws_credentials credentials = {
      .access_key_id = TINYAWS_LITERAL("AKIAIOSFODNN7EXAMPLE"),
      .secret_access_key = TINYAWS_LITERAL("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")};
  const tinyaws_scope scope = {TINYAWS_LITERAL("us-east-1"), TINYAWS_LITERAL("s3")};
  const tinyaws_signing_policy policy = tinyaws_signing_policy_for_service(scope.service);
  const tinyaws_signing_input input = {.method = TINYAWS_LITERAL("GET"),
                                       .host = TINYAWS_LITERAL("examplebucket.s3.amazonaws.com"),
                                       .target = TINYAWS_LITERAL("/test.txt"),
                                       .payload_hash = TINYAWS_LITERAL("UNSIGNED-PAYLOAD")};
  tinyaws_signer signer;
  char url[500];
  tinyaws_str text = {url, 0};
  (void)state;
  assert_true(!policy.normalize_path && !policy.double_encode && policy.content_sha256 && policy.sign_token);
  tinyaws_signer_init(&signer);
  text.size =
      tinyaws_signer_presign(&signer, &input, true, &credentials, &scope, &policy, 1369353600, 86400, url, sizeof url)
          .size;
  assert_str(text,
             "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
             "AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&"
             "X-Amz-Expires=86400&X-Amz-SignedHeaders=host&"
             "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
  tinyaws_signer_destroy(&signer);
}

static void a_client_presigns(void** state) {
  static struct world world;
  static tinyaws_client client;
  tinyaws_environment_credentials credentials;
  tinyaws_api_request request = {
      .service = TINYAWS_LITERAL("s3"), .path = TINYAWS_LITERAL("/key"), .bucket = TINYAWS_LITERAL("bucket")};
  char url[1024];
  tinyaws_io_result result;
  tinyaws_port port;
  (void)state;
  world_init(&world);
  port = world_port(&world);
  tinyaws_client_init(&client, &port, tinyaws_environment_credentials_init(&credentials, world.board.environment),
                      NULL);
  result = tinyaws_client_presign(&client, &request, 60, url, 10);
  assert_status(result.status, "kBufferTooSmall");
  assert_true(result.size > 10 && result.size < sizeof url);
  assert_true(tinyaws_client_presign(&client, &request, 60, url, result.size).size == result.size);
  assert_memory_equal(url, "https://bucket.s3.eu-west-1.amazonaws.com/key?X-Amz-", 52);
  assert_status(tinyaws_client_presign(&client, &request, 0, url, sizeof url).status, "kInvalidArgument");
  assert_int_equal(world.open_count, 0);
  tinyaws_client_destroy(&client);
}

static void a_payload_is_hashed_in_pieces(void** state) {
  tinyaws_payload_hash hash;
  char hex[64];
  (void)state;
  tinyaws_payload_hash_init(&hash);
  tinyaws_payload_hash_update(&hash, "ab", 2);
  tinyaws_payload_hash_update(&hash, "c", 1);
  assert_status(tinyaws_payload_hash_finish(&hash, hex), "kOk");
  assert_memory_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 64);
  tinyaws_payload_hash_restart(&hash);
  assert_status(tinyaws_payload_hash_finish(&hash, hex), "kOk");
  assert_memory_equal(hex, kEmptyHash, 64);
  tinyaws_payload_hash_destroy(&hash);
}

static void what_cannot_be_signed(void** state) {
  const tinyaws_signing_policy policy = tinyaws_signing_policy_for_service(kScope.service);
  tinyaws_signing_input input = get_vanilla();
  tinyaws_credentials half = kCredentials;
  tinyaws_signer signer;
  tinyaws_signature signature;
  (void)state;
  tinyaws_signer_init(&signer);
  half.secret_access_key = tinyaws_text("");
  assert_status(tinyaws_signer_sign(&signer, &input, &half, &kScope, &policy, kTime, &signature), "kInvalidArgument");
  assert_status(tinyaws_signer_sign(&signer, &input, &kCredentials, &kScope, &policy, -1, &signature),
                "kInvalidArgument");
  input.target = tinyaws_text("/a\r\nb");
  assert_status(tinyaws_signer_sign(&signer, &input, &kCredentials, &kScope, &policy, kTime, &signature),
                "kInvalidArgument");
  tinyaws_signer_destroy(&signer);
}

static void texts_and_names(void** state) {
  (void)state;
  assert_int_equal(tinyaws_text(NULL).size, 0);
  assert_int_equal(tinyaws_text("abc").size, 3);
  assert_str(tinyaws_status_name(TINYAWS_TRUNCATED), "kTruncated");
  assert_str(tinyaws_status_name(TINYAWS_SERVICE_ERROR), "kServiceError");
  assert_str(tinyaws_status_describe(TINYAWS_OK), "success");
  assert_str(tinyaws_error_class_name(TINYAWS_ERROR_THROTTLING), "throttling");
  assert_str(tinyaws_event_name(TINYAWS_EVENT_CONNECTED), "connected");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_known_signature),
      cmocka_unit_test(headers_are_signed),
      cmocka_unit_test(a_known_url),
      cmocka_unit_test(a_client_presigns),
      cmocka_unit_test(a_payload_is_hashed_in_pieces),
      cmocka_unit_test(what_cannot_be_signed),
      cmocka_unit_test(texts_and_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
