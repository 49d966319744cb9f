// The words of AWS's servers, and of the questions to them.
#pragma once

#include <map>
#include <string>

#include "check.h"

namespace tinyaws::fakes {

inline std::string http(const std::string& status, const std::string& body, const std::string& fields = "") {
  return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

inline std::string sts_error(const std::string& code, const std::string& message) {
  return "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>" +
         code + "</Code><Message>" + message + "</Message></Error><RequestId>r</RequestId></ErrorResponse>";
}

/// The parameters of a form, decoded here anew.
inline std::map<std::string, std::string> parse_form(const std::string& body) {
  std::map<std::string, std::string> out;
  std::string name, value;
  bool in_value = false;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; };
  for (size_t i = 0; i <= body.size(); ++i) {
    if (i == body.size() || body[i] == '&') {
      CHECK(out.count(name) == 0, "twice in a form: " + name);
      if (!name.empty()) out[name] = value;
      name.clear();
      value.clear();
      in_value = false;
      continue;
    }
    if (body[i] == '=' && !in_value) {
      in_value = true;
      continue;
    }
    char c = body[i] == '+' ? ' ' : body[i];
    if (c == '%') {
      CHECK(i + 2 < body.size(), "a cut escape in a form");
      c = static_cast<char>(digit(body[i + 1]) * 16 + digit(body[i + 2]));
      i += 2;
    }
    (in_value ? value : name) += c;
  }
  return out;
}

}  // namespace tinyaws::fakes
