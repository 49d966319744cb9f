#include "lwip_tun.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <lwip/pbuf.h>
#include <lwip/tcpip.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstring>

namespace tinyaws::test {
namespace {

constexpr u16_t kMtu = 1500;

void say_started(void* started) {
  sys_sem_signal(static_cast<sys_sem_t*>(started));
}

void start_lwip() {
  sys_sem_t started;
  if (sys_sem_new(&started, 0) != ERR_OK) return;
  tcpip_init(say_started, &started);
  sys_arch_sem_wait(&started, 0);
  sys_sem_free(&started);
}

}  // namespace

bool Tun::start(const char* device, const char* address, const char* gateway) {
  file_ = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
  ifreq wanted{};
  wanted.ifr_flags = IFF_TUN | IFF_NO_PI;
  std::strncpy(wanted.ifr_name, device, sizeof wanted.ifr_name - 1);
  if (file_ < 0 || ioctl(file_, TUNSETIFF, &wanted) != 0) return false;
  start_lwip();

  ip4_addr_t own{}, mask{}, router{};
  ip4addr_aton(address, &own);
  ip4addr_aton("255.255.255.0", &mask);
  ip4addr_aton(gateway, &router);
  LOCK_TCPIP_CORE();
  netif_add(&interface_, &own, &mask, &router, this, set_up, tcpip_input);
  netif_set_default(&interface_);
  netif_set_link_up(&interface_);
  netif_set_up(&interface_);
  UNLOCK_TCPIP_CORE();
  return pthread_create(&reader_, nullptr, read_packets, this) == 0;
}

err_t Tun::set_up(netif* interface) {
  interface->name[0] = 't';
  interface->name[1] = 'n';
  interface->mtu = kMtu;
  interface->output = output;
  return ERR_OK;
}

err_t Tun::output(netif* interface, pbuf* packet, const ip4_addr_t*) {
  char bytes[kMtu];
  const u16_t size = pbuf_copy_partial(packet, bytes, sizeof bytes, 0);
  return write(static_cast<Tun*>(interface->state)->file_, bytes, size) == size ? ERR_OK : ERR_IF;
}

void* Tun::read_packets(void* self) {
  Tun& tun = *static_cast<Tun*>(self);
  char bytes[kMtu];
  for (;;) {
    const ssize_t size = read(tun.file_, bytes, sizeof bytes);
    if (size <= 0) return nullptr;
    pbuf* packet = pbuf_alloc(PBUF_RAW, static_cast<u16_t>(size), PBUF_RAM);
    if (packet == nullptr) continue;
    pbuf_take(packet, bytes, static_cast<u16_t>(size));
    if (tun.interface_.input(packet, &tun.interface_) != ERR_OK) pbuf_free(packet);
  }
}

}  // namespace tinyaws::test
