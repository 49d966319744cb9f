#include <cstring>

#include "base/wipe.h"
#include "tinyaws/http.h"

namespace tinyaws {

void Response::store_in(MutBytes body) {
  begin();
  buffer_ = body;
  sink_ = nullptr;
  stores_ = true;
}

void Response::hand_to(BodySink& sink) {
  begin();
  buffer_ = {};
  sink_ = &sink;
  stores_ = false;
}

void Response::begin() {
  head_ = ResponseHead();
  stored_ = 0;
  received_ = 0;
  forget_error();
}

// A refused signature is answered with what should have been signed, the session token in it.
void Response::forget_error() {
  wipe(held_, held_size_);
  error_ = ErrorInfo();
  held_size_ = passed_ = 0;
}

Status Response::restart() {
  const Status status = sink_ == nullptr || received_ == 0 ? Status::kOk : sink_->restart();
  if (status == Status::kOk) begin();
  return status;
}

IoResult Response::write(Bytes bytes) {
  IoResult result{Status::kOk, bytes.size()};
  if (sink_ != nullptr) {
    result = sink_->write(bytes);
    const bool failed = result.status != Status::kOk && result.status != Status::kPending;
    if (failed || result.size > bytes.size()) return {Status::kBodySinkFailed, 0};
  } else if (stores_) {
    result = store(bytes);
  }
  if (result.status == Status::kOk) received_ += result.size;
  return result;
}

IoResult Response::store(Bytes bytes) {
  const size_t room = buffer_.size() - stored_;
  if (bytes.size() > room && !error_.is_error()) return {Status::kBufferTooSmall, 0};
  const size_t kept = bytes.size() < room ? bytes.size() : room;
  if (kept > 0) std::memcpy(buffer_.data() + stored_, bytes.data(), kept);
  stored_ += kept;
  return {Status::kOk, bytes.size()};
}

size_t Response::hold(Bytes bytes) {
  const size_t room = sizeof held_ - held_size_;
  const size_t kept = bytes.size() < room ? bytes.size() : room;
  if (kept > 0) std::memcpy(held_ + held_size_, bytes.data(), kept);
  held_size_ += kept;
  return kept;
}

const ErrorInfo& Response::judge(const ResponseHead& head, Extent extent) {
  read_error(head, {held_, held_size_}, extent, error_);
  return error_;
}

Status Response::pass_on() {
  while (holds()) {
    const IoResult written = write({held_ + passed_, held_size_ - passed_});
    if (written.status != Status::kOk) return written.status;
    if (written.size == 0) return Status::kPending;
    passed_ += written.size;
  }
  return Status::kOk;
}

}  // namespace tinyaws
