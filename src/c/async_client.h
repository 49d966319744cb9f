// What a tinyaws_async_client and a tinyaws_api_call hold.
#pragma once

#include "c/request.h"
#include "tinyaws/async_client.h"
#include "tinyaws/c_async_client.h"

namespace tinyaws::c {

struct CAsyncClient {
  CAsyncClient(const AsyncPort& port, CredentialsProvider& credentials, const tinyaws_client_options* options)
      : observer(options), client(port, credentials, to_options(options, observer)) {}

  CObserver observer;
  AsyncClient client;
};

/// A call is its own completion: it knows whom to tell.
class CCall final : public Completion {
 public:
  CCall(const tinyaws_api_request& request, Response& response, const ApiContext& context)
      : request_(to_request(request, source_)), call_(request_, response, context) {}

  void tell(tinyaws_completion function, void* context) {
    function_ = function;
    context_ = context;
  }

  void reset(const tinyaws_api_request& request) {
    request_ = to_request(request, source_);
    call_.reset();
  }

  ApiCall& call() { return call_; }
  const ApiCall& call() const { return call_; }

  void on_done(Call& call) override;

 private:
  CSource source_;
  ApiRequest request_;
  ApiCall call_;
  tinyaws_completion function_ = nullptr;
  void* context_ = nullptr;
};

}  // namespace tinyaws::c
