/* What Debian's libstdc++.a and libgcc_eh.a take from glibc and musl does not have, for tests: the library itself
 * needs no libstdc++. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

/* No: there may be threads. */
char __libc_single_threaded = 0;

uint32_t arc4random(void) {
  uint32_t value;
  if (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value) abort();
  return value;
}

/* Where the unwinder asks for the tables of a program: there are none, as no test throws. */
int _dl_find_object(void* address, void* found) {
  (void)address;
  (void)found;
  return -1;
}
