// What the sockets of look-ups and of connections have in common.
#pragma once

#include <cstdint>

#include "tinyaws/posix_address.h"

namespace tinyaws::posix {

/// Connects a non-blocking socket, or begins to: 0, or an errno.
int begin_connect(int socket, const Address& address, uint16_t port);

/// Whether a call has failed only because it would have had to wait.
bool would_block(int error);

/// What became of `begin_connect`, once the socket can be written to. 0: connected; else an errno.
int connect_result(int socket);

/// Whether descriptors or memory are used up.
bool is_shortage(int error);

}  // namespace tinyaws::posix
