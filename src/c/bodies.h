// Bodies that functions in C read and write.
#pragma once

#include "c/views.h"
#include "tinyaws/c_http.h"
#include "tinyaws/http.h"

namespace tinyaws::c {

class CSource final : public BodySource {
 public:
  void set(const tinyaws_body_source_functions& functions, void* context) {
    functions_ = &functions;
    context_ = context;
  }

  IoResult read(MutBytes out) override { return from_c(functions_->read(context_, out.data(), out.size())); }
  Status rewind() override { return from_c(functions_->rewind(context_)); }

 private:
  const tinyaws_body_source_functions* functions_ = nullptr;
  void* context_ = nullptr;
};

class CSink final : public BodySink {
 public:
  void set(const tinyaws_body_sink_functions& functions, void* context) {
    functions_ = &functions;
    context_ = context;
  }

  IoResult write(Bytes bytes) override { return from_c(functions_->write(context_, bytes.data(), bytes.size())); }
  Status restart() override { return from_c(functions_->restart(context_)); }

 private:
  const tinyaws_body_sink_functions* functions_ = nullptr;
  void* context_ = nullptr;
};

/// What a tinyaws_response holds.
struct CResponse {
  CSink sink;
  Response response;
};

}  // namespace tinyaws::c
