// DescribeTable of DynamoDB: the example of tornado-aws's documentation. Prints the service's JSON.
//
//   AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... AWS_REGION=eu-west-1 describe_table TABLE
//
// With AWS_ENDPOINT_URL=http://localhost:8000 it asks a local DynamoDB. Exit: 0 fine, 1 the service has refused,
// 2 wrong usage or no credentials, 3 no answer.
#include <tinyaws/system.h>
#include <tinyaws/tinyaws.h>

#include <cstdio>

using tinyaws::Status;
using tinyaws::Str;

namespace {

void print(std::FILE* file, Str text) {
  if (!text.empty()) std::fwrite(text.data(), 1, text.size(), file);
}

int fail(int code, Str what, Str why) {
  const Str parts[] = {"describe_table: ", what, why.empty() ? "" : ": ", why, "\n"};
  for (Str part : parts) print(stderr, part);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return fail(2, "usage: describe_table TABLE", {});

  tinyaws::System<> system;  // sockets, TLS with the system's CAs, clocks, files, one connection
  tinyaws::DefaultCredentials credentials(system);  // environment, profile, container, instance
  tinyaws::Client client(system, credentials);

  char question[300];
  const int size = std::snprintf(question, sizeof question, R"({"TableName":"%s"})", argv[1]);
  if (size < 0 || static_cast<size_t>(size) >= sizeof question) return fail(2, "that name is too long", {});
  const tinyaws::Header headers[] = {{"Content-Type", "application/x-amz-json-1.0"},
                                     {"X-Amz-Target", "DynamoDB_20120810.DescribeTable"}};
  tinyaws::ApiRequest request{"dynamodb"};
  request.method = "POST";
  request.headers = headers;
  request.body = Str(question);

  char answer[16384];
  tinyaws::Response response(answer);
  const Status status = client.fetch(request, response);

  // A refusal has a body as well: it says why.
  print(stdout, response.body());
  print(stdout, response.body().empty() ? "" : "\n");
  if (status == Status::kOk) return 0;
  if (status == Status::kServiceError) return fail(1, response.head().status_line(), {});
  if (status == Status::kNoRegion) return fail(2, describe(status), {});
  if (status != Status::kNoCredentials) return fail(3, describe(status), client.failure());
  char places[2048];
  const tinyaws::IoResult explained = credentials.explain(places);
  return fail(2, describe(status), {places, explained.status == Status::kOk ? explained.size : 0});
}
