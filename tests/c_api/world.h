/* A board in C: peers that play a script, a clock that only waiting moves, variables and one file. */
#ifndef TINYAWS_TESTS_C_API_WORLD_H
#define TINYAWS_TESTS_C_API_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tinyaws/tinyaws_c.h"

enum { MAX_LINKS = 4, MAX_REQUESTS = 16, MAX_REQUEST_BYTES = 4096, BUFFER_BYTES = 4096 };

#define assert_str(text, expected) assert_str_at(text, expected, __FILE__, __LINE__)
#define assert_status(status, expected) assert_str(tinyaws_status_name(status), expected)

struct world;

/* One connection. */
struct link {
  struct world* world;
  int number;
  tinyaws_transport_state state;
  char sent[MAX_REQUEST_BYTES];
  size_t sent_size;
  const char* answer; /* What is left of it. */
  int64_t answer_at;
  tinyaws_custom_transport object;
  tinyaws_transport* transport;
};

struct world {
  int64_t now;
  int64_t wall;

  /* The script: what the n-th request of all is answered with; NULL: nothing, ever. */
  const char* answers[MAX_REQUESTS];
  int64_t delay_ms;          /* Until an answer comes. */
  tinyaws_status connecting; /* What `advance` says, when not TINYAWS_OK. */

  /* What the board has. */
  const char* variables[8][2];
  const char* file_path;
  const char* file_text;
  size_t file_at;
  bool no_randomness;

  /* What has happened. */
  size_t request_count;
  char requests[MAX_REQUESTS][MAX_REQUEST_BYTES];
  char hosts[MAX_REQUESTS][64]; /* One a connection. */
  size_t open_count;
  size_t waits;

  struct link links[MAX_LINKS];
  char buffers[MAX_LINKS][BUFFER_BYTES];
  tinyaws_custom_platform platform_object;
  tinyaws_custom_environment environment_object;
  tinyaws_custom_files files_object;
  tinyaws_board board;
};

void assert_str_at(tinyaws_str text, const char* expected, const char* file, int line);

/* At 2015-08-30T12:36:00Z, with keys and a region among the variables. */
void world_init(struct world* world);

/* The board with the first connection. */
tinyaws_port world_port(struct world* world);

/* The n-th request has `text` in it. */
bool world_was_sent(const struct world* world, size_t n, const char* text);

#endif
