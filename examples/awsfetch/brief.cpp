// What takes the place of help.cpp, explain.cpp, missing.cpp, failure.cpp and mismatch.cpp where the library is built
// without sentences for people (TINYAWS_WITH_WORDS): the same exit codes, and a line with the name of what went
// wrong.
#include <cstring>

#include "explain.h"
#include "failure.h"
#include "missing.h"
#include "refusal.h"

namespace awsfetch {

using tinyaws::Status;

namespace {

// What the command line, a variable or a file is to blame for.
bool is_usage(Status status) {
  switch (status) {
    case Status::kInvalidArgument:
    case Status::kRequestTooLarge:
    case Status::kTooManyHeaders:
    case Status::kBodySourceFailed:
      return true;
    default:
      return false;
  }
}

}  // namespace

Str words_of_error(int error) {
  static char text[16];
  const Number number(static_cast<uint64_t>(error));
  const Str digits = number;
  std::memcpy(text, "error ", 6);  // NOLINT(bugprone-not-null-terminated-result): its size is told
  std::memcpy(text + 6, digits.data(), digits.size());
  return {text, 6 + digits.size()};
}

Exit print_help() {
  print_line_to(kOutput, "Usage: awsfetch [options] URL|PATH; the options are in the README of tinyaws");
  return finish_standard_output();
}

Exit complain_about_endpoint(Str url, Str from) {
  return usage_error("{}{}\"{}\" is no endpoint", {from, from.empty() ? "" : ": ", url});
}

Exit complain_about_target(Str target, bool, Str) {
  return usage_error("\"{}\" has a byte that may not stand in a URL", {target});
}

MaybeExit check_request(const tinyaws::ApiRequest&, bool) {
  return {};
}

Exit complain_about_signing(Status status, const tinyaws::ApiRequest&, const tinyaws::Credentials&, const Options&) {
  return complain(is_usage(status) ? kUsage : kFailed, "could not sign: {}", {tinyaws::name(status)});
}

Exit complain_about_way(Status status, const Job&, const Options&, const tinyaws::Port&, const tinyaws::Settings&) {
  return usage_error("no region, or no endpoint: {}", {tinyaws::name(status)});
}

Exit complain_about_failure(Status status, Job& job, const Options&, const Output& output, const Progress& progress) {
  if (output.refused_restart()) status = progress.failure();
  if (status == Status::kBodySinkFailed) return output.complain();
  const Str words = progress.words();
  return complain(
      is_usage(status) ? kUsage : kFailed, "{}: {}{}{} while {}",
      {tinyaws::name(status), job.resolved().endpoint.host, words.empty() ? "" : ": ", words, progress.step()});
}

void explain_refusal(const tinyaws::ErrorInfo&, const SignedRecord&, const AnswerRecord&) {}

}  // namespace awsfetch
