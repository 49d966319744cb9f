#include "base/ascii.h"
#include "text/hex.h"
#include "tinyaws/exchange.h"

namespace tinyaws {
namespace {

constexpr uint8_t kMaxSizeDigits = 16;  // what a uint64_t holds

}  // namespace

size_t ChunkedFraming::read(Bytes bytes) {
  size_t used = 0;
  while (used < bytes.size() && state_ != State::kData && state_ != State::kDone && error_ == Status::kOk) {
    read_byte(static_cast<unsigned char>(bytes[used++]));
  }
  return used;
}

void ChunkedFraming::data_taken(size_t n) {
  data_left_ -= n;
  if (data_left_ == 0) state_ = State::kDataCr;
}

void ChunkedFraming::read_byte(unsigned char byte) {
  switch (state_) {
    case State::kSize:
      return read_size(byte);
    case State::kExtension:
      return read_extension(byte);
    case State::kSizeLf:
      return size_line_ended(byte);
    case State::kDataCr:
      return expect(byte, '\r', State::kDataLf, Status::kMalformedChunk);
    case State::kDataLf:
      return start_size(byte);
    case State::kTrailerStart:
    case State::kTrailerName:
    case State::kTrailerValue:
      return read_trailer(byte);
    case State::kTrailerLf:
      return expect(byte, '\n', State::kTrailerStart, Status::kForbiddenByte);
    case State::kEndLf:
      return expect(byte, '\n', State::kDone, Status::kForbiddenByte);
    case State::kData:
    case State::kDone:
      return;
  }
}

void ChunkedFraming::expect(unsigned char byte, unsigned char wanted, State next, Status otherwise) {
  if (byte == wanted) {
    state_ = next;
  } else {
    error_ = otherwise;
  }
}

void ChunkedFraming::start_size(unsigned char byte) {
  digits_ = 0;
  expect(byte, '\n', State::kSize, Status::kMalformedChunk);
}

void ChunkedFraming::read_size(unsigned char byte) {
  const int value = hex_value(static_cast<char>(byte));
  if (value >= 0 && digits_ < kMaxSizeDigits) {
    ++digits_;
    data_left_ = data_left_ * 16 + static_cast<uint64_t>(value);
  } else if (digits_ > 0 && byte == '\r') {
    state_ = State::kSizeLf;
  } else if (digits_ > 0 && (byte == ';' || is_blank(byte))) {
    state_ = State::kExtension;
    read_extension(byte);
  } else {
    error_ = Status::kMalformedChunk;
  }
}

void ChunkedFraming::read_extension(unsigned char byte) {
  if (byte == '\r') {
    state_ = State::kSizeLf;
  } else if (byte == '\n' || byte == '\0') {
    error_ = Status::kMalformedChunk;
  } else if (++extension_bytes_ > kMaxChunkExtensionBytes) {
    error_ = Status::kChunkExtensionsTooLarge;
  }
}

void ChunkedFraming::size_line_ended(unsigned char byte) {
  const State next = data_left_ == 0 ? State::kTrailerStart : State::kData;
  expect(byte, '\n', next, Status::kMalformedChunk);
}

void ChunkedFraming::read_trailer(unsigned char byte) {
  if (++trailer_bytes_ > kMaxTrailerBytes) {
    error_ = Status::kTrailersTooLarge;
  } else if (byte == '\0') {
    error_ = Status::kForbiddenByte;
  } else if (state_ == State::kTrailerValue) {
    if (byte == '\r') state_ = State::kTrailerLf;
    if (byte == '\n') error_ = Status::kMalformedHead;
  } else if (byte == '\r' && state_ == State::kTrailerStart) {
    state_ = State::kEndLf;
  } else if (byte == ':' && state_ == State::kTrailerName) {
    state_ = State::kTrailerValue;
  } else if (is_token_char(byte)) {
    state_ = State::kTrailerName;
  } else {
    error_ = Status::kMalformedHead;
  }
}

}  // namespace tinyaws
