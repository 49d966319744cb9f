// Forms as bodies of requests: what AWS's "query" services take (STS, IAM, SQS ...). Written piece by piece, so that
// nothing of a form has to be kept.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/http.h"
#include "tinyaws/port.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// Length of a file in a form: STS takes tokens of 20,000 characters. Cost: none. Error: kValueTooLong.
constexpr size_t kMaxFormFileBytes = 32768;

/// application/x-www-form-urlencoded text of some parameters and, behind them, one whose value is what a file holds.
class FormSource final : public BodySource {
 public:
  static constexpr size_t kMaxParameters = 8;

  /// Forgets everything.
  void clear() { *this = FormSource(); }

  /// Views: they live as long as the source is read. An empty value is left out. REQUIRES: fewer than kMaxParameters.
  void add(Str name, Str value);

  /// Blanks and line ends of the file are left out, at its end above all. `path` ends with a NUL and lives as the
  /// views do.
  void add_file(Str name, const char* path, Files& files);

  /// Measures the form: what Body::length has to be. Errors: those of Files; kFileUnreadable for a file with nothing
  /// in it; kValueTooLong for one of more than kMaxFormFileBytes.
  IoResult length();

  IoResult read(MutBytes out) override;
  Status rewind() override;

 private:
  template <class Out>
  Status write(Out& out) const;
  template <class Out>
  Status write_file(Out& out) const;

  size_t count_ = 0;
  const char* path_ = nullptr;
  Files* files_ = nullptr;
  Str file_name_;
  uint64_t at_ = 0;
  Parameter parameters_[kMaxParameters];
};

}  // namespace tinyaws
