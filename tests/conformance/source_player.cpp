#include "source_player.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace conformance {

using namespace tinyaws;

namespace {

constexpr int kHandle = 7;
constexpr size_t kSegment = 97;           // what arrives at a time
constexpr int64_t kMostMs = 3600 * 1000;  // virtual: a source that takes longer hangs
constexpr int kMostSteps = 100000;
constexpr int kMostAsked = 1000;

std::string text(Str view) {
  return std::string(view);
}

size_t announced_length(const std::string& head) {
  const size_t at = head.find("\r\nContent-Length: ");
  return at == std::string::npos ? 0 : strtoull(head.c_str() + at + 18, nullptr, 10);
}

// Neither a length nor chunks: the end of the connection ends the answer.
bool ends_with_connection(std::string answer) {
  answer.resize(std::min(answer.size(), answer.find("\r\n\r\n")));
  for (char& c : answer) c = static_cast<char>(tolower(c));
  return answer.find("\r\ncontent-length:") == std::string::npos &&
         answer.find("\r\ntransfer-encoding:") == std::string::npos;
}

}  // namespace

const SourceExchange* CaseTransport::expected() const {
  return played_ < case_.exchanges().size() ? &case_.exchanges()[played_] : nullptr;
}

void CaseTransport::note(const std::string& what) {
  wrong_.push_back("exchange " + std::to_string(played_ + 1) + ": " + what);
}

Status CaseTransport::open(const Endpoint& endpoint) {
  host_ = text(endpoint.host);
  endpoint_ = endpoint;
  endpoint_.host = host_;
  state_ = State::kConnecting;
  return Status::kPending;
}

Status CaseTransport::advance(Instant) {
  if (expected() != nullptr && expected()->event == SourceExchange::Event::kRefused) {
    ++played_;
    return Status::kConnectFailed;
  }
  state_ = State::kOpen;
  return Status::kOk;
}

IoResult CaseTransport::send(Bytes bytes) {
  request_ += text(bytes);
  const size_t head = request_.find("\r\n\r\n");
  if (head != std::string::npos && request_.size() >= head + 4 + announced_length(request_)) take_request();
  return {Status::kOk, bytes.size()};
}

void CaseTransport::take_request() {
  if (expected() == nullptr) {
    note("nobody expected \"" + request_.substr(0, request_.find("\r\n")) + "\"");
    reset_ = true;
    return;
  }
  const std::string difference = compare_request(case_, *expected(), endpoint_, request_);
  if (!difference.empty()) note(difference);
  request_.clear();
  const SourceExchange& exchange = *expected();
  ++played_;
  outgoing_ = exchange.answer;
  reset_ = exchange.event == SourceExchange::Event::kReset || exchange.event == SourceExchange::Event::kRefused;
  ended_ = exchange.event == SourceExchange::Event::kAnswer && ends_with_connection(exchange.answer);
}

IoResult CaseTransport::recv(MutBytes space) {
  if (!outgoing_.empty()) {
    const size_t n = std::min({space.size(), outgoing_.size(), kSegment});
    memcpy(space.data(), outgoing_.data(), n);
    outgoing_.erase(0, n);
    return {Status::kOk, n};
  }
  if (reset_) return {Status::kConnectionLost, 0};
  return {ended_ ? Status::kOk : Status::kPending, 0};
}

void CaseTransport::close() {
  state_ = State::kClosed;
  request_.clear();
  outgoing_.clear();
  reset_ = ended_ = false;
}

Interest CaseTransport::interest(bool sending, bool receiving) const {
  if (state_ == State::kClosed) return {};
  if (state_ != State::kOpen) return {kHandle, false, true};
  return {kHandle, receiving, sending};
}

Str CaseEnvironment::variable(const char* name) const {
  const auto found = case_.environment().find(name);
  return found == case_.environment().end() ? Str() : Str(found->second);
}

Status CaseFiles::open(const char* path) {
  const auto file = case_.files().find(path);
  found_ = file != case_.files().end();
  rest_ = found_ ? file->second : "";
  return found_ ? Status::kOk : Status::kNotFound;
}

IoResult CaseFiles::read(MutBytes out) {
  const size_t n = std::min({out.size(), rest_.size(), kSegment});
  memcpy(out.data(), rest_.data(), n);
  rest_.erase(0, n);
  return {Status::kOk, n};
}

SourcePlayer::SourcePlayer(const SourceCase& source_case, size_t buffer_size)
    : case_(source_case),
      environment_(source_case),
      files_(source_case),
      transport_(source_case),
      buffer_(buffer_size),
      space_(8192),
      connection_(transport_, buffer_.bytes()) {}

Port SourcePlayer::port() {
  Port port{*this, environment_, transport_, buffer_.bytes()};
  port.files = &files_;
  return port;
}

Status SourcePlayer::random(MutBytes out) {
  for (char& c : out) {
    random_state_ = random_state_ * 6364136223846793005u + 1442695040888963407u;
    c = static_cast<char>(random_state_ >> 56);
  }
  return Status::kOk;
}

void SourcePlayer::wait(Span<const Interest> interests, Instant until) {
  for (const Interest& interest : interests) {
    if (interest.handle >= 0 && (interest.write || (interest.read && transport_.readable()))) return;
  }
  if (until == kNever) {
    stuck_ = "a wait that nothing ends";
  } else if (now_ < until) {
    now_ = until;
  }
}

void SourcePlayer::run(Call& call) {
  if (connection_.start(call) != Status::kOk) stuck_ = "the connection is busy";
  for (int step = 0; stuck_.empty() && connection_.step(now_, unix_time()) == Status::kPending; ++step) {
    if (step > kMostSteps || now_.ms > kMostMs) stuck_ = "a call without an end";
    if (connection_.ready()) continue;
    const Interest interest = connection_.interest();
    wait({&interest, 1}, connection_.next_deadline());
  }
  if (!stuck_.empty()) connection_.cancel();
}

Status SourcePlayer::ask_to_the_end(const Ask& ask) {
  for (int asked = 0; stuck_.empty(); ++asked) {
    Call* fetch = nullptr;
    const Status status = ask(fetch);
    if (status != Status::kPending) return status;
    if (asked > kMostAsked) stuck_ = "asked without an end";
    if (fetch != nullptr) {
      run(*fetch);
    } else {
      now_ = now_ + 20;
    }
  }
  return Status::kPending;
}

Outcome SourcePlayer::play(CredentialsProvider& provider) {
  Outcome outcome;
  Credentials credentials;
  outcome.status = ask_to_the_end([&](Call*& fetch) { return provider.get(now_, unix_time(), credentials, fetch); });
  char explanation[4096];
  const IoResult explained = provider.explain(MutBytes(explanation));
  if (explained.status == Status::kOk) outcome.explanation.assign(explanation, explained.size);
  if (outcome.status != Status::kOk) return outcome;
  outcome.access_key_id = text(credentials.access_key_id);
  outcome.secret_access_key = text(credentials.secret_access_key);
  outcome.session_token = text(credentials.session_token);
  outcome.account_id = text(credentials.account_id);
  outcome.expiration = credentials.expiration.seconds;
  outcome.outlives_expiration = credentials.outlives_expiration;
  return outcome;
}

Outcome SourcePlayer::play_region(const AskRegion& ask) {
  Outcome outcome;
  Str region;
  outcome.status = ask_to_the_end([&](Call*& fetch) { return ask(now_, unix_time(), region, fetch); });
  if (outcome.status == Status::kOk) outcome.region = text(region);
  return outcome;
}

void SourcePlayer::compare_values(const Outcome& outcome, std::string& wrong) const {
  const std::pair<const char*, std::string> values[] = {
      {"access_key_id", outcome.access_key_id},           {"secret_access_key", outcome.secret_access_key},
      {"session_token", outcome.session_token},           {"account_id", outcome.account_id},
      {"expiration", std::to_string(outcome.expiration)}, {"region", outcome.region}};
  for (const auto& value : values) {
    if (!case_.has(value.first) || case_.value(value.first) == value.second) continue;
    wrong +=
        std::string(value.first) + " is \"" + value.second + "\", expected \"" + case_.value(value.first) + "\"\n";
  }
}

std::string SourcePlayer::compare(const Outcome& outcome, const std::string& error_class) const {
  std::string wrong = stuck_.empty() ? "" : stuck_ + "\n";
  for (const std::string& what : transport_.wrong()) wrong += what + "\n";
  if (transport_.played() < case_.exchanges().size()) {
    wrong += "only " + std::to_string(transport_.played()) + " exchanges were asked for\n";
  }
  const bool ok = outcome.status == Status::kOk;
  if (case_.has("either")) {
    return ok || error_class == case_.value("or-error") ? wrong : wrong + "is " + error_class + "\n";
  }
  if (ok != case_.has("ok")) wrong += "is " + text(tinyaws::name(outcome.status)) + " (" + error_class + ")\n";
  if (ok) {
    compare_values(outcome, wrong);
    return wrong;
  }
  const std::string expected = case_.value("error");
  if (expected != "any" && expected != error_class) wrong += "is " + error_class + ", expected " + expected + "\n";
  for (const char* key : {"status", "code", "message"}) {
    if (!tinyaws::kWithWords) break;
    if (outcome.explanation.find(case_.value(key)) != std::string::npos) continue;
    wrong += "not explained: \"" + case_.value(key) + "\" in \"" + outcome.explanation + "\"\n";
  }
  return wrong;
}

}  // namespace conformance
