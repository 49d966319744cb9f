#include "mpi_shift_l_mod.h"

#include <mbedtls/bignum.h>

static int double_mod(mbedtls_mpi* X, const mbedtls_mpi* N) {
  const int result = mbedtls_mpi_shift_l(X, 1);
  return result == 0 && mbedtls_mpi_cmp_mpi(X, N) >= 0 ? mbedtls_mpi_sub_abs(X, X, N) : result;
}

int tinyaws_mpi_shift_l_mod(mbedtls_mpi* X, size_t count, const mbedtls_mpi* N) {
  const size_t room = mbedtls_mpi_bitlen(N) - mbedtls_mpi_bitlen(X);
  const size_t first = room <= count ? room : count;  // these need no subtraction but the last one
  int result = mbedtls_mpi_grow(X, mbedtls_mpi_size(N) / sizeof(mbedtls_mpi_uint) + 1);
  if (result == 0 && first > 0) result = mbedtls_mpi_shift_l(X, first - 1);
  for (size_t i = first > 0 ? first - 1 : 0; result == 0 && i < count; ++i) result = double_mod(X, N);
  return result;
}
