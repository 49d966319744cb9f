// Everything a program can take: both clients, presigned URLs, the default chain, what is wrong with a signature.
#include "tinyaws/client_storage.h"
#include "tinyaws/none.h"
#include "tinyaws/tinyaws.h"

using namespace tinyaws;

int main(int count, char** words) {
  static none::NullPlatform platform;
  static none::NullEnvironment environment;
  static none::NullTransport transport;
  static none::NullFiles files;
  static none::NullProcesses processes;
  static char buffer[4096];
  static const Port port{platform, environment, transport, MutBytes(buffer), &files, &processes};
  static DefaultCredentials credentials(port);
  static Client client(port, credentials);
  static ClientStorage<none::NullTransport, 8, 2048> storage;
  static AsyncClient async({platform, environment, storage.slots(), storage.queue()}, credentials);
  const ApiRequest request{"sqs", "eu-west-1", "POST", "/", {}, words[0]};
  Response response;
  ApiCall call(request, response, async.context());
  Status status = async.start(call);
  while (async.busy()) async.poll();
  if (status == Status::kOk) status = client.fetch(request, response);
  if (status == Status::kOk) status = client.presign(request, 60, MutBytes(buffer)).status;
  const Str said = count > 1 ? describe(status) : name(status);
  return static_cast<int>(said.size() + explain_mismatch({}, response.body(), MutBytes(buffer)).size);
}
