#include "options.h"

#include <getopt.h>

#include <cstdlib>
#include <cstring>

#include "settings.h"

namespace awsfetch {
namespace {

// Options without a letter of their own.
enum Long : int {
  kHelp = 256,
  kVersion,
  kService,
  kRegion,
  kProfile,
  kEndpointUrl,
  kCacert,
  kConnectTimeout,
  kMaxTime,
  kMaxAttempts,
  kPresign,
  kSignOnly,
  kDate,
  kUnsignedPayload,
  kPayloadHash,
  kContentSha256,
  kNoContentSha256,
  kPathAsIs,
  kSingleEncode,
  kDoubleEncode,
  kUnsignedToken,
  kRawPath,
};

constexpr option kLongOptions[] = {
    {"request", required_argument, nullptr, 'X'},
    {"header", required_argument, nullptr, 'H'},
    {"data", required_argument, nullptr, 'd'},
    {"output", required_argument, nullptr, 'o'},
    {"include", no_argument, nullptr, 'i'},
    {"verbose", no_argument, nullptr, 'v'},
    {"help", no_argument, nullptr, kHelp},
    {"version", no_argument, nullptr, kVersion},
    {"service", required_argument, nullptr, kService},
    {"region", required_argument, nullptr, kRegion},
    {"profile", required_argument, nullptr, kProfile},
    {"endpoint-url", required_argument, nullptr, kEndpointUrl},
    {"cacert", required_argument, nullptr, kCacert},
    {"connect-timeout", required_argument, nullptr, kConnectTimeout},
    {"max-time", required_argument, nullptr, kMaxTime},
    {"max-attempts", required_argument, nullptr, kMaxAttempts},
    {"presign", required_argument, nullptr, kPresign},
    {"sign-only", no_argument, nullptr, kSignOnly},
    {"date", required_argument, nullptr, kDate},
    {"unsigned-payload", no_argument, nullptr, kUnsignedPayload},
    {"payload-hash", required_argument, nullptr, kPayloadHash},
    {"content-sha256", no_argument, nullptr, kContentSha256},
    {"no-content-sha256", no_argument, nullptr, kNoContentSha256},
    {"path-as-is", no_argument, nullptr, kPathAsIs},
    {"single-encode", no_argument, nullptr, kSingleEncode},
    {"double-encode", no_argument, nullptr, kDoubleEncode},
    {"unsigned-token", no_argument, nullptr, kUnsignedToken},
    {"raw-path", no_argument, nullptr, kRawPath},
    {nullptr, 0, nullptr, 0},
};

// '-': an argument that is no option is answered as option 1, in its place, whatever POSIXLY_CORRECT says.
// ':': a missing value is told from an unknown option.
constexpr char kShortOptions[] = "-:X:H:d:o:iv";

// Where the command line itself is at fault, rather than one value in it.
Result misused(Str what, Str which) {
  return bad({what, " ", which, "; see awsfetch --help"});
}

Result take_argument(Str text, Options& options) {
  if (options.argument.data() != nullptr) return misused("more than one URL or PATH:", text);
  options.argument = text;
  return {};
}

// Unknown, ambiguous, or with a value that it does not take: getopt tells only the last from the others.
Result unknown_long_option(const char* argument) {
  if (optopt != 0) return misused("no value is expected by", argument);
  const Str name(argument, std::strcspn(argument, "="));
  const char* first = nullptr;
  for (const option& known : kLongOptions) {
    if (known.name == nullptr || std::strncmp(known.name, argument + 2, name.size() - 2) != 0) continue;
    if (first != nullptr) {
      return bad({"option ", name, " is ambiguous: --", first, " or --", known.name, "? see awsfetch --help"});
    }
    first = known.name;
  }
  return misused("unknown option", argument);
}

// `argument` is the one that getopt was in; of a cluster of letters, optopt is the one at fault.
Result misused_option(int why, const char* argument) {
  const char letter[] = {'-', static_cast<char>(optopt), '\0'};
  const bool is_long = std::strncmp(argument, "--", 2) == 0;
  if (why == ':') return misused("a value is missing after", is_long ? argument : letter);
  return is_long ? unknown_long_option(argument) : misused("unknown option", letter);
}

Result take_value_option(int option, const char* value, Options& options) {
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
    case kService:
      options.service = value;
      return {};
    case kRegion:
      options.region = value;
      return {};
    case kProfile:
      return refuse_profile(value);
    case kEndpointUrl:
      options.endpoint_url = value;
      return {};
    case kCacert:
      options.cacert = value;
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

Result take_flag(int option, Options& options) {
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
      break;
  }
  bool& flag = option == 'i'              ? options.include
               : option == 'v'            ? options.verbose
               : option == kSignOnly      ? options.sign_only
               : option == kPathAsIs      ? options.path_as_is
               : option == kUnsignedToken ? options.unsigned_token
                                          : options.raw_path;
  flag = true;
  return {};
}

}  // namespace

Options::~Options() {
  std::free(headers);
  std::free(data);
}

std::optional<Exit> parse_options(int argc, char** argv, Options& options) {
  // No more of either than arguments.
  options.headers = static_cast<tinyaws::Header*>(std::calloc(static_cast<size_t>(argc), sizeof *options.headers));
  options.data = static_cast<const char**>(std::calloc(static_cast<size_t>(argc), sizeof *options.data));
  if (options.headers == nullptr || options.data == nullptr) return bad({"out of memory"});
  opterr = 0;
  // Within a cluster of letters optind stays, behind it has moved on: where it was tells the argument.
  int at = optind;
  int option;
  while ((option = getopt_long(argc, argv, kShortOptions, kLongOptions, nullptr)) != -1) {
    Result result;
    if (option == ':' || option == '?') {
      result = misused_option(option, argv[at]);
    } else {
      result = optarg != nullptr ? take_value_option(option, optarg, options) : take_flag(option, options);
    }
    if (result) return result;
    at = optind;
  }
  for (; optind < argc; ++optind) {
    if (Result result = take_argument(argv[optind], options)) return result;
  }
  if (options.argument.empty()) return misused("no URL or PATH is", "given");
  options.timeouts.tls_ms = options.timeouts.connect_ms;
  return {};
}

}  // namespace awsfetch
