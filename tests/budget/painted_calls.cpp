// Prints what public calls dirty of a painted stack, for check.py, which holds it against what the call graph says.
// With the default chain, and the shared file that AWS_CONFIG_FILE names; over a transport that refuses.
#include <cstdio>

#include "../bench/put_item.h"
#include "painted_stack.h"
#include "tinyaws/none.h"
#include "tinyaws/posix.h"
#include "tinyaws/tinyaws.h"

using namespace tinyaws;

namespace {

bench::PutItem put_item(bench::PutItem::kMaxToken);
Signer signer;
Signature signature;
posix::Platform platform;
posix::Environment environment;
posix::Files files;
none::NullProcesses processes;
none::NullTransport transport;
char buffer[4096], text[4096];
const Port port{platform, environment, transport, MutBytes(buffer), &files, &processes};
DefaultCredentials credentials(port);
Client client(port, credentials);
Response response;

const ApiRequest put{"dynamodb", "", "POST", "/", {}, Str("{}")};
const ApiRequest get{"s3", "eu-west-1"};
const char kRefusal[] =
    R"({"__type": "com.amazon#ThrottlingException", "message": "Slow \u0064own", "reason": [1, 2]})";

struct Row {
  const char* name;
  void (*work)();
};

const Row kRows[] = {
    {"tinyaws::Signer::sign", [] { (void)put_item.sign_head(signer, signature); }},
    {"tinyaws::Client::fetch", [] { (void)client.fetch(put, response); }},
    {"tinyaws::Client::presign", [] { (void)client.presign(get, 60, MutBytes(text)); }},
    {"tinyaws::DefaultCredentials::explain", [] { (void)credentials.explain(MutBytes(text)); }},
    {"tinyaws::read_error",
     [] {
       static ErrorInfo error;
       static ResponseHead head;
       head.status = 400;
       read_error(head, kRefusal, Extent::kWhole, error);
     }},
};

}  // namespace

int main() {
  if (put_item.hash_body() != Status::kOk) return 1;
  for (const Row& row : kRows) std::printf("%s\t%zu\n", row.name, stack_used(row.work));
  return 0;
}
