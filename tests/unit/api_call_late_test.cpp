// What is learnt from a Date when time passes before it is read, or before its answer ends, and from one that can't
// be. Covers C15: slow bodies, late polls, dates far ahead.
#include "api_call_world.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

constexpr int64_t kCeiling = 7258118400;  // 2200-01-01

/// Its head comes at once, and its body `late_ms` later.
Peer with_late_body(const std::string& bytes, int64_t late_ms) {
  Peer peer = peer_of({bytes});
  peer.answers[0].drip = bytes.find("\r\n\r\n") + 4;
  peer.answers[0].drip_ms = late_ms;
  return peer;
}

/// Whether the client holds the body back until it knows what it is, or not.
void slow_bodies_leave_the_clock_where_it_belongs(void**) {
  const std::string date = date_field(kServiceTime);
  const struct {
    const char* service;
    std::string bytes;
    Status status;
  } rows[] = {
      {"dynamodb", json_error("400 Bad Request", "ValidationException", date), Status::kServiceError},
      {"dynamodb", answer("200 OK", "done", date), Status::kOk},
      {"s3", answer("200 OK", "<CompleteMultipartUploadResult/>", date), Status::kOk},
      {"s3", xml_error("403 Forbidden", "AccessDenied", date), Status::kServiceError},
  };
  for (const auto& row : rows) {
    for (int64_t skew : {0, 3600, -3600}) {
      for (int64_t late : {5, 400}) {
        const std::string what = std::string(row.service) + " " + row.bytes.substr(0, 12) + ", " +
                                 std::to_string(skew) + " s off, " + std::to_string(late) + " s late";
        SkewedWorld world(skew);
        world.options.timeouts.stall_ms = 0;
        world.transport.peers = {with_late_body(row.bytes, late * 1000)};
        ApiRequest request = post("x");
        request.service = row.service;
        CHECK_STATUS(fetch(world, request).status, row.status, what);
        CHECK(world.service_time() == kServiceTime + late, what + ": time has passed");
        const int64_t offset = world.platform.service_clock().offset();
        CHECK(offset == -skew, what + ": offset " + std::to_string(offset));
        world.check_next_call(world.service_time(), what + ": the next call");
      }
    }
  }
}

/// Who says so has no clock.
void dates_far_ahead_teach_nothing(void**) {
  for (int64_t date : {kCeiling + 1, int64_t{253402300799}}) {  // the other one is the end of 9999
    for (const std::string& bytes : {done_at(date), refusal(date, "ValidationException"), refusal(date)}) {
      SkewedWorld world(0);
      world.transport.peers = {peer_of({bytes})};
      (void)fetch(world, post("x"));
      check_requests(world, 1, http_date(date));
      CHECK(world.platform.service_clock().offset() == 0, http_date(date) + ": believed");
      world.check_next_call(kServiceTime, http_date(date));
    }
  }
  SkewedWorld world(0);
  world.transport.peers = {peer_of({done_at(kCeiling)})};
  expect_done(fetch(world, post("x")), "2200");
  CHECK(world.platform.service_clock().offset() == kCeiling - kServiceTime, "the last date that is believed");
}

/// Sends a request, and looks at the answer, which is there almost at once, so many seconds later. The offset that is
/// learnt.
int64_t offset_of_a_late_poll(int64_t skew, int64_t late) {
  LendingWorld world;
  world.time.wall.seconds += skew;
  world.transport.peers = {peer_of({done_at(kServiceTime)})};
  world.transport.peers[0].answers[0].delay_ms = 1;
  const ApiRequest request = post("x");
  Response response;
  ApiCall call(request, response, world.context);
  Connection connection(world.transport, world.buffer.bytes(), world.options.timeouts);
  CHECK_STATUS(connection.start(call), Status::kOk, "start");
  const auto step = [&] { return connection.step(world.time.now, world.platform.time_of_day(world.time.now)); };
  for (int i = 0; i < 20 && world.transport.total_requests() == 0; ++i) (void)step();
  CHECK_STATUS(call.status(), Status::kPending, "sent");
  world.time.pass(late * 1000 + 1);
  for (int i = 0; i < 20 && call.status() == Status::kPending; ++i) (void)step();
  CHECK_STATUS(call.status(), Status::kOk, "done");
  return world.platform.service_clock().offset();
}

/// The service wrote its date some time between the sending and the poll: no more than that is certain.
void late_polls_move_the_clock_no_further_than_certain(void**) {
  const struct {
    int64_t skew, late, offset;
  } rows[] = {
      {0, 600, 0},    {1, 600, 0},      {2, 600, -2},       {5, 600, -5}, {5, 60, -5}, {5, 0, -5},       {-5, 600, 0},
      {-599, 600, 0}, {-700, 600, 100}, {3600, 600, -3600}, {-5, 0, 5},   {-5, 3, 2},  {3600, 0, -3600},
  };
  for (const auto& row : rows) {
    const int64_t offset = offset_of_a_late_poll(row.skew, row.late);
    CHECK(offset == row.offset, std::to_string(row.skew) + " s off, " + std::to_string(row.late) +
                                    " s late: offset " + std::to_string(offset));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(slow_bodies_leave_the_clock_where_it_belongs),
      cmocka_unit_test(dates_far_ahead_teach_nothing),
      cmocka_unit_test(late_polls_move_the_clock_no_further_than_certain),
  };
  return cmocka_run_group_tests_name("api_call late", tests, nullptr, nullptr);
}
