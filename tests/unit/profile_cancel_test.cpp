// Profiles that are given up on the way, or whose files change meanwhile; and what stays behind.
#include "profile_credentials_fixture.h"

using namespace test;

namespace {

std::string chain_of(ChainWorld& world, const std::string& leaf, const std::string& middle) {
  return "[profile a]\nrole_arn = " + leaf + "\nsource_profile = b\n" + middle + "[profile c]\n" +
         keys_in(world, "AKIDBASE");
}

// Whatever the files turn into while a role is being assumed, nothing is given but what somebody gave out.
void files_that_change_between_roles(void**) {
  const std::string middle = "[profile b]\nrole_arn = b\nsource_profile = c\n";
  for (const std::string& later :
       {std::string(), std::string("[profile a]\n"), std::string("no line\n"),
        std::string("[profile a]\naws_access_key_id = AKIDBASE\naws_secret_access_key = AKIDBASEsecret/+wJalrXUt\n"),
        std::string("[profile a]\nrole_arn = r\nsource_profile = a\n"),
        std::string("[profile a]\nrole_arn = r\nsource_profile = b\n[profile b]\naws_access_key_id = AKIDBASE\n"
                    "aws_secret_access_key = AKIDBASEsecret/+wJalrXUt\n"),
        std::string("[profile a]\ncredential_process = p\n"),
        std::string("[profile a]\nrole_arn = r\n"
                    "credential_source = EcsContainer\n"),
        std::string("[profile a]\nrole_arn = x\nsource_profile = b\n[profile b]\nrole_arn = y\nsource_profile = c\n"
                    "[profile c]\nrole_arn = z\nsource_profile = d\n[profile d]\naws_access_key_id = AKIDBASE\n"
                    "aws_secret_access_key = AKIDBASEsecret/+wJalrXUt\n")}) {
    ProfileWorld world;
    world.options.profile = "a";
    const std::string config = chain_of(world, "a", middle);
    world.files.table[kConfigFile] = config;
    const Server sts = world.transport.servers[kStsHost];
    bool changed = false;
    world.transport.servers[kStsHost] = [&](const std::string& request) {
      if (!changed) world.files.table[kConfigFile] = later;
      changed = true;
      return sts(request);
    };
    const Status status = world.get();
    const std::string what = "changed to " + printable(later, 60) + ": " + text(status);
    if (status == Status::kOk) {
      world.check_given(std::string(world.credentials.access_key_id), what);
    } else {
      CHECK(status != Status::kPending, what);
      world.check_space_clean(what);
    }
    CHECK(world.forms.size() <= 4, what + ": roles without an end");
    world.explain();
    world.files.table[kConfigFile] = config;
    CHECK_STATUS(world.get(), Status::kOk, what + ", then as before");
    world.check_given(world.last_key_id, what);
  }
}

void prepare_slow(ProfileWorld& world, int variant) {
  const std::string bases[] = {keys_in(world, "AKIDBASE"), "credential_process = p\n",
                               "role_arn = w\nweb_identity_token_file = /jwt\n"};
  world.options.profile = "a";
  const std::string b = variant < 3 ? "[profile b]\n" + bases[variant]
                                    : "[profile b]\nrole_arn = b\ncredential_source = EcsContainer\n";
  world.files.table[kConfigFile] = "[profile a]\nrole_arn = a\nsource_profile = b\n" + b;
  world.files.table["/jwt"] = "jwtsecretjwtsecret";
  world.know("jwt", "", "jwtsecretjwtsecret");
  world.processes.output = process_output(world, "ASIAPROC");
  world.processes.piece = 30;
  world.processes.pending_reads = 2;
  world.from_container.has_fetch = true;
  world.from_container.call.script = {{Next::Action::kAgain, {}}, {Next::Action::kWait, Instant{1200}}};
  world.transport.manner.recv_piece = 60;
  world.transport.manner.send_piece = 60;
  world.transport.manner.connect_ms = 5;
  world.transport.manner.pending_advances = 1;
  world.says(http("503 Slow Down", "<html>"));
}

void cancel_in_every_state(void**) {
  for (int variant = 0; variant < 4; ++variant) {
    for (size_t k = 0;; ++k) {
      const std::string what = "variant " + std::to_string(variant) + ", after step " + std::to_string(k);
      ProfileWorld world;
      prepare_slow(world, variant);
      Call* fetch = nullptr;
      CHECK_STATUS(world.ask(world.provider(), fetch), Status::kPending, what);
      CHECK(fetch != nullptr, what);
      CHECK_STATUS(world.connection.start(*fetch), Status::kOk, what);
      bool runs = true;
      for (size_t i = 0; i < k && runs; ++i) runs = world.step();
      if (!runs) {
        CHECK(k > 10, what + ": too short a run");
        break;
      }
      world.connection.cancel();
      world.check_space_clean(what);
      CHECK(!world.files.is_open, what + ": a file is left open");
      CHECK(!world.processes.running, what + ": a program is left behind");
      CHECK(!world.from_container.call.running, what + ": the source's fetch was not told");
      world.explain();
      CHECK_STATUS(world.get(), Status::kOk, what + ": again");
      world.check_given(world.last_key_id, what);
      world.end();
      world.check_space_clean(what + ": at the end of the provider");
    }
  }
}

void ended_in_every_state(void**) {
  for (int variant = 0; variant < 4; ++variant) {
    for (size_t k = 0; k < 40; k += 3) {
      const std::string what = "variant " + std::to_string(variant) + ", after step " + std::to_string(k);
      ProfileWorld world;
      prepare_slow(world, variant);
      Call* fetch = nullptr;
      CHECK_STATUS(world.ask(world.provider(), fetch), Status::kPending, what);
      fetch->on_cancel();
      CHECK_STATUS(world.ask(world.provider(), fetch), Status::kPending, what);
      CHECK(fetch != nullptr, what + ": cancelled before it ran");
      CHECK_STATUS(world.connection.start(*fetch), Status::kOk, what);
      bool runs = true;
      for (size_t i = 0; i < k && runs; ++i) runs = world.step();
      if (runs) world.connection.cancel();
      world.end();
      world.check_space_clean(what);
    }
  }
}

void secrets_that_are_no_longer_needed(void**) {
  ProfileWorld world;
  prepare_slow(world, 0);
  CHECK_STATUS(world.get(), Status::kOk, "role");
  const Bytes space(world.space.bytes().data(), world.space.bytes().size());
  CHECK(!contains(space, "AKIDBASEsecret"), "the secret of the base, after the role was assumed");
  world.says(http("403 Forbidden", sts_error("AccessDenied", "x")));
  check_fails(world, Status::kCredentialsRefused, "refused");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(files_that_change_between_roles),
      cmocka_unit_test(cancel_in_every_state),
      cmocka_unit_test(ended_in_every_state),
      cmocka_unit_test(secrets_that_are_no_longer_needed),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
