// Checks of sentences for people, which a build may lack (TINYAWS_WITH_WORDS). There, nothing is written.
#pragma once

#include "fakes/check.h"
#include "tinyaws/config.h"

/// `condition` is about words: it holds in a build that has some.
#define CHECK_WORDS(condition, what) CHECK(!::tinyaws::kWithWords || (condition), (what))
#define CHECK_WORDS_TEXT(actual, expected, what) \
  CHECK_TEXT((actual), (::tinyaws::kWithWords ? ::tinyaws::Str(expected) : ::tinyaws::Str()), (what))
