#include "options.h"

#include <mbedtls/version.h>

#include <cstdlib>

#include "base/ascii.h"
#include "option_table.h"

namespace awsfetch {
namespace {

// Where the command line itself is at fault, rather than one value in it.
MaybeExit misused(Str what, Str which) {
  return usage_error("{} {}; see awsfetch --help", {what, which});
}

MaybeExit take_argument(Str text, Options& options) {
  if (options.argument.data() != nullptr) return misused("more than one URL or PATH:", text);
  options.argument = text;
  return {};
}

const KnownOption* find_letter(char letter) {
  for (const KnownOption& known : kOptions) {
    if (known.letter == letter) return &known;
  }
  return nullptr;
}

// As getopt_long reads it: options and arguments in any order, long names cut short where that is unique.
class Reader {
 public:
  /// `next`: the arguments, a null pointer behind the last.
  Reader(char** next, Options& options) : next_(next), options_(options) {}

  MaybeExit read() {
    while (*next_ != nullptr) {
      if (auto done = read_one(*next_++)) return done;
    }
    return {};
  }

 private:
  MaybeExit read_one(Str argument);
  MaybeExit read_letters(Str cluster);
  MaybeExit read_name(Str argument);
  MaybeExit take_value(const KnownOption& option, Str shown, const char* value);
  MaybeExit apply(const KnownOption& option, Str value);

  char** next_;
  Options& options_;
  bool only_arguments_ = false;
};

MaybeExit Reader::read_one(Str argument) {
  if (only_arguments_ || argument.size() < 2 || argument[0] != '-') return take_argument(argument, options_);
  if (argument[1] != '-') return read_letters(argument);
  if (argument.size() > 2) return read_name(argument);
  only_arguments_ = true;
  return {};
}

// "-iv", "-X PUT", "-d@file".
MaybeExit Reader::read_letters(Str cluster) {
  for (size_t i = 1; i < cluster.size(); ++i) {
    const char letter[] = {'-', cluster[i]};
    const Str shown(letter, sizeof letter);
    const KnownOption* const option = find_letter(cluster[i]);
    if (option == nullptr) return misused("unknown option", shown);
    const char* const rest = cluster.data() + i + 1;
    if (option->takes_value()) return take_value(*option, shown, *rest != '\0' ? rest : nullptr);
    if (auto done = apply(*option, {})) return done;
  }
  return {};
}

// "--request PUT", "--request=PUT", "--req PUT".
MaybeExit Reader::read_name(Str argument) {
  const Str dashed = argument.before('=');
  const Str name = dashed.substr(2);
  const KnownOption* found = nullptr;
  for (const KnownOption& known : kOptions) {
    if (!starts_with(known.name, name)) continue;
    if (found != nullptr) {
      return usage_error("option {} is ambiguous: --{} or --{}? see awsfetch --help",
                         {dashed, found->name, known.name});
    }
    found = &known;
  }
  if (found == nullptr) return misused("unknown option", argument);
  const char* const value = dashed.size() < argument.size() ? dashed.end() + 1 : nullptr;
  if (found->takes_value()) return take_value(*found, argument, value);
  return value == nullptr ? apply(*found, {}) : misused("no value is expected by", argument);
}

MaybeExit Reader::take_value(const KnownOption& option, Str shown, const char* value) {
  if (value == nullptr) value = *next_++;
  if (value == nullptr) return misused("a value is missing after", shown);
  return apply(option, value);
}

MaybeExit Reader::apply(const KnownOption& option, Str value) {
  const char*& first = options_.first_about[option.about];
  const bool is_said = !option.takes_value() || !value.empty();
  if (first == nullptr && is_said) first = option.name;
  switch (option.kind) {
    case KnownOption::kText:
      options_.*option.text = value;
      return {};
    case KnownOption::kFlag:
      options_.*option.flag = true;
      return {};
    default:
      return option.take(value, options_);
  }
}

}  // namespace

Exit print_version() {
  print_line_to(kOutput, "awsfetch {} (mbedTLS " MBEDTLS_VERSION_STRING ")", {tinyaws::kVersion});
  return finish_standard_output();
}

Options::~Options() {
  std::free(headers);
  std::free(data);
}

MaybeExit parse_options(int argc, char** argv, Options& options) {
  // No more of either than arguments.
  options.headers = static_cast<tinyaws::Header*>(std::calloc(static_cast<size_t>(argc), sizeof *options.headers));
  options.data = static_cast<const char**>(std::calloc(static_cast<size_t>(argc), sizeof *options.data));
  if (options.headers == nullptr || options.data == nullptr) return usage_error("out of memory");
  if (auto done = Reader(argv + (argc > 0 ? 1 : 0), options).read()) return done;
  if (options.argument.empty() && !options.show_config && !options.export_credentials) {
    return misused("no URL or PATH is", "given");
  }
  options.timeouts.tls_ms = options.timeouts.connect_ms;
  return check_together(options);
}

}  // namespace awsfetch
