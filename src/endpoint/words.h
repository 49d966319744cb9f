// Short lists as one text, "iam route53": a pointer less for each word.
#pragma once

#include "tinyaws/bytes.h"

namespace tinyaws {

/// Takes the first word off `list`, whose words are separated by one blank; empty when there is none left.
Str take_word(Str& list);

bool has_word(Str list, Str word);

}  // namespace tinyaws
