// A profile's credential_process: what it prints, how long it takes, and how it ends.
#include "profile_credentials_fixture.h"

using namespace test;

namespace {

struct ProcessWorld : ProfileWorld {
  using ProfileWorld::ProfileWorld;
  ProcessWorld() : ProfileWorld("[default]\ncredential_process = /opt/prog \"a b\" --x\n") {
    processes.output = process_output(*this, "ASIAPROC");
  }
};

void check_gives(ProfileWorld& world, const std::string& key_id, const std::string& what) {
  const Status status = world.get();
  CHECK_STATUS(status, Status::kOk, what + ": " + world.explain());
  world.check_given(key_id, what);
  CHECK(!world.processes.running, what + ": a program is left behind");
}

void what_it_prints(void**) {
  ProcessWorld world;
  world.processes.output = process_output(
      world, "ASIAPROC", ", \"Expiration\": \"2015-08-30T18:00:00Z\", \"AccountId\": \"123456789012\"");
  check_gives(world, "ASIAPROC", "process");
  CHECK_TEXT(world.processes.commands.at(0), "/opt/prog \"a b\" --x", "the command as it stands");
  CHECK_TEXT(world.credentials.account_id, "123456789012", "account");
  CHECK(world.credentials.expiration.seconds == 1440957600, "expiration");
  CHECK(world.credentials.issued.seconds == 0, "no clock but ours");
  check_gives(world, "ASIAPROC", "again");
  CHECK(world.processes.commands.size() == 2, "asked anew");
  world.processes.output = process_output(world, "ASIAOTHER");
  check_gives(world, "ASIAOTHER", "rotated");
  CHECK(world.credentials.expiration.seconds == kNoExpiration.seconds, "no expiration");
  CHECK(!contains(Bytes(world.space.bytes().data(), world.space.bytes().size()), "ASIAPROCsecret"), "old secret");
}

void in_pieces_of_every_size(void**) {
  for (size_t piece = 1; piece < 200; piece = piece * 2 + 1) {
    for (int pending = 0; pending < 3; ++pending) {
      ProcessWorld world;
      world.processes.piece = piece;
      world.processes.pending_reads = pending;
      check_gives(world, "ASIAPROC", "pieces of " + std::to_string(piece));
      CHECK(world.transport.wire.opens() == 0, "no connection");
    }
  }
}

void an_end_with_an_error(void**) {
  ProcessWorld world;
  world.processes.end_status = Status::kProcessFailed;
  check_fails(world, Status::kProcessFailed, "exit code 3");
  check_says(world, {"default", "exit code 3"});
  world.processes.end_status = Status::kOk;
  check_gives(world, "ASIAPROC", "afterwards");
  CHECK(!contains(world.explain(), "exit code"), "an old remark: " + world.explain());
}

void programs_that_do_not_start(void**) {
  for (Status status :
       {Status::kProcessFailed, Status::kInvalidArgument, Status::kValueTooLong, Status::kUnsupported}) {
    ProcessWorld world;
    world.processes.start_status = status;
    world.processes.words = "No such file or directory";
    const Status answer = world.get();
    CHECK(answer == status || answer == Status::kProcessFailed, text(status) + " becomes " + text(answer));
    check_says(world, {"default"});
    world.processes.start_status = Status::kOk;
    check_gives(world, "ASIAPROC", "afterwards");
  }
}

void garbage(void**) {
  const std::string secret = "\"SecretAccessKey\":\"garbagesecret/+abc\"";
  for (const std::string& output :
       {std::string(), std::string("\n"), std::string("Password: "), std::string("{}"), std::string("{\"Version\":1"),
        "{\"Version\":2,\"AccessKeyId\":\"A\"," + secret + "}", "{\"AccessKeyId\":\"A\"," + secret + "}",
        "{\"Version\":1," + secret + "}", "{\"Version\":1,\"AccessKeyId\":\"A\"," + secret + "}{}",
        "{\"Version\":1,\"AccessKeyId\":\"A\"," + secret + ",\"Expiration\":\"soon\"}", std::string(300, '\0')}) {
    ProcessWorld world;
    world.know("A", "garbagesecret/+abc");
    world.processes.output = output;
    check_fails(world, Status::kMalformedCredentials, printable(output));
    check_says(world, {"default"});
    world.processes.output = process_output(world, "ASIAPROC");
    check_gives(world, "ASIAPROC", "afterwards");
  }
}

void every_beginning_of_its_output(void**) {
  ProcessWorld whole;
  const std::string output = whole.processes.output;
  for (size_t size = 0; size + 2 < output.size(); ++size) {
    ProcessWorld world;
    world.processes.output = output.substr(0, size);
    check_fails(world, Status::kMalformedCredentials, "the first " + std::to_string(size) + " bytes");
  }
}

void check_time_out(ProcessWorld& world, const std::string& what) {
  const Instant begin = world.time.now;
  check_fails(world, Status::kProcessFailed, what);
  const int64_t took = world.time.now - begin;
  CHECK(took >= 60000 && took <= 60100, what + ": took " + std::to_string(took) + " ms");
  CHECK(world.processes.stops == 1, what + ": stopped");
  check_says(world, {"default"});
  world.processes.is_silent = false;
  world.processes.piece = SIZE_MAX;
  world.processes.pending_reads = 0;
  check_gives(world, "ASIAPROC", what + ": afterwards");
}

void silence_for_more_than_a_minute(void**) {
  ProcessWorld world;
  world.processes.is_silent = true;
  check_time_out(world, "silent");
  world.processes.pending_reads = 2900;
  check_gives(world, "ASIAPROC", "slow, but in time");
}

void too_much_output(void**) {
  for (size_t size : {kCredentialsSpaceBytes, kCredentialsSpaceBytes + 1, size_t{1000000}}) {
    ProcessWorld world;
    world.processes.output = "{\"Version\":1,\"Rest\":\"" + std::string(size, 'x') + "\"}";
    check_fails(world, Status::kValueTooLong, std::to_string(size) + " bytes");
    CHECK(!world.processes.running, "stopped");
    check_says(world, {"default"});
    world.processes.output = process_output(world, "ASIAPROC");
    check_gives(world, "ASIAPROC", "afterwards");
  }
}

void spaces_of_every_size(void**) {
  size_t enough = 0;
  for (size_t size = 0; size < 400; ++size) {
    ProfileWorld world("[default]\ncredential_process = p\n", size);
    world.processes.output = process_output(world, "ASIAPROC");
    const Status status = world.get();
    const std::string what = "space of " + std::to_string(size) + ": " + text(status);
    CHECK(status == Status::kValueTooLong || status == Status::kOk, what);
    CHECK(status == Status::kOk || enough == 0, what + ", though less was enough");
    if (status == Status::kOk && enough == 0) enough = size;
    CHECK(!world.processes.running, what);
    if (status == Status::kOk) world.check_given("ASIAPROC", what);
    if (status != Status::kOk) world.check_space_clean(what);
  }
  CHECK(enough > 50, "enough: " + std::to_string(enough));
}

void a_long_token(void**) {
  ProcessWorld world;
  world.know("A", "longsecret/+abcd", std::string(4096, 'T'));
  world.processes.output =
      "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"longsecret/+abcd\","
      "\"SessionToken\":\"" +
      std::string(4096, 'T') + "\"}";
  check_gives(world, "A", "a long token");
}

void no_processes(void**) {
  ProcessWorld world;
  world.has_processes = false;
  check_fails(world, Status::kUnsupported, "none can be run");
  check_says(world, {"default"});
}

void one_that_runs_is_stopped(void**) {
  for (int steps : {0, 1, 5}) {
    ProcessWorld world;
    world.processes.is_silent = true;
    Call* fetch = nullptr;
    CHECK_STATUS(world.ask(world.provider(), fetch), Status::kPending, "ask");
    CHECK_STATUS(world.connection.start(*fetch), Status::kOk, "start");
    for (int i = 0; i < steps; ++i) CHECK(world.step(), "ended");
    if (steps == 5) CHECK(world.processes.running, "runs");
    world.connection.cancel();
    CHECK(!world.processes.running, "cancelled, and left behind");
    world.processes.is_silent = false;
    check_gives(world, "ASIAPROC", "afterwards");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(what_it_prints),
      cmocka_unit_test(in_pieces_of_every_size),
      cmocka_unit_test(an_end_with_an_error),
      cmocka_unit_test(programs_that_do_not_start),
      cmocka_unit_test(garbage),
      cmocka_unit_test(every_beginning_of_its_output),
      cmocka_unit_test(silence_for_more_than_a_minute),
      cmocka_unit_test(too_much_output),
      cmocka_unit_test(spaces_of_every_size),
      cmocka_unit_test(a_long_token),
      cmocka_unit_test(no_processes),
      cmocka_unit_test(one_that_runs_is_stopped),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
