#include "offline.h"

#include "base/ascii.h"
#include "explain.h"
#include "text.h"
#include "values.h"

namespace awsfetch {
namespace {

using tinyaws::Bytes;
using tinyaws::IoResult;
using tinyaws::MutBytes;
using tinyaws::Status;

void print(Str text) {
  awsfetch::print(kOutput, text);
}

void print_section(Str title, Str text) {
  print("== ");
  print(title);
  print("\n");
  print(text);
  print("\n");
}

void print_header(Str name, Str value) {
  print(name);
  print(": ");
  print(value);
  print("\n");
}

// Prints while it is hashed: a canonical request may be of any length.
class PrintingTee final : public tinyaws::SigningTee {
 public:
  void canonical_request(Bytes piece) override {
    if (!begun_) print("== canonical request\n");
    begun_ = true;
    print(piece);
  }
  void string_to_sign(Bytes piece) override {
    if (!in_string_) print("\n== string to sign\n");
    in_string_ = true;
    print(piece);
  }

 private:
  bool begun_ = false;
  bool in_string_ = false;
};

class Offline {
 public:
  Offline(Job& job, const Options& options, tinyaws::UnixTime time) : job_(job), options_(options), time_(time) {}

  Exit run() {
    if (auto failed = prepare()) return *failed;
    if (options_.sign_only) signer_.set_tee(&tee_);
    return options_.presign_seconds > 0 ? presign() : sign();
  }

 private:
  MaybeExit prepare();
  MaybeExit prepare_host();
  MaybeExit prepare_payload_hash();
  tinyaws::SigningConfig config() const { return {job_.credentials(), job_.scope(), job_.policy(), time_}; }
  Exit sign();
  Exit presign();
  IoResult write_url(MutBytes url);
  void tell_of_payload_header(Str url) const;
  Exit fail(Status status);

  Job& job_;
  const Options& options_;
  const tinyaws::UnixTime time_;
  tinyaws::Signer signer_;
  tinyaws::SigningInput input_;
  PrintingTee tee_;
  Text target_;
  Text out_;
  char hash_[64];
  char host_[1024];
};

MaybeExit Offline::prepare() {
  const tinyaws::ApiRequest& request = job_.request();
  const Str base_path = job_.resolved().base_path;
  if (!target_.resize(base_path.size() + request.target.size() + 1)) return usage_error("out of memory for the URL");
  input_.method = request.method;
  input_.target = join_target(base_path, request.target, target_.space());
  input_.headers = request.headers;
  // A URL that can't be used is of no use to anybody; what is only signed may be a test of anything.
  if (!options_.sign_only && tinyaws::find_forbidden_byte(input_.target) != Str::npos) {
    return complain_about_target(input_.target, options_.raw_path);
  }
  if (auto failed = prepare_host()) return failed;
  return prepare_payload_hash();
}

// The library composes the Host header only together with a request's head; so one is begun that goes nowhere.
MaybeExit Offline::prepare_host() {
  tinyaws::Request request;
  request.endpoint = job_.resolved().endpoint;
  tinyaws::RequestHead head{MutBytes(host_)};
  if (head.begin(request) != Status::kOk) return fail(head.error());
  input_.host = head.host();
  for (const tinyaws::Header& header : input_.headers) {
    if (equals_ignoring_case(header.name, "host")) input_.host = header.value;
  }
  return {};
}

MaybeExit Offline::prepare_payload_hash() {
  input_.payload_hash = options_.payload_hash;
  if (!input_.payload_hash.empty()) return {};
  // Who is given a URL of S3 need not know the body's hash, unless that was asked for.
  const bool s3 = tinyaws::SigningPolicy::for_service(job_.scope().service).content_sha256;
  if (options_.presign_seconds > 0 && s3 && !options_.content_sha256.value_or(false)) {
    input_.payload_hash = "UNSIGNED-PAYLOAD";
    return {};
  }
  if (auto failed = job_.body().hash(hash_)) return failed;
  input_.payload_hash = {hash_, sizeof hash_};
  return {};
}

Exit Offline::sign() {
  const tinyaws::Credentials& credentials = job_.credentials();
  tinyaws::Signature signature;
  const Status status = signer_.sign(input_, config(), signature);
  if (status != Status::kOk) return fail(status);
  const size_t needed = write_authorization(input_, config(), signature, {}).size;
  if (!out_.resize(needed)) return usage_error("out of memory for the signature");
  const IoResult written = write_authorization(input_, config(), signature, out_.space());
  if (written.status != Status::kOk) return fail(written.status);

  print("\n");
  print_section("signature", signature.text());
  print("== headers\n");
  print_header("X-Amz-Date", signature.date());
  if (!credentials.session_token.empty()) print_header("X-Amz-Security-Token", credentials.session_token);
  if (job_.policy().content_sha256) print_header("X-Amz-Content-Sha256", input_.payload_hash);
  print_header("Authorization", {out_.space().data(), written.size});
  return finish_standard_output();
}

IoResult Offline::write_url(MutBytes url) {
  return signer_.presign(input_, config(), job_.resolved().endpoint.tls, options_.presign_seconds, url);
}

// What the URL does not hold, but the signature does.
void Offline::tell_of_payload_header(Str url) const {
  const size_t names = url.rfind("&X-Amz-SignedHeaders=");
  if (url.find("x-amz-content-sha256", names) == Str::npos) return;
  print_line("* to be sent with the URL: X-Amz-Content-Sha256: {}", {input_.payload_hash});
}

Exit Offline::presign() {
  // Without room for the URL nothing is signed yet.
  IoResult written = write_url({});
  if (written.status != Status::kBufferTooSmall) return fail(written.status);
  if (!out_.resize(written.size)) return usage_error("out of memory for the URL");
  written = write_url(out_.space());
  if (written.status != Status::kOk) return fail(written.status);

  const Str url(out_.space().data(), written.size);
  if (options_.verbose) tell_of_payload_header(url);
  if (options_.sign_only) {
    constexpr Str kName = "&X-Amz-Signature=";
    print("\n");
    print_section("signature", {url.data() + url.rfind(kName) + kName.size(), 64});
    print_section("url", url);
  } else {
    print(url);
    print("\n");
  }
  return finish_standard_output();
}

Exit Offline::fail(Status status) {
  return complain_about_signing(status, job_.request(), job_.credentials(), options_);
}

}  // namespace

Exit sign_offline(Job& job, const Options& options, tinyaws::UnixTime time) {
  return Offline(job, options, time).run();
}

}  // namespace awsfetch
