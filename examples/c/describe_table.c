/* DescribeTable of DynamoDB, in C. Prints the service's JSON.
 *
 *   AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... AWS_REGION=eu-west-1 describe_table_c TABLE
 *
 * With AWS_ENDPOINT_URL=http://localhost:8000 it asks a local DynamoDB. Exit: 0 fine, 1 the service has refused, 2
 * wrong usage or no credentials, 3 no answer. */
#include <stdio.h>
#include <tinyaws/system_c.h>
#include <tinyaws/tinyaws_c.h>

static int fail(int code, tinyaws_str what, tinyaws_str why) {
  fprintf(stderr, "describe_table_c: %.*s%s%.*s\n", (int)what.size, what.data, why.size != 0 ? ": " : "",
          (int)why.size, why.size != 0 ? why.data : "");
  return code;
}

static int report(tinyaws_status status, const tinyaws_response* response, tinyaws_client* client,
                  const tinyaws_credentials_provider* credentials) {
  char places[2048];
  tinyaws_str why = tinyaws_client_failure(client);
  if (status == TINYAWS_OK) return 0;
  if (status == TINYAWS_SERVICE_ERROR) {
    const tinyaws_error_info error = tinyaws_response_error(response);
    fail(1, error.code, error.message);
    return fail(1, tinyaws_response_status_line(response), tinyaws_text(NULL));
  }
  if (status == TINYAWS_NO_CREDENTIALS) {
    why.data = places;
    why.size = tinyaws_credentials_explain(credentials, places, sizeof places).size;
    if (why.size > sizeof places) why.size = 0;
  }
  return fail(status == TINYAWS_NO_CREDENTIALS || status == TINYAWS_NO_REGION ? 2 : 3,
              tinyaws_status_describe(status), why);
}

int main(int argc, char** argv) {
  static tinyaws_system system;             /* sockets, TLS with the system's CAs, clocks, files, one connection */
  static tinyaws_default_credentials chain; /* environment, profile, container, instance */
  static tinyaws_client client;
  static char answer[16384];
  const tinyaws_header headers[] = {
      {TINYAWS_LITERAL("Content-Type"), TINYAWS_LITERAL("application/x-amz-json-1.0")},
      {TINYAWS_LITERAL("X-Amz-Target"), TINYAWS_LITERAL("DynamoDB_20120810.DescribeTable")}};
  char question[300];
  const int size = argc == 2 ? snprintf(question, sizeof question, "{\"TableName\":\"%s\"}", argv[1]) : -1;
  if (size < 0) return fail(2, tinyaws_text("usage: describe_table_c TABLE"), tinyaws_text(NULL));
  if ((size_t)size >= sizeof question) return fail(2, tinyaws_text("that name is too long"), tinyaws_text(NULL));

  tinyaws_system_init(&system);
  const tinyaws_port port = tinyaws_system_port(&system);
  tinyaws_credentials_provider* credentials = tinyaws_default_credentials_init(&chain, &port.board, NULL);
  tinyaws_client_init(&client, &port, credentials, NULL);

  const tinyaws_api_request request = {.service = TINYAWS_LITERAL("dynamodb"),
                                       .method = TINYAWS_LITERAL("POST"),
                                       .headers = headers,
                                       .header_count = 2,
                                       .body = {.bytes = {question, (size_t)size}}};
  tinyaws_response response;
  tinyaws_response_init(&response);
  tinyaws_response_store_in(&response, answer, sizeof answer);
  const tinyaws_status status = tinyaws_client_fetch(&client, &request, &response);
  const tinyaws_str body = tinyaws_response_body(&response); /* a refusal has one as well: it says why */
  if (body.size != 0) printf("%.*s\n", (int)body.size, body.data);
  const int code = report(status, &response, &client, credentials);

  tinyaws_response_destroy(&response);
  tinyaws_client_destroy(&client);
  tinyaws_default_credentials_destroy(&chain);
  tinyaws_system_destroy(&system);
  return code;
}
