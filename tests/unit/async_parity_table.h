// Scenarios of one client's calls, for whatever runs them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "async_fixture.h"

namespace test {

struct Scenario {
  std::string name;
  std::vector<Peer> peers;
  Status expected = Status::kOk;  ///< Of the last call.
  std::string method = "GET";
  std::string upload = "";
  int calls = 1;         ///< One after the other,
  int64_t pause_ms = 0;  ///< with such a pause.
  bool from_source = false;
  bool to_sink = false;
  bool fetches_credentials = false;
  size_t room = 8192;  ///< For the body of the answer.
  std::function<void(AsyncWorld&)> change = {};
  std::function<void(FakeSource&, FakeSink&)> bodies = {};
  std::string header = "";  ///< A value to send.
};

inline Peer fails_in(Transport::State state, Status status) {
  Peer peer = hello_peer();
  peer.fails_in = state;
  peer.advance_error = status;
  peer.words = "why it failed";
  return peer;
}

inline Peer says(const std::string& bytes, bool ends = false, Status breaks = Status::kOk) {
  Answer one{bytes};
  one.ends = ends;
  one.breaks = breaks;
  return Peer({one});
}

inline Peer slow_peer(const std::string& bytes) {
  Peer peer(std::vector<Answer>(5, Answer{bytes}));
  peer.resolve_ms = 20;
  peer.connect_ms = 30;
  peer.secure_ms = 40;
  peer.holds_bytes = peer.pend_between = true;
  peer.recv_piece = 300;
  peer.send_piece = 500;
  peer.answers[0].delay_ms = 50;
  return peer;
}

inline const std::string kBusyAnswer = answer("503 Slow Down", "busy");

inline std::vector<Scenario> answers_of_all_kinds() {
  std::vector<Scenario> all;
  all.push_back({"200", {hello_peer()}});
  all.push_back({"a slow line", {slow_peer(kHello)}});
  all.push_back({"chunked", {says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")}});
  all.push_back({"until the end", {says("HTTP/1.1 200 OK\r\n\r\nhello", true)}});
  all.push_back({"204", {says("HTTP/1.1 204 No Content\r\n\r\n")}});
  all.push_back({"HEAD", {says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")}, Status::kOk, "HEAD"});
  all.push_back({"interim answers", {says("HTTP/1.1 100 Continue\r\n\r\n" + std::string(kHello))}});
  all.push_back({"404", {says(answer("404 Not Found", "no"))}, Status::kServiceError});
  all.push_back({"503, then 200", {Peer({Answer{kBusyAnswer}, Answer{kHello}})}});
  all.push_back({"503 and closes, then 200", {says(kBusyAnswer, true), hello_peer()}});
  all.push_back({"503 for ever", {Peer(std::vector<Answer>(9, Answer{kBusyAnswer}))}, Status::kServiceError});
  all.push_back({"malformed head", {says("HTTP/1.1 20 OK\r\n\r\n")}, Status::kMalformedHead});
  all.push_back({"head too large",
                 {says("HTTP/1.1 200 OK\r\nX: " + std::string(5000, 'x') + "\r\n\r\n")},
                 Status::kHeadTooLarge});
  all.push_back({"body too big", {hello_peer()}, Status::kBufferTooSmall});
  all.back().room = 4;
  all.push_back({"truncated", {says(answer("200 OK", pattern(300)).substr(0, 200), true)}, Status::kTruncated});
  all.push_back({"reset in the body",
                 {says(answer("200 OK", pattern(300)).substr(0, 200), false, Status::kConnectionLost)},
                 Status::kConnectionLost});
  return all;
}

inline std::vector<Scenario> failures_on_the_way() {
  std::vector<Scenario> all;
  const Transport::State resolving = Transport::State::kResolving, connecting = Transport::State::kConnecting,
                         securing = Transport::State::kSecuring;
  all.push_back({"no such host", {fails_in(resolving, Status::kResolveFailed)}, Status::kResolveFailed});
  all.push_back({"refused", {fails_in(connecting, Status::kConnectFailed)}, Status::kConnectFailed});
  all.push_back({"refused, then 200", {fails_in(connecting, Status::kConnectFailed), hello_peer()}});
  all.push_back({"TLS", {fails_in(securing, Status::kTlsFailed)}, Status::kTlsFailed});
  all.push_back({"certificate", {fails_in(securing, Status::kCertificateRejected)}, Status::kCertificateRejected});
  all.push_back({"reset before the first byte", {says("", false, Status::kConnectionLost)}, Status::kConnectionLost});
  all.push_back({"reset after the first byte", {says("H", false, Status::kConnectionLost)}, Status::kConnectionLost});
  all.push_back({"reset once", {says("", false, Status::kConnectionLost), hello_peer()}});
  for (const int64_t pause : {int64_t{0}, int64_t{200}, int64_t{3999}, int64_t{4000}, int64_t{5000}}) {
    const std::string after = " after " + std::to_string(pause) + " ms";
    all.push_back({"kept and used again" + after, {hello_peer()}, Status::kOk, "GET", "", 3, pause});
    all.push_back({"kept, and died unseen" + after, {Peer({Answer{kHello}}), hello_peer()}});
    all.back().peers[0].answers.push_back({""});
    all.back().peers[0].answers[1].breaks = Status::kConnectionLost;
    all.back().calls = 2;
    all.back().pause_ms = pause;
    all.back().change = [](AsyncWorld& world) { world.options.max_attempts = 1; };
    all.push_back({"kept, and closed" + after, {says(kHello, true), hello_peer()}});
    all.back().peers[0].answers[0].end_delay_ms = 100;
    all.back().calls = 2;
    all.back().pause_ms = pause;
  }
  return all;
}

inline std::vector<Scenario> bodies() {
  std::vector<Scenario> all;
  const std::string large = pattern(102400);
  all.push_back({"PUT of bytes", {hello_peer()}, Status::kOk, "PUT", large});
  all.push_back({"PUT from a source of 100 KB", {hello_peer()}, Status::kOk, "PUT", large});
  all.back().from_source = true;
  all.push_back({"from a slow source to a slow line", {slow_peer(kHello)}, Status::kOk, "PUT", pattern(9000)});
  all.back().from_source = true;
  all.back().bodies = [](FakeSource& source, FakeSink&) { source.pend_between = true, source.piece = 700; };
  all.push_back({"a source that fails", {hello_peer()}, Status::kBodySourceFailed, "PUT", large});
  all.back().from_source = true;
  all.back().bodies = [](FakeSource& source, FakeSink&) { source.fail_at = 5000; };
  all.push_back(
      {"a source, 503 and again", {Peer({Answer{kBusyAnswer}, Answer{kHello}})}, Status::kOk, "PUT", large});
  all.back().from_source = true;
  all.push_back({"early refusal", {says(answer("403 Forbidden", "no"))}, Status::kServiceError, "PUT", large});
  all.back().peers[0].answers[0].when = Answer::When::kAfterHead;
  all.back().peers[0].takes = 9000;
  all.back().from_source = true;
  all.push_back({"to a sink", {says(answer("200 OK", large))}});
  all.back().to_sink = true;
  all.push_back({"to a slow sink", {says(answer("200 OK", pattern(5000)))}});
  all.back().to_sink = true;
  all.back().bodies = [](FakeSource&, FakeSink& sink) { sink.pend_between = true, sink.piece = 70; };
  all.push_back({"a sink that fails", {says(answer("200 OK", large))}, Status::kBodySinkFailed});
  all.back().to_sink = true;
  all.back().bodies = [](FakeSource&, FakeSink& sink) { sink.fail_at = 3000; };
  all.push_back({"a sink that can't begin again", {says(kHello, true), hello_peer()}, Status::kTruncated});
  all.back().peers[0].answers[0].bytes.pop_back();
  all.back().to_sink = true;
  all.back().bodies = [](FakeSource&, FakeSink& sink) { sink.restart_status = Status::kUnsupported; };
  return all;
}

inline std::vector<Scenario> before_anything_is_sent() {
  std::vector<Scenario> all;
  all.push_back({"no credentials", {hello_peer()}, Status::kNoCredentials});
  all.back().change = [](AsyncWorld& world) { world.credentials.status = Status::kNotFound; };
  all.push_back({"credentials that fail", {hello_peer()}, Status::kCredentialsExpired});
  all.back().change = [](AsyncWorld& world) { world.credentials.status = Status::kCredentialsExpired; };
  all.push_back({"credentials are fetched", {hello_peer()}});
  all.back().fetches_credentials = true;
  all.push_back({"credentials can't be fetched", {hello_peer()}, Status::kConnectFailed});
  all.back().fetches_credentials = true;
  all.back().change = [](AsyncWorld& world) {
    world.net.peers["credentials.example"] = {fails_in(Transport::State::kConnecting, Status::kConnectFailed)};
  };
  all.push_back({"no region", {hello_peer()}, Status::kNoRegion});
  all.back().change = [](AsyncWorld& world) { world.options.region = {}; };
  all.push_back({"injection", {hello_peer()}, Status::kInvalidArgument});
  all.back().header = "a\r\nb: c";
  all.push_back({"request too large", {hello_peer()}, Status::kRequestTooLarge});
  all.back().header = std::string(4000, 'x');
  return all;
}

inline std::vector<Scenario> time_outs() {
  std::vector<Scenario> all;
  const int64_t ever = 1000000000;
  all.push_back({"resolving takes for ever", {hello_peer()}, Status::kConnectTimedOut});
  all.back().peers[0].resolve_ms = ever;
  all.push_back({"connecting takes for ever", {hello_peer()}, Status::kConnectTimedOut});
  all.back().peers[0].connect_ms = ever;
  all.push_back({"TLS takes for ever", {hello_peer()}, Status::kTlsTimedOut});
  all.back().peers[0].secure_ms = ever;
  all.push_back({"silence", {Peer()}, Status::kFirstByteTimedOut});
  all.push_back({"silence, then 200", {Peer(), hello_peer()}});
  all.push_back({"a stall", {says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")}, Status::kStalled});
  all.push_back({"a stalled upload", {hello_peer()}, Status::kStalled, "PUT", pattern(9000)});
  all.back().peers[0].takes = 4000;
  all.push_back({"an attempt", {Peer()}, Status::kAttemptTimedOut});
  all.back().change = [](AsyncWorld& world) { world.options.timeouts.attempt_ms = 700; };
  all.push_back({"in total", {Peer()}, Status::kDeadlineExceeded});
  all.back().change = [](AsyncWorld& world) { world.options.timeouts.total_ms = 4500; };
  all.push_back({"no time for another attempt", {says(kBusyAnswer, true)}, Status::kServiceError});
  all.back().change = [](AsyncWorld& world) {
    world.options.timeouts.total_ms = 20;
    world.options.max_attempts = 200;
  };
  all.push_back({"a drip", {hello_peer()}});
  all.back().peers[0].answers[0].drip = 1;
  all.back().peers[0].answers[0].drip_ms = 1000;
  return all;
}

}  // namespace test
