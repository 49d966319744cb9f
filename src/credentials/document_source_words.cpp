// What there is to say about a look at a document.
#include "base/writer.h"
#include "tinyaws/document_source.h"

namespace tinyaws {

IoResult DocumentSource::explain(MutBytes text) const {
  Writer out(text);
  out.put(describe());
  out.put(": ");
  if (outcome_ == Outcome::kNotSent) {
    put_obstacle(out);
    return out.result();
  }
  put_place(out);
  put_outcome(out);
  out.put(advice());
  return out.result();
}

void DocumentSource::put_outcome(Writer& out) const {
  switch (outcome_) {
    case Outcome::kNotSent:
    case Outcome::kNotAsked:
      out.put(stage() == Stage::kRunning ? " is being asked" : " has not been asked");
      break;
    case Outcome::kCredentials:
      out.put(" gave credentials");
      break;
    case Outcome::kHttpStatus:
      out.put(" answered ");
      out.put_number(http_status_);
      break;
    case Outcome::kBadResponse:
      out.put(" answered without credentials");
      break;
    case Outcome::kNoAnswer:
      out.put(": ");
      out.put(tinyaws::describe(failure_));
      break;
  }
  const bool says = outcome_ == Outcome::kHttpStatus || outcome_ == Outcome::kBadResponse;
  if (!says || remark_.empty()) return;
  out.put(" (");
  out.put(remark_.text());
  out.put(")");
}

}  // namespace tinyaws
