#include "target.h"

#include <tinyaws/endpoint.h>

#include "base/ascii.h"
#include "base/writer.h"
#include "hosts.h"
#include "text/percent.h"

namespace awsfetch {
namespace {

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
      const bool digit = tinyaws::is_digit(c);
      if (!digit && (digits || (c < 'a' || c > 'z'))) return false;
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
    if (label == entry.label && (*entry.before == '\0' || before == entry.before)) return entry.service;
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
  const Str region = partition.global_region;
  return label == "iam" && region == "cn-northwest-1" ? "cn-north-1" : region;
}

size_t end_of_path(Str target) {
  const size_t query = target.find('?');
  return query == Str::npos ? target.size() : query;
}

}  // namespace

bool is_url(Str argument) {
  return equals_ignoring_case(argument.substr(0, 7), "http://") ||
         equals_ignoring_case(argument.substr(0, 8), "https://");
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
  return starts_with(target.text, '/') || starts_with(target.text, '?');
}

Str encode_path(Str target, MutBytes out) {
  const size_t end = end_of_path(target);
  tinyaws::Writer writer(out);
  tinyaws::percent_encode(target.substr(0, end), tinyaws::Slash::kKeep, writer);
  writer.put(target.substr(end));
  return writer.text();
}

Str join_target(Str base_path, Str target, MutBytes out) {
  if (!base_path.empty() && base_path.back() == '/') base_path.remove_suffix(1);
  tinyaws::Writer writer(out);
  writer.put(base_path);
  if (base_path.empty() && starts_with(target, '?')) writer.put('/');
  writer.put(target);
  return writer.text();
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
  tinyaws::Writer writer(out);
  writer.put("AWS_ENDPOINT_URL_");
  const MutBytes room = writer.rest();
  const tinyaws::IoResult key = tinyaws::write_service_key(service, room);
  if (key.status != tinyaws::Status::kOk) return {};
  for (char& c : room.first(key.size)) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  writer.wrote(key.size);
  const size_t size = writer.size();
  writer.put('\0');
  return writer.fits() ? Str(out.data(), size) : Str();
}

}  // namespace awsfetch
