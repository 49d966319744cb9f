// One folder of a source of credentials (imds/, ecs/, iot/, sts/): its surroundings, what the source asks for and is
// answered, and what must come of it. source_player.h plays it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tinyaws/http.h"

namespace conformance {

struct SourceExchange {
  enum class Event { kAnswer, kTimeout, kReset, kRefused };

  std::string method;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;  ///< Must be there.
  std::vector<std::string> absent;                           ///< Names that must not be there.
  std::string form;                                          ///< The form body; empty: not compared.
  Event event = Event::kAnswer;
  std::string answer;  ///< Raw HTTP/1.1.
};

class SourceCase {
 public:
  SourceCase(const std::string& folder, const std::string& name);

  /// A case without a folder, for a test to fill.
  explicit SourceCase(const std::string& name) : name_(name) {}
  void set_variable(const std::string& variable, const std::string& value) { environment_[variable] = value; }
  void insert(size_t at, const SourceExchange& exchange) {
    exchanges_.insert(exchanges_.begin() + static_cast<ptrdiff_t>(at), exchange);
  }

  const std::string& name() const { return name_; }
  const std::map<std::string, std::string>& environment() const { return environment_; }
  const std::map<std::string, std::string>& files() const { return files_; }
  const std::vector<SourceExchange>& exchanges() const { return exchanges_; }

  /// A `param` line.
  std::string param(const std::string& key, const std::string& otherwise = "") const;
  int number(const std::string& key, int otherwise) const;

  /// The wall clock: `param now`, else a time before every expiration in these cases.
  int64_t now() const;

  /// A line behind the params: "ok" and "either" are empty, "error" has the class, then the values.
  bool has(const std::string& key) const { return lines_.count(key) > 0; }
  std::string value(const std::string& key) const;

  /// The forms of these cases were recorded with other values: only the names of their parameters count.
  bool compares_form_names_only() const;

 private:
  void read_exchanges();
  void read_files(const std::string& path);

  std::string name_;
  std::string folder_;
  std::map<std::string, std::string> environment_;
  std::map<std::string, std::string> files_;
  std::vector<SourceExchange> exchanges_;
  std::map<std::string, std::string> params_;
  std::map<std::string, std::string> lines_;
};

/// The cases of a folder, by its INDEX.
std::vector<std::string> case_names(const std::string& folder);

/// A form taken apart and decoded.
std::multimap<std::string, std::string> parse_form(const std::string& form);

/// What is wrong about a request as it was sent to `endpoint`; empty: nothing.
std::string compare_request(const SourceCase& source_case, const SourceExchange& expected,
                            const tinyaws::Endpoint& endpoint, const std::string& request);

}  // namespace conformance
