#include "tinyaws/status.h"

#include <cstring>

#include "c/views.h"
#include "tinyaws/c_status.h"

using namespace tinyaws::c;

tinyaws_str tinyaws_text(const char* text) {
  return {text, text != nullptr ? std::strlen(text) : 0};
}

tinyaws_str tinyaws_status_name(tinyaws_status status) {
  return to_c(tinyaws::name(from_c(status)));
}

tinyaws_str tinyaws_status_describe(tinyaws_status status) {
  return to_c(tinyaws::describe(from_c(status)));
}
