// Uploads in a loop that never waits, as boards without an operating system have it: each round does a little of
// everything.
//
//   AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... AWS_REGION=eu-west-1 super_loop BUCKET COUNT
#include "uploads.h"

int main(int argc, char** argv) {
  const Arguments arguments(argc, argv);
  System system;
  tinyaws::DefaultCredentials credentials(system);
  tinyaws::AsyncClient client(system, credentials);
  Uploads uploads(client, arguments.bucket, arguments.count);
  uploads.start();

  while (client.busy()) {
    client.poll();
    // The program's own work: read a sensor, kick a watchdog, drive a display.
  }
  return uploads.report();
}
