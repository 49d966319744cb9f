// The POSIX port: how a command line is split without a shell.
#include "port_posix_programs.h"

using namespace tinyaws;
using namespace test;

namespace {

/// One that prints its words, each in angle brackets.
std::string show_words() {
  return make_program("show", "#!/bin/sh\nfor word in \"$@\"; do printf '<%s>' \"$word\"; done\n");
}

struct Row {
  const char* line;
  const char* words;
  bool like_shell = true;  // a shell, told to expand no file names, splits it the same way
};

const Row kRows[] = {
    {"a", "<a>"},
    {"a b c", "<a><b><c>"},
    {"  a\t b \t", "<a><b>"},
    {"a\\\nb", "<ab>"},
    {"a \\\n b", "<a><b>"},
    {"a\\\n b", "<a><b>"},
    {"\\\n", ""},
    {"a\nb\r\nc", "<a><b><c>", false},
    {"'a b'", "<a b>"},
    {"'a  b' c", "<a  b><c>"},
    {"''", "<>"},
    {"a '' b", "<a><><b>"},
    {"a \"\" b", "<a><><b>"},
    {"''''", "<>"},
    {"''a\"\"", "<a>"},
    {"a'b'c", "<abc>"},
    {"a\"b c\"d", "<ab cd>"},
    {"'a'\"b\"c\\d", "<abcd>"},
    {"'a\\b'", "<a\\b>"},
    {"'a\\'", "<a\\>"},
    {"'\"'", "<\">"},
    {"\"'\"", "<'>"},
    {"\"a\\\"b\"", "<a\"b>"},
    {"\"a\\\\b\"", "<a\\b>"},
    {"\"a\\$b\"", "<a$b>"},
    {"\"a\\`b\"", "<a`b>"},
    {"\"a\\\nb\"", "<ab>"},
    {"\"a\\nb\"", "<a\\nb>"},
    {"\"a\\'b\"", "<a\\'b>"},
    {"\"\\\\\"", "<\\>"},
    {"\"a\nb\"", "<a\nb>"},
    {"'a\nb'", "<a\nb>"},
    {"'a\tb'", "<a\tb>"},
    {"a\\ b", "<a b>"},
    {"a\\\\b", "<a\\b>"},
    {"\\a\\b", "<ab>"},
    {"\\'a\\'", "<'a'>"},
    {"\\\"a b\\\"", "<\"a><b\">"},
    {"\\  x", "< ><x>"},
    {"$HOME", "<$HOME>", false},
    {"\"$HOME\"", "<$HOME>", false},
    {"\\$HOME '$HOME'", "<$HOME><$HOME>"},
    {"`date` $(date)", "<`date`><$(date)>", false},
    {"*.* ? [a]", "<*.*><?><[a]>"},
    {"~ ~/x", "<~><~/x>", false},
    {"a|b ; c & d > e < f", "<a|b><;><c><&><d><>><e><<><f>", false},
    {"a # b", "<a><#><b>", false},
    {"{a,b} !x ^y", "<{a,b}><!x><^y>"},
    {"--name=\"a b\" -x='c d'", "<--name=a b><-x=c d>"},
    {"A=b c", "<A=b><c>"},
    {"\"C:\\Program Files\\x\"", "<C:\\Program Files\\x>"},
    {"\xC3\xBC '\xFF\x01'", "<\xC3\xBC><\xFF\x01>"},
};

void splits_words_as_a_shell_does(void**) {
  const std::string show = show_words() + " ";
  for (const Row& row : kRows) {
    const std::string words = output_of(show + row.line);
    if (words != row.words) fail_msg("%s: %s, not %s", row.line, words.c_str(), row.words);
  }
}

void a_shell_agrees(void**) {
  const std::string show = show_words() + " ";
  for (const Row& row : kRows) {
    if (!row.like_shell) continue;
    FILE* file = fopen(path_of("script").c_str(), "w");
    fprintf(file, "%s%s\n", show.c_str(), row.line);
    fclose(file);
    const std::string words = output_of("/bin/sh -f " + path_of("script"));
    if (words != row.words) fail_msg("%s: %s, not %s", row.line, words.c_str(), row.words);
  }
}

void refuses_what_is_no_command(void**) {
  const std::string longest(posix::kMaxCommandBytes, 'x');
  std::string most = "/bin/true";
  for (size_t i = 1; i < posix::kMaxCommandWords; i++) most += " x";
  struct {
    std::string command;
    Status status;
    const char* words;
  } const cases[] = {
      {"", Status::kInvalidArgument, "the command is empty"},
      {" \t\r\n", Status::kInvalidArgument, "the command is empty"},
      {"\\\n", Status::kInvalidArgument, "the command is empty"},
      {"a 'b", Status::kInvalidArgument, "a single quote is not closed"},
      {"a '", Status::kInvalidArgument, "a single quote is not closed"},
      {"a \"b", Status::kInvalidArgument, "a double quote is not closed"},
      {"a \"b\\\"", Status::kInvalidArgument, "a double quote is not closed"},
      {"a \"b\\", Status::kInvalidArgument, "a double quote is not closed"},
      {"a \\", Status::kInvalidArgument, "the command ends with a backslash"},
      {std::string("a\0b", 3), Status::kInvalidArgument, "the command has a NUL inside"},
      {longest + "x", Status::kValueTooLong, "the command is too long"},
      {most + " x", Status::kValueTooLong, "the command has too many words"},
      {longest, Status::kProcessFailed, "can't be started: File name too long"},
      {most + "  ", Status::kOk, ""},
  };
  for (const auto& c : cases) {
    posix::Processes processes;
    const Status status = run(processes, c.command).status;
    assert_says(processes.describe(), c.words);
    assert_status(status, c.status);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      PROCESS_CASE(splits_words_as_a_shell_does),
      PROCESS_CASE(a_shell_agrees),
      PROCESS_CASE(refuses_what_is_no_command),
  };
  return run_in_directory(tests);
}
