#include "options.h"

#include <mbedtls/version.h>

#include <cstdlib>
#include <cstring>

#include "option_table.h"
#include "settings.h"

namespace awsfetch {
namespace {

// '-': an argument that is no option is answered as option 1, in its place, whatever POSIXLY_CORRECT says.
// ':': a missing value is told from an unknown option.
constexpr char kShortOptions[] = "-:X:H:d:o:iv";

// Where the command line itself is at fault, rather than one value in it.
MaybeExit misused(Str what, Str which) {
  return usage_error("{} {}; see awsfetch --help", {what, which});
}

MaybeExit take_argument(Str text, Options& options) {
  if (options.argument.data() != nullptr) return misused("more than one URL or PATH:", text);
  options.argument = text;
  return {};
}

// Unknown, ambiguous, or with a value that it does not take: getopt tells only the last from the others.
MaybeExit unknown_long_option(const char* argument) {
  if (optopt != 0) return misused("no value is expected by", argument);
  const Str name(argument, std::strcspn(argument, "="));
  const char* first = nullptr;
  for (const option& known : kLongOptions) {
    if (known.name == nullptr || std::strncmp(known.name, argument + 2, name.size() - 2) != 0) continue;
    if (first != nullptr) {
      return usage_error("option {} is ambiguous: --{} or --{}? see awsfetch --help", {name, first, known.name});
    }
    first = known.name;
  }
  return misused("unknown option", argument);
}

// `argument` is the one that getopt was in; of a cluster of letters, optopt is the one at fault.
MaybeExit misused_option(int why, const char* argument) {
  const char letter[] = {'-', static_cast<char>(optopt), '\0'};
  const bool is_long = std::strncmp(argument, "--", 2) == 0;
  if (why == ':') return misused("a value is missing after", is_long ? argument : letter);
  return is_long ? unknown_long_option(argument) : misused("unknown option", letter);
}

// Where a text goes that is taken as it stands; null for other options.
Str* text_for(int option, Options& options) {
  switch (option) {
    case kService:
      return &options.service;
    case kRegion:
      return &options.region;
    case kProfile:
      return &options.profile;
    case kEndpointUrl:
      return &options.endpoint_url;
    case kBucket:
      return &options.bucket;
    case kCacert:
      return &options.cacert;
    case kCert:
      return &options.cert;
    case kKey:
      return &options.key;
    case kIotEndpoint:
      return &options.iot_endpoint;
    case kIotRoleAlias:
      return &options.iot_role_alias;
    case kIotThing:
      return &options.iot_thing;
    default:
      return nullptr;
  }
}

MaybeExit take_value_option(int option, const char* value, Options& options) {
  if (Str* text = text_for(option, options)) {
    *text = value;
    return {};
  }
  switch (option) {
    case 1:
      return take_argument(value, options);
    case 'X':
      return set_method(value, options);
    case 'H':
      return add_header(value, options);
    case 'd':
      options.data[options.data_count++] = value;
      return {};
    case 'o':
      options.output = std::strcmp(value, "-") == 0 ? nullptr : value;
      return {};
    case kConnectTimeout:
      return set_seconds("--connect-timeout", value, options.timeouts.connect_ms);
    case kMaxTime:
      return set_seconds("--max-time", value, options.timeouts.total_ms);
    case kMaxAttempts:
      return set_attempts(value, options);
    case kPresign:
      return set_presign(value, options);
    case kDate:
      return set_date(value, options);
    default:
      return set_payload_hash(value, options);
  }
}

bool& flag_for(int option, Options& options) {
  switch (option) {
    case 'i':
      return options.include;
    case 'v':
      return options.verbose;
    case kFips:
      return options.fips;
    case kDualStack:
      return options.dual_stack;
    case kPathStyle:
      return options.path_style;
    case kNoSignRequest:
      return options.no_sign_request;
    case kImdsV1:
      return options.imds_v1;
    case kNoClock:
      return options.no_clock;
    case kShowConfig:
      return options.show_config;
    case kExportCredentials:
      return options.export_credentials;
    case kSignOnly:
      return options.sign_only;
    case kPathAsIs:
      return options.path_as_is;
    case kUnsignedToken:
      return options.unsigned_token;
    default:
      return options.raw_path;
  }
}

MaybeExit take_flag(int option, Options& options) {
  switch (option) {
    case kHelp:
      return print_help();
    case kVersion:
      return print_version();
    case kUnsignedPayload:
      // Nobody could verify the signature without being told.
      options.payload_hash = "UNSIGNED-PAYLOAD";
      if (!options.content_sha256) options.content_sha256 = true;
      return {};
    case kContentSha256:
    case kNoContentSha256:
      options.content_sha256 = option == kContentSha256;
      return {};
    case kSingleEncode:
    case kDoubleEncode:
      options.double_encode = option == kDoubleEncode;
      return {};
    default:
      flag_for(option, options) = true;
      return {};
  }
}

}  // namespace

Exit print_version() {
  print_line_to(stdout, "awsfetch {} (mbedTLS " MBEDTLS_VERSION_STRING ")", {tinyaws::kVersion});
  return finish_standard_output();
}

Options::~Options() {
  std::free(headers);
  std::free(data);
}

MaybeExit parse_options(int argc, char** argv, Options& options) {
  // No more of either than arguments.
  options.headers = static_cast<tinyaws::Header*>(std::calloc(static_cast<size_t>(argc), sizeof *options.headers));
  options.data = static_cast<const char**>(std::calloc(static_cast<size_t>(argc), sizeof *options.data));
  if (options.headers == nullptr || options.data == nullptr) return usage_error("out of memory");
  opterr = 0;
  // Within a cluster of letters optind stays, behind it has moved on: where it was tells the argument.
  int at = optind;
  int option;
  while ((option = getopt_long(argc, argv, kShortOptions, kLongOptions, nullptr)) != -1) {
    MaybeExit result;
    if (option == ':' || option == '?') {
      result = misused_option(option, argv[at]);
    } else {
      result = optarg != nullptr ? take_value_option(option, optarg, options) : take_flag(option, options);
    }
    if (result) return result;
    at = optind;
  }
  for (; optind < argc; ++optind) {
    if (MaybeExit result = take_argument(argv[optind], options)) return result;
  }
  if (options.argument.empty() && !options.show_config && !options.export_credentials) {
    return misused("no URL or PATH is", "given");
  }
  options.timeouts.tls_ms = options.timeouts.connect_ms;
  return check_together(options);
}

}  // namespace awsfetch
