// Many calls at once that share one provider of credentials.
#pragma once

#include "tinyaws/credentials.h"
#include "tinyaws/port.h"

/// What came of them.
struct BurstResult {
  int ok = 0;
  int failed = 0;
  tinyaws::Status first_failure = tinyaws::Status::kOk;
};

/// Starts `count` signed GETs of `url` together, each with a connection of its own over plain TCP, and runs them in
/// this thread until all have ended.
BurstResult run_burst(int count, tinyaws::Str url, tinyaws::CredentialsProvider& credentials,
                      tinyaws::Platform& platform, const tinyaws::Environment& environment);
