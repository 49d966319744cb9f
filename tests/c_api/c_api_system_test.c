/* The ready-made systems from C, over sockets to a peer on this machine that accepts and says one thing. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tinyaws/system_c.h"
#include "world.h"

enum { SLOTS = 2 };

static const char kDone[] = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndone";

static int listener;
static char url[40];
static const tinyaws_credentials kKeys = {.access_key_id = TINYAWS_LITERAL("ID"),
                                          .secret_access_key = TINYAWS_LITERAL("SECRET")};
static const tinyaws_api_request kRequest = {.service = TINYAWS_LITERAL("dynamodb"),
                                             .region = TINYAWS_LITERAL("eu-west-1")};

/* Answers as many connections as its argument says. */
static void* serve(void* count) {
  size_t left = *(size_t*)count;
  for (; left > 0; --left) {
    char request[4096];
    size_t size = 0;
    const int socket = accept(listener, NULL, NULL);
    if (socket < 0) return NULL;
    do {
      const ssize_t got = recv(socket, request + size, sizeof request - 1 - size, 0);
      if (got <= 0) break;
      size += (size_t)got;
      request[size] = '\0';
    } while (strstr(request, "\r\n\r\n") == NULL);
    if (send(socket, kDone, sizeof kDone - 1, MSG_NOSIGNAL) < 0) perror("send");
    close(socket);
  }
  return NULL;
}

static pthread_t start_server(size_t* count) {
  struct sockaddr_in address;
  socklen_t size = sizeof address;
  pthread_t thread;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  listener = socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(bind(listener, (struct sockaddr*)&address, sizeof address), 0);
  assert_int_equal(listen(listener, 8), 0);
  assert_int_equal(getsockname(listener, (struct sockaddr*)&address, &size), 0);
  snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
  assert_int_equal(pthread_create(&thread, NULL, serve, count), 0);
  return thread;
}

static tinyaws_client_options options_for_server(void) {
  tinyaws_client_options options;
  tinyaws_client_options_init(&options);
  options.endpoint_url = tinyaws_text(url);
  options.timeouts.total_ms = 20000;
  return options;
}

static void a_client_over_sockets(void** state) {
  size_t connections = 1;
  const pthread_t server = start_server(&connections);
  const tinyaws_client_options options = options_for_server();
  static tinyaws_system system;
  static tinyaws_client client;
  static tinyaws_response response;
  tinyaws_static_credentials keys;
  char body[16];
  tinyaws_port port;
  (void)state;
  tinyaws_system_init(&system);
  port = tinyaws_system_port(&system);
  assert_ptr_equal(port.board.platform, tinyaws_system_board(&system).platform);
  tinyaws_client_init(&client, &port, tinyaws_static_credentials_init(&keys, &kKeys), &options);
  tinyaws_response_init(&response);
  tinyaws_response_store_in(&response, body, sizeof body);
  assert_status(tinyaws_client_fetch(&client, &kRequest, &response), "kOk");
  assert_str(tinyaws_response_body(&response), "done");
  pthread_join(server, NULL);
  close(listener);
  tinyaws_response_destroy(&response);
  tinyaws_client_destroy(&client);
  tinyaws_system_destroy(&system);
}

static void many_calls_over_sockets(void** state) {
  size_t connections = SLOTS + 1, i;
  const pthread_t server = start_server(&connections);
  const tinyaws_client_options options = options_for_server();
  static tinyaws_system_transport transports[SLOTS];
  static tinyaws_slot slots[SLOTS];
  static char buffers[SLOTS][2048];
  static tinyaws_queued_call queue[1];
  static tinyaws_async_system system;
  static tinyaws_async_client client;
  static tinyaws_api_call calls[SLOTS + 1];
  static tinyaws_response responses[SLOTS + 1];
  const tinyaws_async_memory room = {SLOTS, transports, slots, buffers[0], sizeof buffers[0], queue, 1};
  tinyaws_static_credentials keys;
  tinyaws_async_port port;
  (void)state;
  tinyaws_async_system_init(&system, &room);
  assert_true(tinyaws_async_system_descriptor(&system) >= 0);
  port = tinyaws_async_system_port(&system);
  assert_ptr_equal(port.board.platform, tinyaws_async_system_board(&system).platform);
  tinyaws_async_client_init(&client, &port, tinyaws_static_credentials_init(&keys, &kKeys), &options);
  for (i = 0; i <= SLOTS; ++i) {
    tinyaws_response_init(&responses[i]);
    tinyaws_api_call_init(&calls[i], &kRequest, &responses[i], &client);
    assert_status(tinyaws_async_client_start(&client, &calls[i], NULL, NULL), "kOk");
  }
  while (tinyaws_async_client_busy(&client)) {
    int handles[SLOTS];
    const int64_t until = tinyaws_async_client_next_deadline(&client);
    const size_t count = tinyaws_async_system_wait(&system, handles, SLOTS, until);
    tinyaws_async_client_poll_handles(&client, handles, count);
  }
  for (i = 0; i <= SLOTS; ++i) {
    assert_status(tinyaws_api_call_status(&calls[i]), "kOk");
    assert_true(tinyaws_response_body_size(&responses[i]) == 4);
  }
  pthread_join(server, NULL);
  close(listener);
  tinyaws_async_client_destroy(&client);
  tinyaws_async_system_destroy(&system);
}

static void what_is_trusted(void** state) {
  static tinyaws_system system;
  static tinyaws_async_system async;
  tinyaws_system_transport transport;
  tinyaws_slot slot;
  char buffer[1024];
  const tinyaws_async_memory room = {1, &transport, &slot, buffer, sizeof buffer, NULL, 0};
  tinyaws_tls_config* trust;
  (void)state;
  setenv("AWS_CA_BUNDLE", "/nonexistent/bundle", 1);
  tinyaws_system_init(&system);
  tinyaws_async_system_init(&async, &room);
  unsetenv("AWS_CA_BUNDLE");
  trust = tinyaws_system_tls_config(&system);
  assert_true(trust != tinyaws_async_system_tls_config(&async));
  assert_status(tinyaws_tls_config_add_ca_file(trust, "/nonexistent/ca"), "kNotFound");
  assert_true(tinyaws_tls_config_describe(trust).size > 0);
  assert_status(tinyaws_tls_config_add_ca(trust, "junk", 4), "kInvalidArgument");
  assert_status(tinyaws_tls_config_set_client_certificate_files(trust, "/nonexistent/c", "/nonexistent/k"),
                "kNotFound");
  tinyaws_async_system_destroy(&async);
  tinyaws_system_destroy(&system);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_client_over_sockets),
      cmocka_unit_test(many_calls_over_sockets),
      cmocka_unit_test(what_is_trusted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
