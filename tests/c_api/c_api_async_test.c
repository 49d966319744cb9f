/* Many requests at once from C: the loop, the queue, completions, what can be cancelled, started again, turned away.
 */
#include "world.h"

enum { SLOTS = 2, QUEUED = 2, CALLS = SLOTS + QUEUED };

static const char kDone[] = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone";

static struct world world;
static tinyaws_slot slots[SLOTS];
static tinyaws_queued_call queue[QUEUED];
static tinyaws_environment_credentials credentials;
static tinyaws_async_client client;
static tinyaws_api_call calls[CALLS + 1];
static tinyaws_response responses[CALLS + 1];
static char memory[CALLS + 1][64];
static size_t completions;

static const tinyaws_api_request kRequest = {.service = TINYAWS_LITERAL("dynamodb"),
                                             .body = {.bytes = TINYAWS_LITERAL("{}")}};

static int set_up(void** state) {
  tinyaws_async_port port = {{NULL, NULL, NULL, NULL}, slots, SLOTS, queue, QUEUED};
  size_t i;
  (void)state;
  world_init(&world);
  completions = 0;
  for (i = 0; i < MAX_REQUESTS; ++i) world.answers[i] = kDone;
  for (i = 0; i < SLOTS; ++i) {
    tinyaws_slot_init(&slots[i], world.links[i].transport, world.buffers[i], sizeof world.buffers[i]);
  }
  port.board = world.board;
  tinyaws_async_client_init(&client, &port,
                            tinyaws_environment_credentials_init(&credentials, world.board.environment), NULL);
  for (i = 0; i <= CALLS; ++i) {
    tinyaws_response_init(&responses[i]);
    tinyaws_response_store_in(&responses[i], memory[i], sizeof memory[i]);
    tinyaws_api_call_init(&calls[i], &kRequest, &responses[i], &client);
  }
  return 0;
}

static int tear_down(void** state) {
  size_t i;
  (void)state;
  tinyaws_async_client_destroy(&client);
  for (i = 0; i < SLOTS; ++i) {
    assert_int_equal(world.links[i].state, TINYAWS_TRANSPORT_CLOSED);
    tinyaws_slot_destroy(&slots[i]);
  }
  for (i = 0; i <= CALLS; ++i) {
    tinyaws_api_call_destroy(&calls[i]);
    tinyaws_response_destroy(&responses[i]);
  }
  return 0;
}

/* What a program's loop does; time goes on as far as the client says, or to the next answer. */
static void run_to_the_end(void) {
  int rounds = 0;
  while (tinyaws_async_client_busy(&client)) {
    tinyaws_interest interests[SLOTS];
    const size_t count = tinyaws_async_client_interests(&client, interests, SLOTS);
    const int64_t until = tinyaws_async_client_next_deadline(&client);
    size_t i;
    int64_t wake = until;
    assert_true(++rounds < 1000);
    for (i = 0; i < count; ++i) {
      const struct link* link = &world.links[interests[i].handle];
      if (link->answer != NULL && *link->answer != '\0' && link->answer_at < wake) wake = link->answer_at;
    }
    assert_true(wake != TINYAWS_NEVER);
    if (world.now < wake) world.now = wake;
    tinyaws_async_client_poll(&client);
  }
}

static void count_completion(tinyaws_api_call* call, void* context) {
  assert_ptr_equal(context, &world);
  assert_true(call >= calls && call <= calls + CALLS);
  assert_status(tinyaws_api_call_status(call), "kOk");
  assert_str(tinyaws_api_call_detail(call), "");
  ++completions;
}

static void as_many_as_there_is_room_for(void** state) {
  size_t i;
  (void)state;
  for (i = 0; i < CALLS; ++i) {
    assert_status(tinyaws_async_client_start(&client, &calls[i], count_completion, &world), "kOk");
  }
  assert_status(tinyaws_async_client_start(&client, &calls[CALLS], count_completion, &world), "kBusy");
  assert_int_equal(tinyaws_async_client_running(&client), SLOTS);
  assert_int_equal(tinyaws_async_client_queued(&client), QUEUED);
  assert_int_equal(world.open_count, 0);
  run_to_the_end();
  assert_int_equal(completions, CALLS);
  assert_int_equal(world.request_count, CALLS);
  assert_int_equal(world.open_count, SLOTS); /* connections are kept */
  for (i = 0; i < CALLS; ++i) assert_str(tinyaws_response_body(&responses[i]), "done");
  assert_status(tinyaws_api_call_status(&calls[CALLS]), "kPending");
  assert_status(tinyaws_async_client_start(&client, &calls[CALLS], NULL, NULL), "kOk");
  run_to_the_end();
  assert_status(tinyaws_api_call_status(&calls[CALLS]), "kOk");
  tinyaws_async_client_close_idle(&client);
  assert_true(tinyaws_async_client_next_deadline(&client) == TINYAWS_NEVER);
}

static void start_again(tinyaws_api_call* call, void* context) {
  static tinyaws_api_request other;
  ++completions;
  if (completions == 3) return;
  other = kRequest;
  other.path = tinyaws_text(completions == 1 ? "/second" : "/third");
  tinyaws_api_call_reset(call, &other);
  assert_status(tinyaws_api_call_status(call), "kPending");
  assert_status(tinyaws_async_client_start(context, call, start_again, context), "kOk");
}

static void a_call_starts_itself_again(void** state) {
  (void)state;
  assert_status(tinyaws_async_client_start(&client, &calls[0], start_again, &client), "kOk");
  run_to_the_end();
  assert_int_equal(completions, 3);
  assert_true(world_was_sent(&world, 1, "GET /second HTTP/1.1"));
  assert_true(world_was_sent(&world, 2, "GET /third HTTP/1.1"));
}

static void calls_are_cancelled(void** state) {
  size_t i;
  (void)state;
  for (i = 0; i <= SLOTS; ++i) {
    assert_status(tinyaws_async_client_start(&client, &calls[i], count_completion, &world), "kOk");
  }
  tinyaws_async_client_poll(&client);
  assert_status(tinyaws_async_client_cancel(&client, &calls[0]), "kOk");     /* runs */
  assert_status(tinyaws_async_client_cancel(&client, &calls[SLOTS]), "kOk"); /* has come from the queue */
  assert_status(tinyaws_async_client_cancel(&client, &calls[0]), "kNotFound");
  run_to_the_end();
  assert_int_equal(completions, 1);
  assert_status(tinyaws_api_call_status(&calls[0]), "kCancelled");
  assert_status(tinyaws_api_call_status(&calls[1]), "kOk");
  assert_status(tinyaws_api_call_status(&calls[SLOTS]), "kCancelled");
}

static void the_end_of_the_client_cancels(void** state) {
  (void)state;
  assert_status(tinyaws_async_client_start(&client, &calls[0], count_completion, &world), "kOk");
  tinyaws_async_client_poll(&client);
  tear_down(state);
  assert_int_equal(completions, 0);
  set_up(state);
}

static void only_handles_that_were_told_go_on(void** state) {
  tinyaws_interest interests[SLOTS];
  (void)state;
  assert_status(tinyaws_async_client_start(&client, &calls[0], count_completion, &world), "kOk");
  while (world.request_count == 0) {
    const int none = MAX_LINKS;
    if (tinyaws_async_client_interests(&client, interests, SLOTS) == 0) {
      tinyaws_async_client_poll_handles(&client, &none, 1);
    } else {
      tinyaws_async_client_poll_handles(&client, &interests[0].handle, 1);
    }
  }
  world.now += world.delay_ms;
  assert_int_equal(tinyaws_async_client_interests(&client, interests, SLOTS), 1);
  assert_true(interests[0].read && !interests[0].write);
  {
    const int other = interests[0].handle + 1;
    tinyaws_async_client_poll_handles(&client, &other, 1);
    assert_int_equal(completions, 0);
  }
  tinyaws_async_client_poll_handles(&client, &interests[0].handle, 1);
  assert_int_equal(completions, 1);
}

static void refused(tinyaws_api_call* call, void* context) {
  const size_t i = (size_t)(call - calls);
  const tinyaws_error_info error = tinyaws_response_error(&responses[i]);
  (void)context;
  ++completions;
  assert_status(tinyaws_api_call_status(call), "kServiceError");
  assert_str(error.code, "AccessDeniedException");
  assert_str(error.request_id, "ID");
}

static void lost(tinyaws_api_call* call, void* context) {
  (void)context;
  ++completions;
  assert_status(tinyaws_api_call_status(call), "kConnectFailed");
  assert_str(tinyaws_api_call_detail(call), "cable is out");
}

static void failures_are_told(void** state) {
  (void)state;
  world.answers[0] =
      "HTTP/1.1 400 No\r\nx-amzn-RequestId: ID\r\nContent-Length: 34\r\n\r\n{\"__type\":\"AccessDeniedException\"}";
  assert_status(tinyaws_async_client_start(&client, &calls[0], refused, NULL), "kOk");
  run_to_the_end();
  assert_int_equal(completions, 1);
  tinyaws_async_client_close_idle(&client);
  world.connecting = TINYAWS_CONNECT_FAILED;
  assert_status(tinyaws_async_client_start(&client, &calls[1], lost, NULL), "kOk");
  run_to_the_end();
  assert_int_equal(completions, 2);
}

#define async_test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      async_test(as_many_as_there_is_room_for),
      async_test(a_call_starts_itself_again),
      async_test(calls_are_cancelled),
      async_test(the_end_of_the_client_cancels),
      async_test(only_handles_that_were_told_go_on),
      async_test(failures_are_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
