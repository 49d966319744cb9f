// Many calls on many connections that share one chain: one fetch for all, and a region that is fetched meanwhile.
#include "default_credentials_fixture.h"

using namespace test;

namespace {

/// A connection of its own, with a call to the service.
struct Lane {
  Lane(DefaultWorld& shared, const std::string& region)
      : world(shared),
        transport(shared.time),
        buffer(8192),
        connection(transport, buffer.bytes()),
        call(request, response, {signer, shared.provider(), client, shared.environment, shared.platform}) {
    transport.manner = shared.transport.manner;
    transport.manners = shared.transport.manners;
    transport.servers = shared.transport.servers;
    region_ = region;
    request.region = region_;
  }

  void start() { CHECK_STATUS(connection.start(call), Status::kOk, "start"); }

  /// One step; answers when the next one makes sense.
  Instant step() {
    if (connection.step(world.time.now, world.platform.unix_time()) != Status::kPending) return kNever;
    if (connection.ready()) return world.time.now;
    Instant wake = connection.next_deadline();
    const Interest interest = connection.interest();
    if (interest.handle >= 0 && interest.read) wake = earlier(wake, transport.wire.readable_at());
    if (interest.handle >= 0 && interest.write) wake = earlier(wake, transport.wire.writable_at());
    return wake;
  }

  DefaultWorld& world;
  ServedTransport transport;
  GuardedBuffer buffer;
  Connection connection;
  Signer signer;
  Response response;
  ClientOptions client;
  ApiRequest request{"dynamodb"};
  ApiCall call;

 private:
  std::string region_;
};

using Lanes = std::vector<std::unique_ptr<Lane>>;

/// One step of each lane that is busy, then time passes until one can go on. False when all have ended.
bool turn(DefaultWorld& world, Lanes& lanes) {
  Instant wake = kNever;
  bool busy = false;
  for (auto& lane : lanes) {
    if (!lane->connection.busy()) continue;
    wake = earlier(wake, lane->step());
    busy = busy || lane->connection.busy();
  }
  CHECK(!busy || !(wake == kNever), "hang: nothing ends the wait");
  if (busy && world.time.now < wake) world.time.now = wake;
  return busy;
}

void run_all(DefaultWorld& world, Lanes& lanes) {
  for (int i = 0; turn(world, lanes); ++i) CHECK(i < 100000, "hang: too many turns");
}

size_t requests_to(const Lanes& lanes, const std::string& host) {
  size_t n = 0;
  for (const auto& lane : lanes) n += lane->transport.requests_to(host);
  return n;
}

Lanes make_lanes(DefaultWorld& world, size_t count, const std::string& region = "") {
  Lanes lanes;
  for (size_t i = 0; i < count; ++i) lanes.push_back(std::make_unique<Lane>(world, region));
  return lanes;
}

void check_all_served(DefaultWorld& world, const Lanes& lanes, const std::string& what) {
  for (const auto& lane : lanes) CHECK_STATUS(lane->call.status(), Status::kOk, what + ": " + world.explain());
  CHECK(world.served == lanes.size(), what + ": served " + std::to_string(world.served));
}

void a_hundred_calls_and_one_fetch(void**) {
  DefaultWorld world;
  world.environment.table["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/creds";
  Lanes lanes = make_lanes(world, 100);
  for (auto& lane : lanes) lane->start();
  run_all(world, lanes);
  check_all_served(world, lanes, "a hundred");
  CHECK(requests_to(lanes, kContainerHost) == 1, "one fetch");
}

// The one that fetches is given up: another takes over.
void the_fetcher_is_given_up(void**) {
  for (int after = 0; after < 40; ++after) {
    DefaultWorld world;
    world.transport.manner.recv_piece = 100;
    world.environment.table["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/creds";
    Lanes lanes = make_lanes(world, 5);
    for (auto& lane : lanes) lane->start();
    bool busy = true;
    for (int i = 0; i < after && busy; ++i) busy = turn(world, lanes);
    lanes[0]->connection.cancel();
    lanes.erase(lanes.begin());
    run_all(world, lanes);
    for (const auto& lane : lanes) CHECK_STATUS(lane->call.status(), Status::kOk, "after " + std::to_string(after));
    CHECK(requests_to(lanes, kContainerHost) <= 1, "one fetch more at most");
  }
}

struct Place {
  const char* name;
  void (*set)(DefaultWorld&);
};

const Place kPlaces[] = {
    {"instance metadata", [](DefaultWorld&) {}},
    {"container",
     [](DefaultWorld& world) { world.environment.table["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/creds"; }},
    {"role of a profile",
     [](DefaultWorld& world) {
       world.know("AKIDFILE", "filesecret/+abcdefg");
       world.files.table["/h/.aws/config"] =
           "[default]\nrole_arn = a\nsource_profile = b\n[profile b]\naws_access_key_id = AKIDFILE\n"
           "aws_secret_access_key = filesecret/+abcdefg\n";
     }},
    {"role of the instance",
     [](DefaultWorld& world) {
       world.files.table["/h/.aws/config"] = "[default]\nrole_arn = a\ncredential_source = Ec2InstanceMetadata\n";
     }},
    {"web identity",
     [](DefaultWorld& world) {
       world.environment.table["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/jwt";
       world.environment.table["AWS_ROLE_ARN"] = "arn";
       world.files.table["/jwt"] = "jwtsecretjwtsecret";
     }},
};

void set_up(DefaultWorld& world, const Place& place) {
  world.environment.table.erase("AWS_REGION");
  world.transport.servers["sts.us-east-1.amazonaws.com"] = world.transport.servers[kStsHost];
  world.transport.manner.recv_piece = 60;
  world.transport.manner.send_piece = 200;
  world.token_size = 4096;
  place.set(world);
}

// One call has to find its region, the other has it and needs credentials: both come from the instance, or stand in
// the same memory.
void region_and_credentials_at_once(void**) {
  for (const Place& place : kPlaces) {
    for (int region_first = 0; region_first < 2; ++region_first) {
      for (int turns = 0; turns < 120; turns += 3) {
        const std::string what = std::string(place.name) +
                                 (region_first ? ", region first, " : ", credentials first, ") +
                                 std::to_string(turns);
        DefaultWorld world;
        set_up(world, place);
        Lanes lanes;
        lanes.push_back(std::make_unique<Lane>(world, region_first ? "" : "eu-west-1"));
        lanes.push_back(std::make_unique<Lane>(world, region_first ? "eu-west-1" : ""));
        lanes[0]->start();
        bool busy = true;
        for (int i = 0; i < turns && busy; ++i) busy = turn(world, lanes);
        lanes[1]->start();
        run_all(world, lanes);
        check_all_served(world, lanes, what);
        for (const auto& lane : lanes) CHECK(lane->transport.requests_to(kServiceHost) == 1, what);
        if (!busy) break;
      }
    }
  }
}

// STS has to know its region too, while the credentials that sign for it wait in the same memory.
void the_region_of_sts(void**) {
  for (const Place& place : kPlaces) {
    DefaultWorld world;
    set_up(world, place);
    Lanes lanes = make_lanes(world, 3, "eu-west-1");
    for (auto& lane : lanes) lane->start();
    run_all(world, lanes);
    check_all_served(world, lanes, place.name);
    DefaultWorld unknown;
    set_up(unknown, place);
    Lanes all = make_lanes(unknown, 3);
    for (auto& lane : all) lane->start();
    run_all(unknown, all);
    check_all_served(unknown, all, place.name);
  }
}

// A fetch may have ended and its outcome not been asked for yet, when somebody else looks for the region.
void a_region_between_fetch_and_answer(void**) {
  for (const Place& place : kPlaces) {
    DefaultWorld world;
    set_up(world, place);
    Call* fetch = nullptr;
    CHECK_STATUS(world.ask(world.provider(), fetch), Status::kPending, place.name);
    CHECK(fetch != nullptr, place.name);
    world.run(*fetch);
    Lanes lanes = make_lanes(world, 1);
    lanes[0]->start();
    run_all(world, lanes);
    CHECK_STATUS(lanes[0]->call.status(), Status::kOk, place.name);
    const Status status = world.get();
    CHECK_STATUS(status, Status::kOk, place.name);
    world.check_given(std::string(world.credentials.access_key_id), place.name);
  }
}

void a_machine_without_a_region(void**) {
  DefaultWorld world;
  set_up(world, kPlaces[1]);
  world.transport.manners[kMetadataHost].connect_ms = 100000000;
  Lanes lanes = make_lanes(world, 3);
  for (auto& lane : lanes) lane->start();
  run_all(world, lanes);
  for (const auto& lane : lanes) CHECK_STATUS(lane->call.status(), Status::kNoRegion, "no region");
  CHECK(world.time.now.ms < 40000, "bounded: " + std::to_string(world.time.now.ms));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_hundred_calls_and_one_fetch),     cmocka_unit_test(the_fetcher_is_given_up),
      cmocka_unit_test(region_and_credentials_at_once),    cmocka_unit_test(the_region_of_sts),
      cmocka_unit_test(a_region_between_fetch_and_answer), cmocka_unit_test(a_machine_without_a_region),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
