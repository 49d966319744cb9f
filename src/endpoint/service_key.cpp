#include "base/ascii.h"
#include "base/writer.h"
#include "endpoint/service_name.h"
#include "tinyaws/endpoint.h"

namespace tinyaws {
namespace {

// Keys that a name differs from by its separators alone. Source: serviceId in botocore's data.
constexpr char kSpelledAlike[] =
    "accessanalyzer api_gateway application_auto_scaling auto_scaling elastic_beanstalk global_accelerator "
    "iot_events kinesis_analytics kinesis_video route_53 s3_control secrets_manager service_quotas storage_gateway";

bool is_separator(char c) {
  return c == '-' || c == '_' || c == '.' || c == ' ';
}

// The next character that is no separator, in lower case; NUL at the end.
char take_letter(Str& text) {
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (!is_separator(c)) return to_lower(c);
  }
  return '\0';
}

bool is_spelled_alike(Str a, Str b) {
  for (;;) {
    const char letter = take_letter(a);
    if (letter != take_letter(b)) return false;
    if (letter == '\0') return true;
  }
}

Str find_key(Str service) {
  const Str key = find_service(service).key;
  if (!key.empty()) return key;
  for (Str list = kSpelledAlike; !list.empty();) {
    const Str word = take_until(list, ' ');
    if (is_spelled_alike(word, service)) return word;
  }
  return service;
}

}  // namespace

IoResult write_service_key(Str service, MutBytes out) {
  Writer writer(out);
  for (char c : find_key(service)) writer.put(is_separator(c) ? '_' : to_lower(c));
  return writer.result();
}

}  // namespace tinyaws
