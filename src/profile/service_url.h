// A service's endpoint_url in a [services] section.
#pragma once

#include <cstddef>

#include "profile/shared_file.h"
#include "text/ini.h"
#include "tinyaws/bytes.h"

namespace tinyaws {

/// Listens to the config file:
///
///   [services NAME]
///   dynamodb =
///     endpoint_url = http://localhost:8000
///
/// The last such property of the service counts as a whole, and in it the last URL.
class ServiceUrl final : public IniSink {
 public:
  /// `key` as write_service_key writes it. All must outlive this.
  ServiceUrl(Str services, Str key, MutBytes out) : services_(services), key_(key), out_(out) {}

  /// Its length, 0 where there is none; may be more than the memory holds.
  size_t size() const { return size_; }

  void section(Str name) override;
  void long_section() override { inside_ = false; }
  bool property(Str key) override;
  void value(char) override {}
  void drop(size_t) override {}
  bool sub_property(Str key) override;
  void sub_value(char c) override;
  void drop_sub(size_t n) override { size_ -= n; }

 private:
  Str services_;
  Str key_;
  MutBytes out_;
  size_t size_ = 0;
  bool inside_ = false;
};

}  // namespace tinyaws
