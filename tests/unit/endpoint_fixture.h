// What resolve_endpoint says, as one text.
#pragma once

#include <string>

#include "tinyaws/endpoint.h"

// CMocka's macros come after the library's headers.
#include "fakes/check.h"

namespace test {

using namespace tinyaws;
using namespace tinyaws::fakes;

/// "https://host/base name region", or the name of the error.
inline std::string answer(const EndpointQuery& query) {
  ResolvedEndpoint resolved;
  const Status status = resolve_endpoint(query, resolved);
  if (status != Status::kOk) return text(status);
  const Endpoint& server = resolved.endpoint;
  std::string words = (server.tls ? "https://" : "http://") + std::string(server.host);
  if (server.port != default_port(server.tls)) words += ":" + std::to_string(server.port);
  words += std::string(resolved.base_path) + " ";
  return words + std::string(resolved.signing_name) + " " + std::string(resolved.signing_region);
}

inline EndpointQuery query_for(Str service, Str region, bool fips = false, bool dual_stack = false) {
  EndpointQuery query;
  query.service = service;
  query.region = region;
  query.fips = fips;
  query.dual_stack = dual_stack;
  return query;
}

}  // namespace test
