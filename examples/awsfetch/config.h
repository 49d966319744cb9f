// What was found instead of an answer: --show-config and --export-credentials.
#pragma once

#include "job.h"
#include "session.h"

namespace awsfetch {

/// Prints region, credentials and endpoint, each with where it comes from, and no secret.
Exit show_config(Job& job, Session& session, const Options& options);

/// Prints the credentials, as the output of a credential_process ("Process credential provider", AWS SDKs and Tools
/// Reference Guide).
Exit export_credentials(Session& session);

/// Prints who signs, on standard error.
void print_signer(const Job& job, const Session& session);

/// Enough of a key id to know it by: "AKIA****MPLE".
struct MaskedKey {
  explicit MaskedKey(Str key_id);
  Str begin;
  Str end;
};

}  // namespace awsfetch
