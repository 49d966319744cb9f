// How RSA begins in mbedTLS as built for devices, against the division that mbedTLS does by itself.
#include <mbedtls/bignum.h>

#include <random>

#include "check.h"

extern "C" {
#include "../../port/mbedtls/mpi_shift_l_mod.h"
}

namespace {

class Number {
 public:
  Number() { mbedtls_mpi_init(&value_); }
  explicit Number(mbedtls_mpi_sint value) : Number() { assert_int_equal(mbedtls_mpi_lset(&value_, value), 0); }
  Number(std::mt19937& random, size_t bytes) : Number() {
    unsigned char digits[512];
    for (size_t i = 0; i < bytes; ++i) digits[i] = static_cast<unsigned char>(random());
    assert_int_equal(mbedtls_mpi_read_binary(&value_, digits, bytes), 0);
  }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;
  ~Number() { mbedtls_mpi_free(&value_); }
  mbedtls_mpi* operator&() { return &value_; }  // NOLINT(google-runtime-operator): as mbedTLS's own are passed

 private:
  mbedtls_mpi value_;
};

void assert_agrees(Number& x, size_t count, Number& n) {
  Number expected;
  assert_int_equal(mbedtls_mpi_copy(&expected, &x), 0);
  assert_int_equal(mbedtls_mpi_shift_l(&expected, count), 0);
  assert_int_equal(mbedtls_mpi_mod_mpi(&expected, &expected, &n), 0);
  assert_int_equal(tinyaws_mpi_shift_l_mod(&x, count, &n), 0);
  assert_int_equal(mbedtls_mpi_cmp_mpi(&x, &expected), 0);
}

// As mbedTLS calls it: 1, and twice the bits of an odd modulus; and fewer, when nothing has to be subtracted.
void agrees_with_the_division_for_moduli_of_rsa(void**) {
  std::mt19937 random(20261129);
  for (size_t bytes : {1, 2, 7, 8, 9, 64, 128, 255, 256, 384, 512}) {
    Number n(random, bytes);
    assert_int_equal(mbedtls_mpi_set_bit(&n, 0, 1), 0);
    if (mbedtls_mpi_cmp_int(&n, 1) <= 0) continue;
    const size_t bits = mbedtls_mpi_bitlen(&n);
    for (size_t count : {size_t{0}, size_t{1}, bits - 1, bits, bits + 1, 2 * 8 * bytes}) {
      Number one(1);
      assert_agrees(one, count, n);
    }
  }
}

void agrees_with_the_division_for_any_number(void**) {
  std::mt19937 random(6);
  for (int i = 0; i < 500; ++i) {
    Number n(random, 1 + i / 20);
    if (mbedtls_mpi_cmp_int(&n, 0) == 0) continue;
    Number x(random, 1 + i / 20);
    assert_int_equal(mbedtls_mpi_mod_mpi(&x, &x, &n), 0);
    if (mbedtls_mpi_cmp_int(&x, 0) == 0) continue;
    assert_agrees(x, random() % 700, n);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {cmocka_unit_test(agrees_with_the_division_for_moduli_of_rsa),
                              cmocka_unit_test(agrees_with_the_division_for_any_number)};
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
