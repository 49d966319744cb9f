#include "dns_message.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>

#include <cstring>

#include "config_lines.h"
#include "host_name.h"

namespace tinyaws::posix {
namespace {

constexpr size_t kNameRoom = kMaxNameBytes + 2;
constexpr unsigned char kQrBit = 0x80;
constexpr unsigned char kOpcodeBits = 0x78;
constexpr unsigned char kCutBit = 0x02;
constexpr unsigned char kRecursionBit = 0x01;
constexpr unsigned char kRcodeBits = 0x0f;

constexpr unsigned char kLongestLabel = 63;
constexpr unsigned char kPointerBits = 0xc0;

int type_of(bool v6) {
  return v6 ? ns_t_aaaa : ns_t_a;
}

uint16_t read_16(const unsigned char* at) {
  return static_cast<uint16_t>(at[0] << 8 | at[1]);
}

uint32_t smaller_ttl(uint32_t a, uint32_t b) {
  // RFC 2181 section 8: with the highest bit set it is zero.
  if (b > INT32_MAX) b = 0;
  return a < b ? a : b;
}

Str text_of(const char* name) {
  return without_last_dot(name);
}

struct Record {
  const unsigned char* owner;
  const unsigned char* data;
  uint16_t size;
  uint16_t type;
  uint16_t record_class;
  uint32_t ttl;
};

// The answer section of one message, and the name whose records are looked for, which begins as the question's. Names
// stay where they are in the message: the ns_rr of the C library would take a kilobyte of stack for its one.
class Answers {
 public:
  Answers(const ns_msg& message, bool v6)
      : begin_(ns_msg_base(message)),
        end_(ns_msg_end(message)),
        count_(ns_msg_count(message, ns_s_an)),
        type_(type_of(v6)),
        name_(begin_ + NS_HFIXEDSZ) {
    first_ = name_ + dn_skipname(name_, end_) + NS_QFIXEDSZ;
  }

  AnswerKind read(AddressList& out) {
    size_t aliases = 0;
    while (follow_alias()) {
      if (++aliases > kMaxAliases) return AnswerKind::kTooManyAliases;
    }
    // Twice, so that nothing is taken from a message whose end can't be read.
    const bool any = !broken_ && visit_addresses(nullptr);
    if (broken_) return AnswerKind::kUnrelated;
    return any && visit_addresses(&out) ? AnswerKind::kAddresses : AnswerKind::kNoData;
  }

  uint32_t ttl() const { return ttl_; }

 private:
  bool parse(const unsigned char*& at, Record& out) {
    const int name_size = dn_skipname(at, end_);
    if (broken_ || name_size < 0 || end_ - at < name_size + NS_RRFIXEDSZ) return spoil();
    out.owner = at;
    at += name_size;
    out.type = read_16(at);
    out.record_class = read_16(at + 2);
    out.ttl = uint32_t{read_16(at + 4)} << 16 | read_16(at + 6);
    out.size = read_16(at + 8);
    out.data = at += NS_RRFIXEDSZ;
    if (end_ - at < out.size) return spoil();
    at += out.size;
    return true;
  }

  bool spoil() {
    broken_ = true;
    return false;
  }

  bool is_wanted(const Record& record, int type) {
    if (record.type != type || record.record_class != ns_c_in) return false;
    return (name_size(record.owner) >= 0 || spoil()) && is_same(record.owner, name_) && !broken_;
  }

  // Below 0: it is no name. noinline: the room must not add to that of others.
  [[gnu::noinline]] int name_size(const unsigned char* at) const {
    char name[kNameRoom];
    return dn_expand(begin_, end_, at, name, sizeof name);
  }

  bool is_same(const unsigned char* a, const unsigned char* b) {
    for (;;) {
      const Str label = next_label(a);
      if (!equals_ignoring_case(label, next_label(b))) return false;
      if (label.empty()) return true;
    }
  }

  // Empty at the end of the name, and when it spoils the message. RFC 1035 section 4.1.4: pointers lead back.
  Str next_label(const unsigned char*& at) {
    while (end_ - at >= 2 && at[0] >= kPointerBits) {
      const unsigned char* to = begin_ + (read_16(at) & 0x3fff);
      if (to >= at) break;
      at = to;
    }
    if (at >= end_ || *at > kLongestLabel || end_ - at <= *at) {
      spoil();
      return {};
    }
    const Str label(reinterpret_cast<const char*>(at + 1), *at);
    at += 1 + label.size();
    return label;
  }

  bool follow_alias() {
    const unsigned char* at = first_;
    Record record;
    for (int i = 0; i < count_ && parse(at, record); i++) {
      if (!is_wanted(record, ns_t_cname)) continue;
      ttl_ = smaller_ttl(ttl_, record.ttl);
      name_ = record.data;
      return name_size(name_) == record.size || spoil();
    }
    return false;
  }

  bool visit_addresses(AddressList* out) {
    const unsigned char* at = first_;
    Record record;
    bool any = false;
    Address address{};
    address.v6 = type_ == ns_t_aaaa;
    const size_t size = address.v6 ? NS_IN6ADDRSZ : NS_INADDRSZ;
    for (int i = 0; i < count_ && parse(at, record); i++) {
      if (record.size != size || !is_wanted(record, type_)) continue;
      ttl_ = smaller_ttl(ttl_, record.ttl);
      memcpy(address.ip, record.data, size);
      if (out) out->add(address);
      any = true;
    }
    return any;
  }

  const unsigned char* begin_;
  const unsigned char* end_;
  const unsigned char* first_;
  const int count_;
  const int type_;
  const unsigned char* name_;
  uint32_t ttl_ = INT32_MAX;
  bool broken_ = false;
};

DnsAnswer read_addresses(const unsigned char* message, size_t size, bool v6, AddressList& out) {
  ns_msg parsed;
  if (ns_initparse(message, static_cast<int>(size), &parsed) != 0) return {AnswerKind::kUnrelated, 0, 0};
  Answers answers(parsed, v6);
  const AnswerKind kind = answers.read(out);
  return {kind, 0, answers.ttl()};
}

}  // namespace

size_t write_dns_question(const DnsQuestion& question, Span<unsigned char> out) {
  const int size = res_mkquery(ns_o_query, question.name, ns_c_in, type_of(question.v6), nullptr, 0, nullptr,
                               out.data(), static_cast<int>(out.size()));
  if (size < NS_HFIXEDSZ) return 0;
  // The id of the C library can be guessed, and its flags are what the variable RES_OPTIONS and its own reading of
  // resolv.conf make them.
  out[0] = static_cast<unsigned char>(question.id >> 8);
  out[1] = static_cast<unsigned char>(question.id & 0xff);
  out[2] = kRecursionBit;
  out[3] = 0;
  return static_cast<size_t>(size);
}

// noinline: the name must not add to what reading the answer takes.
[[gnu::noinline]] bool answers_question(const unsigned char* message, size_t size, const DnsQuestion& question) {
  if (size < NS_HFIXEDSZ || read_16(message) != question.id) return false;
  if ((message[2] & kQrBit) == 0 || (message[2] & kOpcodeBits) != 0 || read_16(message + 4) != 1) return false;
  char name[kNameRoom];
  const unsigned char* at = message + NS_HFIXEDSZ;
  const unsigned char* end = message + size;
  const int name_size = dn_expand(message, end, at, name, sizeof name);
  if (name_size < 0 || end - at < name_size + NS_QFIXEDSZ) return false;
  at += name_size;
  return read_16(at) == type_of(question.v6) && read_16(at + 2) == ns_c_in &&
         equals_ignoring_case(text_of(name), text_of(question.name));
}

DnsAnswer read_dns_answer(const unsigned char* message, size_t size, bool v6, AddressList& out) {
  const uint8_t rcode = message[3] & kRcodeBits;
  if (message[2] & kCutBit) return {AnswerKind::kCut, rcode, 0};
  if (rcode == ns_r_nxdomain) return {AnswerKind::kNoName, rcode, 0};
  if (rcode != ns_r_noerror) return {AnswerKind::kRefused, rcode, 0};
  return read_addresses(message, size, v6, out);
}

}  // namespace tinyaws::posix
