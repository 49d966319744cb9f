// What a look-up says when it has failed.
#include "lookup_errors.h"
#include "tinyaws/posix_resolver.h"

namespace tinyaws::posix {
namespace {

// By number (RFC 1035 section 4.1.1).
constexpr Str kRcodes[] = {"", "format error", "server failure", "", "not implemented", "refused"};

void say_rcode(unsigned rcode, HostAnswer& out) {
  if (rcode < sizeof kRcodes / sizeof kRcodes[0] && !kRcodes[rcode].empty()) return out.say(kRcodes[rcode]);
  out.say("error ");
  out.say_number(rcode);
}

}  // namespace

Status Lookup::fail_servers(Instant now) {
  const DnsSettings& settings = resolver_.settings_;
  const bool unheard = problem_ == Problem::kSilent || problem_ == Problem::kSystem;
  answer_.fail_with(unheard ? "no name server answered (" : "no name server could answer (");
  for (size_t i = 0; i < settings.server_count; i++) {
    if (i > 0) answer_.say(", ");
    answer_.say_address(settings.servers[i]);
  }
  if (problem_ != Problem::kSilent) answer_.say(": ");
  say_problem();
  answer_.say(")");
  return end(Step::kFailed, 0, now);
}

void Lookup::say_problem() {
  switch (problem_) {
    case Problem::kSilent:
      return;
    case Problem::kSystem:
      return answer_.say_error(detail_);
    case Problem::kRcode:
      return say_rcode(static_cast<unsigned>(detail_), answer_);
    case Problem::kTooLong:
      return answer_.say("the answer is too long");
    case Problem::kMalformed:
      return answer_.say("the answer makes no sense");
    case Problem::kJunk:
      return answer_.say("too many messages that are no answer");
    default:
      return answer_.say("the answer ended early");
  }
}

Status Lookup::fail_here(int error, Instant now) {
  resolver_.release(*this);
  if (error == kNoRandomNumbers) return fail_with("no random numbers", now);
  answer_.fail_with({});
  answer_.say_error(error);
  return end(Step::kFailed, 0, now);
}

}  // namespace tinyaws::posix
