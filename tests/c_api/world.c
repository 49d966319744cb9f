#include "world.h"

void assert_str_at(tinyaws_str text, const char* expected, const char* file, int line) {
  if (text.size == strlen(expected) && (text.size == 0 || memcmp(text.data, expected, text.size) == 0)) return;
  print_error("\"%.*s\" is not \"%s\"\n", (int)text.size, text.data, expected);
  _fail(file, line);
}

/* --- The transport: takes at most 100 bytes and gives at most 50 at once. */

static tinyaws_status link_open(void* context, const tinyaws_endpoint* endpoint) {
  struct link* link = context;
  assert_int_equal(link->state, TINYAWS_TRANSPORT_CLOSED);
  assert_true(link->world->open_count < MAX_REQUESTS);
  snprintf(link->world->hosts[link->world->open_count++], sizeof link->world->hosts[0], "%s%.*s:%d",
           endpoint->tls ? "tls " : "", (int)endpoint->host.size, endpoint->host.data, endpoint->port);
  link->state = TINYAWS_TRANSPORT_CONNECTING;
  link->sent_size = 0;
  link->answer = NULL;
  return TINYAWS_PENDING;
}

static tinyaws_status link_advance(void* context, int64_t now_ms) {
  struct link* link = context;
  assert_true(now_ms == link->world->now);
  if (link->world->connecting != TINYAWS_OK) return link->world->connecting;
  link->state = TINYAWS_TRANSPORT_OPEN;
  return TINYAWS_OK;
}

static tinyaws_transport_state link_state(const void* context) {
  return ((const struct link*)context)->state;
}

static bool is_whole(const char* request, size_t size) {
  const char* end = strstr(request, "\r\n\r\n");
  const char* length = strstr(request, "Content-Length: ");
  if (end == NULL) return false;
  return size == (size_t)(end + 4 - request) + (length != NULL && length < end ? strtoul(length + 16, NULL, 10) : 0);
}

static tinyaws_io_result link_send(void* context, const char* bytes, size_t size) {
  struct link* link = context;
  struct world* world = link->world;
  tinyaws_io_result result = {TINYAWS_OK, size < 100 ? size : 100};
  assert_true(size > 0 && link->sent_size + result.size < sizeof link->sent);
  memcpy(link->sent + link->sent_size, bytes, result.size);
  link->sent_size += result.size;
  link->sent[link->sent_size] = '\0';
  if (!is_whole(link->sent, link->sent_size)) return result;
  assert_true(world->request_count < MAX_REQUESTS);
  memcpy(world->requests[world->request_count], link->sent, link->sent_size + 1);
  link->answer = world->answers[world->request_count++];
  link->answer_at = link->answer != NULL ? world->now + world->delay_ms : TINYAWS_NEVER;
  link->sent_size = 0;
  return result;
}

static tinyaws_io_result link_recv(void* context, char* space, size_t size) {
  struct link* link = context;
  tinyaws_io_result result = {TINYAWS_PENDING, 0};
  size_t left;
  if (link->answer == NULL || *link->answer == '\0' || link->world->now < link->answer_at) return result;
  left = strlen(link->answer);
  result.status = TINYAWS_OK;
  result.size = left < size ? left : size;
  if (result.size > 50) result.size = 50;
  memcpy(space, link->answer, result.size);
  link->answer += result.size;
  return result;
}

static void link_close(void* context) {
  ((struct link*)context)->state = TINYAWS_TRANSPORT_CLOSED;
}

static tinyaws_interest link_interest(const void* context, bool sending, bool receiving) {
  const struct link* link = context;
  tinyaws_interest interest = {-1, false, false};
  interest.handle = link->number;
  interest.read = receiving;
  interest.write = sending || link->state == TINYAWS_TRANSPORT_CONNECTING;
  return interest;
}

static bool link_ready(const void* context) {
  const struct link* link = context;
  return link->state == TINYAWS_TRANSPORT_CONNECTING && link->world->connecting != TINYAWS_PENDING;
}

static tinyaws_str link_describe(const void* context) {
  const struct link* link = context;
  return tinyaws_text(link->world->connecting == TINYAWS_CONNECT_FAILED ? "cable is out" : "");
}

static const tinyaws_transport_functions kLink = {
    link_open,  link_advance,  link_state, link_send, link_recv,
    link_close, link_interest, link_ready, NULL,      link_describe,
};

/* --- The rest of the board. */

static int64_t world_now(void* context) {
  return ((struct world*)context)->now;
}

static int64_t world_unix_time(void* context) {
  const struct world* world = context;
  return world->wall == TINYAWS_UNKNOWN_TIME ? world->wall : world->wall + world->now / 1000;
}

static tinyaws_status world_random(void* context, char* out, size_t size) {
  if (((struct world*)context)->no_randomness) return TINYAWS_CRYPTO_FAILED;
  memset(out, 0x55, size);
  return TINYAWS_OK;
}

static void world_wait(void* context, const tinyaws_interest* interests, size_t count, int64_t until_ms) {
  struct world* world = context;
  int64_t wake = until_ms;
  size_t i;
  assert_true(++world->waits < 10000);
  for (i = 0; i < count; ++i) {
    const struct link* link = interests[i].handle >= 0 ? &world->links[interests[i].handle] : NULL;
    if (link == NULL || !interests[i].read || link->answer == NULL || *link->answer == '\0') continue;
    if (link->answer_at < wake) wake = link->answer_at;
  }
  assert_true(wake != TINYAWS_NEVER);
  if (world->now < wake) world->now = wake;
}

static const tinyaws_platform_functions kPlatform = {world_now, world_unix_time, world_random, world_wait};

static tinyaws_str world_variable(const void* context, const char* name) {
  const struct world* world = context;
  size_t i;
  for (i = 0; i < 8; ++i) {
    if (world->variables[i][0] != NULL && strcmp(world->variables[i][0], name) == 0) {
      return tinyaws_text(world->variables[i][1]);
    }
  }
  return tinyaws_text(NULL);
}

static const tinyaws_environment_functions kEnvironment = {world_variable};

static tinyaws_status file_open(void* context, const char* path) {
  struct world* world = context;
  world->file_at = 0;
  return world->file_path != NULL && strcmp(path, world->file_path) == 0 ? TINYAWS_OK : TINYAWS_NOT_FOUND;
}

static tinyaws_io_result file_read(void* context, char* out, size_t size) {
  struct world* world = context;
  tinyaws_io_result result = {TINYAWS_OK, 0};
  while (result.size < size && world->file_text[world->file_at] != '\0') {
    out[result.size++] = world->file_text[world->file_at++];
  }
  return result;
}

static void file_close(void* context) {
  (void)context;
}

static tinyaws_str file_describe(const void* context) {
  (void)context;
  return tinyaws_text("");
}

static const tinyaws_files_functions kFiles = {file_open, file_read, file_close, file_describe};

void world_init(struct world* world) {
  static const char* const kVariables[][2] = {{"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                                              {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
                                              {"AWS_REGION", "eu-west-1"}};
  int i;
  memset(world, 0, sizeof *world);
  world->wall = 1440938160;
  world->delay_ms = 5;
  memcpy(world->variables, kVariables, sizeof kVariables);
  for (i = 0; i < MAX_LINKS; ++i) {
    struct link* link = &world->links[i];
    link->world = world;
    link->number = i;
    link->transport = tinyaws_custom_transport_init(&link->object, &kLink, link);
  }
  world->board.platform = tinyaws_custom_platform_init(&world->platform_object, &kPlatform, world);
  world->board.environment = tinyaws_custom_environment_init(&world->environment_object, &kEnvironment, world);
  world->board.files = tinyaws_custom_files_init(&world->files_object, &kFiles, world);
}

tinyaws_port world_port(struct world* world) {
  tinyaws_port port = {{NULL, NULL, NULL, NULL}, NULL, NULL, 0};
  port.board = world->board;
  port.transport = world->links[0].transport;
  port.buffer = world->buffers[0];
  port.buffer_size = sizeof world->buffers[0];
  return port;
}

bool world_was_sent(const struct world* world, size_t n, const char* text) {
  return n < world->request_count && strstr(world->requests[n], text) != NULL;
}
