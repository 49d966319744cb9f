#include "endpoint/bucket.h"

#include "base/ascii.h"
#include "endpoint/host_text.h"
#include "tinyaws/endpoint.h"

namespace tinyaws {
namespace {

constexpr size_t kMinBucketBytes = 3;

// What stands before `suffix`; the whole text when it does not end so.
Str without_suffix(Str text, Str suffix) {
  if (text.size() < suffix.size()) return text;
  const size_t rest = text.size() - suffix.size();
  return Str(text.data() + rest, suffix.size()) == suffix ? Str(text.data(), rest) : text;
}

Str without_directory_suffix(Str bucket) {
  return without_suffix(without_suffix(bucket, "--x-s3"), "--xa-s3");
}

}  // namespace

bool is_directory_bucket(Str bucket) {
  return without_directory_suffix(bucket).size() < bucket.size();
}

Str directory_zone(Str bucket) {
  Str zone = without_directory_suffix(bucket);
  const size_t dashes = zone.rfind("--");
  if (dashes == Str::npos) return {};
  zone.remove_prefix(dashes + 2);
  return zone;
}

bool is_bucket(Str bucket) {
  return is_word(bucket, "-._") && bucket.size() <= kMaxBucketBytes && bucket != "." && bucket != "..";
}

bool fits_into_host(Str bucket, bool tls) {
  for (char c : bucket) {
    if (c != to_lower(c)) return false;
  }
  return bucket.size() >= kMinBucketBytes && !looks_like_ipv4(bucket) &&
         (tls ? is_host_label(bucket) : is_host_labels(bucket));
}

}  // namespace tinyaws
