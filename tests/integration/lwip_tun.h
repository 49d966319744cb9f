// lwIP on a TUN device: the test's network card.
#pragma once

#include <pthread.h>

#include "tinyaws/lwip.h"

#include <lwip/netif.h>

namespace tinyaws::test {

/// One network interface of lwIP, whose packets go to the kernel through a TUN device that exists already.
class Tun {
 public:
  /// Starts lwIP, once for the process. False: the device can't be opened.
  bool start(const char* device, const char* address, const char* gateway);

 private:
  static err_t set_up(netif* interface);
  static err_t output(netif* interface, pbuf* packet, const ip4_addr_t* next_hop);
  static void* read_packets(void* self);

  int file_ = -1;
  netif interface_{};
  pthread_t reader_{};
};

}  // namespace tinyaws::test
