// The fields of a head that its framing and the library's own fields depend on, of a request or a response.
#pragma once

#include <cstddef>

#include "tinyaws/bytes.h"
#include "tinyaws/http.h"

namespace tinyaws {

class NotedFields {
 public:
  enum Name : size_t { kConnection, kContentLength, kExpect, kHost, kTransferEncoding, kUserAgent, kOther };

  /// To be told of each field of the head.
  void note(const Header& field);

  size_t count(Name name) const { return counts_[name]; }
  bool has(Name name) const { return counts_[name] > 0; }
  /// That of the last one; empty where there is none.
  Str value(Name name) const { return values_[name]; }

  bool closes() const { return closes_; }                  ///< "Connection: close"
  bool keeps_alive() const { return keeps_alive_; }        ///< "Connection: keep-alive"
  bool asks_for_leave() const { return asks_for_leave_; }  ///< "Expect: 100-continue"

 private:
  bool closes_ = false;
  bool keeps_alive_ = false;
  bool asks_for_leave_ = false;
  size_t counts_[kOther] = {};
  Str values_[kOther];
};

/// A comma-separated list (RFC 9110 section 5.6.1) has this member, in any case.
bool list_has(Str list, Str member);

}  // namespace tinyaws
