// Puts a file into S3 or gets one from there, of any size, in constant memory.
//
//   AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... AWS_REGION=eu-west-1 s3_object put|get BUCKET KEY FILE
//
// With AWS_ENDPOINT_URL=http://localhost:7480 it talks to a server of one's own. Exit: 0 fine, 1 the service has
// refused, 2 wrong usage or no credentials, 3 no answer.
#include <tinyaws/system.h>
#include <tinyaws/tinyaws.h>

#include <cstdio>
#include <cstring>

using tinyaws::Status;
using tinyaws::Str;

namespace {

int fail(int code, Str what, Str why) {
  const Str parts[] = {"s3_object: ", what, why.empty() ? "" : ": ", why, "\n"};
  for (Str part : parts) {
    if (!part.empty()) std::fwrite(part.data(), 1, part.size(), stderr);
  }
  return code;
}

int report(Status status, const tinyaws::Response& response, const tinyaws::Client& client) {
  if (status == Status::kOk) return 0;
  if (status == Status::kServiceError) return fail(1, "refused", response.head().status_line());
  const bool configuration = status == Status::kNoCredentials || status == Status::kNoRegion;
  return fail(configuration ? 2 : 3, describe(status), client.failure());
}

int put(tinyaws::Client& client, const char* path, const char* file) {
  tinyaws::posix::FileSource source;
  if (source.open(file) != Status::kOk) return fail(2, file, source.describe());
  tinyaws::ApiRequest request{"s3"};
  request.method = "PUT";
  request.path = path;  // as S3 knows it: percent-encoded when it is sent
  request.body = tinyaws::Body(source, source.size());
  tinyaws::Response response;
  return report(client.fetch(request, response), response, client);
}

// The answer goes to a second file first: a refusal has a body, too, and a transfer may end half-way.
int get(tinyaws::Client& client, const char* path, const char* file) {
  char part[1024];
  const int size = std::snprintf(part, sizeof part, "%s.part", file);
  if (size < 0 || static_cast<size_t>(size) >= sizeof part) return fail(2, file, "the name is too long");
  tinyaws::posix::FileSink sink;
  sink.open(part);
  tinyaws::ApiRequest request{"s3"};
  request.path = path;
  tinyaws::Response response(sink);
  Status status = client.fetch(request, response);
  if (status == Status::kOk) status = sink.finish();
  if (status == Status::kOk && std::rename(part, file) == 0) return 0;
  std::remove(part);
  if (status == Status::kBodySinkFailed) return fail(3, part, sink.describe());
  if (status == Status::kOk) return fail(3, file, "can't be replaced");
  return report(status, response, client);
}

}  // namespace

int main(int argc, char** argv) {
  const bool putting = argc == 5 && std::strcmp(argv[1], "put") == 0;
  const bool getting = argc == 5 && std::strcmp(argv[1], "get") == 0;
  if (!putting && !getting) return fail(2, "usage", "s3_object put|get BUCKET KEY FILE");

  char path[1200];  // keys have up to 1,024 bytes, buckets 63
  const int size = std::snprintf(path, sizeof path, "/%s/%s", argv[2], argv[3]);
  if (size < 0 || static_cast<size_t>(size) >= sizeof path) return fail(2, argv[3], "the key is too long");

  tinyaws::System<> system;  // sockets, TLS with the system's CAs, clocks, files, one connection
  tinyaws::DefaultCredentials credentials(system);  // environment, profile, container, instance
  tinyaws::Client client(system, credentials);
  return putting ? put(client, path, argv[4]) : get(client, path, argv[4]);
}
