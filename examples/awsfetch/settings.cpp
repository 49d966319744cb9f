#include "settings.h"

#include "values.h"

namespace awsfetch {

Result bad(std::initializer_list<Str> parts) {
  return usage_error(parts);
}

Result set_date(Str text, Options& options) {
  tinyaws::UnixTime time;
  if (!parse_date(text, time)) return bad({"\"", text, "\" is no date: write YYYYMMDDTHHMMSSZ, 20150830T123600Z"});
  options.date = time;
  return {};
}

Result set_payload_hash(Str text, Options& options) {
  if (text.empty()) return bad({"the payload hash is empty: leave it out to have the body hashed"});
  options.payload_hash = text;
  return {};
}

Result set_seconds(Str name, Str text, uint32_t& milliseconds) {
  if (parse_seconds(text, milliseconds)) return {};
  return bad({name, " ", text, ": expected seconds from 0 (no limit) to 4000000, \"0.5\" for instance"});
}

Result set_presign(Str text, Options& options) {
  if (parse_number(text, 1, tinyaws::kMaxPresignSeconds, options.presign_seconds)) return {};
  return bad({"--presign ", text, ": expected seconds from 1 to ", Number(tinyaws::kMaxPresignSeconds)});
}

Result set_attempts(Str text, Options& options) {
  uint32_t number;
  if (!parse_number(text, 1, 100, number)) return bad({"--max-attempts ", text, ": expected a number from 1 to 100"});
  options.max_attempts = static_cast<uint8_t>(number);
  return {};
}

bool has_header(const Options& options, Str name) {
  for (const tinyaws::Header& header : options.header_span()) {
    if (equals_ignoring_case(header.name, name)) return true;
  }
  return false;
}

// What signing adds is asked for by options, so as not to stand there twice.
Result add_header(Str text, Options& options) {
  tinyaws::Header header;
  if (!parse_header(text, header)) {
    return bad({"header \"", text, "\": expected \"Name: value\", or \"Name;\" for one without a value"});
  }
  if (equals_ignoring_case(header.name, "x-amz-date")) return set_date(trim(header.value), options);
  if (equals_ignoring_case(header.name, "x-amz-content-sha256")) {
    options.content_sha256 = true;
    return set_payload_hash(trim(header.value), options);
  }
  if (equals_ignoring_case(header.name, "authorization")) {
    return bad({"header Authorization is what awsfetch adds: leave it out"});
  }
  if (equals_ignoring_case(header.name, "x-amz-security-token")) {
    return bad({"header X-Amz-Security-Token is added by awsfetch: set AWS_SESSION_TOKEN instead"});
  }
  // One Host alone is signed, and none with two may be sent.
  if (equals_ignoring_case(header.name, "host") && has_header(options, "host")) {
    return bad({"header ", header.name, " is given more than once"});
  }
  options.headers[options.header_count++] = header;
  return {};
}

Result set_method(Str text, Options& options) {
  if (text.empty()) return bad({"the method is empty: write --request GET, for instance"});
  options.method = text;
  return {};
}

Result refuse_profile(Str profile) {
  return bad({"--profile ", profile,
              ": this version takes credentials from the environment only: set AWS_ACCESS_KEY_ID and "
              "AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary ones)"});
}

tinyaws::SigningPolicy Options::policy(Str for_service) const {
  tinyaws::SigningPolicy policy = tinyaws::SigningPolicy::for_service(for_service);
  if (path_as_is) policy.normalize_path = false;
  if (double_encode) policy.double_encode = *double_encode;
  if (content_sha256) policy.content_sha256 = *content_sha256;
  if (unsigned_token) policy.sign_token = false;
  return policy;
}

}  // namespace awsfetch
