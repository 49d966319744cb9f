#include "source.h"

#include "base/ascii.h"
#include "text.h"
#include "values.h"

namespace awsfetch {
namespace {

using tinyaws::IoResult;
using tinyaws::Status;

tinyaws::DefaultCredentials::Options default_options(const Options& options) {
  tinyaws::DefaultCredentials::Options made;
  made.profile = options.profile;
  made.allow_imds_v1 = options.imds_v1;
  made.sts = {options.region, options.fips, options.dual_stack};
  return made;
}

tinyaws::IotOptions iot_options(const Options& options, const tinyaws::TlsSettings& certificate) {
  tinyaws::IotOptions made;
  made.endpoint = options.iot_endpoint;
  made.role_alias = options.iot_role_alias;
  made.thing_name = options.iot_thing;
  made.tls_settings = &certificate;
  return made;
}

Str take_line(Str& text) {
  const size_t end = text.find('\n');
  const Str line(text.data(), end == Str::npos ? text.size() : end);
  text.remove_prefix(end == Str::npos ? text.size() : end + 1);
  return line;
}

// One line for each place, indented.
void print_explanation(const tinyaws::CredentialsProvider& provider, bool last_only) {
  Text room;
  if (!room.resize(1024)) return;
  IoResult written = provider.explain(room.space());
  if (written.status == Status::kBufferTooSmall) {
    if (!room.resize(written.size)) return;
    written = provider.explain(room.space());
  }
  if (written.status != Status::kOk) return;
  for (Str text(room.space().data(), written.size); !text.empty();) {
    const Str line = take_line(text);
    if (!last_only || text.empty()) print_line("  {}", {line});
  }
}

}  // namespace

Str profile_name(const Options& options, const tinyaws::Environment& environment) {
  for (Str name :
       {options.profile, environment.variable("AWS_PROFILE"), environment.variable("AWS_DEFAULT_PROFILE")}) {
    if (!is_blank_text(name)) return trim_blanks(name);
  }
  return "default";
}

Source::Source(const tinyaws::Port& port, const Options& options, const tinyaws::TlsSettings& certificate)
    : options_(options),
      environment_(port.environment),
      platform_(port.platform),
      default_(port, default_options(options)),
      iot_(port.platform, tinyaws::MutBytes(space_), iot_options(options, certificate)),
      iot_cache_(iot_, port.platform),
      provider_(choose(options)) {}

tinyaws::CredentialsProvider& Source::choose(const Options& options) {
  if (options.no_sign_request) return anonymous_;
  if (options.uses_iot()) return iot_cache_;
  return default_;
}

Place Source::place() const {
  const Str kind = provider_.describe();
  if (kind == "profile") return {{}, kind, " ", profile_name(options_, environment_)};
  const bool has_article = kind == "environment" || kind == "container";
  return {has_article ? Str("the ") : Str(), kind, {}, {}};
}

MaybeExit Source::check() {
  if (!options_.uses_iot()) return {};
  tinyaws::Credentials none;
  tinyaws::Call* fetch = nullptr;
  const Status status = iot_.get(platform_.now(), platform_.unix_time(), none, fetch);
  if (fetch != nullptr) fetch->on_cancel();
  if (status == Status::kPending) return {};
  (void)usage_error("credentials of AWS IoT:");
  print_explanation(iot_, true);
  return kUsage;
}

Exit Source::complain(Status status) const {
  if (status == Status::kNoCredentials) {
    (void)usage_error("no credentials:");
    print_explanation(provider_, false);
    return kUsage;
  }
  const Place at = place();
  (void)usage_error("credentials of {}{}{}{}: {}",
                    {at.article, at.kind, at.blank, at.profile, tinyaws::describe(status)});
  print_explanation(provider_, true);
  return kUsage;
}

}  // namespace awsfetch
