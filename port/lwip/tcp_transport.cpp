#include "tinyaws/lwip.h"

#include <lwip/pbuf.h>
#include <lwip/tcp.h>
#include <lwip/tcpip.h>

#include <cassert>
#include <cstring>

#if NO_SYS || !LWIP_TCPIP_CORE_LOCKING
#error "this port needs lwIP with NO_SYS 0 and LWIP_TCPIP_CORE_LOCKING 1 in lwipopts.h"
#endif

namespace tinyaws::lwip {
namespace {

// tcp_write takes 16 bits.
constexpr size_t kMostAtOnce = 0xffff;

class CoreLock {
 public:
  CoreLock() { LOCK_TCPIP_CORE(); }
  ~CoreLock() { UNLOCK_TCPIP_CORE(); }
  CoreLock(const CoreLock&) = delete;
  CoreLock& operator=(const CoreLock&) = delete;
};

Str words_of(err_t error) {
  switch (error) {
    case ERR_MEM:
    case ERR_BUF:
      return "lwIP is out of memory";
    case ERR_TIMEOUT:
      return "timed out";
    case ERR_RTE:
      return "no route";
    case ERR_RST:
      return "connection reset by the peer, or refused";
    case ERR_ABRT:
      return "connection given up by lwIP, which had no answer or no memory";
    default:
      return "connection closed";
  }
}

}  // namespace

// lwIP calls these in its own thread and with its lock held.
struct TcpTransport::Callbacks {
  static TcpTransport& self(void* argument) { return *static_cast<TcpTransport*>(argument); }

  static err_t on_connected(void* argument, tcp_pcb*, err_t) {
    self(argument).connected_ = true;
    self(argument).platform_.wake();
    return ERR_OK;
  }

  static err_t on_received(void* argument, tcp_pcb*, pbuf* bytes, err_t) {
    TcpTransport& transport = self(argument);
    if (bytes == nullptr) {
      transport.ended_ = true;
    } else if (transport.inbox_ == nullptr) {
      transport.inbox_ = bytes;
    } else {
      pbuf_cat(transport.inbox_, bytes);
    }
    transport.platform_.wake();
    return ERR_OK;
  }

  static err_t on_sent(void* argument, tcp_pcb*, u16_t) {
    self(argument).platform_.wake();
    return ERR_OK;
  }

  // The connection is gone already.
  static void on_error(void* argument, err_t error) {
    TcpTransport& transport = self(argument);
    transport.pcb_ = nullptr;
    transport.error_ = error;
    transport.platform_.wake();
  }
};

Status TcpTransport::open(const Endpoint& endpoint) {
  assert(state_ == State::kClosed);
  if (endpoint.tls) return Status::kUnsupported;
  const Str host = endpoint.host;
  if (host.empty() || host.size() > kMaxHostBytes || host.find('\0') != Str::npos) return Status::kInvalidArgument;
  std::memcpy(host_, host.data(), host.size());
  host_[host.size()] = '\0';
  port_ = endpoint.port;
  connected_ = ended_ = false;
  error_ = ERR_OK;
  fresh_ = true;
  state_ = State::kResolving;
  return Status::kPending;
}

Status TcpTransport::advance(Instant now) {
  fresh_ = false;
  next_look_ = kNever;
  switch (state_) {
    case State::kResolving:
      return look_up(now);
    case State::kConnecting:
      return look_whether_connected();
    default:
      assert(state_ == State::kOpen);
      return Status::kOk;
  }
}

Status TcpTransport::look_up(Instant now) {
  if (ipaddr_aton(host_, &address_) == 0) {
    const Status status = resolve_ != nullptr ? resolve_(host_, address_) : Status::kResolveFailed;
    if (status == Status::kPending) next_look_ = now + kResolvePollMs;
    if (status == Status::kResolveFailed) {
      words_size_ = 0;
      put(resolve_ != nullptr ? "the name has no address" : "this board looks no names up: numeric addresses only");
    }
    if (status != Status::kOk) return status;
  }
  return connect();
}

Status TcpTransport::connect() {
  say({});
  const CoreLock lock;
  tcp_pcb* pcb = tcp_new_ip_type(IP_GET_TYPE(&address_));
  const Status status = pcb != nullptr ? start(pcb) : Status::kConnectFailed;
  if (status == Status::kConnectFailed) say(words_of(pcb != nullptr ? error_ : err_t{ERR_MEM}));
  return status;
}

Status TcpTransport::start(tcp_pcb* pcb) {
  tcp_arg(pcb, this);
  tcp_recv(pcb, Callbacks::on_received);
  tcp_sent(pcb, Callbacks::on_sent);
  tcp_err(pcb, Callbacks::on_error);
  tcp_nagle_disable(pcb);
  error_ = tcp_connect(pcb, &address_, port_, Callbacks::on_connected);
  if (error_ != ERR_OK) {
    tcp_err(pcb, nullptr);
    tcp_abort(pcb);
    return Status::kConnectFailed;
  }
  pcb_ = pcb;
  state_ = State::kConnecting;
  return Status::kPending;
}

Status TcpTransport::look_whether_connected() {
  const CoreLock lock;
  if (error_ != ERR_OK) {
    say(words_of(error_));
    return Status::kConnectFailed;
  }
  if (!connected_) return Status::kPending;
  state_ = State::kOpen;
  return Status::kOk;
}

IoResult TcpTransport::send(Bytes bytes) {
  assert(state_ == State::kOpen);
  const CoreLock lock;
  if (pcb_ == nullptr) return lose(error_);
  size_t size = tcp_sndbuf(pcb_);
  if (size > bytes.size()) size = bytes.size();
  if (size > kMostAtOnce) size = kMostAtOnce;
  if (size == 0) return {Status::kPending, 0};
  const err_t error = tcp_write(pcb_, bytes.data(), static_cast<u16_t>(size), TCP_WRITE_FLAG_COPY);
  if (error == ERR_MEM) return {Status::kPending, 0};
  if (error != ERR_OK) return lose(error);
  (void)tcp_output(pcb_);
  return {Status::kOk, size};
}

IoResult TcpTransport::recv(MutBytes space) {
  assert(state_ == State::kOpen && !space.empty());
  const CoreLock lock;
  if (inbox_ == nullptr) {
    if (error_ != ERR_OK) return lose(error_);
    return {ended_ ? Status::kOk : Status::kPending, 0};
  }
  const size_t most = space.size() < kMostAtOnce ? space.size() : kMostAtOnce;
  const u16_t size = pbuf_copy_partial(inbox_, space.data(), static_cast<u16_t>(most), 0);
  inbox_ = pbuf_free_header(inbox_, size);
  if (pcb_ != nullptr) tcp_recved(pcb_, size);
  return {Status::kOk, size};
}

IoResult TcpTransport::lose(err_t error) {
  say(words_of(error));
  return {Status::kConnectionLost, 0};
}

void TcpTransport::close() {
  const CoreLock lock;
  if (pcb_ != nullptr) {
    tcp_arg(pcb_, nullptr);
    tcp_recv(pcb_, nullptr);
    tcp_sent(pcb_, nullptr);
    tcp_err(pcb_, nullptr);
    if (tcp_close(pcb_) != ERR_OK) tcp_abort(pcb_);
  }
  pcb_ = nullptr;
  if (inbox_ != nullptr) pbuf_free(inbox_);
  inbox_ = nullptr;
  fresh_ = false;
  next_look_ = kNever;
  state_ = State::kClosed;
}

bool TcpTransport::ready() const {
  if (fresh_) return true;
  const CoreLock lock;
  if (state_ == State::kConnecting) return connected_ || error_ != ERR_OK;
  return state_ == State::kOpen && (inbox_ != nullptr || ended_ || error_ != ERR_OK);
}

void TcpTransport::say(Str reason) {
  char address[IPADDR_STRLEN_MAX];
  words_size_ = 0;
  put(ipaddr_ntoa_r(&address_, address, sizeof address) != nullptr ? Str(address) : Str());
  char digits[8];
  size_t begin = sizeof digits;
  for (unsigned number = port_; begin == sizeof digits || number > 0; number /= 10) {
    digits[--begin] = static_cast<char>('0' + number % 10);
  }
  put(":");
  put({digits + begin, sizeof digits - begin});
  if (reason.empty()) return;
  put(": ");
  put(reason);
}

void TcpTransport::put(Str text) {
  const size_t room = sizeof words_ - words_size_;
  const size_t size = text.size() < room ? text.size() : room;
  std::memcpy(words_ + words_size_, text.data(), size);
  words_size_ += size;
}

}  // namespace tinyaws::lwip
