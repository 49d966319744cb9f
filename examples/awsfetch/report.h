// What awsfetch says on standard error: one line each, and never a secret.
#pragma once

#include <tinyaws/tinyaws.h>

#include <initializer_list>

namespace awsfetch {

using tinyaws::Str;

enum Exit : int {
  kAnswered = 0,  // 2xx
  kRefused = 1,   // any other answer
  kUsage = 2,     // usage, configuration, no credentials
  kFailed = 3,    // no answer, or none that could be passed on as a whole
};

/// Prints the parts as one line; bytes that would break it, or command a terminal, appear as "\x0a".
void print_line(std::initializer_list<Str> parts);

/// The same with "awsfetch: " in front. Both answer the exit code, so that callers can return it.
Exit complain(Exit code, std::initializer_list<Str> parts);
inline Exit usage_error(std::initializer_list<Str> parts) {
  return complain(kUsage, parts);
}

/// Says that output could not be written.
Exit complain_about_output(Str where, Str why);

/// Flushes standard output: its errors show only now.
Exit finish_standard_output();

/// A number as text, for the parts above.
class Number {
 public:
  explicit Number(uint64_t number);
  operator Str() const { return text_; }  // NOLINT(google-explicit-constructor)

 private:
  char text_[24];
};

/// Milliseconds as seconds: "0.5".
class Seconds {
 public:
  explicit Seconds(uint32_t milliseconds);
  operator Str() const { return text_; }  // NOLINT(google-explicit-constructor)

 private:
  char text_[24];
};

/// "0x0A (line feed)".
class ByteName {
 public:
  explicit ByteName(char byte);
  operator Str() const { return text_; }  // NOLINT(google-explicit-constructor)

 private:
  char text_[40];
};

}  // namespace awsfetch
