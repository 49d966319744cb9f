// Requests and options, from C.
#pragma once

#include "c/bodies.h"
#include "c/views.h"
#include "tinyaws/api_call.h"
#include "tinyaws/c_client.h"
#include "tinyaws/connection.h"

namespace tinyaws::c {

/// The request in C++; `source` becomes its body where that is read by functions.
ApiRequest to_request(const tinyaws_api_request& own, CSource& source);

/// The observer whose function is in C, if any.
class CObserver final : public Observer {
 public:
  explicit CObserver(const tinyaws_client_options* options) {
    if (options == nullptr) return;
    function_ = options->on_event;
    context_ = options->on_event_context;
  }

  bool observes() const { return function_ != nullptr; }
  void on_event(const Event& event) override;

 private:
  void (*function_)(void* context, const tinyaws_event* event) = nullptr;
  void* context_ = nullptr;
};

/// The options in C++, the defaults where there are none.
ClientOptions to_options(const tinyaws_client_options* own, CObserver& observer);

}  // namespace tinyaws::c
