// What to say of an answer that is an error: the last line, and with --verbose why a signature was refused.
#pragma once

#include <tinyaws/explain.h>
#include <tinyaws/tinyaws.h>

#include "output.h"
#include "text.h"

namespace awsfetch {

/// Keeps what is signed, the last time. Of no use to anybody else: it holds the session token.
class SignedRecord final : public tinyaws::SigningTee {
 public:
  void canonical_request(tinyaws::Bytes piece) override;
  void string_to_sign(tinyaws::Bytes piece) override;

  /// What there was no memory for is empty. Valid until something is signed.
  tinyaws::SignedTexts texts() const { return {canonical_request_.text(), string_to_sign_.text()}; }

 private:
  class Pieces {
   public:
    ~Pieces() { clear(); }
    void add(tinyaws::Bytes piece);
    void clear();
    Str text() const { return {data_, size_}; }

   private:
    bool grow(size_t least);

    char* data_ = nullptr;
    size_t size_ = 0;
    size_t room_ = 0;
    bool lost_ = false;
  };

  Pieces canonical_request_;
  Pieces string_to_sign_;
};

/// Hands the body on, and keeps its beginning.
class AnswerRecord final : public tinyaws::BodySink {
 public:
  /// Cost: this many bytes. What a service shows of its computation has some kilobytes, most of it the session token.
  static constexpr size_t kMostBytes = 16 * 1024;

  explicit AnswerRecord(tinyaws::BodySink& sink) : sink_(sink) {}

  tinyaws::IoResult write(tinyaws::Bytes bytes) override;
  tinyaws::Status restart() override;

  tinyaws::Bytes beginning() const { return {kept_, size_}; }

 private:
  tinyaws::BodySink& sink_;
  size_t size_ = 0;
  char kept_[kMostBytes];
};

/// Prints why the signature was refused, if that is what `error` says.
void explain_refusal(const tinyaws::ErrorInfo& error, const SignedRecord& signed_texts, const AnswerRecord& answer);

/// Prints "awsfetch: AccessDenied: Access Denied (HTTP 403, request id 1A2B)". Of a message that shows the canonical
/// request only what stands before that, and none that holds a secret.
Exit complain_about_answer(const tinyaws::ErrorInfo& error, const tinyaws::Credentials& credentials);

}  // namespace awsfetch
