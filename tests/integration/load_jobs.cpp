#include "load_jobs.h"

#include <cstdio>

using tinyaws::Body;
using tinyaws::Status;

namespace {

// How often each of kFileSizes is asked for, in ten thousand: much of everything, and not too many bytes.
constexpr std::array<uint64_t, kFileSizes.size()> kFileShares = {2000, 2000, 4470, 1500, 25, 5};
constexpr uint64_t kWhole = 10000;
constexpr size_t kLargestPost = 65536;
constexpr tinyaws::Bytes kTaken = "taken\n";

size_t choose_file(Chance& chance) {
  uint64_t drawn = chance.below(kWhole);
  size_t i = 0;
  while (drawn >= kFileShares[i]) drawn -= kFileShares[i++];
  return kFileSizes[i];
}

size_t choose_object(Chance& chance) {
  const uint64_t drawn = chance.below(1000);
  if (drawn == 0) return kLargestContent;
  return chance.size(drawn < 20 ? size_t{1} << 20 : size_t{1} << 15);
}

}  // namespace

bool write_files(const Pattern& pattern, const char* directory) {
  for (size_t size : kFileSizes) {
    const std::string path = std::string(directory) + "/" + std::to_string(size);
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr) return false;
    const bool written = std::fwrite(pattern.content(size, size).data(), 1, size, file) == size;
    if (std::fclose(file) != 0 || !written) return false;
  }
  return true;
}

Errand FilesScript::next(Chance& chance) {
  if (chance.below(10) < 3)
    return {"POST", "/post", pattern_.content(chance.next(), chance.size(kLargestPost)), kTaken};
  const size_t size = choose_file(chance);
  return {"GET", "/files/" + std::to_string(size), {}, pattern_.content(size, size)};
}

Errand ObjectScript::next(Chance& chance) {
  reads_ = stored_;
  if (!reads_) {
    ++version_;
    size_ = choose_object(chance);
  }
  const std::string path = "/bucket/object " + std::to_string(number_) + "/" + std::to_string(version_);
  const tinyaws::Bytes content = pattern_.content(number_ << 32 | version_, size_);
  if (reads_) return {"GET", path, {}, content};
  return {"PUT", path, content, {}};
}

// A version that was read, or may not have arrived, makes way for the next one, which has a key of its own: what was
// abandoned may still be on its way to the server.
void ObjectScript::on_end(Status status) {
  stored_ = !reads_ && status == Status::kOk;
}

Job::Job(tinyaws::AsyncClient& client, Script& script, Chance& chance, Tally& tally, tinyaws::Str service)
    : client_(client),
      script_(script),
      chance_(chance),
      tally_(tally),
      source_(chance),
      sink_(chance),
      response_(sink_),
      call_(request_, response_, client.context()) {
  request_.service = service;
  request_.region = "us-east-1";
}

void Job::prepare() {
  errand_ = script_.next(chance_);
  request_.method = errand_.method;
  request_.path = errand_.path;
  request_.body = errand_.sent;
  if (!errand_.sent.empty() && chance_.one_in(2)) {
    source_.start(errand_.sent);
    request_.body = Body(source_, errand_.sent.size());
  }
  sink_.start(errand_.expected);
  call_.reset();
  prepared_ = true;
}

bool Job::start() {
  if (runs_ || tally_.left == 0) return true;
  if (!prepared_) prepare();
  if (client_.start(call_, this) != Status::kOk) return false;
  prepared_ = false;
  runs_ = true;
  --tally_.left;
  ++tally_.started;
  return true;
}

void Job::cancel() {
  if (!runs_) return;
  if (client_.cancel(call_) != Status::kOk || call_.status() != Status::kCancelled) ++tally_.misuses;
  end(Status::kCancelled);
}

void Job::on_done(tinyaws::Call& call) {
  const Status status = call_.status();
  if (!runs_ || &call != &call_ || status == Status::kPending) ++tally_.misuses;
  if (status == Status::kOk && !sink_.is_right()) ++tally_.mismatches;
  end(status);
  if (chance_.one_in(2)) (void)start();
}

void Job::end(Status status) {
  runs_ = false;
  ++tally_.ended;
  ++tally_.statuses[std::string(name(status))];
  script_.on_end(status);
}
