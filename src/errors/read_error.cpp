#include <cstddef>

#include "base/ascii.h"
#include "errors/error_form.h"
#include "errors/json_error.h"
#include "errors/xml_error.h"
#include "text/escape.h"
#include "tinyaws/error_info.h"
#include "tinyaws/http.h"

namespace tinyaws {
namespace {

constexpr uint16_t kFirstError = 300;
constexpr uint16_t kApprovedError = 500;  // what an error counts as whose status is 2xx

constexpr size_t kStatusAt = 9;  // "HTTP/1.1 404 Not Found"
constexpr size_t kReasonAt = 13;

Str first_header(const ResponseHead& head, Str a, Str b) {
  const Str value = head.header(a);
  return value.empty() ? head.header(b) : value;
}

// "AWS.SimpleQueueService.NonExistentQueue;Sender": a code that the service had before it spoke JSON (Smithy,
// "awsQueryCompatible trait").
Str query_code(Str value) {
  const size_t semicolon = value.find(';');
  if (semicolon == Str::npos || value.find(';', semicolon + 1) != Str::npos) return {};
  const Str code = trim_space({value.data(), semicolon});
  return is_plain(code) ? code : Str();
}

void read_fields(const ResponseHead& head, ErrorInfo& error) {
  error.code = query_code(head.header("x-amzn-query-error"));
  if (error.code.empty()) error.code = bare_code(head.header("x-amzn-errortype"));
  error.request_id = first_header(head, "x-amzn-requestid", "x-amz-request-id");
  error.extended_request_id = head.header("x-amz-id-2");
  error.region = head.header("x-amz-bucket-region");
}

// Words for a person, not the bytes of an archive.
bool is_readable(Str text) {
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < ' ' && !is_space(byte)) || byte == 0x7f) return false;
  }
  return true;
}

void read_text(Str text, Extent extent, ErrorInfo& error) {
  if (text.empty() || !is_readable(text)) return;
  error.message_cut = extent == Extent::kBeginning;
  error.message = error.message_cut ? whole_xml_characters(text) : text;
}

bool says_json(Str content_type) {
  constexpr Str kJson = "json";
  for (; content_type.size() >= kJson.size(); content_type.remove_prefix(1)) {
    if (equals_ignoring_case({content_type.data(), kJson.size()}, kJson)) return true;
  }
  return false;
}

Str reason_of(const ResponseHead& head) {
  Str line = head.status_line();
  line.remove_prefix(line.size() < kReasonAt ? line.size() : kReasonAt);
  return trim_space(line);
}

void fall_back(const ResponseHead& head, Str body, ErrorForm form, ErrorInfo& error) {
  const bool is_json = form == ErrorForm::kJson || (!body.empty() && says_json(head.header("content-type")));
  if (error.message.empty()) {
    error.message_cut = false;
    if (!is_json) error.message = reason_of(head);
  }
  const Str line = head.status_line();
  if (line.size() >= kStatusAt + 3) error.code = {line.data() + kStatusAt, 3};
}

ErrorTraits judge(const ResponseHead& head, Str code) {
  ErrorTraits traits = traits_of(code, head.status < kFirstError ? kApprovedError : head.status);
  if (code == "AccessDeniedException" && head.header("date").empty()) traits.clock = false;
  return traits;
}

}  // namespace

void read_error(const ResponseHead& head, Bytes document, Extent extent, ErrorInfo& error) {
  error = {};
  const Str body = bare_document(document);
  const ErrorForm form = form_of(body);
  const bool is_approval = head.status < kFirstError;
  if (head.status == 0 || (is_approval && (form != ErrorForm::kXml || xml_root(body) != "Error"))) return;
  error.status = head.status;
  read_fields(head, error);
  switch (form) {
    case ErrorForm::kJson:
      read_json_error(body, extent, error);
      break;
    case ErrorForm::kXml:
      read_xml_error(body, extent, error);
      break;
    case ErrorForm::kText:
      read_text(body, extent, error);
      break;
  }
  error.parsed = !error.code.empty();
  if (!error.parsed) fall_back(head, body, form, error);
  error.traits = judge(head, error.code);
}

}  // namespace tinyaws
