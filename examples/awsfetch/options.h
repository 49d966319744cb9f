// The command line.
#pragma once

#include <tinyaws/tinyaws.h>

#include <optional>

#include "report.h"

namespace awsfetch {

/// What an option shapes. It is for nothing where that is not asked for.
enum About : unsigned char { kAboutAll, kAboutEndpoint, kAboutRequest };

/// Views into argv, which lives as long as the program.
struct Options {
  Options() = default;
  ~Options();
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  Str argument;  ///< URL or PATH.
  Str method;    ///< Empty: GET, or POST with a body.
  tinyaws::Header* headers = nullptr;
  size_t header_count = 0;
  const char** data = nullptr;  ///< Each -d as it stands, "@" in front of file names.
  size_t data_count = 0;

  Str service;
  Str region;
  Str endpoint_url;
  bool fips = false;
  bool dual_stack = false;
  Str bucket;
  bool path_style = false;
  // Names of files; views of argv end with a NUL.
  Str cacert;
  Str cert;
  Str key;
  tinyaws::Timeouts timeouts;
  uint8_t max_attempts = 0;  ///< 0: not given.

  Str profile;
  bool no_sign_request = false;
  bool imds_v1 = false;
  bool no_clock = false;
  Str iot_endpoint;
  Str iot_role_alias;
  Str iot_thing;

  const char* output = nullptr;  ///< Null: standard output.
  bool include = false;
  bool verbose = false;

  const char* first_about[kAboutRequest + 1] = {};  ///< The first option given; null: none.

  bool show_config = false;
  bool export_credentials = false;
  bool sign_only = false;
  uint32_t presign_seconds = 0;  ///< 0: not asked for.
  std::optional<tinyaws::UnixTime> date;
  Str payload_hash;
  std::optional<bool> content_sha256;
  std::optional<bool> double_encode;
  bool path_as_is = false;
  bool unsigned_token = false;
  bool raw_path = false;

  /// Nothing is sent to the service.
  bool is_offline() const { return sign_only || presign_seconds > 0; }
  /// Credentials come from AWS IoT. What is there of the options then is all there, see check_together.
  bool uses_iot() const { return !iot_endpoint.empty(); }

  tinyaws::Span<const tinyaws::Header> header_span() const { return {headers, header_count}; }

  /// What the service expects, as far as the options do not say otherwise.
  tinyaws::SigningPolicy policy(Str for_service) const;
};

/// Reads argv. Answers nothing when there is a request to make, else the exit code: all was said already.
MaybeExit parse_options(int argc, char** argv, Options& options);

/// Prints what `--help` asks for.
Exit print_help();
Exit print_version();

}  // namespace awsfetch
