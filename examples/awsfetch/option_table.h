// The options: their names, and what each does.
#pragma once

#include "options.h"
#include "settings.h"

namespace awsfetch {

/// A value that is taken as it stands, a flag, or what a function does.
struct KnownOption {
  using Text = Str Options::*;
  using Flag = bool Options::*;
  using Take = MaybeExit (*)(Str value, Options& options);
  enum Kind : unsigned char { kText, kValue, kFlag, kAction };

  constexpr KnownOption(const char* long_name, char short_name, Text into, About what = kAboutAll)
      : name(long_name), letter(short_name), kind(kText), about(what), text(into) {}
  constexpr KnownOption(const char* long_name, char short_name, Flag into, About what = kAboutAll)
      : name(long_name), letter(short_name), kind(kFlag), about(what), flag(into) {}
  constexpr KnownOption(const char* long_name, char short_name, Kind kind_of_it, Take function,
                        About what = kAboutAll)
      : name(long_name), letter(short_name), kind(kind_of_it), about(what), take(function) {}

  bool takes_value() const { return kind <= kValue; }

  const char* name;
  char letter;  // 0: none
  Kind kind;
  About about;
  union {
    Text text;
    Flag flag;
    Take take;
  };
};

template <std::optional<bool> Options::*choice, bool value>
MaybeExit choose(Str, Options& options) {
  options.*choice = value;
  return {};
}

// No name is the beginning of another.
inline constexpr KnownOption kOptions[] = {
    {"request", 'X', KnownOption::kValue, set_method, kAboutRequest},
    {"header", 'H', KnownOption::kValue, add_header, kAboutRequest},
    {"data", 'd', KnownOption::kValue,
     [](Str value, Options& options) {
       options.data[options.data_count++] = value.data();
       return MaybeExit();
     },
     kAboutRequest},
    {"output", 'o', KnownOption::kValue,
     [](Str value, Options& options) {
       options.output = value == "-" ? nullptr : value.data();
       return MaybeExit();
     },
     kAboutRequest},
    {"include", 'i', &Options::include, kAboutRequest},
    {"verbose", 'v', &Options::verbose},
    {"help", 0, KnownOption::kAction, [](Str, Options&) { return MaybeExit(print_help()); }},
    {"version", 0, KnownOption::kAction, [](Str, Options&) { return MaybeExit(print_version()); }},
    {"service", 0, &Options::service},
    {"region", 0, &Options::region},
    {"profile", 0, &Options::profile},
    {"endpoint-url", 0, &Options::endpoint_url, kAboutEndpoint},
    {"fips", 0, &Options::fips},
    {"dual-stack", 0, &Options::dual_stack},
    {"bucket", 0, &Options::bucket, kAboutEndpoint},
    {"path-style", 0, &Options::path_style, kAboutEndpoint},
    {"cacert", 0, &Options::cacert},
    {"cert", 0, &Options::cert},
    {"key", 0, &Options::key},
    {"connect-timeout", 0, KnownOption::kValue,
     [](Str value, Options& options) {
       return set_seconds("--connect-timeout", value, options.timeouts.connect_ms);
     }},
    {"max-time", 0, KnownOption::kValue,
     [](Str value, Options& options) { return set_seconds("--max-time", value, options.timeouts.total_ms); }},
    {"max-attempts", 0, KnownOption::kValue, set_attempts},
    {"no-sign-request", 0, &Options::no_sign_request},
    {"imds-v1", 0, &Options::imds_v1},
    {"no-clock", 0, &Options::no_clock},
    {"iot-endpoint", 0, &Options::iot_endpoint},
    {"iot-role-alias", 0, &Options::iot_role_alias},
    {"iot-thing", 0, &Options::iot_thing},
    {"show-config", 0, &Options::show_config},
    {"export-credentials", 0, &Options::export_credentials},
    {"presign", 0, KnownOption::kValue, set_presign, kAboutRequest},
    {"sign-only", 0, &Options::sign_only, kAboutRequest},
    {"date", 0, KnownOption::kValue, set_date, kAboutRequest},
    {"unsigned-payload", 0, KnownOption::kAction,
     [](Str, Options& options) {
       // Nobody could verify the signature without being told.
       options.payload_hash = "UNSIGNED-PAYLOAD";
       if (!options.content_sha256) options.content_sha256 = true;
       return MaybeExit();
     },
     kAboutRequest},
    {"payload-hash", 0, KnownOption::kValue, set_payload_hash, kAboutRequest},
    {"content-sha256", 0, KnownOption::kAction, choose<&Options::content_sha256, true>, kAboutRequest},
    {"no-content-sha256", 0, KnownOption::kAction, choose<&Options::content_sha256, false>, kAboutRequest},
    {"path-as-is", 0, &Options::path_as_is, kAboutRequest},
    {"single-encode", 0, KnownOption::kAction, choose<&Options::double_encode, false>, kAboutRequest},
    {"double-encode", 0, KnownOption::kAction, choose<&Options::double_encode, true>, kAboutRequest},
    {"unsigned-token", 0, &Options::unsigned_token, kAboutRequest},
    {"raw-path", 0, &Options::raw_path, kAboutRequest},
};

}  // namespace awsfetch
