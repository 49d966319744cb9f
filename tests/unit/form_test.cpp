// Forms as bodies: what they say, and that their length is what is read, in pieces of any size.
#include "tinyaws/form.h"

#include "../fakes/chain_world.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

constexpr const char* kPath = "/token";

std::string read_all(FormSource& form, size_t window, const std::string& what) {
  GuardedBuffer buffer(window);
  std::string out;
  for (int i = 0; i < 200000; ++i) {
    buffer.fill();
    const IoResult read = form.read(buffer.bytes());
    CHECK_STATUS(read.status, Status::kOk, what);
    CHECK(read.size <= window, what + ": more than there is room for");
    if (read.size == 0) return out;
    out.append(buffer.bytes().data(), read.size);
  }
  CHECK(false, "hang: a form without an end: " + what);
  return out;
}

uint64_t length_of(FormSource& form, const std::string& what) {
  const IoResult length = form.length();
  CHECK_STATUS(length.status, Status::kOk, what);
  return length.size;
}

void check_form(FormSource& form, const std::string& expected, const std::string& what) {
  CHECK(length_of(form, what) == expected.size(), what + ": length " + std::to_string(length_of(form, what)));
  CHECK_TEXT(read_all(form, 4096, what), expected, what);
}

void names_and_values(void**) {
  FormSource form;
  check_form(form, "", "nothing");
  form.add("Action", "AssumeRole");
  check_form(form, "Action=AssumeRole", "one");
  form.clear();
  form.add("Action", "AssumeRole");
  form.add("Empty", "");
  form.add("RoleArn", "arn:aws:iam::123456789012:role/a/b");
  check_form(form, "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa%2Fb", "an empty value");
}

void what_is_encoded(void**) {
  std::string all, expected = "v=";
  for (int c = 0; c < 256; ++c) {
    all += static_cast<char>(c);
    char escape[8];
    const bool plain = c < 128 && (isalnum(c) != 0 || strchr("-._~", c) != nullptr) && c != 0;
    snprintf(escape, sizeof escape, plain ? "%c" : "%%%02X", c);
    expected += escape;
  }
  FormSource form;
  form.add("v", all);
  check_form(form, expected, "every byte");
  CHECK(parse_form(expected)["v"] == all, "decoded again");
}

// As the parameter before it may be longer or shorter than a window, every window cuts every place.
void windows_of_every_size(void**) {
  TableFiles files;
  files.table[kPath] = "eyJ0.ab/+==\n";
  FormSource form;
  form.add("Action", "AssumeRoleWithWebIdentity");
  form.add("A", "\xc3\xa4 b&c=d");
  form.add_file("WebIdentityToken", kPath, files);
  const std::string expected =
      "Action=AssumeRoleWithWebIdentity&A=%C3%A4%20b%26c%3Dd&WebIdentityToken=eyJ0.ab%2F%2B%3D%3D";
  for (size_t piece = 1; piece < 20; ++piece) {
    files.piece = piece;
    for (size_t window = 1; window <= expected.size() + 1; ++window) {
      const std::string what = "window of " + std::to_string(window) + ", file by " + std::to_string(piece);
      CHECK_STATUS(form.rewind(), Status::kOk, what);
      CHECK(length_of(form, what) == expected.size(), what);
      CHECK_TEXT(read_all(form, window, what), expected, what);
      CHECK(!files.is_open, what + ": the file is left open");
    }
  }
}

void windows_that_change(void**) {
  TableFiles files;
  files.table[kPath] = std::string(300, '/');
  FormSource form;
  form.add("n", "v v");
  form.add_file("t", kPath, files);
  std::string expected = "n=v%20v&t=", read;
  for (int i = 0; i < 300; ++i) expected += "%2F";
  char buffer[64];
  for (size_t i = 0;; ++i) {
    const IoResult piece = form.read(MutBytes(buffer).first(1 + i * 7 % 64));
    CHECK_STATUS(piece.status, Status::kOk, "read");
    if (piece.size == 0) break;
    read.append(buffer, piece.size);
  }
  CHECK_TEXT(read, expected, "windows of 1 to 64 bytes");
}

void blanks_of_the_file(void**) {
  for (const char* content : {"abc", "abc\n", "abc\r\n", " abc\t\n\n", "\n\nabc", "a b\r\nc \n"}) {
    TableFiles files;
    files.table[kPath] = content;
    FormSource form;
    form.add_file("t", kPath, files);
    check_form(form, "t=abc", printable(content));
  }
}

void a_long_token(void**) {
  TableFiles files;
  std::string token;
  for (size_t i = 0; token.size() < 20000; ++i) token += "abc/DEF+09-_."[i % 13];
  files.table[kPath] = token + "\n";
  FormSource form;
  form.add("Action", "x");
  form.add_file("t", kPath, files);
  for (size_t window : {size_t{1000}, size_t{4096}, size_t{65536}}) {
    CHECK_STATUS(form.rewind(), Status::kOk, "rewind");
    const std::string body = read_all(form, window, "a long token");
    CHECK(body.size() == length_of(form, "a long token"), "length of a long token");
    CHECK(parse_form(body)["t"] == token, "a long token");
  }
}

void from_the_start_again(void**) {
  TableFiles files;
  files.table[kPath] = "first";
  FormSource form;
  form.add("a", "b");
  form.add_file("t", kPath, files);
  CHECK_TEXT(read_all(form, 3, "first"), "a=b&t=first", "first");
  files.table[kPath] = "second~";
  CHECK_STATUS(form.rewind(), Status::kOk, "rewind");
  CHECK_TEXT(read_all(form, 3, "second"), "a=b&t=second~", "the file is read anew");
  CHECK_STATUS(form.rewind(), Status::kOk, "rewind");
  char some[5];
  CHECK(form.read(MutBytes(some)).size == 5, "a part");
  CHECK_STATUS(form.rewind(), Status::kOk, "rewind in the middle");
  CHECK_TEXT(read_all(form, 4, "after a part"), "a=b&t=second~", "after a part");
  form.clear();
  form.add("c", "d");
  check_form(form, "c=d", "cleared");
}

void files_that_fail(void**) {
  char buffer[64];
  TableFiles files;
  FormSource form;
  form.add_file("t", kPath, files);
  CHECK_STATUS(form.length().status, Status::kNotFound, "length of what is missing");
  CHECK_STATUS(form.read(MutBytes(buffer)).status, Status::kNotFound, "reading what is missing");
  files.forbidden.insert(kPath);
  CHECK_STATUS(form.length().status, Status::kFileUnreadable, "forbidden");
  CHECK_STATUS(form.read(MutBytes(buffer)).status, Status::kFileUnreadable, "forbidden");
  files.forbidden.clear();
  files.directories.insert(kPath);
  CHECK_STATUS(form.length().status, Status::kFileUnreadable, "a directory");
  files.directories.clear();
  files.table[kPath] = "abcdefgh";
  files.piece = 2;
  for (int read = 1; read <= 4; ++read) {
    files.reads = 0;
    files.fail_at_read = read;
    CHECK_STATUS(form.length().status, Status::kFileUnreadable, "length, read " + std::to_string(read));
    CHECK(!files.is_open, "left open");
    files.reads = 0;
    CHECK_STATUS(form.rewind(), Status::kOk, "rewind");
    IoResult result;
    while ((result = form.read(MutBytes(buffer))).status == Status::kOk && result.size > 0) {
    }
    CHECK_STATUS(result.status, Status::kFileUnreadable, "read " + std::to_string(read));
    CHECK(!files.is_open, "left open");
  }
  files.fail_at_read = INT_MAX;
  CHECK_STATUS(form.rewind(), Status::kOk, "rewind");
  CHECK_TEXT(read_all(form, 64, "afterwards"), "t=abcdefgh", "afterwards");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(names_and_values),      cmocka_unit_test(what_is_encoded),
      cmocka_unit_test(windows_of_every_size), cmocka_unit_test(windows_that_change),
      cmocka_unit_test(blanks_of_the_file),    cmocka_unit_test(a_long_token),
      cmocka_unit_test(from_the_start_again),  cmocka_unit_test(files_that_fail),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
