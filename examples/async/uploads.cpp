#include "uploads.h"

#include <cstdio>
#include <cstdlib>

using tinyaws::Status;
using tinyaws::Str;

static_assert(kSlots == 8, "as many as the list below has");

Uploads::Uploads(tinyaws::AsyncClient& client, const char* bucket, int count)
    : client_(client), bucket_(bucket), left_(count), uploads_{Upload(client), Upload(client), Upload(client),
                                                               Upload(client), Upload(client), Upload(client),
                                                               Upload(client), Upload(client)} {}

void Uploads::start() {
  for (Upload& upload : uploads_) start_next(upload);
}

void Uploads::start_next(Upload& upload) {
  if (left_ == 0) return;
  std::snprintf(upload.path, sizeof upload.path, "/reading-%d", started_);
  const int size = std::snprintf(upload.reading, sizeof upload.reading, R"({"reading": %d, "celsius": %d})", started_,
                                 20 + started_ % 7);
  upload.request.service = "s3";
  upload.request.bucket = bucket_;
  upload.request.method = "PUT";
  upload.request.path = upload.path;
  upload.request.body = Str(upload.reading, static_cast<size_t>(size));
  upload.call.reset();
  if (client_.start(upload.call, this) != Status::kOk) return;
  --left_;
  ++started_;
}

void Uploads::on_done(tinyaws::Call& call) {
  for (Upload& upload : uploads_) {
    if (&upload.call != &call) continue;
    const Status status = upload.call.status();
    ++(status == Status::kOk ? stored_ : failed_);
    if (status != Status::kOk) {
      const Str why = status == Status::kServiceError ? upload.response.head().status_line() : describe(status);
      const Str detail = upload.call.detail();
      std::fprintf(stderr, "%s: %.*s %.*s\n", upload.path, static_cast<int>(why.size()), why.data(),
                   static_cast<int>(detail.size()), detail.data());
    }
    start_next(upload);
  }
}

int Uploads::report() const {
  std::printf("%d stored, %d failed\n", stored_, failed_);
  return failed_ == 0 && left_ == 0 ? 0 : 1;
}

int milliseconds_until(tinyaws::Instant deadline, tinyaws::Instant now) {
  if (deadline <= now) return 0;
  return deadline - now < 1000 ? static_cast<int>(deadline - now) : 1000;
}

Arguments::Arguments(int argc, char** argv) : bucket(argc == 3 ? argv[1] : nullptr), count(0) {
  if (argc == 3) count = static_cast<int>(std::strtol(argv[2], nullptr, 10));
  if (count > 0) return;
  std::fprintf(stderr, "usage: %s BUCKET COUNT\n", argv[0]);
  std::exit(2);
}
