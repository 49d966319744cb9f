#include "settings.h"

#include "base/ascii.h"
#include "values.h"

namespace awsfetch {

MaybeExit set_date(Str text, Options& options) {
  tinyaws::UnixTime time;
  if (!parse_date(text, time))
    return usage_error("\"{}\" is no date: write YYYYMMDDTHHMMSSZ, 20150830T123600Z", {text});
  options.date = time;
  return {};
}

MaybeExit set_payload_hash(Str text, Options& options) {
  if (text.empty()) return usage_error("the payload hash is empty: leave it out to have the body hashed");
  options.payload_hash = text;
  return {};
}

MaybeExit set_seconds(Str name, Str text, uint32_t& milliseconds) {
  if (parse_seconds(text, milliseconds)) return {};
  return usage_error("{} {}: expected seconds from 0 (no limit) to 4000000, \"0.5\" for instance", {name, text});
}

MaybeExit set_presign(Str text, Options& options) {
  if (parse_number(text, 1, tinyaws::kMaxPresignSeconds, options.presign_seconds)) return {};
  return usage_error("--presign {}: expected seconds from 1 to {}", {text, Number(tinyaws::kMaxPresignSeconds)});
}

MaybeExit set_attempts(Str text, Options& options) {
  uint32_t number;
  if (!parse_number(text, 1, 100, number))
    return usage_error("--max-attempts {}: expected a number from 1 to 100", {text});
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
MaybeExit add_header(Str text, Options& options) {
  tinyaws::Header header;
  if (!parse_header(text, header)) {
    return usage_error("header \"{}\": expected \"Name: value\", or \"Name;\" for one without a value", {text});
  }
  if (equals_ignoring_case(header.name, "x-amz-date")) return set_date(trim_blanks(header.value), options);
  if (equals_ignoring_case(header.name, "x-amz-content-sha256")) {
    options.content_sha256 = true;
    return set_payload_hash(trim_blanks(header.value), options);
  }
  if (equals_ignoring_case(header.name, "authorization")) {
    return usage_error("header Authorization is what awsfetch adds: leave it out");
  }
  if (equals_ignoring_case(header.name, "x-amz-security-token")) {
    return usage_error("header X-Amz-Security-Token is added by awsfetch: it comes with the credentials");
  }
  // One Host alone is signed, and none with two may be sent.
  if (equals_ignoring_case(header.name, "host") && has_header(options, "host")) {
    return usage_error("header {} is given more than once", {header.name});
  }
  options.headers[options.header_count++] = header;
  return {};
}

MaybeExit set_method(Str text, Options& options) {
  if (text.empty()) return usage_error("the method is empty: write --request GET, for instance");
  options.method = text;
  return {};
}

namespace {

MaybeExit check_iot(const Options& options) {
  const bool wanted = !options.iot_endpoint.empty() || !options.iot_role_alias.empty() || !options.iot_thing.empty();
  if (!wanted) return {};
  const struct {
    Str name;
    Str value;
  } needs[] = {{"--iot-endpoint", options.iot_endpoint},
               {"--iot-role-alias", options.iot_role_alias},
               {"--cert", options.cert},
               {"--key", options.key}};
  for (const auto& needed : needs) {
    if (!needed.value.empty()) continue;
    return usage_error(
        "credentials of AWS IoT take --iot-endpoint, --iot-role-alias, --cert and --key: {} is missing",
        {needed.name});
  }
  return {};
}

// What needs credentials, of the options given; empty: nothing.
Str signing_option(const Options& options) {
  if (options.uses_iot()) return "--iot-endpoint";
  if (options.export_credentials) return "--export-credentials";
  if (options.presign_seconds > 0) return "--presign";
  return options.sign_only ? Str("--sign-only") : Str();
}

}  // namespace

MaybeExit check_together(const Options& options) {
  if (MaybeExit failed = check_iot(options)) return failed;
  if (options.cert.empty() != options.key.empty()) {
    return usage_error("{} needs {}: a certificate and its private key go together",
                       {options.cert.empty() ? "--key" : "--cert", options.cert.empty() ? "--cert" : "--key"});
  }
  const Str signing = signing_option(options);
  if (options.no_sign_request && !signing.empty()) {
    return usage_error("{} does not go with --no-sign-request: without a signature there is nothing for it to do",
                       {signing});
  }
  const Str shown = options.show_config ? "--show-config" : "--export-credentials";
  if (options.show_config && options.export_credentials) {
    return usage_error("--show-config and --export-credentials: only one can be");
  }
  if (!options.show_config && !options.export_credentials) return {};
  if (options.export_credentials && !options.argument.empty()) {
    return usage_error("--export-credentials takes no URL or PATH: leave out {}", {options.argument});
  }
  const char* idle = options.first_about[kAboutRequest];
  if (idle == nullptr && options.export_credentials) idle = options.first_about[kAboutEndpoint];
  if (idle != nullptr) return usage_error("{} sends and signs no request: leave out --{}", {shown, idle});
  return {};
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
