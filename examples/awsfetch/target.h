// Where a request goes: the URL or PATH of the command line, and what the host of it says about service and region.
// Depends on nothing else of awsfetch.
#pragma once

#include <tinyaws/bytes.h>

namespace awsfetch {

using tinyaws::MutBytes;
using tinyaws::Str;

struct Target {
  Str endpoint_url;  ///< Scheme and authority, of a URL with the path it has; empty: made of service and region.
  Str text;          ///< Path and query as given; begins with '/' or '?'.
};

/// Takes the argument apart. A URL brings its own endpoint; a path goes with `endpoint_url`. The text begins at the
/// first '/' or '?' and ends with the argument, byte for byte. False: neither a URL nor a path.
bool read_target(Str argument, Str endpoint_url, Target& target);

/// True when the argument begins with "http://" or "https://".
bool is_url(Str argument);

/// Writes a target whose path, all before the first '?', is not encoded yet. `out` holds 3 bytes for each of them.
Str encode_path(Str target, MutBytes out);

/// Writes a target behind the path of the endpoint itself, for signing. `out` holds both and one byte more.
Str join_target(Str base_path, Str target, MutBytes out);

/// What the host of an AWS service says. Views into the host, or for ever.
struct HostScope {
  Str service;  ///< Signing name. Empty: not a host of AWS.
  Str region;   ///< Empty: the host does not say.
};

/// `host` is in lower case. `path` tells apart what one host serves: MQTT and HTTP of AWS IoT.
HostScope scope_of_host(Str host, Str path);

/// Writes the name of the variable that has a service's own endpoint, "AWS_ENDPOINT_URL_DYNAMODB", with a NUL behind
/// it. Empty when it does not fit: there is no such service.
Str service_variable(Str service, MutBytes out);

}  // namespace awsfetch
