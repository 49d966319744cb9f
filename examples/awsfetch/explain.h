// What is wrong with what the user gave, found out as exactly as can be: the library answers kInvalidArgument for all
// of it.
#pragma once

#include <tinyaws/tinyaws.h>

#include "options.h"

namespace awsfetch {

/// `from`: the variable that has the URL; empty: the command line.
Exit complain_about_endpoint(Str url, Str from);
Exit complain_about_scope(const tinyaws::ApiRequest& request);

/// Names the first byte that may not stand in a URL. REQUIRES: there is one.
Exit complain_about_target(Str target, bool raw_path, Str from = {});

/// Looks at all that the library would refuse, but for the credentials and the number of headers. Answers the exit
/// code of what it has complained about, if anything.
MaybeExit check_request(const tinyaws::ApiRequest& request, bool raw_path);

/// After kTooManyHeaders. `given`: how many the user gave.
Exit complain_about_header_count(size_t given);

/// After kInvalidArgument: goes through everything that was given.
Exit complain_about_request(const tinyaws::ApiRequest& request, const tinyaws::Credentials& credentials,
                            bool raw_path);

/// After an error of the Signer.
Exit complain_about_signing(tinyaws::Status status, const tinyaws::ApiRequest& request,
                            const tinyaws::Credentials& credentials, const Options& options);

}  // namespace awsfetch
