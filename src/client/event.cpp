#include "tinyaws/connection.h"

namespace tinyaws {

Str name(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::kResolving:
      return "resolving";
    case Event::Kind::kResolved:
      return "resolved";
    case Event::Kind::kConnected:
      return "connected";
    case Event::Kind::kVerified:
      return "verified";
    case Event::Kind::kReused:
      return "reused";
    case Event::Kind::kHeadSent:
      return "head sent";
    case Event::Kind::kBodySent:
      return "body sent";
    case Event::Kind::kStatus:
      return "status";
    case Event::Kind::kDone:
      return "done";
    case Event::Kind::kFailed:
      return "failed";
    case Event::Kind::kWaiting:
      return "waiting";
  }
  return {};
}

}  // namespace tinyaws
