#include "report.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace awsfetch {
namespace {

// What was printed last, all of it to one stream, so that most lines leave in one piece.
struct Collected {
  Stream stream;
  int error;  // of standard output, the first
  size_t size;
  char text[512];
} collected;

void write_collected() {
  const char* at = collected.text;
  const char* const end = at + collected.size;
  while (at != end) {
    const ssize_t n = write(collected.stream, at, static_cast<size_t>(end - at));
    if (n >= 0) {
      at += n;
    } else if (errno != EINTR) {
      if (collected.stream == kOutput && collected.error == 0) collected.error = errno;
      break;
    }
  }
  collected.size = 0;
}

void put(Stream stream, char c) {
  if (stream != collected.stream || collected.size == sizeof collected.text) write_collected();
  collected.stream = stream;
  collected.text[collected.size++] = c;
}

void print_part(Stream stream, Str part) {
  for (char c : part) {
    if (is_control(c)) {
      print(stream, "\\x");
      print(stream, Hex(c, kLowerDigits));
    } else {
      put(stream, c);
    }
  }
}

Str words_for(char byte) {
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
      return is_control(byte) ? "control character" : "not ASCII";
  }
}

// Texts of known length, one behind the other.
size_t write_texts(char* out, Parts texts) {
  char* at = out;
  for (Str text : texts) {
    std::memcpy(at, text.data(), text.size());
    at += text.size();
  }
  return static_cast<size_t>(at - out);
}

}  // namespace

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

void print(Stream stream, Str text) {
  for (char c : text) {
    put(stream, c);
  }
}

void print_line_to(Stream stream, const char* text, Parts parts) {
  const Str* part = parts.begin();
  for (; *text != '\0'; ++text) {
    if (text[0] == '{' && text[1] == '}') {
      print_part(stream, *part++);
      ++text;
    } else {
      print_part(stream, {text, 1});
    }
  }
  put(stream, '\n');
  if (stream == kErrors) write_collected();
}

void print_line(const char* text, Parts parts) {
  print_line_to(kErrors, text, parts);
}

Exit complain(Exit code, const char* text, Parts parts) {
  print(kErrors, "awsfetch: ");
  print_line(text, parts);
  return code;
}

Exit usage_error(const char* text, Parts parts) {
  return complain(kUsage, text, parts);
}

Exit complain_about_output(Str where, Str why) {
  return complain(kFailed, "could not write to {}: {}; the answer is not complete there", {where, why});
}

Exit finish_standard_output() {
  write_collected();
  if (collected.error == 0) return kAnswered;
  return complain_about_output("standard output", words_of_error(collected.error));
}

Number::Number(uint64_t number, unsigned digits) {
  size_t begin = sizeof text_;
  do {
    text_[--begin] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0 || sizeof text_ - begin < digits);
  begin_ = static_cast<unsigned char>(begin);
}

Seconds::Seconds(uint32_t milliseconds) {
  size_ = write_texts(text_, {Number(milliseconds / 1000), ".", Number(milliseconds % 1000, 3)});
  while (text_[size_ - 1] == '0') --size_;
  if (text_[size_ - 1] == '.') --size_;
}

Hex::Hex(char byte, const char (&set)[17])
    : digits{set[static_cast<unsigned char>(byte) >> 4], set[static_cast<unsigned char>(byte) & 15]} {}

ByteName::ByteName(char byte) {
  const bool shows = byte > ' ' && byte < '\x7f';
  const Str quote = shows ? "'" : "";
  size_ = write_texts(
      text_, {"0x", Hex(byte, kUpperDigits), " (", quote, shows ? Str(&byte, 1) : words_for(byte), quote, ")"});
}

}  // namespace awsfetch
