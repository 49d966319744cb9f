// Compiled into mbedTLS by build_mbedtls.sh.
#ifndef TINYAWS_MPI_SHIFT_L_MOD_H
#define TINYAWS_MPI_SHIFT_L_MOD_H

#include <stddef.h>

struct mbedtls_mpi;

// X = X * 2^count mod N, for 0 < X < N, in the place of X and one word more.
//
// mbedTLS begins each RSA operation with 2^(2n) mod N, n the bits of N, for which it divides a number of twice the
// key's length: at 2048 bits that takes 3 KB, at the very moment when a handshake takes most.
int tinyaws_mpi_shift_l_mod(struct mbedtls_mpi* X, size_t count, const struct mbedtls_mpi* N);

#endif
