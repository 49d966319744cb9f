#include "tinyaws/form.h"

#include <cassert>
#include <cstring>

#include "base/ascii.h"
#include "base/wipe.h"
#include "text/percent.h"

namespace tinyaws {
namespace {

// How much of the file is read at once.
constexpr size_t kPieceBytes = 256;

// Keeps what falls between two places of the text that is put into it, and counts all of it.
class Window final : public Drain {
 public:
  Window(uint64_t begin, MutBytes out) : begin_(begin), out_(out) {}

  void take(Str text) override {
    for (char c : text) {
      if (at_ >= begin_ && at_ - begin_ < out_.size()) out_[static_cast<size_t>(at_ - begin_)] = c;
      ++at_;
    }
  }

  uint64_t total() const { return at_; }
  size_t kept() const {
    if (at_ <= begin_) return 0;
    return at_ - begin_ < out_.size() ? static_cast<size_t>(at_ - begin_) : out_.size();
  }

 private:
  uint64_t begin_;
  MutBytes out_;
  uint64_t at_ = 0;
};

}  // namespace

void FormSource::add(Str name, Str value) {
  if (value.empty()) return;
  assert(count_ < kMaxParameters);
  parameters_[count_++] = {name, value};
}

void FormSource::add_file(Str name, const char* path, Files& files) {
  file_name_ = name;
  path_ = path;
  files_ = &files;
}

template <class Out>
Status FormSource::write(Out& window) const {
  Writer out({}, &window);
  for (size_t i = 0; i < count_; ++i) {
    if (i > 0) out.put('&');
    out.put(parameters_[i].name);
    out.put('=');
    percent_encode(parameters_[i].value, Slash::kEncode, out);
  }
  return files_ == nullptr ? Status::kOk : write_file(window);
}

template <class Out>
Status FormSource::write_file(Out& window) const {
  Writer out({}, &window);
  if (count_ > 0) out.put('&');
  out.put(file_name_);
  out.put('=');
  Status status = files_->open(path_);
  const uint64_t begin = window.total();
  size_t left = kMaxFormFileBytes;
  char piece[kPieceBytes];
  while (status == Status::kOk) {
    const IoResult read = files_->read(MutBytes(piece));
    status = read.status;
    if (status != Status::kOk || read.size == 0) break;
    if (read.size > left) status = Status::kValueTooLong;
    if (status != Status::kOk) break;
    left -= read.size;
    for (char c : Str(piece, read.size)) {
      if (!is_space(static_cast<unsigned char>(c))) percent_encode({&c, 1}, Slash::kEncode, out);
    }
  }
  files_->close();
  wipe(piece, sizeof piece);
  return status == Status::kOk && window.total() == begin ? Status::kFileUnreadable : status;
}

IoResult FormSource::length() {
  Window all(0, {});
  const Status status = write(all);
  return {status, static_cast<size_t>(all.total())};
}

IoResult FormSource::read(MutBytes out) {
  Window window(at_, out);
  const Status status = write(window);
  if (status != Status::kOk) return {status, 0};
  at_ += window.kept();
  return {Status::kOk, window.kept()};
}

Status FormSource::rewind() {
  at_ = 0;
  return Status::kOk;
}

}  // namespace tinyaws
