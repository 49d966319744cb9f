// A client with a certificate of its own, for test_mutual_tls.py:
//   mutual_tls URL CA_FILE [CERTIFICATE_FILE KEY_FILE]
// Signs a GET of `/` with the credentials in the environment and prints the body of the answer.
#include <cstdio>

#include "tinyaws/system.h"
#include "tinyaws/tinyaws.h"

int main(int argc, char** argv) {
  using namespace tinyaws;
  if (argc != 3 && argc != 5) return 2;
  System<> system(System<>::Trust::kNothing);
  Status status = system.tls_config().add_ca_file(argv[2]);
  if (status == Status::kOk && argc == 5) status = system.tls_config().set_client_certificate_files(argv[3], argv[4]);
  if (status != Status::kOk) {
    std::fprintf(stderr, "%s\n", system.tls_config().describe().data());
    return 2;
  }

  EnvironmentCredentials credentials(system.environment());
  ClientOptions options;
  options.endpoint_url = argv[1];
  options.max_attempts = 1;
  Client client(system, credentials, options);
  char body[16384];
  Response response(body);
  status = client.fetch({"execute-api", "us-east-1"}, response);
  std::printf("%.*s\n", static_cast<int>(response.body().size()), response.body().data());
  std::fprintf(stderr, "%.*s %d %.*s\n", static_cast<int>(name(status).size()), name(status).data(),
               response.status(), static_cast<int>(client.failure().size()), client.failure().data());
  return status == Status::kOk ? 0 : 1;
}
