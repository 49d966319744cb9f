#include <cstring>

#include "tinyaws/http.h"

namespace tinyaws {

void Response::begin() {
  head_ = ResponseHead();
  received_ = 0;
}

Status Response::restart() {
  const bool empty = received_ == 0;
  begin();
  return sink_ == nullptr || empty ? Status::kOk : sink_->restart();
}

IoResult Response::write(Bytes bytes) {
  IoResult result{Status::kOk, bytes.size()};
  if (sink_ != nullptr) {
    result = sink_->write(bytes);
    const bool failed = result.status != Status::kOk && result.status != Status::kPending;
    if (failed || result.size > bytes.size()) return {Status::kBodySinkFailed, 0};
  } else if (stores_) {
    const auto stored = static_cast<size_t>(received_);
    if (bytes.size() > buffer_.size() - stored) return {Status::kBufferTooSmall, 0};
    if (!bytes.empty()) std::memcpy(buffer_.data() + stored, bytes.data(), bytes.size());
  }
  if (result.status == Status::kOk) received_ += result.size;
  return result;
}

}  // namespace tinyaws
