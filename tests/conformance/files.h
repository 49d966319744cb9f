// Reading test data. A file that must be there and is not ends the program.
#pragma once

#include <string>
#include <vector>

namespace conformance {

bool exists(const std::string& path);

std::string read_file(const std::string& path);

/// The lines of a file, without their line feeds; empty ones and those that begin with '#' are left out.
std::vector<std::string> read_lines(const std::string& path);

/// Text between tabs.
std::vector<std::string> split(const std::string& text, char separator);

}  // namespace conformance
