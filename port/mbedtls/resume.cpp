// What a TlsTransport does for sessions: from mbedTLS into the store and back.
#include <mbedtls/platform_util.h>

#include "compat.h"
#include "tinyaws/mbedtls.h"
#include "words.h"

namespace tinyaws::mbedtls {
namespace {

unsigned char* as_unsigned(char* bytes) {
  return reinterpret_cast<unsigned char*>(bytes);
}
const unsigned char* as_unsigned(const char* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}

// A session without the peer's certificate, which nobody looks at again: half of its bytes, and most of the heap that
// it takes to resume it.
class BareSession {
 public:
  explicit BareSession(const mbedtls_ssl_session& session) : session_(session) { drop_certificate(session_); }
  ~BareSession() { mbedtls_platform_zeroize(&session_, sizeof session_); }
  BareSession(const BareSession&) = delete;
  BareSession& operator=(const BareSession&) = delete;

  size_t size() const {
    size_t size = 0;
    (void)mbedtls_ssl_session_save(&session_, nullptr, 0, &size);
    return size;
  }
  bool save(MutBytes out) const {
    size_t size = 0;
    return mbedtls_ssl_session_save(&session_, as_unsigned(out.data()), out.size(), &size) == 0;
  }

 private:
  mbedtls_ssl_session session_;
};

// 0 is for "unspecified" in TLS 1.2 (RFC 5077 section 3.3), and for "not to be used" in TLS 1.3 (RFC 8446 section
// 4.6.1).
int64_t lifetime_of(const mbedtls_ssl_session& session, bool tls13) {
  const int64_t lifetime = ticket_lifetime_of(session);
  if (lifetime == 0) return tls13 ? 0 : kMaxTlsSessionSeconds;
  return lifetime < kMaxTlsSessionSeconds ? lifetime : kMaxTlsSessionSeconds;
}

void store(const mbedtls_ssl_session& session, TlsSessions& sessions, const TlsSessions::Key& key,
           const TlsSessions::Terms& terms) {
  const BareSession bare(session);
  const size_t size = bare.size();
  if (size == 0) return;
  const MutBytes space = sessions.keep(key, terms, size);
  if (!space.empty() && !bare.save(space)) sessions.forget(key);
}

int load(mbedtls_ssl_context& ssl, Bytes bytes) {
  mbedtls_ssl_session session;
  mbedtls_ssl_session_init(&session);
  int result = mbedtls_ssl_session_load(&session, as_unsigned(bytes.data()), bytes.size());
  if (result == 0) result = mbedtls_ssl_set_session(&ssl, &session);
  mbedtls_ssl_session_free(&session);
  return result;
}

}  // namespace

// Answers 0, or an error of mbedTLS's when it is out of memory; a session that it refuses is not offered.
int TlsTransport::offer_session() {
  verified_ = false;
  // Without the time nothing could end a session.
  const bool of_own = config_ == &own_config_ && sessions_ != nullptr;
  const bool may_resume = of_own && clock_.known && config_->identity() != 0;
  resumable_ = may_resume ? sessions_ : nullptr;
  if (!may_resume) return 0;
  config_changes_ = config_->changes();
  const TlsSessions::Session kept = resumable_->find(session_key(), clock_.time);
  if (kept.bytes.empty()) return 0;
  const int result = load(ssl_, kept.bytes);
  if (result == 0) trust_ = kept.terms.trust;
  if (result != 0 || kept.terms.once) forget_session();
  return is_out_of_memory(result) ? result : 0;
}

// After a handshake, when TLS 1.3 has nothing to resume yet. mbedTLS leaves the ticket that it has offered in the
// session until another one comes, although the server has made a new session and the ticket is of no use to it.
void TlsTransport::keep_session() {
  const mbedtls_ssl_session* session = session_of(ssl_);
  if (session == nullptr || is_tls13(ssl_)) return;
  const UnixTime now = config_->clock().time;
  const Bytes ticket = ticket_of(*session);
  const Bytes kept = resumable_->find(session_key(), now).bytes;
  const bool has_old_ticket = !ticket.empty() && kept.find(ticket) != Bytes::npos;
  const bool resumed = !verified_;
  if (resumed && (ticket.empty() || has_old_ticket)) return;
  forget_session();
  const bool has_offer = ticket.empty() ? session_id_size(*session) != 0 : !has_old_ticket;
  if (!has_offer || !trust_.holds(now)) return;
  store(*session, *resumable_, session_key(), {trust_, {now.seconds, now.seconds + lifetime_of(*session, false)}});
}

bool TlsTransport::took_ticket(int result) {
  if (!is_session_ticket(result)) return false;
  const mbedtls_ssl_session* session = session_of(ssl_);
  if (resumable_ == nullptr || session == nullptr) return true;
  const UnixTime now = config_->clock().time;
  const int64_t lifetime = lifetime_of(*session, true);
  if (ticket_of(*session).empty() || lifetime == 0 || !trust_.holds(now)) return true;
  store(*session, *resumable_, session_key(), {trust_, {now.seconds, now.seconds + lifetime}, true});
  return true;
}

// A peer that ends in a fatal error is not to see the session again (RFC 5246 section 7.2.2), nor one that stops
// answering when it is offered one.
void TlsTransport::forget_session() {
  if (resumable_ != nullptr) resumable_->forget(session_key());
}

TlsSessions::Key TlsTransport::session_key() const {
  return {{text_, host_size_}, port_, config_->identity(), config_changes_};
}

}  // namespace tinyaws::mbedtls
