#include "load_pattern.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using tinyaws::Bytes;
using tinyaws::IoResult;
using tinyaws::MutBytes;
using tinyaws::Status;

namespace {

constexpr size_t kStarts = 1 << 16;
constexpr uint64_t kSometimes = 200;

}  // namespace

// SplitMix64, of which every seed is a good one.
uint64_t Chance::next() {
  state_ += 0x9e3779b97f4a7c15;
  uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

size_t Chance::size(size_t largest) {
  const double part = static_cast<double>(below(1 << 20)) / (1 << 20);
  return static_cast<size_t>(std::exp(part * std::log(static_cast<double>(largest) + 2))) - 1;
}

Pattern::Pattern() : bytes_(kLargestContent + kStarts, '\0') {
  Chance chance(20);
  for (char& byte : bytes_) byte = static_cast<char>(chance.next());
}

Bytes Pattern::content(uint64_t number, size_t size) const {
  return {bytes_.data() + Chance(number).below(kStarts), size};
}

void ContentSource::start(Bytes content) {
  content_ = content;
  given_ = 0;
}

IoResult ContentSource::read(MutBytes out) {
  if (chance_.one_in(kSometimes)) return {Status::kPending, 0};
  size_t size = std::min(out.size(), content_.size() - given_);
  if (size > 1 && chance_.one_in(10)) size = 1 + chance_.below(size);
  std::memcpy(out.data(), content_.data() + given_, size);
  given_ += size;
  return {Status::kOk, size};
}

Status ContentSource::rewind() {
  given_ = 0;
  return Status::kOk;
}

void ContentSink::start(Bytes expected) {
  expected_ = expected;
  taken_ = 0;
  differs_ = false;
}

IoResult ContentSink::write(Bytes bytes) {
  if (chance_.one_in(kSometimes)) return {Status::kPending, 0};
  size_t size = bytes.size();
  if (size > 1 && chance_.one_in(10)) size = 1 + chance_.below(size);
  const bool fits = size <= expected_.size() - taken_;
  if (!fits || std::memcmp(bytes.data(), expected_.data() + taken_, size) != 0) differs_ = true;
  if (fits) taken_ += size;
  return {Status::kOk, size};
}

Status ContentSink::restart() {
  taken_ = 0;
  differs_ = false;
  return Status::kOk;
}
