// The command line.
#pragma once

#include <tinyaws/tinyaws.h>

#include <optional>

#include "report.h"

namespace awsfetch {

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
  const char* cacert = nullptr;
  tinyaws::Timeouts timeouts;
  uint8_t max_attempts = 3;

  const char* output = nullptr;  ///< Null: standard output.
  bool include = false;
  bool verbose = false;

  bool sign_only = false;
  uint32_t presign_seconds = 0;  ///< 0: not asked for.
  std::optional<tinyaws::UnixTime> date;
  Str payload_hash;
  std::optional<bool> content_sha256;
  std::optional<bool> double_encode;
  bool path_as_is = false;
  bool unsigned_token = false;
  bool raw_path = false;

  tinyaws::Span<const tinyaws::Header> header_span() const { return {headers, header_count}; }

  /// What the service expects, as far as the options do not say otherwise.
  tinyaws::SigningPolicy policy(Str for_service) const;
};

/// Reads argv. Answers nothing when there is a request to make, else the exit code: all was said already.
std::optional<Exit> parse_options(int argc, char** argv, Options& options);

/// Prints what `--help` asks for.
Exit print_help();
Exit print_version();

}  // namespace awsfetch
