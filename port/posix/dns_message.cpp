#include "dns_message.h"

#include <cstring>

#include "config_lines.h"
#include "host_name.h"

namespace tinyaws::posix {
namespace {

constexpr unsigned char kQrBit = 0x80;
constexpr unsigned char kOpcodeBits = 0x78;
constexpr unsigned char kCutBit = 0x02;
constexpr unsigned char kRecursionBit = 0x01;
constexpr unsigned char kRcodeBits = 0x0f;
constexpr uint8_t kNoError = 0;
constexpr uint8_t kNoSuchName = 3;

constexpr size_t kHeaderBytes = 12;
constexpr size_t kTypeAndClassBytes = 4;
constexpr size_t kRecordBytes = 10;  // type, class, TTL and length, between name and data
constexpr size_t kWireNameBytes = kMaxNameBytes + 2;

constexpr uint16_t kTypeA = 1;
constexpr uint16_t kTypeCname = 5;
constexpr uint16_t kTypeAaaa = 28;
constexpr uint16_t kClassIn = 1;

constexpr unsigned char kPointerBits = 0xc0;

uint16_t type_of(bool v6) {
  return v6 ? kTypeAaaa : kTypeA;
}

uint16_t read_16(const unsigned char* at) {
  return static_cast<uint16_t>(at[0] << 8 | at[1]);
}

void write_16(uint16_t number, unsigned char* at) {
  at[0] = static_cast<unsigned char>(number >> 8);
  at[1] = static_cast<unsigned char>(number & 0xff);
}

uint32_t smaller_ttl(uint32_t a, uint32_t b) {
  // RFC 2181 section 8: with the highest bit set it is zero.
  if (b > INT32_MAX) b = 0;
  return a < b ? a : b;
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
// stay where they are in the message.
class Answers {
 public:
  // REQUIRES: the message has a header and one question.
  Answers(const unsigned char* message, size_t size, bool v6)
      : begin_(message),
        end_(message + size),
        count_(read_16(message + 6)),
        type_(type_of(v6)),
        name_(message + kHeaderBytes) {
    first_ = name_;
    (void)skip_name(first_);
    first_ += kTypeAndClassBytes;
    check_end();
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
  // All sections have to be whole, and nothing may follow.
  void check_end() {
    const unsigned char* at = first_;
    Record record;
    size_t records = count_ + size_t{read_16(begin_ + 8)} + read_16(begin_ + 10);
    while (records > 0 && parse(at, record)) --records;
    if (at != end_) spoil();
  }

  bool parse(const unsigned char*& at, Record& out) {
    out.owner = at;
    if (broken_ || !skip_name(at) || end_ - at < ptrdiff_t{kRecordBytes}) return spoil();
    out.type = read_16(at);
    out.record_class = read_16(at + 2);
    out.ttl = uint32_t{read_16(at + 4)} << 16 | read_16(at + 6);
    out.size = read_16(at + 8);
    out.data = at += kRecordBytes;
    if (end_ - at < out.size) return spoil();
    at += out.size;
    return true;
  }

  // To what stands behind a name.
  bool skip_name(const unsigned char*& at) const {
    while (at < end_) {
      const unsigned char length = *at++;
      if (length == 0) return true;
      if (length >= kPointerBits && at < end_) {
        ++at;
        return true;
      }
      if (length > kMaxLabelBytes || end_ - at < length) return false;
      at += length;
    }
    return false;
  }

  bool spoil() {
    broken_ = true;
    return false;
  }

  bool is_wanted(const Record& record, uint16_t type) {
    if (record.type != type || record.record_class != kClassIn) return false;
    return is_name(record.owner) && is_same(record.owner, name_);
  }

  bool is_name(const unsigned char* at) {
    size_t size = 0;
    for (Str label = next_label(at); !label.empty() && size <= kWireNameBytes; label = next_label(at)) {
      size += 1 + label.size();
    }
    return size < kWireNameBytes ? !broken_ : spoil();
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
    if (at >= end_ || *at > kMaxLabelBytes || end_ - at <= *at) {
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
    for (uint16_t i = 0; i < count_ && parse(at, record); i++) {
      if (!is_wanted(record, kTypeCname)) continue;
      ttl_ = smaller_ttl(ttl_, record.ttl);
      name_ = record.data;
      const unsigned char* end = name_;
      return is_name(name_) && ((skip_name(end) && end == name_ + record.size) || spoil());
    }
    return false;
  }

  bool visit_addresses(AddressList* out) {
    const unsigned char* at = first_;
    Record record;
    bool any = false;
    Address address{};
    address.v6 = type_ == kTypeAaaa;
    const size_t size = address.v6 ? 16 : 4;
    for (uint16_t i = 0; i < count_ && parse(at, record); i++) {
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
  const uint16_t count_;
  const uint16_t type_;
  const unsigned char* name_;
  uint32_t ttl_ = INT32_MAX;
  bool broken_ = false;
};

}  // namespace

size_t write_dns_question(const DnsQuestion& question, Span<unsigned char> out) {
  Str rest = without_last_dot(question.name);
  const size_t size = kHeaderBytes + rest.size() + 2 + kTypeAndClassBytes;
  if (rest.size() > kMaxNameBytes || size > out.size()) return 0;
  memset(out.data(), 0, size);
  write_16(question.id, out.data());
  out[2] = kRecursionBit;
  out[5] = 1;  // question
  unsigned char* at = out.data() + kHeaderBytes;
  while (!rest.empty()) {
    const Str label = rest.before('.');
    if (label.empty() || label.size() > kMaxLabelBytes) return 0;
    *at++ = static_cast<unsigned char>(label.size());
    memcpy(at, label.data(), label.size());
    at += label.size();
    rest.remove_prefix(label.size() < rest.size() ? label.size() + 1 : label.size());
  }
  write_16(type_of(question.v6), at + 1);
  write_16(kClassIn, at + 3);
  return size;
}

bool answers_question(const unsigned char* message, size_t size, const DnsQuestion& question) {
  unsigned char asked[kMaxQuestionBytes];
  const size_t asked_size = write_dns_question(question, asked);
  if (asked_size == 0 || size < asked_size || read_16(message) != question.id) return false;
  if ((message[2] & kQrBit) == 0 || (message[2] & kOpcodeBits) != 0 || read_16(message + 4) != 1) return false;
  const auto behind_header = [asked_size](const unsigned char* at) {
    return Str(reinterpret_cast<const char*>(at + kHeaderBytes), asked_size - kHeaderBytes);
  };
  // No length, type or class is a letter.
  return equals_ignoring_case(behind_header(message), behind_header(asked));
}

DnsAnswer read_dns_answer(const unsigned char* message, size_t size, bool v6, AddressList& out) {
  const uint8_t rcode = message[3] & kRcodeBits;
  if (message[2] & kCutBit) return {AnswerKind::kCut, rcode, 0};
  if (rcode == kNoSuchName) return {AnswerKind::kNoName, rcode, 0};
  if (rcode != kNoError) return {AnswerKind::kRefused, rcode, 0};
  Answers answers(message, size, v6);
  const AnswerKind kind = answers.read(out);
  return {kind, 0, answers.ttl()};
}

}  // namespace tinyaws::posix
