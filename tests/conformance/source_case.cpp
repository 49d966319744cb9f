#include "source_case.h"

#include <strings.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "files.h"

namespace conformance {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kEarly = 1234560000;

std::string trim(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

SourceExchange parse_exchange(const std::string& text) {
  const std::vector<std::string> lines = split(text, '\n');
  SourceExchange exchange;
  const size_t blank = lines[0].find(' ');
  exchange.method = lines[0].substr(0, blank);
  exchange.url = trim(lines[0].substr(blank + 1));
  for (size_t i = 1; i < lines.size(); ++i) {
    const size_t colon = lines[i].find(':', lines[i].empty() || lines[i][0] != ':' ? 0 : 1);
    if (colon == std::string::npos) continue;
    const std::string name = lines[i].substr(0, colon);
    const std::string value = trim(lines[i].substr(colon + 1));
    if (name == "-body") {
      exchange.form = value;
    } else if (name[0] == '!') {
      exchange.absent.push_back(name.substr(1));
    } else {
      exchange.headers.emplace_back(name, value);
    }
  }
  return exchange;
}

SourceExchange::Event parse_event(const std::string& word) {
  if (word == "TIMEOUT") return SourceExchange::Event::kTimeout;
  if (word == "RESET") return SourceExchange::Event::kReset;
  if (word == "REFUSED") return SourceExchange::Event::kRefused;
  fprintf(stderr, "an event that this test does not know: %s\n", word.c_str());
  exit(1);
}

int hex(char c) {
  return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

std::string decode(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

// The values of all fields of this name in a head.
std::vector<std::string> fields(const std::string& request, const std::string& name) {
  std::vector<std::string> values;
  for (const std::string& line : split(request.substr(0, request.find("\r\n\r\n")), '\n')) {
    const size_t colon = line.find(':');
    if (colon == name.size() && strncasecmp(line.c_str(), name.c_str(), colon) == 0) {
      values.push_back(trim(line.substr(colon + 1)));
    }
  }
  return values;
}

std::string compare_target(const SourceExchange& expected, const tinyaws::Endpoint& endpoint,
                           const std::string& request) {
  const std::string line = request.substr(0, request.find("\r\n"));
  std::string url = endpoint.tls ? "https://" : "http://";
  const bool ipv6 = endpoint.host.find(':') != tinyaws::Str::npos;
  url += (ipv6 ? "[" : "") + std::string(endpoint.host) + (ipv6 ? "]" : "");
  if (endpoint.port != tinyaws::default_port(endpoint.tls)) url += ":" + std::to_string(endpoint.port);
  const std::vector<std::string> words = split(line, ' ');
  if (words.size() != 3) return "request line \"" + line + "\"";
  const bool no_path = expected.url.find('/', expected.url.find("//") + 2) == std::string::npos;
  const std::string actual = words[0] + " " + url + words[1];
  const std::string wanted = expected.method + " " + expected.url + (no_path ? "/" : "");
  return actual == wanted ? "" : "\"" + actual + "\" instead of \"" + wanted + "\"";
}

std::string compare_form(const std::string& expected, const std::string& request, bool names_only) {
  const std::string body = request.substr(request.find("\r\n\r\n") + 4);
  auto actual = parse_form(body);
  auto wanted = parse_form(expected);
  if (names_only) {
    for (auto& parameter : actual) parameter.second.clear();
    for (auto& parameter : wanted) parameter.second.clear();
  }
  return actual == wanted ? "" : "body \"" + body + "\" instead of \"" + expected + "\"";
}

}  // namespace

SourceCase::SourceCase(const std::string& folder, const std::string& name)
    : name_(name), folder_(folder + "/" + name) {
  for (const std::string& line : read_lines(folder_ + "/env")) {
    const size_t equals = line.find('=');
    environment_[line.substr(0, equals)] = replace_all(line.substr(equals + 1), "\\n", "\n");
  }
  for (const std::string& line : read_lines(folder_ + "/expect.tsv")) {
    std::vector<std::string> parts = split(line, '\t');
    parts.resize(3);
    if (parts[0] == "param") {
      params_[parts[1]] = parts[2];
    } else {
      lines_[parts[0]] = parts[1];
    }
  }
  read_exchanges();
  read_files(folder_ + "/fs");
}

void SourceCase::read_exchanges() {
  for (int n = 1;; ++n) {
    const std::string stem = folder_ + (n < 10 ? "/0" : "/") + std::to_string(n);
    if (!exists(stem + ".request.txt")) return;
    exchanges_.push_back(parse_exchange(read_file(stem + ".request.txt")));
    if (exists(stem + ".event.txt")) {
      exchanges_.back().event = parse_event(trim(read_file(stem + ".event.txt")));
    } else {
      exchanges_.back().answer = read_file(stem + ".response.txt");
    }
  }
}

void SourceCase::read_files(const std::string& path) {
  if (!exists(path)) return;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    const std::string file = entry.path().string();
    if (entry.is_regular_file()) files_[file.substr(path.size())] = read_file(file);
  }
}

std::string SourceCase::param(const std::string& key, const std::string& otherwise) const {
  const auto found = params_.find(key);
  return found == params_.end() ? otherwise : found->second;
}

int SourceCase::number(const std::string& key, int otherwise) const {
  const std::string text = param(key);
  return text.empty() ? otherwise : atoi(text.c_str());
}

int64_t SourceCase::now() const {
  const std::string text = param("now");
  return text.empty() ? kEarly : atoll(text.c_str());
}

std::string SourceCase::value(const std::string& key) const {
  const auto found = lines_.find(key);
  return found == lines_.end() ? "" : found->second;
}

bool SourceCase::compares_form_names_only() const {
  return name_.compare(0, 7, "smithy-") == 0;
}

std::vector<std::string> case_names(const std::string& folder) {
  return read_lines(folder + "/INDEX");
}

std::multimap<std::string, std::string> parse_form(const std::string& form) {
  std::multimap<std::string, std::string> parameters;
  for (const std::string& part : split(form, '&')) {
    const size_t equals = part.find('=');
    const std::string value = equals == std::string::npos ? "" : part.substr(equals + 1);
    if (!part.empty()) parameters.emplace(decode(part.substr(0, equals)), decode(value));
  }
  return parameters;
}

std::string compare_request(const SourceCase& source_case, const SourceExchange& expected,
                            const tinyaws::Endpoint& endpoint, const std::string& request) {
  const std::string target = compare_target(expected, endpoint, request);
  if (!target.empty()) return target;
  for (const char* name : {"Host", "User-Agent"}) {
    if (fields(request, name).size() != 1) return std::string("not one field ") + name;
  }
  for (const auto& header : expected.headers) {
    const std::vector<std::string> values = fields(request, header.first);
    if (values.size() != 1) return std::to_string(values.size()) + " fields " + header.first;
    // The answers of these cases were given other tokens than the requests were recorded with.
    if (source_case.compares_form_names_only() && header.first == "x-amz-security-token") continue;
    if (values[0] != header.second) {
      return header.first + ": \"" + values[0] + "\" instead of \"" + header.second + "\"";
    }
  }
  for (const std::string& name : expected.absent) {
    if (!fields(request, name).empty()) return name + " is there";
  }
  if (expected.form.empty()) return "";
  return compare_form(expected.form, request, source_case.compares_form_names_only());
}

}  // namespace conformance
