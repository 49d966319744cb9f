#include "sockets.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace tinyaws::posix {

int begin_connect(int socket, const Address& address, uint16_t port) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  memcpy(&v4.sin_addr, address.ip, sizeof v4.sin_addr);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  v6.sin6_scope_id = address.scope;
  memcpy(&v6.sin6_addr, address.ip, sizeof v6.sin6_addr);
  const auto* to = address.v6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
  const socklen_t size = address.v6 ? sizeof v6 : sizeof v4;
  if (connect(socket, to, size) == 0) return 0;
  // An interrupted connect goes on by itself (POSIX), like one in progress.
  return errno == EINPROGRESS || errno == EINTR ? 0 : errno;
}

int connect_result(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK;
}

}  // namespace tinyaws::posix
