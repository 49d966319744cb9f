#include "config.h"

#include "missing.h"
#include "origin.h"
#include "values.h"

namespace awsfetch {
namespace {

using tinyaws::Status;

void print_shown(const char* text, Parts parts = {}) {
  print_line_to(kOutput, text, parts);
}

void print_json(Str text) {
  print(kOutput, "\"");
  for (char c : text) {
    if (is_control(c)) {
      print(kOutput, "\\u00");
      print(kOutput, Hex(c, kLowerDigits));
    } else {
      if (c == '"' || c == '\\') print(kOutput, "\\");
      print(kOutput, {&c, 1});
    }
  }
  print(kOutput, "\"");
}

void print_member(Str name, Str value) {
  print(kOutput, ", ");
  print_json(name);
  print(kOutput, ": ");
  print_json(value);
}

bool expires(const tinyaws::Credentials& credentials) {
  return credentials.expiration.seconds != tinyaws::kNoExpiration.seconds;
}

void show_region(const Job& job, bool found, const Options& options, const tinyaws::Environment& environment) {
  if (!found) {
    return print_shown(
        "region: none (--region, AWS_REGION, AWS_DEFAULT_REGION, profile {} and instance metadata name none)",
        {profile_name(options, environment)});
  }
  const Place from = OriginName(job, options, environment).region();
  print_shown("region: {} ({}{}{})", {job.destination().region(), from.kind, from.blank, from.profile});
}

MaybeExit show_credentials(Session& session, const Options& options) {
  if (options.no_sign_request) {
    print_shown("credentials: none (--no-sign-request)");
    return {};
  }
  tinyaws::Credentials credentials;
  if (auto failed = session.find_credentials(credentials)) {
    print_shown("credentials: none");
    return failed;
  }
  const Place from = session.place();
  const MaskedKey key(credentials.access_key_id);
  const Date end(expires(credentials) ? credentials.expiration : tinyaws::UnixTime());
  print_shown("credentials: {}{}{}, {}****{}{}{}",
              {from.kind, from.blank, from.profile, key.begin, key.end,
               expires(credentials) ? ", expires " : ", never expires", expires(credentials) ? Str(end) : Str()});
  return {};
}

void show_endpoint(const Job& job, bool found, const Options& options, const tinyaws::Environment& environment) {
  if (!found) return print_shown("endpoint: none (no region)");
  const tinyaws::Endpoint& endpoint = job.resolved().endpoint;
  const bool v6 = endpoint.host.find(':') != Str::npos;
  const bool usual_port = endpoint.port == tinyaws::default_port(endpoint.tls);
  const Number port(endpoint.port);
  char space[96];
  const Place from = OriginName(job, options, environment).endpoint(tinyaws::MutBytes(space));
  print_shown("endpoint: {}{}{}{}{}{}{} ({}{}{})",
              {endpoint.tls ? "https://" : "http://", v6 ? "[" : "", endpoint.host, v6 ? "]" : "",
               usual_port ? Str() : Str(":"), usual_port ? Str() : Str(port), job.resolved().base_path, from.kind,
               from.blank, from.profile});
}

}  // namespace

MaskedKey::MaskedKey(Str key_id) {
  const size_t shown = key_id.size() < 16 ? key_id.size() / 4 : 4;
  begin = {key_id.data(), shown};
  end = {key_id.data() + key_id.size() - shown, shown};
}

void print_signer(const Job& job, const Session& session) {
  const tinyaws::Scope& scope = job.scope();
  const Str key_id = job.credentials().access_key_id;
  if (key_id.empty()) return print_line("* not signing, for {} in {}", {scope.service, scope.region});
  const Place from = session.place();
  const MaskedKey key(key_id);
  print_line("* signing as {}****{}{}, credentials from {}{}{}{}, for {} in {}",
             {key.begin, key.end, job.credentials().session_token.empty() ? "" : " with a session token",
              from.article, from.kind, from.blank, from.profile, scope.service, scope.region});
}

Exit show_config(Job& job, Session& session, const Options& options) {
  tinyaws::ApiRequest request = job.request();
  const bool has_service = !request.service.empty();
  // The region is that of all services, and any will do to find it.
  if (!has_service) request.service = "sts";
  Status status = session.look_for_way(job, request);
  if (auto failed = session.failure()) return *failed;
  const bool has_region = status != Status::kNoRegion;
  if (!has_region) status = session.look_for_endpoint(request, job.prepared());
  // A URL needs no region.
  const bool has_endpoint = has_region || job.destination().endpoint_origin() != tinyaws::Origin::kRules;
  const bool needed = has_service ? has_endpoint : job.destination().region().empty();
  if (status != Status::kOk && needed)
    return complain_about_way(status, job, options, session.port(), session.settings());
  show_region(job, has_region, options, session.port().environment);
  const auto failed = show_credentials(session, options);
  if (has_service) show_endpoint(job, has_endpoint, options, session.port().environment);
  const Exit written = finish_standard_output();
  return failed ? *failed : written;
}

Exit export_credentials(Session& session) {
  tinyaws::Credentials credentials;
  if (auto failed = session.find_credentials(credentials)) return *failed;
  print(kOutput, "{\"Version\": 1");
  print_member("AccessKeyId", credentials.access_key_id);
  print_member("SecretAccessKey", credentials.secret_access_key);
  if (!credentials.session_token.empty()) print_member("SessionToken", credentials.session_token);
  if (expires(credentials)) print_member("Expiration", Date(credentials.expiration));
  if (!credentials.account_id.empty()) print_member("AccountId", credentials.account_id);
  print(kOutput, "}\n");
  return finish_standard_output();
}

}  // namespace awsfetch
