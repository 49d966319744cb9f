// Calls of async_session.
#pragma once

#include <ostream>
#include <string>

#include "tinyaws/async_client.h"
#include "tinyaws/tinyaws.h"

/// GETs of one URL, one after the other until one fails. Each must end exactly once.
class Lane final : public tinyaws::Completion {
 public:
  /// `client` and `report` must outlive the lane.
  Lane(tinyaws::AsyncClient& client, std::string name, int count, std::string url, std::ostream& report);

  /// At its end it writes a line to its report, with the milliseconds since `begin`: see async_session.cpp.
  void start(tinyaws::Instant begin);
  void cancel();

 private:
  void on_done(tinyaws::Call& call) override;
  void start_next();
  void end(tinyaws::Status status);

  tinyaws::AsyncClient& client_;
  const std::string name_;
  int left_;
  const std::string url_;
  std::ostream& report_;
  tinyaws::ClientOptions options_;
  tinyaws::ApiRequest request_;
  char body_[16384];
  tinyaws::Response response_;
  tinyaws::ApiCall call_;
  tinyaws::Instant begin_;
  int succeeded_ = 0;
  tinyaws::Status failure_ = tinyaws::Status::kOk;
  std::string detail_;
  bool runs_ = false;
};
