// What awsfetch prints; what it says on standard error: one line each, and never a secret.
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

/// The exit code of what was complained about, if anything. Smaller than std::optional, it is answered in a register.
class MaybeExit {
 public:
  constexpr MaybeExit() = default;
  constexpr MaybeExit(Exit code) : code_(code) {}  // NOLINT(google-explicit-constructor)
  explicit operator bool() const { return code_ >= 0; }
  Exit operator*() const { return static_cast<Exit>(code_); }

 private:
  int code_ = -1;
};

/// What stands for each "{}" of a text, in order.
using Parts = std::initializer_list<Str>;

/// The descriptors. No FILE stands before them: a C library linked statically would bring 4 KB for that.
enum Stream : int { kOutput = 1, kErrors = 2 };

/// Prints the text as it stands. What is for standard output is collected.
void print(Stream stream, Str text);

/// Prints the text as one line; bytes that would break it, or command a terminal, appear as "\x0a".
void print_line(const char* text, Parts parts = {});
void print_line_to(Stream stream, const char* text, Parts parts = {});

/// The same with "awsfetch: " in front. Both answer the exit code, so that callers can return it.
Exit complain(Exit code, const char* text, Parts parts = {});
Exit usage_error(const char* text, Parts parts = {});

/// What errno means: words, or without words (TINYAWS_WITH_WORDS) the number.
Str words_of_error(int error);

/// Says that output could not be written.
Exit complain_about_output(Str where, Str why);

/// Writes what is collected: errors of standard output show only now.
Exit finish_standard_output();

/// A number as text, for the parts above, with zeros in front up to `digits`. No printf writes here or anywhere: a C
/// library linked statically would bring the whole of it, 8 KB with the part for floating point.
class Number {
 public:
  explicit Number(uint64_t number, unsigned digits = 1);
  operator Str() const { return {text_ + begin_, sizeof text_ - begin_}; }  // NOLINT(google-explicit-constructor)

 private:
  unsigned char begin_;
  char text_[20];
};

/// Milliseconds as seconds: "0.5".
class Seconds {
 public:
  explicit Seconds(uint32_t milliseconds);
  operator Str() const { return {text_, size_}; }  // NOLINT(google-explicit-constructor)

 private:
  size_t size_;
  char text_[16];
};

/// A byte that would break a line, or command a terminal.
bool is_control(char c);

/// Two digits of a byte.
struct Hex {
  Hex(char byte, const char (&set)[17]);
  operator Str() const { return {digits, sizeof digits}; }  // NOLINT(google-explicit-constructor)
  char digits[2];
};
inline constexpr char kLowerDigits[] = "0123456789abcdef";
inline constexpr char kUpperDigits[] = "0123456789ABCDEF";

/// "0x0A (line feed)", "0x7B ('{')".
class ByteName {
 public:
  explicit ByteName(char byte);
  operator Str() const { return {text_, size_}; }  // NOLINT(google-explicit-constructor)

 private:
  size_t size_;
  char text_[32];
};

}  // namespace awsfetch
