// Questions and answers of DNS (RFC 1035 section 4).
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/posix_resolver.h"

namespace tinyaws::posix {

/// Room for a question: header, the longest name, type and class.
constexpr size_t kMaxQuestionBytes = 12 + 255 + 4;

struct DnsQuestion {
  const char* name;  ///< Of at most kMaxNameBytes, without a dot at the end.
  uint16_t id;
  bool v6;  ///< AAAA, else A.
};

enum class AnswerKind : uint8_t {
  kUnrelated,       ///< No answer to this question, or none that can be read: not to be heard.
  kAddresses,       ///< Added to the list.
  kNoData,          ///< The name exists, and has no address of this family.
  kNoName,          ///< The name does not exist.
  kTooManyAliases,  ///< More than kMaxAliases, or a circle.
  kCut,             ///< The answer is longer: ask over TCP.
  kRefused,         ///< The server can't or won't say: `rcode`.
};

struct DnsAnswer {
  AnswerKind kind;
  uint8_t rcode;         ///< RFC 1035 section 4.1.1.
  uint32_t ttl_seconds;  ///< With kAddresses: the smallest of the aliases and addresses.
};

/// Writes a question and answers how many bytes it has; 0: there is no room, or it is no name that DNS knows.
size_t write_dns_question(const DnsQuestion& question, Span<unsigned char> out);

/// Whether the header and the question are those of an answer to `question`: all that can be said of a message whose
/// end is missing.
bool answers_question(const unsigned char* message, size_t size, const DnsQuestion& question);

/// Reads a message of `size` bytes. REQUIRES: it answers the question, as `answers_question` says; `v6` as in the
/// question. Addresses count if they belong to the name at the end of the chain of aliases that begins with the
/// question's.
DnsAnswer read_dns_answer(const unsigned char* message, size_t size, bool v6, AddressList& out);

}  // namespace tinyaws::posix
