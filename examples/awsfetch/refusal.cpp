#include "refusal.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace awsfetch {

using tinyaws::Bytes;
using tinyaws::IoResult;
using tinyaws::Status;

namespace {

void wipe(char* data, size_t size) {
  std::memset(data, 0, size);
  __asm__ volatile("" : : "r"(data) : "memory");
}

bool holds(Str text, Str secret) {
  return !secret.empty() && text.find(secret) != Str::npos;
}

// What stands before the canonical request.
Str beginning_of(Str message) {
  const size_t begin = message.find("The Canonical String for this request");
  if (begin != Str::npos) message.remove_suffix(message.size() - begin);
  while (!message.empty() && std::strchr(" \t\r\n", message.back()) != nullptr) message.remove_suffix(1);
  return message;
}

}  // namespace

void SignedRecord::canonical_request(Bytes piece) {
  // The string to sign is the end of a signature.
  if (!string_to_sign_.text().empty()) {
    canonical_request_.clear();
    string_to_sign_.clear();
  }
  canonical_request_.add(piece);
}

void SignedRecord::string_to_sign(Bytes piece) {
  string_to_sign_.add(piece);
}

void SignedRecord::Pieces::add(Bytes piece) {
  if (piece.empty() || lost_) return;
  const bool fits = data_ != nullptr && piece.size() <= room_ - size_;
  if (!fits && !grow(size_ + piece.size())) {
    clear();
    lost_ = true;
    return;
  }
  std::memcpy(data_ + size_, piece.data(), piece.size());
  size_ += piece.size();
}

bool SignedRecord::Pieces::grow(size_t least) {
  const size_t room = std::max<size_t>(2 * room_, std::max<size_t>(least, 4096));
  auto* const data = static_cast<char*>(std::malloc(room));
  if (data == nullptr) return false;
  const size_t size = size_;
  if (size > 0) std::memcpy(data, data_, size);
  clear();
  data_ = data;
  size_ = size;
  room_ = room;
  return true;
}

void SignedRecord::Pieces::clear() {
  if (data_ != nullptr) wipe(data_, size_);
  std::free(data_);
  data_ = nullptr;
  size_ = room_ = 0;
  lost_ = false;
}

IoResult AnswerRecord::write(Bytes bytes) {
  const IoResult written = sink_.write(bytes);
  if (written.status != Status::kOk) return written;
  const size_t kept = std::min(written.size, sizeof kept_ - size_);
  if (kept > 0) std::memcpy(kept_ + size_, bytes.data(), kept);
  size_ += kept;
  return written;
}

Status AnswerRecord::restart() {
  const Status status = sink_.restart();
  if (status == Status::kOk) size_ = 0;
  return status;
}

Exit complain_about_answer(const tinyaws::ErrorInfo& error, const tinyaws::Credentials& credentials) {
  Str message = beginning_of(error.message);
  const bool cut = error.message_cut && message.size() == error.message.size();
  if (holds(message, credentials.session_token) || holds(message, credentials.secret_access_key)) message = {};
  return complain(kRefused, "{}{}{}{} (HTTP {}{}{})",
                  {error.code, message.empty() ? "" : ": ", message, cut && !message.empty() ? "..." : "",
                   Number(error.status), error.request_id.empty() ? "" : ", request id ", error.request_id});
}

}  // namespace awsfetch
