// XML: its texts, what becomes of a document that was cut short, and texts written again. What stands before the
// first
// '|' is a path that is asked for.
#include <string>
#include <vector>

#include "fuzz.h"
#include "text/xml.h"

using namespace tinyaws;
using namespace tinyaws::fuzz;

namespace {

constexpr size_t kFields = 8;

struct Fields {
  explicit Fields(Str path)
      : list{{path}, {"Code"}, {"/Error/Code"}, {"Error/Code"}, {"a"}, {"/a/a"}, {"Message"}, {"/a"}} {}

  TextField list[kFields];
};

bool same_or_apart(Str a, Str b) {
  return a.data() == b.data() ? a.size() == b.size()
                              : a.data() + a.size() <= b.data() || b.data() + b.size() <= a.data();
}

void check_texts(const Fields& fields, Str document) {
  for (const TextField& field : fields.list) {
    if (!field.found()) continue;
    check(is_within(field.text, document));
    for (const char c : field.text) {
      check(static_cast<unsigned char>(c) >= ' ' || c == '\t' || c == '\n' || c == '\r');
    }
    for (const TextField& other : fields.list) check(!other.found() || same_or_apart(field.text, other.text));
  }
  const TextField* list = fields.list;
  check(!list[2].found() || list[3].text.data() <= list[2].text.data());
  check(!list[3].found() || list[1].text.data() <= list[3].text.data());
  check(!list[5].found() || list[4].text.data() <= list[5].text.data());
  check(!list[7].found() || !list[5].found());
}

Status read(const Block& document, Fields& fields) {
  const Status status = read_xml(document.bytes(), fields.list);
  if (status != Status::kOk) {
    check(status == Status::kInvalidArgument || status == Status::kUnsupported || status == Status::kValueTooLong);
    for (const TextField& field : fields.list) check(!field.found());
  }
  check_texts(fields, document.text());
  return status;
}

void append_escaped(std::string& out, Str text) {
  for (const char c : text) {
    char reference[8];
    snprintf(reference, sizeof reference, "&#x%x;", static_cast<unsigned char>(c));
    const bool mark = c == '<' || c == '&' || c == '>' || c == '\r';
    out += mark ? std::string(reference) : std::string(1, c);
  }
}

void check_written(const Fields& fields) {
  std::string out = "<r>";
  for (size_t i = 0; i < kFields; ++i) {
    const std::string name = "f" + std::to_string(i);
    out += "<" + name + ">";
    append_escaped(out, fields.list[i].text);
    out += "</" + name + ">";
  }
  const Block document(out + "</r>");
  std::vector<std::string> paths;
  for (size_t i = 0; i < kFields; ++i) paths.push_back("/r/f" + std::to_string(i));
  TextField again[kFields];
  for (size_t i = 0; i < kFields; ++i) again[i].path = paths[i];
  check(read_xml(document.bytes(), again) == Status::kOk);
  for (size_t i = 0; i < kFields; ++i) check(again[i].found() && again[i].text == fields.list[i].text);
}

// A beginning that is well-formed holds the whole root, and so all texts; one that does not end with '>' or white
// space is none.
void check_cut(Str text, const Fields& whole, Str path) {
  const size_t stride = 1 + text.size() / 16;
  for (size_t size = text.size() - 1; size > stride; size -= stride) {
    const Block document(Str(text.data(), size));
    Fields cut(path);
    if (read(document, cut) != Status::kOk) continue;
    for (size_t i = 0; i < kFields; ++i) {
      check(cut.list[i].found() == whole.list[i].found() && cut.list[i].text == whole.list[i].text);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  Input input(data, size);
  const Str path = input.text_before('|');
  const Block document(input.rest());
  Fields fields(path);
  const Status status = read(document, fields);
  if (status != Status::kOk) return 0;
  size_t total = 0;
  for (const TextField& field : fields.list) total += field.text.size();
  if (total < 2000) check_written(fields);
  check_cut(input.rest(), fields, path);
  return 0;
}
