// What a tinyaws_client holds.
#pragma once

#include "c/request.h"
#include "tinyaws/client.h"

namespace tinyaws::c {

struct CClient {
  CClient(const Port& port, CredentialsProvider& credentials, const tinyaws_client_options* options)
      : observer(options), client(port, credentials, to_options(options, observer)) {}

  CObserver observer;
  CSource source;  // of the request at work, which would cost its caller more stack
  ApiRequest request;
  Client client;
};

}  // namespace tinyaws::c
