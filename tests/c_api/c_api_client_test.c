/* The blocking client from C: answers, bodies both ways, errors as data, retries, time limits, what it refuses. */
#include "world.h"

static struct world world;
static tinyaws_environment_credentials credentials;
static tinyaws_client client;
static tinyaws_client_options options;
static tinyaws_response response;
static char memory[256];

/* A client with `options`, and a response in `memory`. */
static int set_up(void** state) {
  (void)state;
  world_init(&world);
  tinyaws_client_options_init(&options);
  tinyaws_response_init(&response);
  tinyaws_response_store_in(&response, memory, sizeof memory);
  return 0;
}

static void begin(void) {
  const tinyaws_port port = world_port(&world);
  tinyaws_client_init(&client, &port, tinyaws_environment_credentials_init(&credentials, world.board.environment),
                      &options);
}

static int tear_down(void** state) {
  (void)state;
  tinyaws_client_destroy(&client);
  tinyaws_response_destroy(&response);
  assert_int_equal(world.links[0].state, TINYAWS_TRANSPORT_CLOSED);
  return 0;
}

static tinyaws_api_request describe_table(void) {
  static const tinyaws_header kHeaders[] = {
      {TINYAWS_LITERAL("X-Amz-Target"), TINYAWS_LITERAL("DynamoDB_20120810.DescribeTable")},
      {TINYAWS_LITERAL("Content-Type"), TINYAWS_LITERAL("application/x-amz-json-1.0")}};
  tinyaws_api_request request = {.service = TINYAWS_LITERAL("dynamodb"),
                                 .method = TINYAWS_LITERAL("POST"),
                                 .headers = kHeaders,
                                 .header_count = 2,
                                 .body = {.bytes = TINYAWS_LITERAL("{}")}};
  return request;
}

static tinyaws_status fetch(tinyaws_api_request request) {
  return tinyaws_client_fetch(&client, &request, &response);
}

static void a_whole_call(void** state) {
  (void)state;
  world.answers[0] = "HTTP/1.1 200 OK\r\nX-Amzn-RequestId: ID\r\nContent-Length: 4\r\n\r\ndone";
  begin();
  assert_status(fetch(describe_table()), "kOk");
  assert_int_equal(tinyaws_response_status(&response), 200);
  assert_str(tinyaws_response_status_line(&response), "HTTP/1.1 200 OK");
  assert_str(tinyaws_response_header(&response, tinyaws_text("x-amzn-requestid")), "ID");
  assert_str(tinyaws_response_body(&response), "done");
  assert_true(tinyaws_response_body_size(&response) == 4);
  assert_int_equal(tinyaws_response_error(&response).status, 0);
  assert_string_equal(world.hosts[0], "tls dynamodb.eu-west-1.amazonaws.com:443");
  assert_true(world_was_sent(&world, 0, "POST / HTTP/1.1\r\n"));
  assert_true(world_was_sent(&world, 0, "X-Amz-Target: DynamoDB_20120810.DescribeTable\r\n"));
  assert_true(world_was_sent(&world, 0, "X-Amz-Date: 20150830T123600Z\r\n"));
  assert_true(world_was_sent(&world, 0, "Credential=AKIDEXAMPLE/20150830/eu-west-1/dynamodb/aws4_request"));
  assert_true(world_was_sent(&world, 0, "\r\n\r\n{}"));
}

static void what_is_zero_has_its_default(void** state) {
  const tinyaws_parameter query[] = {{TINYAWS_LITERAL("a b"), TINYAWS_LITERAL("1&2")}};
  tinyaws_api_request request = {.service = TINYAWS_LITERAL("s3")};
  (void)state;
  world.answers[0] = world.answers[1] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  begin();
  assert_status(fetch(request), "kOk");
  assert_true(world_was_sent(&world, 0, "GET / HTTP/1.1\r\n"));
  request.bucket = tinyaws_text("bucket");
  request.path = tinyaws_text("/a key");
  request.query = query;
  request.query_count = 1;
  request.region = tinyaws_text("us-west-2");
  assert_status(fetch(request), "kOk");
  assert_true(world_was_sent(&world, 1, "GET /a%20key?a%20b=1%262 HTTP/1.1\r\n"));
  assert_string_equal(world.hosts[1], "tls bucket.s3.us-west-2.amazonaws.com:443");
}

struct pump {
  char text[64];
  size_t at;
  int hesitations;
  int rewinds;
  tinyaws_status failure;
};

static tinyaws_io_result pump_read(void* context, char* out, size_t size) {
  struct pump* pump = context;
  tinyaws_io_result result = {pump->failure, 0};
  if (pump->failure != TINYAWS_OK) return result;
  if (pump->hesitations > 0) {
    --pump->hesitations;
    result.status = TINYAWS_PENDING;
  } else if (size > 0 && pump->text[pump->at] != '\0') {
    *out = pump->text[pump->at++];
    result.size = 1;
  }
  return result;
}

static tinyaws_status pump_rewind(void* context) {
  struct pump* pump = context;
  pump->at = 0;
  ++pump->rewinds;
  return TINYAWS_OK;
}

static tinyaws_io_result pump_write(void* context, const char* bytes, size_t size) {
  struct pump* pump = context;
  tinyaws_io_result result = {pump->failure, 0};
  if (pump->failure != TINYAWS_OK) return result;
  assert_true(size > 0 && pump->at + 1 < sizeof pump->text);
  pump->text[pump->at++] = bytes[0];
  pump->text[pump->at] = '\0';
  result.size = 1;
  return result;
}

static const tinyaws_body_source_functions kSource = {pump_read, pump_rewind};
static const tinyaws_body_sink_functions kSink = {pump_write, pump_rewind};

static tinyaws_api_request upload(struct pump* source) {
  tinyaws_api_request request = describe_table();
  request.body.source = &kSource;
  request.body.source_context = source;
  request.body.length = strlen(source->text);
  return request;
}

static void bodies_by_functions(void** state) {
  struct pump source = {"a body in pieces", 0, 3, 0, TINYAWS_OK};
  struct pump sink = {"", 0, 0, 0, TINYAWS_OK};
  (void)state;
  world.answers[0] = "HTTP/1.1 503 Oh\r\nContent-Length: 3\r\n\r\nbad";
  world.answers[1] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n4\r\n two\r\n0\r\n\r\n";
  tinyaws_response_hand_to(&response, &kSink, &sink);
  begin();
  assert_status(fetch(upload(&source)), "kOk");
  assert_string_equal(sink.text, "one two");
  assert_int_equal(tinyaws_response_body(&response).size, 0);
  assert_true(tinyaws_response_body_size(&response) == 7);
  assert_true(world_was_sent(&world, 1, "\r\n\r\na body in pieces"));
  assert_true(source.rewinds >= 2); /* after it was hashed, and to be sent again */
}

static void bodies_that_fail(void** state) {
  struct pump bad = {"a body", 0, 0, 0, TINYAWS_FILE_UNREADABLE};
  (void)state;
  world.answers[0] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none";
  begin();
  assert_status(fetch(upload(&bad)), "kBodySourceFailed");
  tinyaws_response_hand_to(&response, &kSink, &bad);
  assert_status(fetch(describe_table()), "kBodySinkFailed");
}

/* No other one by its last eight bits. UBSan refuses such a number by itself. */
static void what_is_no_status(void** state) {
#ifndef __SANITIZE_ADDRESS__
  struct pump bad = {"a body", 0, 0, 0, (tinyaws_status)256};
  assert_status((tinyaws_status)256, "kInvalidArgument");
  assert_status((tinyaws_status)9999, "kInvalidArgument");
  begin();
  assert_status(fetch(upload(&bad)), "kBodySourceFailed");
#endif
  (void)state;
}

static void a_refusal_is_data(void** state) {
  tinyaws_error_info error;
  (void)state;
  world.answers[0] =
      "HTTP/1.1 400 Bad Request\r\nx-amzn-RequestId: ID\r\nContent-Length: 79\r\n\r\n"
      "{\"__type\":\"com.amazon#ResourceNotFoundException\",\"message\":\"No \\\"table\\\" here\"}";
  begin();
  assert_status(fetch(describe_table()), "kServiceError");
  error = tinyaws_response_error(&response);
  assert_int_equal(error.status, 400);
  assert_str(error.code, "ResourceNotFoundException");
  assert_str(error.message, "No \"table\" here");
  assert_str(error.request_id, "ID");
  assert_str(tinyaws_error_class_name(error.error_class), "permanent");
  assert_int_equal(error.error_class, TINYAWS_ERROR_PERMANENT);
  assert_true(error.parsed && !error.retryable && !error.message_cut);
}

static void retries_are_counted_and_can_be_turned_off(void** state) {
  (void)state;
  world.answers[0] = world.answers[1] = world.answers[2] = "HTTP/1.1 503 Oh\r\nContent-Length: 0\r\n\r\n";
  options.max_attempts = 2;
  begin();
  assert_status(fetch(describe_table()), "kServiceError");
  assert_int_equal(world.request_count, 2);
  assert_int_equal(tinyaws_response_error(&response).error_class, TINYAWS_ERROR_TRANSIENT);
  assert_true(tinyaws_response_error(&response).retryable);
  tinyaws_client_destroy(&client);
  options.max_attempts = 1;
  begin();
  assert_status(fetch(describe_table()), "kServiceError");
  assert_int_equal(world.request_count, 3);
}

static void what_was_lost_is_not_repeated_where_that_is_said(void** state) {
  tinyaws_api_request request = describe_table();
  (void)state;
  options.timeouts.first_byte_ms = 500;
  request.not_repeatable = true;
  begin();
  assert_status(fetch(request), "kFirstByteTimedOut");
  assert_int_equal(world.request_count, 1);
  assert_true(world.now >= 500);
}

static void the_way_to_the_peer_fails(void** state) {
  (void)state;
  world.connecting = TINYAWS_CONNECT_FAILED;
  options.max_attempts = 1;
  begin();
  assert_status(fetch(describe_table()), "kConnectFailed");
  assert_str(tinyaws_client_failure(&client), "cable is out");
  world.connecting = TINYAWS_PENDING;
  assert_status(fetch(describe_table()), "kConnectTimedOut");
  assert_true(world.now >= 10000);
}

static void what_cannot_be_sent(void** state) {
  const tinyaws_header injected[] = {{TINYAWS_LITERAL("X-A"), TINYAWS_LITERAL("1\r\nX-B: 2")}};
  tinyaws_api_request request = describe_table();
  (void)state;
  begin();
  request.headers = injected;
  request.header_count = 1;
  assert_status(fetch(request), "kInvalidArgument");
  request = describe_table();
  request.service = tinyaws_text(NULL);
  assert_status(fetch(request), "kInvalidArgument");
  world.variables[2][0] = NULL;
  assert_status(fetch(describe_table()), "kNoRegion");
  world.variables[2][0] = "AWS_REGION";
  world.variables[0][0] = NULL;
  assert_status(fetch(describe_table()), "kNoCredentials");
  assert_int_equal(world.open_count, 0);
}

static void a_body_that_does_not_fit(void** state) {
  (void)state;
  world.answers[0] = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone";
  world.answers[1] = "HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\ngone";
  tinyaws_response_store_in(&response, memory, 3);
  begin();
  assert_status(fetch(describe_table()), "kBufferTooSmall");
  assert_status(fetch(describe_table()), "kServiceError");
  assert_str(tinyaws_response_body(&response), "gon");
  assert_true(tinyaws_response_body_cut(&response));
}

static void note_event(void* context, const tinyaws_event* event) {
  char* log = context;
  const tinyaws_str name = tinyaws_event_name(event->kind);
  if (event->kind == TINYAWS_EVENT_STATUS) assert_str(event->text, "HTTP/1.1 200 OK");
  snprintf(log + strlen(log), 200 - strlen(log), "%.*s ", (int)name.size, name.data);
}

static void each_step_is_told(void** state) {
  char log[200] = "";
  (void)state;
  world.answers[0] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  options.on_event = note_event;
  options.on_event_context = log;
  begin();
  assert_status(fetch(describe_table()), "kOk");
  assert_non_null(strstr(log, "connected "));
  assert_non_null(strstr(log, "status done "));
}

#define client_test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      client_test(a_whole_call),
      client_test(what_is_zero_has_its_default),
      client_test(bodies_by_functions),
      client_test(bodies_that_fail),
      client_test(what_is_no_status),
      client_test(a_refusal_is_data),
      client_test(retries_are_counted_and_can_be_turned_off),
      client_test(what_was_lost_is_not_repeated_where_that_is_said),
      client_test(the_way_to_the_peer_fails),
      client_test(what_cannot_be_sent),
      client_test(a_body_that_does_not_fit),
      client_test(each_step_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
