#include <mbedtls/net_sockets.h>

#include <cassert>
#include <cstring>

#include "compat.h"
#include "tinyaws/mbedtls.h"
#include "verify.h"
#include "words.h"

namespace tinyaws::mbedtls {
namespace {

// What mbedTLS hands back when the inner transport has failed. It uses no error of net_sockets.h itself.
constexpr int kInnerFailed = MBEDTLS_ERR_NET_SOCKET_FAILED;

// Records without data that one call reads at most, so that a peer that sends nothing else can't hold the caller past
// its time limits. A ticket takes two.
constexpr int kMaxQuietRecords = 32;

bool would_wait(int result) {
  return result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE;
}

Str without_prefix(Str text, Str prefix) {
  if (text.size() >= prefix.size() && Str(text.data(), prefix.size()) == prefix) text.remove_prefix(prefix.size());
  return text;
}

constexpr Str kTimeUnknown =
    kWithWords ? "it is not known what time it is, so no certificate can be judged: set the clock, or see "
                 "TlsConfig::set_unknown_time"
               : "the time is not known";

unsigned char* as_unsigned(char* bytes) {
  return reinterpret_cast<unsigned char*>(bytes);
}
const unsigned char* as_unsigned(const char* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}

}  // namespace

TlsTransport::TlsTransport(const TlsConfig& config, Transport& inner)
    : own_config_(config), config_(&config), inner_(inner) {
  mbedtls_ssl_init(&ssl_);
}

TlsTransport::TlsTransport(TlsConfig& config, Transport& inner, TlsSessions* sessions)
    : own_config_(config), config_(&config), inner_(inner), sessions_(sessions) {
  if (sessions != nullptr) config.accept_tickets();
  mbedtls_ssl_init(&ssl_);
}

TlsTransport::~TlsTransport() {
  close();
}

Status TlsTransport::open(const Endpoint& endpoint) {
  assert(state() == State::kClosed && error_ == Status::kOk);
  tls_ = endpoint.tls;
  own_words_ = false;
  if (tls_) {
    const Status status = prepare(endpoint);
    if (status != Status::kOk) return status;
  }
  Endpoint plain = endpoint;
  plain.tls = false;
  plain.tls_settings = nullptr;
  const Status status = inner_.open(plain);
  return status == Status::kOk ? advance({}) : keep(status);
}

Status TlsTransport::prepare(const Endpoint& endpoint) {
  const TlsSettings* settings = endpoint.tls_settings;
  config_ = settings == nullptr ? &own_config_ : static_cast<const TlsConfig*>(settings);
  Str host = endpoint.host;
  if (!config_->has_ca()) return fail_with(Status::kCertificateRejected, "no trusted CAs are configured");
  if (read_clock() != Status::kOk) return error_;
  // The dot that ends an absolute name belongs neither into SNI nor to the names of a certificate (RFC 6066 section
  // 3).
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  if (host.empty() || host.size() > kMaxHostBytes || host.find('\0') != Str::npos) {
    return fail_with(Status::kInvalidArgument, "host is empty, too long or has a NUL inside");
  }
  port_ = endpoint.port;
  memcpy(text_, host.data(), host.size());
  text_[host.size()] = '\0';
  host_size_ = static_cast<uint16_t>(host.size());
  return Status::kOk;
}

Status TlsTransport::advance(Instant now) {
  if (error_ != Status::kOk) return error_;
  if (phase_ == Phase::kInner) {
    const Status status = inner_.state() == State::kOpen ? Status::kOk : inner_.advance(now);
    if (status != Status::kOk || !tls_) return keep(status);
    if (begin_handshake() != Status::kOk) return error_;
  }
  return phase_ == Phase::kOpen ? Status::kOk : handshake();
}

// Read by `open`, so that nobody is connected to for nothing, and once more after the connection, which may have
// taken a while.
Status TlsTransport::read_clock() {
  clock_ = config_->clock();
  const bool suffices = clock_.known || config_->unknown_time() == UnknownTime::kJudgeByFloor;
  return suffices ? Status::kOk : fail_with(Status::kClockNotSet, kTimeUnknown);
}

Status TlsTransport::begin_handshake() {
  if (read_clock() != Status::kOk) return error_;
  phase_ = Phase::kSecuring;
  unsigned char address[kMaxAddressBytes];
  const char* server_name = parse_address(host(), address) == 0 ? host() : nullptr;
  clear_shortage();
  int result = start_crypto();
  if (result == 0) result = mbedtls_ssl_setup(&ssl_, &config_->native());
  if (result == 0) result = mbedtls_ssl_set_hostname(&ssl_, server_name);
  if (result == 0) result = offer_session();
  if (result != 0) return fail_with(result);
  mbedtls_ssl_set_verify(&ssl_, verify, this);
  mbedtls_ssl_set_bio(&ssl_, this, send_bytes, recv_bytes, nullptr);
  return Status::kOk;
}

// mbedTLS also says "would wait" when it has read a ticket or a warning and has not asked for what is behind it.
// Nobody is woken for bytes that are there already, so the call is made again until the inner transport itself has to
// wait.
template <typename Call>
int TlsTransport::run(Call call) {
  for (int i = 0; i < kMaxQuietRecords; ++i) {
    inner_waited_ = false;
    clear_shortage();
    const int result = call();
    if (!took_ticket(result) && (!would_wait(result) || inner_waited_)) return result;
  }
  return MBEDTLS_ERR_SSL_WANT_READ;
}

Status TlsTransport::handshake() {
  int result = run([this] { return mbedtls_ssl_handshake(&ssl_); });
  read_on_ = would_wait(result) && !inner_waited_;
  handshake_wants_write_ = result == MBEDTLS_ERR_SSL_WANT_WRITE;
  if (would_wait(result)) return Status::kPending;
  // In TLS 1.3 a client is done when it has sent its last message, which may be what was dropped.
  if (result == 0 && send_lost_) result = kInnerFailed;
  if (result != 0) return fail_with(result);
  note_open();
  return Status::kOk;
}

void TlsTransport::note_open() {
  phase_ = Phase::kOpen;
  Words words(room_for_words());
  words.add(mbedtls_ssl_get_version(&ssl_)).add(" ");
  words.add(without_prefix(without_prefix(mbedtls_ssl_get_ciphersuite(&ssl_), "TLS-"), "TLS1-3-"));
  if (!verified_) words.add(", resumed");
  said(host_size_ + size_t{1}, words.size());
  if (resumable_ != nullptr) keep_session();
}

Transport::State TlsTransport::state() const {
  switch (phase_) {
    case Phase::kSecuring:
      return State::kSecuring;
    case Phase::kOpen:
      return State::kOpen;
    default:
      return inner_.state();
  }
}

IoResult TlsTransport::send(Bytes bytes) {
  if (error_ != Status::kOk) return {error_, 0};
  if (!tls_) return inner_.send(bytes);
  assert(phase_ == Phase::kOpen && !bytes.empty() && bytes.size() >= pending_send_);
  // mbedTLS sends what it has taken in when it reads, too, and would not know it again.
  if (pending_send_ != 0 && !unsent_) return sent(pending_send_);
  if (pending_send_ == 0 && unsent_) {
    const int result = flush();
    if (would_wait(result)) return {Status::kPending, 0};
    if (result < 0) return {fail_with(result), 0};
  }
  const int most = mbedtls_ssl_get_max_out_record_payload(&ssl_);
  if (most <= 0) return {fail_with(most), 0};
  size_t size = bytes.size() < static_cast<size_t>(most) ? bytes.size() : static_cast<size_t>(most);
  if (pending_send_ != 0) size = pending_send_;
  const int result = write({bytes.data(), size});
  if (would_wait(result)) {
    if (unsent_) pending_send_ = size;
    return {Status::kPending, 0};
  }
  return result < 0 ? IoResult{fail_with(result), 0} : sent(static_cast<size_t>(result));
}

// What is left of an alert that a read has answered with. mbedtls_ssl_write would send that in the place of its bytes
// and say that it had taken them; without bytes it does so too.
int TlsTransport::flush() {
  return write({});
}

// Before it looks into a ticket mbedTLS sends what it has taken in, and in the next call it would take the same bytes
// for new ones.
int TlsTransport::write(Bytes bytes) {
  const bool was_unsent = unsent_;
  const int result = run([&] {
    if (was_unsent && !unsent_) return static_cast<int>(bytes.size());
    return mbedtls_ssl_write(&ssl_, as_unsigned(bytes.data()), bytes.size());
  });
  send_wants_read_ = result == MBEDTLS_ERR_SSL_WANT_READ;
  return result;
}

IoResult TlsTransport::sent(size_t size) {
  pending_send_ = 0;
  return {Status::kOk, size};
}

IoResult TlsTransport::recv(MutBytes space) {
  if (error_ != Status::kOk) return {error_, 0};
  if (!tls_) return inner_.recv(space);
  assert(phase_ == Phase::kOpen && !space.empty());
  if (peer_closed_) return {Status::kOk, 0};
  const int result = run([&] { return mbedtls_ssl_read(&ssl_, as_unsigned(space.data()), space.size()); });
  read_on_ = would_wait(result) && !inner_waited_;
  recv_wants_write_ = result == MBEDTLS_ERR_SSL_WANT_WRITE;
  if (result > 0) return {Status::kOk, static_cast<size_t>(result)};
  if (would_wait(result)) return {Status::kPending, 0};
  peer_closed_ = result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY;
  if (peer_closed_) return {Status::kOk, 0};
  // 0 is not the orderly end but the end of the bytes without one.
  return {fail_with(result == 0 ? MBEDTLS_ERR_SSL_CONN_EOF : result), 0};
}

void TlsTransport::close() {
  if (phase_ == Phase::kSecuring) forget_session();
  if (phase_ == Phase::kOpen && error_ == Status::kOk) (void)mbedtls_ssl_close_notify(&ssl_);
  mbedtls_ssl_free(&ssl_);
  mbedtls_ssl_init(&ssl_);
  phase_ = Phase::kInner;
  resumable_ = nullptr;
  error_ = inner_error_ = Status::kOk;
  pending_send_ = 0;
  unsent_ = handshake_wants_write_ = send_wants_read_ = recv_wants_write_ = false;
  read_on_ = peer_closed_ = send_lost_ = false;
  inner_.close();
}

Interest TlsTransport::interest(bool sending, bool receiving) const {
  if (phase_ == Phase::kInner) return inner_.interest(sending, receiving);
  if (phase_ == Phase::kSecuring) return inner_.interest(handshake_wants_write_, !handshake_wants_write_);
  const bool write = (sending && !send_wants_read_) || (receiving && recv_wants_write_);
  const bool read = (receiving && !recv_wants_write_) || (sending && send_wants_read_);
  return inner_.interest(write, read);
}

bool TlsTransport::ready() const {
  if (error_ != Status::kOk) return false;
  if (inner_.ready() || read_on_) return true;
  if (recv_wants_write_) return !unsent_;
  return phase_ == Phase::kOpen && mbedtls_ssl_check_pending(&ssl_) != 0;
}

Instant TlsTransport::next_deadline() const {
  return phase_ == Phase::kInner ? inner_.next_deadline() : kNever;
}

Str TlsTransport::describe() const {
  return own_words_ ? Str(text_ + words_begin_, words_size_) : inner_.describe();
}

MutBytes TlsTransport::room_for_words() {
  return {text_ + host_size_ + 1, kWordsBytes};
}

void TlsTransport::said(size_t begin, size_t size) {
  own_words_ = true;
  words_begin_ = static_cast<uint16_t>(begin);
  words_size_ = static_cast<uint16_t>(size);
}

Status TlsTransport::keep(Status status) {
  if (status != Status::kOk && status != Status::kPending) error_ = status;
  if (error_ != Status::kOk && error_ != Status::kConnectionLost) forget_session();
  return status;
}

Status TlsTransport::fail_with(Status status, Str words) {
  Words out(room_for_words());
  said(host_size_ + size_t{1}, out.add(words).size());
  return keep(status);
}

Status TlsTransport::fail_with(int result) {
  static_assert(kWordsBytes >= kMaxWords, "raise kWordsBytes");
  if (result == kInnerFailed) {
    own_words_ = false;
    return keep(phase_ == Phase::kOpen ? inner_error_ : Status::kTlsFailed);
  }
  if (phase_ == Phase::kSecuring) config_->mend_client_key();
  Words out(room_for_words());
  size_t begin = host_size_ + size_t{1};
  Status status = Status::kTlsFailed;
  if (result == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) {
    describe_alert(alert_of(ssl_), out);
  } else if (result == MBEDTLS_ERR_SSL_CONN_EOF) {
    const bool open = phase_ == Phase::kOpen;
    out.add(open ? "connection closed without close_notify" : "connection closed during the TLS handshake");
    if (open) status = Status::kConnectionLost;
  } else if (is_out_of_memory(result) || is_memory_short()) {
    out.add(kOutOfMemory);
  } else if (is_certificate_error(result)) {
    text_[host_size_] = ':';  // takes the NUL's place: the host heads the words
    begin = 0;
    describe_certificate(mbedtls_ssl_get_verify_result(&ssl_), out.add(" "));
    status = Status::kCertificateRejected;
  } else {
    describe_error(result, out);
  }
  said(begin, host_size_ + size_t{1} - begin + out.size());
  return keep(status);
}

int TlsTransport::send_bytes(void* self, const unsigned char* bytes, size_t size) {
  TlsTransport& transport = *static_cast<TlsTransport*>(self);
  const IoResult result = transport.inner_.send({reinterpret_cast<const char*>(bytes), size});
  transport.unsent_ = result.status != Status::kOk || result.size != size;
  transport.inner_waited_ |= result.status == Status::kPending;
  if (result.status == Status::kOk) return static_cast<int>(result.size);
  if (result.status == Status::kPending) return MBEDTLS_ERR_SSL_WANT_WRITE;
  // The alert that says why the peer left may still be read: what can't be sent is dropped, and reading tells the
  // rest.
  if (result.status == Status::kConnectionLost && transport.phase_ == Phase::kSecuring) {
    transport.unsent_ = false;
    transport.send_lost_ = true;
    return static_cast<int>(size);
  }
  transport.inner_error_ = result.status;
  return kInnerFailed;
}

int TlsTransport::recv_bytes(void* self, unsigned char* space, size_t size) {
  TlsTransport& transport = *static_cast<TlsTransport*>(self);
  const IoResult result = transport.inner_.recv({reinterpret_cast<char*>(space), size});
  transport.inner_waited_ |= result.status == Status::kPending;
  if (result.status == Status::kOk) return static_cast<int>(result.size);
  if (result.status == Status::kPending && !transport.send_lost_) return MBEDTLS_ERR_SSL_WANT_READ;
  transport.inner_error_ = transport.send_lost_ ? Status::kConnectionLost : result.status;
  return kInnerFailed;
}

int TlsTransport::verify(void* self, mbedtls_x509_crt* certificate, int depth, uint32_t* flags) {
  TlsTransport& transport = *static_cast<TlsTransport*>(self);
  const TlsClock& clock = transport.clock_;
  *flags = final_flags(*certificate, depth, *flags, transport.host(), clock);
  if (!transport.verified_) transport.trust_ = {clock.time.seconds, clock.time.seconds + kMaxTlsSessionSeconds};
  transport.verified_ = true;
  const int64_t until = valid_until(*certificate);
  if (until < transport.trust_.until) transport.trust_.until = until;
  return 0;
}

}  // namespace tinyaws::mbedtls
