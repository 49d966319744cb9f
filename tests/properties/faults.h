// Everything that port.h allows a transport at one call of it.
#pragma once

#include <vector>

#include "../fakes/scripted_transport.h"

namespace tinyaws::fakes {

/// The faults of the k-th call, which is one of `function`.
inline std::vector<Fault> faults_at(ScriptedTransport::Function function, size_t k) {
  using Function = ScriptedTransport::Function;
  using Kind = Fault::Kind;
  std::vector<Fault> faults;
  const auto add = [&](Kind kind, Status status = Status::kConnectionLost) { faults.push_back({kind, k, status}); };
  switch (function) {
    case Function::kOpen:
      for (Status status : {Status::kUnsupported, Status::kResolveFailed, Status::kConnectFailed}) {
        add(Kind::kStatus, status);
      }
      add(Kind::kOpenAtOnce);
      break;
    case Function::kAdvance:
      for (Status status : {Status::kResolveFailed, Status::kConnectFailed, Status::kTlsFailed,
                            Status::kCertificateRejected, Status::kUnsupported}) {
        add(Kind::kStatus, status);
      }
      add(Kind::kPendOnce);
      add(Kind::kPendForEver);
      break;
    case Function::kRecv:
      add(Kind::kEnd);
      [[fallthrough]];
    case Function::kSend:
      for (Status status : {Status::kConnectionLost, Status::kTlsFailed}) add(Kind::kStatus, status);
      add(Kind::kPendOnce);
      add(Kind::kPendForEver);
      add(Kind::kOneByte);
      break;
  }
  return faults;
}

/// Whether what is asked for has to come all the same.
inline bool is_harmless(Fault::Kind kind) {
  return kind == Fault::Kind::kNone || kind == Fault::Kind::kPendOnce || kind == Fault::Kind::kOneByte ||
         kind == Fault::Kind::kOpenAtOnce;
}

}  // namespace tinyaws::fakes
