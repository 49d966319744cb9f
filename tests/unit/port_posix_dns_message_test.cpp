// The POSIX port: DNS messages, as bytes.
#include "dns_message.h"

#include "port_posix_resolver.h"

using namespace tinyaws;
using namespace test;
using posix::AnswerKind;
using posix::answers_question;
using posix::DnsAnswer;
using posix::DnsQuestion;
using posix::read_dns_answer;
using posix::write_dns_question;

namespace {

constexpr char kHost[] = "api.example.com";

Question question_for(bool v6 = false, const char* host = kHost) {
  Question question;
  question.id = 0x1234;
  question.type = v6 ? kTypeAaaa : kTypeA;
  question.name = host;
  return question;
}

struct Result {
  DnsAnswer answer;
  std::string addresses;
};

/// The message stands at the end of an allocation, so that reading beyond it is seen.
Result read(const std::string& bytes, bool v6 = false, const char* host = kHost) {
  std::vector<unsigned char> message(bytes.begin(), bytes.end());
  posix::AddressList list;
  if (!answers_question(message.data(), message.size(), {host, 0x1234, v6}))
    return {{AnswerKind::kUnrelated, 0, 0}, ""};
  const DnsAnswer answer = read_dns_answer(message.data(), message.size(), v6, list);
  return {answer, join(list.addresses())};
}

void assert_kind(const Result& result, AnswerKind kind, const char* addresses = "") {
  assert_int_equal(static_cast<int>(result.answer.kind), static_cast<int>(kind));
  assert_string_equal(result.addresses.c_str(), addresses);
}

void writes_questions(void**) {
  unsigned char out[posix::kMaxQuestionBytes];
  const size_t size = write_dns_question({kHost, 0x1234, false}, out);
  const std::string expected =
      std::string("\x12\x34\1\0\0\1\0\0\0\0\0\0", 12) + wire_name(kHost) + number_16(1) + number_16(1);
  assert_int_equal(size, expected.size());
  assert_memory_equal(out, expected.data(), size);
  assert_int_equal(write_dns_question({kHost, 0x1234, false}, {out, size - 1}), 0);
  std::string longest = std::string(61, 'a');
  while (longest.size() < 253) longest = std::string(63, 'b') + "." + longest;
  assert_int_equal(longest.size(), 253);
  assert_int_equal(write_dns_question({longest.c_str(), 0xffff, true}, out), posix::kMaxQuestionBytes);
  const Question back = read_question({reinterpret_cast<char*>(out), sizeof out});
  assert_string_equal(back.name.c_str(), longest.c_str());
  assert_int_equal(back.type, kTypeAaaa);
  assert_int_equal(back.id, 0xffff);
}

void reads_addresses(void**) {
  assert_kind(read(Reply(question_for()).address("192.0.2.1").address("192.0.2.2").bytes()), AnswerKind::kAddresses,
              "192.0.2.1 192.0.2.2");
  assert_kind(read(Reply(question_for(true)).address("2001:db8::1").bytes(), true), AnswerKind::kAddresses,
              "2001:db8::1");
  assert_kind(read(Reply(question_for(true)).bytes(), true), AnswerKind::kNoData);
}

void takes_records_of_the_question_only(void**) {
  assert_kind(read(Reply(question_for()).address("192.0.2.66", 60, "other.example.com").bytes()),
              AnswerKind::kNoData);
  assert_kind(read(Reply(question_for()).address("192.0.2.66", 60, "example.com").bytes()), AnswerKind::kNoData);
  assert_kind(read(Reply(question_for()).address("2001:db8::66").bytes()), AnswerKind::kNoData);
  assert_kind(read(Reply(question_for(true)).address("192.0.2.66").bytes(), true), AnswerKind::kNoData);
  assert_kind(read(Reply(question_for()).add(kHost, kTypeA, 60, "abc").bytes()), AnswerKind::kNoData);
  assert_kind(read(Reply(question_for()).add(kHost, kTypeA, 60, "abcde").bytes()), AnswerKind::kNoData);
  Reply chaos(question_for());
  chaos.address("192.0.2.66");
  chaos.records[wire_name(kHost).size() + 3] = 3;
  assert_kind(read(chaos.bytes()), AnswerKind::kNoData);
  // Nor do those of the other sections count.
  Reply additional(question_for());
  additional.address("192.0.2.66");
  std::string bytes = additional.bytes();
  std::swap(bytes[7], bytes[11]);
  assert_kind(read(bytes), AnswerKind::kNoData);
}

void follows_aliases_in_any_order(void**) {
  std::vector<std::string> records;
  Reply parts(question_for());
  const auto take = [&](Reply& reply) {
    records.push_back(reply.records);
    reply.records.clear();
  };
  take(parts.alias(kHost, "One.example.com", 50));
  take(parts.alias("one.example.com", "two.example.com", 40));
  take(parts.alias("two.example.com", "three.example.com", 45));
  take(parts.address("192.0.2.1", 60, "three.EXAMPLE.com"));
  take(parts.address("192.0.2.66", 10, "two.example.com"));
  std::sort(records.begin(), records.end());
  do {
    Reply reply(question_for());
    for (const std::string& record : records) reply.records += record;
    reply.count = records.size();
    const Result result = read(reply.bytes());
    assert_kind(result, AnswerKind::kAddresses, "192.0.2.1");
    assert_int_equal(result.answer.ttl_seconds, 40);
  } while (std::next_permutation(records.begin(), records.end()));
}

void an_alias_without_addresses_is_no_data(void**) {
  assert_kind(read(Reply(question_for()).alias(kHost, "one.example.com").bytes()), AnswerKind::kNoData);
  assert_kind(read(Reply(question_for()).alias(kHost, "one.example.com").address("192.0.2.66").bytes()),
              AnswerKind::kNoData);
  assert_kind(read(Reply(question_for()).alias("one.example.com", kHost).address("192.0.2.1").bytes()),
              AnswerKind::kAddresses, "192.0.2.1");
}

void aliases_have_an_end(void**) {
  assert_kind(read(Reply(question_for()).alias(kHost, kHost).bytes()), AnswerKind::kTooManyAliases);
  assert_kind(read(Reply(question_for()).alias(kHost, "b.test").alias("b.test", kHost).address("192.0.2.66").bytes()),
              AnswerKind::kTooManyAliases);
  for (const size_t length : {size_t{8}, size_t{9}}) {
    Reply reply(question_for());
    std::string owner = kHost;
    for (size_t i = 0; i < length; i++) {
      const std::string target = "a" + std::to_string(i) + ".test";
      reply.alias(owner, target);
      owner = target;
    }
    reply.address("192.0.2.1", 60, owner);
    const Result result = read(reply.bytes());
    if (length == 8) {
      assert_kind(result, AnswerKind::kAddresses, "192.0.2.1");
    } else {
      assert_kind(result, AnswerKind::kTooManyAliases);
    }
  }
}

void follows_compressed_names(void**) {
  Reply reply(question_for());
  const std::string to_question = "\xc0\x0c";
  reply.records = to_question + number_16(kTypeCname) + number_16(1) + number_32(60) + number_16(6) + "\3www" +
                  std::string("\xc0\x10") + to_question.substr(0, 1);
  const size_t target = reply.bytes().size() - 7;
  reply.records.pop_back();
  reply.records += std::string("\xc0") + static_cast<char>(target + 0) + number_16(kTypeA) + number_16(1) +
                   number_32(60) + number_16(4) + wire_address("192.0.2.1");
  reply.count = 2;
  assert_kind(read(reply.bytes()), AnswerKind::kAddresses, "192.0.2.1");
}

void names_are_compared_label_by_label(void**) {
  const auto from = [](const std::string& owner) {
    Reply reply(question_for());
    reply.records =
        owner + number_16(kTypeA) + number_16(1) + number_32(60) + number_16(4) + wire_address("192.0.2.1");
    reply.count = 1;
    return read(reply.bytes());
  };
  const std::string same[] = {"\xc0\x0c", "\3aPi\xc0\x10", std::string("\3API\7EXAMPLE\3COM\0", 17)};
  for (const std::string& owner : same) assert_kind(from(owner), AnswerKind::kAddresses, "192.0.2.1");
  const std::string others[] = {std::string("\13api.example\3com\0", 17), "\xc0\x10", "\1a\xc0\x0c",
                                std::string("\3api\7example\0", 13), std::string("\0", 1)};
  for (const std::string& owner : others) assert_kind(from(owner), AnswerKind::kNoData);
  // RFC 1035 section 4.1.4: a pointer leads back.
  assert_kind(from("\xc0\x23"), AnswerKind::kUnrelated);
}

void compression_has_an_end(void**) {
  for (const char* pointer : {"\xc0\x0c", "\xc0\x21", "\xc0\xff", "\xff\xff",
                              "\x41"
                              "a",
                              "\x80"
                              "a"}) {
    Reply reply(question_for());
    const size_t at = reply.bytes().size();
    assert_int_equal(at, 0x21);
    reply.records = std::string(pointer, 2) + number_16(kTypeCname) + number_16(1) + number_32(60) + number_16(2) +
                    std::string(pointer, 2);
    reply.count = 1;
    const AnswerKind kind = read(reply.bytes()).answer.kind;
    assert_true(kind == AnswerKind::kUnrelated || kind == AnswerKind::kTooManyAliases);
  }
  // Nothing is taken from what stands before it.
  Reply spoilt(question_for());
  spoilt.address("192.0.2.66");
  spoilt.records += "\xff\xff" + number_16(kTypeA) + number_16(1) + number_32(60) + number_16(4) + "abcd";
  spoilt.count++;
  assert_kind(read(spoilt.bytes()), AnswerKind::kUnrelated);
  // A question that points to itself.
  std::string bytes = Reply(question_for()).bytes();
  bytes[12] = '\xc0';
  bytes[13] = '\x0c';
  assert_kind(read(bytes), AnswerKind::kUnrelated);
}

void an_alias_to_what_is_no_name(void**) {
  const std::string targets[] = {"",
                                 std::string("\0", 1),
                                 "\3www",
                                 wire_name("a.test") + "x",
                                 std::string("\xc0", 1),
                                 wire_name(std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                                           std::string(63, 'c') + "." + std::string(63, 'd'))};
  for (const std::string& target : targets) {
    const Result result =
        read(Reply(question_for()).add(kHost, kTypeCname, 60, target).address("192.0.2.66").bytes());
    assert_kind(result, target == std::string("\0", 1) ? AnswerKind::kNoData : AnswerKind::kUnrelated);
  }
}

void lives(void**) {
  const std::pair<uint32_t, uint32_t> rows[] = {
      {0, 0}, {1, 1}, {0x7fffffff, 0x7fffffff}, {0x80000000, 0}, {0xffffffff, 0}};
  for (const auto& row : rows) {
    const Result result = read(Reply(question_for()).address("192.0.2.1", row.first).bytes());
    assert_int_equal(result.answer.ttl_seconds, row.second);
  }
}

void codes(void**) {
  for (unsigned code = 0; code < 16; code++) {
    const Result result = read(Reply(question_for()).code(code).bytes());
    assert_kind(result, code == 0 ? AnswerKind::kNoData : code == 3 ? AnswerKind::kNoName : AnswerKind::kRefused);
    assert_int_equal(result.answer.rcode, code);
    Reply cut(question_for());
    cut.code(code).flags |= 0x0200;
    assert_kind(read(cut.bytes()), AnswerKind::kCut);
  }
}

void any_end_is_noticed(void**) {
  const std::string whole = Reply(question_for()).alias(kHost, "b.test").address("192.0.2.1", 60, "b.test").bytes();
  for (size_t size = 0; size < whole.size(); size++) assert_kind(read(whole.substr(0, size)), AnswerKind::kUnrelated);
  assert_kind(read(whole + "x"), AnswerKind::kUnrelated);
  assert_kind(read(whole), AnswerKind::kAddresses, "192.0.2.1");
}

void any_wrong_bit_of_the_question_is_noticed(void**) {
  const std::string whole = Reply(question_for()).address("192.0.2.1").bytes();
  const size_t end = 12 + wire_name(kHost).size() + 4;
  for (size_t bit = 0; bit < end * 8; bit++) {
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
    const bool other_flags = bit / 8 == 2 || bit / 8 == 3;
    const bool other_case = bit >= 96 && bit / 8 < end - 4 && bit % 8 == 5 && isalpha(whole[bit / 8]);
    if (other_flags || other_case) continue;
    assert_kind(read(bytes), AnswerKind::kUnrelated);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(writes_questions),
      CASE(reads_addresses),
      CASE(takes_records_of_the_question_only),
      CASE(follows_aliases_in_any_order),
      CASE(an_alias_without_addresses_is_no_data),
      CASE(aliases_have_an_end),
      CASE(follows_compressed_names),
      CASE(names_are_compared_label_by_label),
      CASE(compression_has_an_end),
      CASE(an_alias_to_what_is_no_name),
      CASE(lives),
      CASE(codes),
      CASE(any_end_is_noticed),
      CASE(any_wrong_bit_of_the_question_is_noticed),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
