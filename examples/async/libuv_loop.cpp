// Uploads in libuv's loop: a poll handle for the descriptor of all the client's sockets, and a timer for what is to
// be done when nothing happens.
//
//   AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... AWS_REGION=eu-west-1 libuv_loop BUCKET COUNT
#include <uv.h>

#include <cstdio>

#include "uploads.h"

namespace {

struct Program {
  System system;
  tinyaws::DefaultCredentials credentials{system};
  tinyaws::AsyncClient client{system, credentials};
  uv_poll_t sockets;
  uv_timer_t timer;
};

void on_timer(uv_timer_t* timer);

void go_on(Program& program) {
  int handles[kSlots];
  program.client.poll(program.system.poller().wait(handles, tinyaws::Instant{}));
  if (!program.client.busy()) {
    uv_close(reinterpret_cast<uv_handle_t*>(&program.sockets), nullptr);
    uv_close(reinterpret_cast<uv_handle_t*>(&program.timer), nullptr);
    return;
  }
  const int64_t left = program.client.next_deadline() - program.system.platform().now();
  uv_timer_start(&program.timer, on_timer, left > 0 ? static_cast<uint64_t>(left) : 0, 0);
}

void on_timer(uv_timer_t* timer) {
  go_on(*static_cast<Program*>(timer->data));
}

void on_sockets(uv_poll_t* sockets, int, int) {
  go_on(*static_cast<Program*>(sockets->data));
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments(argc, argv);
  static Program program;
  if (!program.system.poller().is_open()) return std::perror("epoll"), 3;
  Uploads uploads(program.client, arguments.bucket, arguments.count);
  uploads.start();

  uv_loop_t* loop = uv_default_loop();
  uv_poll_init(loop, &program.sockets, program.system.poller().descriptor());
  uv_timer_init(loop, &program.timer);
  program.sockets.data = program.timer.data = &program;
  uv_poll_start(&program.sockets, UV_READABLE, on_sockets);
  uv_timer_start(&program.timer, on_timer, 0, 0);
  uv_run(loop, UV_RUN_DEFAULT);
  uv_loop_close(loop);
  return uploads.report();
}
