// awsfetch: what curl is to HTTP, for AWS. Sends one signed request and prints the answer.
//
//   options.cpp, option_table.h, settings.cpp, values.cpp, help.cpp   the command line
//   job.cpp, target.cpp, hosts.h, body.cpp     what it comes to: where, which service, what body
//   session.cpp, source.cpp, patience.h, trust.cpp   what it is done with: connection, credentials, certificates
//   config.cpp                                 showing what was found
//   offline.cpp                                signing without sending
//   output.cpp, progress.cpp                   where the answer goes; --verbose
//   failure.cpp, missing.cpp, origin.cpp, explain.cpp, refusal.cpp, mismatch.cpp, report.cpp   what to say when it
//                                              went wrong; brief.cpp where there is no room for words
#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include "config.h"
#include "job.h"
#include "options.h"
#include "session.h"

namespace awsfetch {
namespace {

// A standard descriptor that is closed would be given to the connection, and the answer written into it. What takes
// its place can't be used either.
void occupy_standard_descriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) < 0) (void)open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

Exit run(int argc, char** argv) {
  Options options;
  if (auto done = parse_options(argc, argv, options)) return *done;
  Job job(options);
  if (auto failed = job.prepare()) return *failed;
  Session session(options, job.client_options());
  if (auto failed = session.prepare()) return *failed;
  if (options.show_config) return show_config(job, session, options);
  if (options.export_credentials) return export_credentials(session);
  if (auto failed = job.find(session)) return *failed;
  if (options.verbose) print_signer(job, session);
  return options.is_offline() ? session.sign(job) : session.send(job);
}

}  // namespace
}  // namespace awsfetch

int main(int argc, char** argv) {
  // Writing to a pipe whose reader has gone is then an error like any other, with a message and an exit code.
  std::signal(SIGPIPE, SIG_IGN);
  awsfetch::occupy_standard_descriptors();
  return awsfetch::run(argc, argv);
}
