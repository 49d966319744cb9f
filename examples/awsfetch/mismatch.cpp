#include <algorithm>

#include "refusal.h"

namespace awsfetch {
namespace {

void print_lines(Str text) {
  while (!text.empty()) {
    const size_t size = std::min(text.find('\n'), text.size());
    print_line("* {}", {{text.data(), size}});
    text.remove_prefix(std::min(size + 1, text.size()));
  }
}

}  // namespace

void explain_refusal(const tinyaws::ErrorInfo& error, const SignedRecord& signed_texts, const AnswerRecord& answer) {
  if (!tinyaws::is_signature_refusal(error.code)) return;
  Text text;
  const size_t needed = explain_mismatch(signed_texts.texts(), answer.beginning(), {}).size;
  if (!text.resize(needed)) return;
  const tinyaws::IoResult written = explain_mismatch(signed_texts.texts(), answer.beginning(), text.space());
  if (written.status == tinyaws::Status::kOk) print_lines({text.space().data(), written.size});
}

}  // namespace awsfetch
