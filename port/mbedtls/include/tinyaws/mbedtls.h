// TLS by mbedTLS 2.28 or 3.x: what to trust and who to be (TlsConfig), and a Transport over a Transport
// (TlsTransport). There is no way to switch the verification of the peer off.
//
// Memory comes from mbedTLS's allocator (mbedtls_calloc) and from nowhere else; port/mbedtls/README.md has the
// figures. When it runs out, the call fails with kTlsFailed and the words "out of memory", and nothing leaks.
#pragma once

#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/http.h"
#include "tinyaws/mbedtls_sessions.h"
#include "tinyaws/port.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

#if MBEDTLS_VERSION_MAJOR < 2 || MBEDTLS_VERSION_MAJOR > 3
#error "This port is for mbedTLS 2.28 and 3.x"
#endif

namespace tinyaws::mbedtls {

/// What becomes of handshakes while it is not known what time it is (Platform::knows_time): on a board without a
/// clock that runs on, until it is set or a service has said the time. A certificate counts from one date to another
/// (RFC 5280 section 4.1.2.5), and without the time nobody can tell.
enum class UnknownTime : uint8_t {
  /// There are none: kClockNotSet.
  kRefuse,

  /// A certificate that ended before the floor (ServiceClock::floor) has expired; any other one counts, even one that
  /// begins later, for the true time may be anything from the floor on. What is given up, until a service has said
  /// the time: certificates that have ended since the floor are accepted, so whoever has the key of such a one can
  /// pass for the server and tell this client a time at which it still counts. The newer the floor the less that is:
  /// let the program write Platform::time_of_day down now and then. With a floor of 0 nothing has ended, and no date
  /// is refused at all.
  kJudgeByFloor,
};

/// What dates are judged by.
struct TlsClock {
  UnixTime time;  ///< The floor, unless known.
  bool known = false;
};

/// The CAs to trust, the certificate to show, and the rules of every handshake: TLS 1.2 at least, 1.3 where the
/// library has it; server certificates verified always; ALPN "http/1.1"; no renegotiation; session tickets
/// for transports with a TlsSessions only.
/// May serve any number of transports of one thread, and must outlive them. CAs may be added at any time; to
/// withdraw one, build another TlsConfig and other transports.
///
/// As `Endpoint::tls_settings` it takes the place of the transport's own for one connection, and must outlive that
/// connection: it must not go before the transport is closed, opened anew or gone.
class TlsConfig final : public TlsSettings {
 public:
  /// `platform` gives randomness and the time that certificates are checked against, as services see it
  /// (Platform::time_of_day); it must outlive the config.
  explicit TlsConfig(Platform& platform);

  /// Trusts the CAs that `trusts_as` trusts, those that are added to it later among them, and holds no copy: to be
  /// another client to the same servers (AWS IoT Core's credentials provider asks for a certificate that no other
  /// server needs to see). Its client certificate is not taken over, nor what it does when the time is unknown.
  /// `trusts_as`, and whichever config that one trusts as, must outlive this one and belong to the same thread.
  TlsConfig(Platform& platform, const TlsConfig& trusts_as);
  ~TlsConfig();
  TlsConfig(const TlsConfig&) = delete;
  TlsConfig& operator=(const TlsConfig&) = delete;

  /// Trusts one certificate in DER, or all those in a PEM text. Certificates in a PEM text that can't be read are
  /// left out, which `describe` then says, as long as one can. Nothing of `pem_or_der` is kept. A PEM text is copied
  /// for the time of the call unless its last byte is a NUL. Errors: kInvalidArgument when there is no certificate to
  /// read, or when this config trusts as another one does (add it there); kTlsFailed (out of memory). After an error
  /// it trusts what it trusted before.
  Status add_ca(Bytes pem_or_der);

  /// Trusts one certificate in DER, which stays where it is (in flash) and must outlive the config: its bytes take no
  /// heap, some 750 to 1,400 of them. Errors: those of add_ca.
  Status add_ca_in_place(Bytes der);

  /// The same as add_ca from a file. Errors: those of add_ca; kNotFound when the file can't be read.
  Status add_ca_file(const char* path);

  /// The certificate (PEM with its intermediate certificates behind it, or DER) and private key (PEM or DER, not
  /// encrypted) to show to servers that ask for one. Can be set once; after an error it can be tried again.
  /// Errors: kInvalidArgument when either can't be read, they do not belong together, or one is set already;
  /// kUnsupported for a key with a password; kTlsFailed (out of memory).
  Status set_client_certificate(Bytes certificate, Bytes key);

  /// The same from files. Errors: those of set_client_certificate; kNotFound as for add_ca_file.
  Status set_client_certificate_files(const char* certificate_path, const char* key_path);

  /// For handshakes that begin from now on, while the time is unknown. kRefuse at first. What was opened stays open
  /// when the time gets known; no session of such a connection is kept to be resumed.
  void set_unknown_time(UnknownTime policy) { unknown_time_ = policy; }
  UnknownTime unknown_time() const { return unknown_time_; }

  /// What there is to say, in words, about the last call: why it failed, or what was left out; else empty.
  Str describe() const { return words_; }

  // For TlsTransport.
  const mbedtls_ssl_config& native() const { return config_; }
  bool has_ca() const { return trusted_.has_ca_; }
  TlsClock clock() const { return {platform_.time_of_day(platform_.now()), platform_.knows_time()}; }

  /// For all of its transports from now on.
  void accept_tickets();

  /// Random, so that no other config has it, not even a later one at this address; 0 when the platform's generator
  /// fails. Drawn when it is first asked for.
  uint64_t identity() const;

  /// To be called when a handshake has failed, whatever for.
  void mend_client_key() const;

  /// How often what it trusts or shows has changed.
  uint64_t changes() const { return &trusted_ == this ? changes_ : changes_ + trusted_.changes_; }

 private:
  void set_up();
  bool borrows_cas();
  Status note(Status status, Str words);
  Status note_out_of_memory();
  bool make_room_for_client();
  template <typename Parse>
  Status take_cas(Parse parse);
  Status check_cas(int result, mbedtls_x509_crt& read);
  template <typename Parse>
  Status take_client(Parse parse);
  template <typename Source>
  Status read_client(Source certificate, Source key);
  Status check_client(int certificate_result, int key_result);
  Status pair_client();
  void drop_client();

  Platform& platform_;
  const TlsConfig& trusted_;  // whose CAs count: mostly its own
  mbedtls_ssl_config config_;
  mbedtls_x509_crt cas_;
  mbedtls_x509_crt* client_certificate_ = nullptr;  // mbedTLS's memory, where there is one
  mutable mbedtls_pk_context client_key_;           // mbedTLS, which signs with it, changes it
  Str words_;
  uint64_t changes_ = 0;
  mutable uint64_t identity_ = 0;
  UnknownTime unknown_time_ = UnknownTime::kRefuse;
  bool has_ca_ = false;
  bool has_client_certificate_ = false;
};

/// Where this system keeps the certificates of its trusted CAs in one PEM file (Debian, Fedora, SUSE, Alpine,
/// OpenWrt and their relatives); null when there is none. Lives for ever.
const char* find_system_ca_file();

/// TLS over another transport for endpoints with `tls`; for the others the other transport as it is, so that one
/// connection serves both. Server names are sent (SNI; not for addresses: RFC 6066 section 3) and
/// checked: names by mbedTLS, addresses against the certificate's iPAddress entries.
///
/// From the TCP connection to `close` mbedTLS holds about 35 to 60 KB of heap for it; else nothing.
///
/// `open` answers, beyond what port.h says, kInvalidArgument for a host that is no host name, kCertificateRejected
/// when no CA is configured, and kClockNotSet as UnknownTime::kRefuse has it. It takes `Endpoint::tls_settings` for a
/// TlsConfig. Any failure is final until `close`: every call repeats it.
class TlsTransport final : public Transport {
 public:
  /// Both must outlive the transport. `inner` is used by nobody else.
  TlsTransport(const TlsConfig& config, Transport& inner);

  /// With `sessions`, which must outlive the transport too: keeps the sessions that servers offer to resume there,
  /// whose certificates were verified by `config`, and resumes them. Not those of endpoints with
  /// `tls_settings` of their own. Null: none.
  TlsTransport(TlsConfig& config, Transport& inner, TlsSessions* sessions);
  ~TlsTransport();
  TlsTransport(const TlsTransport&) = delete;
  TlsTransport& operator=(const TlsTransport&) = delete;

  Status open(const Endpoint& endpoint) override;
  Status advance(Instant now) override;
  State state() const override;
  IoResult send(Bytes bytes) override;
  IoResult recv(MutBytes space) override;
  void close() override;
  Interest interest(bool sending, bool receiving) const override;
  bool ready() const override;
  Instant next_deadline() const override;

  /// When open: version and cipher suite ("TLSv1.2 ECDHE-RSA-WITH-AES-128-GCM-SHA256"), with ", resumed" behind them
  /// when no certificate had to be checked. All that is wrong with a certificate, not just the first thing:
  /// "api.example: certificate has expired; certificate is for another name". The words of `inner` for everything
  /// that happened there. In a library without words (TINYAWS_WITH_WORDS) numbers stand for them.
  Str describe() const override;

 private:
  enum class Phase : uint8_t { kInner, kSecuring, kOpen };

  static int send_bytes(void* self, const unsigned char* bytes, size_t size);
  static int recv_bytes(void* self, unsigned char* space, size_t size);
  static int verify(void* self, mbedtls_x509_crt* certificate, int depth, uint32_t* flags);

  Status prepare(const Endpoint& endpoint);
  Status read_clock();
  Status begin_handshake();
  template <typename Call>
  int run(Call call);
  Status handshake();
  void note_open();
  int offer_session();
  void keep_session();
  bool took_ticket(int result);
  void forget_session();
  TlsSessions::Key session_key() const;
  Status keep(Status status);
  Status fail_with(int result);
  Status fail_with(Status status, Str words);
  int flush();
  int write(Bytes bytes);
  IoResult sent(size_t size);

  // Room for all the words about a certificate at once: checked where they are written.
  static constexpr size_t kWordsBytes = kWithWords ? 416 : 96;

  const char* host() const { return text_; }
  MutBytes room_for_words();
  void said(size_t begin, size_t size);

  const TlsConfig& own_config_;
  const TlsConfig* config_;  // that of the connection
  Transport& inner_;
  TlsSessions* const sessions_ = nullptr;
  TlsSessions* resumable_ = nullptr;  // sessions_ where the connection's own may be kept
  uint64_t config_changes_ = 0;
  TlsClock clock_;  // as it was when the handshake began: one time for all certificates of a chain
  TlsPeriod trust_;
  mbedtls_ssl_context ssl_;
  size_t pending_send_ = 0;  // what mbedTLS has taken in and not sent: it must be offered again as it was
  uint16_t host_size_ = 0;
  uint16_t words_begin_ = 0;
  uint16_t words_size_ = 0;
  uint16_t port_ = 0;
  Phase phase_ = Phase::kInner;
  Status error_ = Status::kOk;
  Status inner_error_ = Status::kOk;
  bool tls_ = false;
  bool own_words_ = false;
  bool verified_ = false;  // a certificate, in this handshake: it is a full one
  bool unsent_ = false;
  bool handshake_wants_write_ = false;
  bool send_wants_read_ = false;
  bool recv_wants_write_ = false;
  bool inner_waited_ = false;  // in the last call of mbedTLS
  bool read_on_ = false;       // there may be more to read at once
  bool peer_closed_ = false;
  bool send_lost_ = false;  // during the handshake; what the peer said before it left is still read
  char text_[kMaxHostBytes + 1 + kWordsBytes] = {};  // the host and a NUL, then words
};

}  // namespace tinyaws::mbedtls
