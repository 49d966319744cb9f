#include "target.h"

#include <strings.h>
#include <tinyaws/endpoint.h>

#include <cstring>

#include "hosts.h"

namespace awsfetch {
namespace {

bool starts_with(Str text, Str prefix) {
  return text.size() >= prefix.size() && Str(text.data(), prefix.size()) == prefix;
}

bool take_suffix(Str& text, Str suffix) {
  if (text.size() < suffix.size()) return false;
  if (Str(text.data() + text.size() - suffix.size(), suffix.size()) != suffix) return false;
  text.remove_suffix(suffix.size());
  return true;
}

// Takes the last label and its dot off.
Str take_last(Str& labels) {
  const size_t dot = labels.rfind('.');
  const size_t begin = dot == Str::npos ? 0 : dot + 1;
  const Str last(labels.data() + begin, labels.size() - begin);
  labels.remove_suffix(dot == Str::npos ? labels.size() : last.size() + 1);
  return last;
}

Str last_of(Str labels) {
  return take_last(labels);
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

// "us-gov-west-1": words of letters, then a number.
bool is_region(Str label) {
  size_t dashes = 0;
  size_t word = 0;
  bool digits = false;
  for (char c : label) {
    if (c == '-') {
      if (word == 0 || digits) return false;
      ++dashes;
      word = 0;
    } else {
      const bool digit = c >= '0' && c <= '9';
      if (!digit && (digits || !is_lower(c))) return false;
      if (digit && (dashes < 2 || (word > 0 && !digits))) return false;
      digits = digit;
      ++word;
    }
  }
  return dashes >= 2 && digits;
}

const Partition* take_partition(Str& host) {
  for (const Partition& partition : kPartitions) {
    if (take_suffix(host, partition.suffix)) return &partition;
  }
  return nullptr;
}

// Takes region and service off the end of the labels: "service.region", "region.service" as search domains have it,
// or "s3-region" as S3 once had it.
Str take_service(Str& labels, Str& region) {
  if (last_of(labels) == "vpce") take_last(labels);
  Str label = take_last(labels);
  if (is_region(label)) {
    region = label;
    label = take_last(labels);
  } else if (label == "us-gov") {
    region = "us-gov-west-1";
    label = take_last(labels);
  } else if (label != "s3" && is_region(last_of(labels))) {
    region = take_last(labels);
  } else if (starts_with(label, "s3-") && is_region({label.data() + 3, label.size() - 3})) {
    region = {label.data() + 3, label.size() - 3};
    label = "s3";
  }
  if (label == "dualstack" || label == "global") label = take_last(labels);
  take_suffix(label, "-fips");
  return label;
}

Str signing_name(Str label, Str before, Str path) {
  for (const SigningName& entry : kSigningNames) {
    if (label == entry.label && (entry.before.empty() || before == entry.before)) return entry.service;
  }
  Str rest = label;
  if (take_suffix(rest, "-chime")) return "chime";
  if (take_suffix(rest, "-marketplace")) return "aws-marketplace";
  if (starts_with(label, "s3express-")) return "s3express";
  // The control plane is at "iot.region"; an account's devices have a host of their own.
  if (label == "iot" && !before.empty()) return path == "/mqtt" ? "iotdevicegateway" : "iotdata";
  return label;
}

// The region of a host that names none.
Str global_region(const Partition& partition, Str label) {
  if (label == "s3-accelerate") return {};
  return label == "iam" && partition.global_region == "cn-northwest-1" ? "cn-north-1" : partition.global_region;
}

bool is_unreserved(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

size_t end_of_path(Str target) {
  const size_t query = target.find('?');
  return query == Str::npos ? target.size() : query;
}

}  // namespace

bool is_url(Str argument) {
  return (argument.size() >= 7 && strncasecmp(argument.data(), "http://", 7) == 0) ||
         (argument.size() >= 8 && strncasecmp(argument.data(), "https://", 8) == 0);
}

bool read_target(Str argument, Str endpoint_url, Target& target) {
  target.endpoint_url = endpoint_url;
  target.text = argument;
  if (is_url(argument)) {
    const size_t authority = argument.find("//") + 2;
    size_t end = argument.find_first_of("/?", authority);
    if (end == Str::npos) end = argument.size();
    target.endpoint_url = {argument.data(), end};
    target.text.remove_prefix(end);
    if (target.text.empty()) target.text = "/";
  }
  return !target.text.empty() && (target.text.front() == '/' || target.text.front() == '?');
}

Str encode_path(Str target, MutBytes out) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const size_t end = end_of_path(target);
  char* at = out.data();
  for (size_t i = 0; i < target.size(); ++i) {
    const char c = target[i];
    if (i >= end || is_unreserved(c) || c == '/') {
      *at++ = c;
    } else {
      *at++ = '%';
      *at++ = kDigits[static_cast<unsigned char>(c) >> 4];
      *at++ = kDigits[static_cast<unsigned char>(c) & 15];
    }
  }
  return {out.data(), static_cast<size_t>(at - out.data())};
}

Str join_target(Str base_path, Str target, MutBytes out) {
  if (!base_path.empty() && base_path.back() == '/') base_path.remove_suffix(1);
  char* at = out.data();
  for (char c : base_path) *at++ = c;
  if (base_path.empty() && !target.empty() && target.front() == '?') *at++ = '/';
  for (char c : target) *at++ = c;
  return {out.data(), static_cast<size_t>(at - out.data())};
}

HostScope scope_of_host(Str host, Str path) {
  take_suffix(host, ".");
  const Partition* partition = take_partition(host);
  if (partition == nullptr) return {};
  HostScope scope;
  const Str label = take_service(host, scope.region);
  if (label.empty()) return {};
  scope.service = signing_name(label, last_of(host), {path.data(), end_of_path(path)});
  if (scope.region.empty()) scope.region = global_region(*partition, label);
  return scope;
}

Str service_variable(Str service, MutBytes out) {
  constexpr Str kPrefix = "AWS_ENDPOINT_URL_";
  if (out.size() <= kPrefix.size()) return {};
  std::memcpy(out.data(), kPrefix.data(), kPrefix.size());
  const MutBytes room = out.drop(kPrefix.size());
  const tinyaws::IoResult key = tinyaws::write_service_key(service, room);
  if (key.status != tinyaws::Status::kOk || key.size == room.size()) return {};
  for (char& c : room.first(key.size)) c = is_lower(c) ? static_cast<char>(c - 32) : c;
  room[key.size] = '\0';
  return {out.data(), kPrefix.size() + key.size};
}

}  // namespace awsfetch
