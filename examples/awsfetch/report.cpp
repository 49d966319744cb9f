#include "report.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace awsfetch {
namespace {

void print_part(Str part) {
  for (char c : part) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      std::fprintf(stderr, "\\x%02x", byte);
    } else {
      std::fputc(c, stderr);
    }
  }
}

const char* words_for(unsigned char byte) {
  switch (byte) {
    case '\t':
      return "tab";
    case '\n':
      return "line feed";
    case '\r':
      return "carriage return";
    case ' ':
      return "space";
    default:
      return byte < 0x20 || byte == 0x7f ? "control character" : byte > 0x7f ? "not ASCII" : nullptr;
  }
}

}  // namespace

void print_line(std::initializer_list<Str> parts) {
  for (Str part : parts) print_part(part);
  std::fputc('\n', stderr);
}

Exit complain(Exit code, std::initializer_list<Str> parts) {
  print_part("awsfetch: ");
  print_line(parts);
  return code;
}

Exit complain_about_output(Str where, Str why) {
  return complain(kFailed, {"could not write to ", where, ": ", why, "; the answer is not complete there"});
}

Exit finish_standard_output() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return kAnswered;
  return complain_about_output("standard output", std::strerror(errno));
}

Number::Number(uint64_t number) {
  std::snprintf(text_, sizeof text_, "%llu", static_cast<unsigned long long>(number));
}

Seconds::Seconds(uint32_t milliseconds) {
  std::snprintf(text_, sizeof text_, "%.10g", milliseconds / 1000.0);
}

ByteName::ByteName(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  const char* words = words_for(value);
  if (words != nullptr) {
    std::snprintf(text_, sizeof text_, "0x%02X (%s)", value, words);
  } else {
    std::snprintf(text_, sizeof text_, "0x%02X ('%c')", value, byte);
  }
}

}  // namespace awsfetch
