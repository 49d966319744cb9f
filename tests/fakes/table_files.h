// Files out of a table.
#pragma once

#include <algorithm>
#include <climits>
#include <cstring>
#include <map>
#include <set>
#include <string>

#include "tinyaws/port.h"

namespace tinyaws::fakes {

class TableFiles final : public Files {
 public:
  std::map<std::string, std::string> table;
  std::set<std::string> forbidden;    // there, and can't be opened
  std::set<std::string> directories;  // are opened, and can't be read
  size_t piece = SIZE_MAX;            // at most so many bytes a read
  int fail_at_read = INT_MAX;         // counts from 1, over all files
  int opens = 0;
  int reads = 0;
  bool is_open = false;

  Status open(const char* path) override {
    ++opens;
    is_open = false;
    words_.clear();
    if (forbidden.count(path) != 0) return failure("Permission denied");
    const bool directory = directories.count(path) != 0;
    const auto found = table.find(path);
    if (!directory && found == table.end()) {
      words_ = "No such file or directory";
      return Status::kNotFound;
    }
    rest_ = directory ? "" : found->second;
    directory_ = directory;
    is_open = true;
    return Status::kOk;
  }

  IoResult read(MutBytes out) override {
    if (!is_open || out.empty()) return {failure("not open"), 0};
    if (directory_) return {failure("Is a directory"), 0};
    if (++reads >= fail_at_read) return {failure("Input/output error"), 0};
    const size_t n = std::min({out.size(), rest_.size(), piece});
    std::memcpy(out.data(), rest_.data(), n);
    rest_.erase(0, n);
    return {Status::kOk, n};
  }

  void close() override { is_open = false; }
  Str describe() const override { return words_; }

 private:
  Status failure(const char* words) {
    words_ = words;
    return Status::kFileUnreadable;
  }

  std::string rest_;
  std::string words_;
  bool directory_ = false;
};

}  // namespace tinyaws::fakes
