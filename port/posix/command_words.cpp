#include "command_words.h"

namespace tinyaws::posix {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Inside double quotes a backslash before any other byte is a backslash.
bool is_escaped_in_quotes(char c) {
  return c == '$' || c == '`' || c == '"' || c == '\\' || c == '\n';
}

// Writes no more than it reads: a word's NUL takes the place of the blank behind it.
class Splitter {
 public:
  Splitter(Str command, CommandWords& out) : left_(command), out_(out), end_(out.text) {}

  SplitResult run() {
    for (skip_blanks(); !left_.empty(); skip_blanks()) {
      if (count_ == kMaxCommandWords) return {Status::kValueTooLong, "the command has too many words"};
      out_.words[count_++] = end_;
      if (const Str why = take_word(); !why.empty()) return {Status::kInvalidArgument, why};
      put('\0');
    }
    out_.words[count_] = nullptr;
    if (count_ == 0) return {Status::kInvalidArgument, "the command is empty"};
    return {Status::kOk, {}};
  }

 private:
  void put(char c) { *end_++ = c; }

  char take() {
    const char c = left_.front();
    left_.remove_prefix(1);
    return c;
  }

  void skip_blanks() {
    for (;;) {
      if (left_.size() >= 2 && left_[0] == '\\' && left_[1] == '\n') {
        left_.remove_prefix(2);
      } else if (!left_.empty() && is_blank(left_.front())) {
        left_.remove_prefix(1);
      } else {
        return;
      }
    }
  }

  Str take_word() {
    Str why;
    while (why.empty() && !left_.empty() && !is_blank(left_.front())) {
      const char c = take();
      if (c == '\'') {
        why = take_single_quoted();
      } else if (c == '"') {
        why = take_double_quoted();
      } else if (c == '\\') {
        why = take_escaped();
      } else {
        put(c);
      }
    }
    return why;
  }

  Str take_escaped() {
    if (left_.empty()) return "the command ends with a backslash";
    const char c = take();
    if (c != '\n') put(c);
    return {};
  }

  Str take_single_quoted() {
    while (!left_.empty()) {
      const char c = take();
      if (c == '\'') return {};
      put(c);
    }
    return "a single quote is not closed";
  }

  Str take_double_quoted() {
    while (!left_.empty()) {
      const char c = take();
      if (c == '"') return {};
      if (c == '\\' && !left_.empty() && is_escaped_in_quotes(left_.front())) {
        (void)take_escaped();
      } else {
        put(c);
      }
    }
    return "a double quote is not closed";
  }

  Str left_;
  CommandWords& out_;
  char* end_;
  size_t count_ = 0;
};

}  // namespace

SplitResult split_command(Str command, CommandWords& out) {
  if (command.size() > kMaxCommandBytes) return {Status::kValueTooLong, "the command is too long"};
  if (command.find('\0') != Str::npos) return {Status::kInvalidArgument, "the command has a NUL inside"};
  return Splitter(command, out).run();
}

}  // namespace tinyaws::posix
