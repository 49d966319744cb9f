// Servers that are slow, silent or lie: every fetch ends within its limits. And what `explain` says of it all.
// Covers C28: servers that are not there yet, slow or wrong.
#include "container_fixture.h"
#include "fakes/check_words.h"

using namespace test;

namespace {

// Three attempts of at most 10 s, waits of at most 50 and 100 ms between them.
constexpr int64_t kMostMs = 3 * 10000 + 150;

struct Server {
  std::string name;
  Peer peer;
  Status expected;
  int64_t most_ms;
};

Peer peer_with(const std::string& bytes) {
  return Peer(std::vector<Answer>(3, Answer{bytes}));
}

Peer dripping(size_t drip, int64_t every_ms) {
  Peer peer = peer_with(http("200 OK", document_with_token(500)));
  for (Answer& answer : peer.answers) {
    answer.drip = drip;
    answer.drip_ms = every_ms;
  }
  return peer;
}

Peer never(int64_t Peer::*state) {
  Peer peer;
  peer.*state = 1000000000;
  return peer;
}

std::vector<Server> servers() {
  Peer refusing;
  refusing.open_status = Status::kConnectFailed;
  Peer unknown;
  unknown.fails_in = Transport::State::kResolving;
  unknown.advance_error = Status::kResolveFailed;
  Peer deaf;
  deaf.takes = 10;
  Peer closing = peer_with("");
  for (Answer& answer : closing.answers) answer.ends = true;
  Peer cut = peer_with("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{\"AccessKeyId\":\"A\"");
  for (Answer& answer : cut.answers) answer.ends = true;
  const Status gone = Status::kCredentialsUnavailable;
  return {
      {"does not connect", never(&Peer::connect_ms), gone, 3 * 2000 + 150},
      {"does not resolve", never(&Peer::resolve_ms), gone, 3 * 2000 + 150},
      {"refuses", refusing, gone, 150},
      {"has no address", unknown, gone, 150},
      {"is silent", Peer(), gone, 3 * 5000 + 150},
      {"takes nothing", deaf, gone, 3 * 5000 + 150},
      {"closes", closing, gone, 150},
      {"stops in the middle", cut, gone, 150},
      {"drips", dripping(1, 900), gone, kMostMs},
      {"drips too slowly", dripping(40, 5500), gone, kMostMs},
      {"is no HTTP", peer_with("220 smtp.example ESMTP\r\n"), Status::kMalformedCredentials, 50},
      {"has a head without an end", peer_with("HTTP/1.1 200 OK\r\nX: " + std::string(9000, 'x')),
       Status::kMalformedCredentials, 50},
      {"has two lengths", peer_with("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
       Status::kMalformedCredentials, 50},
      {"has a body without an end", peer_with("HTTP/1.1 200 OK\r\n\r\n" + std::string(9000, ' ')),
       Status::kValueTooLong, 50},
  };
}

void misbehaving(void**) {
  for (const Server& server : servers()) {
    ContainerWorld world;
    set_up(world, {});
    world.transport.peers = {server.peer};
    const Instant begin = world.time.now;
    CHECK_STATUS(world.fetch(), server.expected, server.name);
    CHECK(world.time.now - begin <= server.most_ms,
          server.name + ": took " + std::to_string(world.time.now - begin) + " ms");
    CHECK(world.provider().outcome() == SourceOutcome::kNoAnswer, server.name);
    const size_t attempts = server.expected == Status::kCredentialsUnavailable ? 3 : 1;
    CHECK(world.transport.opens() == attempts, server.name + ": " + std::to_string(world.transport.opens()));
    CHECK(world.space_is_wiped(), server.name);
    world.transport.peers.assign(world.transport.opens() + 1, peer_with(http("200 OK", kDocument)));
    check_given(world, server.name + ": then well");
  }
}

void a_slow_server_is_waited_for(void**) {
  ContainerWorld world;
  set_up(world, {});
  world.transport.peers = {dripping(100, 1200)};
  CHECK_STATUS(world.fetch(), Status::kOk, "8 pieces in 9 s");
  CHECK(world.transport.total_requests() == 1, "one attempt");
}

void no_tls_here(void**) {
  ContainerWorld world;
  world.set("CREDENTIALS_FULL_URI", "https://a.example/c");
  Peer plain;
  plain.open_status = Status::kUnsupported;
  world.transport.peers = {plain};
  CHECK_STATUS(world.fetch(), Status::kUnsupported, "https");
  Peer untrusted;
  untrusted.fails_in = Transport::State::kSecuring;
  untrusted.advance_error = Status::kCertificateRejected;
  world.transport.peers = {untrusted};
  CHECK_STATUS(world.fetch(), Status::kCredentialsUnavailable, "certificate");
  CHECK(world.transport.opens() == 2, "asked once each");
}

void configured_otherwise_between_attempts(void**) {
  for (const char* uri : {"", "no path"}) {
    ContainerWorld world;
    set_up(world, {http("500 Oops", ""), http("200 OK", kDocument)});
    Call* call = nullptr;
    CHECK_STATUS(world.get(world.provider(), call), Status::kPending, uri);
    CHECK_STATUS(world.connection.start(*call), Status::kOk, uri);
    while (world.provider().outcome() != SourceOutcome::kHttpStatus) CHECK(world.step(), "no answer");
    world.set("CREDENTIALS_RELATIVE_URI", uri);
    while (world.step()) {
    }
    CHECK_STATUS(world.get(world.provider(), call), Status::kInvalidArgument, uri);
    CHECK(world.provider().outcome() == SourceOutcome::kNotSent, uri);
    CHECK(world.space_is_wiped(), uri);
    world.set("CREDENTIALS_RELATIVE_URI", "/v2/y");
    check_given(world, "configured again");
  }
}

struct Explained {
  std::vector<std::pair<std::string, std::string>> variables;
  std::vector<std::string> answers;
  std::string text;
};

std::vector<Explained> explanations() {
  const std::pair<std::string, std::string> relative = {"CREDENTIALS_RELATIVE_URI", "/v2/x?secret"};
  const std::pair<std::string, std::string> token = {"AUTHORIZATION_TOKEN", "verysecret"};
  const std::string long_message(300, 'm');
  const auto all = [](const std::string& bytes) { return std::vector<std::string>(3, bytes); };
  return {
      {{},
       {},
       "container: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set"},
      {{{"CREDENTIALS_FULL_URI", "http://u:verysecret@10.0.0.1/c"}},
       {},
       "container: AWS_CONTAINER_CREDENTIALS_FULL_URI names a host that may be asked over https only: 10.0.0.1"},
      {{relative, {"AUTHORIZATION_TOKEN", "verysecret\n"}},
       {},
       "container: AWS_CONTAINER_AUTHORIZATION_TOKEN is empty, or holds a line end or another control character"},
      {{relative, {"AUTHORIZATION_TOKEN_FILE", "/none\n/file"}},
       {},
       "container: AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: /none /file can't be read: No such file or directory"},
      {{relative, token},
       all(http("403 No", "{\"code\":\"AccessDenied\",\"message\":\"not\\nyou\"}")),
       "container: http://169.254.170.2/v2/x answered 403 (AccessDenied: not you); check the authorization token"},
      {{relative, token},
       all(http("404 No", "{\"message\":\"" + long_message + "\"}")),
       "container: http://169.254.170.2/v2/x answered 404 (" + long_message.substr(0, Remark::kMaxBytes - 3) +
           "...); check the URI"},
      {{relative, token}, all(http("500 No", "<html>")), "container: http://169.254.170.2/v2/x answered 500"},
      {{relative, token},
       all(http("200 OK", "{\"AccessKeyId\":\"verysecret\"}")),
       "container: http://169.254.170.2/v2/x answered without credentials (no SecretAccessKey)"},
      {{{"CREDENTIALS_FULL_URI", "http://u:verysecret@[::1]:99/c?verysecret"}, token},
       {http("200 OK", kDocument)},
       "container: http://[::1]:99/c gave credentials"},
      {{{"CREDENTIALS_FULL_URI", "https://a.example"}, token},
       {},
       "container: https://a.example: no answer within the time limit; is the service that serves the container's "
       "credentials running?"},
  };
}

void what_it_says(void**) {
  for (const Explained& row : explanations()) {
    ContainerWorld world;
    for (const auto& variable : row.variables) world.set(variable.first, variable.second);
    world.answers(row.answers);
    (void)world.fetch();
    CHECK_WORDS_TEXT(explained(world.provider()), row.text, "explain");
    char small[20];
    const IoResult needed = world.provider().explain(MutBytes(small));
    CHECK_WORDS(needed.status == Status::kBufferTooSmall && needed.size == row.text.size(),
                row.text + ": size needed");
  }
}

void what_it_says_meanwhile(void**) {
  ContainerWorld world;
  set_up(world, {http("200 OK", kDocument)});
  CHECK_WORDS_TEXT(explained(world.provider()), "container: http://169.254.170.2/v2/x has not been asked", "before");
  Call* call = nullptr;
  CHECK_STATUS(world.get(world.provider(), call), Status::kPending, "get");
  CHECK_WORDS_TEXT(explained(world.provider()), "container: http://169.254.170.2/v2/x is being asked", "meanwhile");
  CHECK_TEXT(world.provider().describe(), "container", "describe");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(misbehaving),  cmocka_unit_test(a_slow_server_is_waited_for),
      cmocka_unit_test(no_tls_here),  cmocka_unit_test(configured_otherwise_between_attempts),
      cmocka_unit_test(what_it_says), cmocka_unit_test(what_it_says_meanwhile),
  };
  return cmocka_run_group_tests_name("container_servers", tests, nullptr, nullptr);
}
