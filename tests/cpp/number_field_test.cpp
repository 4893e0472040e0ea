#include <cstdint>

#include "check.hpp"
#include "number/field.hpp"

namespace {

using namespace pyverify::number;
using Wide = unsigned __int128;

std::uint64_t mul_mod(std::uint64_t a, std::uint64_t b, std::uint64_t n) {
  return static_cast<std::uint64_t>(static_cast<Wide>(a) * b % n);
}

std::uint64_t pow_mod(std::uint64_t a, std::uint64_t e, std::uint64_t n) {
  std::uint64_t r = 1;
  for (; e != 0; e >>= 1) {
    if (e & 1) r = mul_mod(r, a, n);
    a = mul_mod(a, a, n);
  }
  return r;
}

// Miller and Rabin; with the first twelve primes as bases this is a proof below 2^64.
bool is_prime(std::uint64_t n) {
  int twos = 0;
  std::uint64_t odd = n - 1;
  for (; odd % 2 == 0; odd /= 2) ++twos;
  for (const std::uint64_t base : {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37}) {
    std::uint64_t x = pow_mod(base, odd, n);
    if (x == 1 || x == n - 1) continue;
    bool witness = true;
    for (int i = 1; i < twos && witness; ++i) {
      x = mul_mod(x, x, n);
      witness = x != n - 1;
    }
    if (witness) return false;
  }
  return true;
}

template <class F>
void field_laws() {
  constexpr std::uint64_t p = F::kPrime;
  CHECK(is_prime(p));
  CHECK(is_prime((p - 1) / 2));
  CHECK(p % 4 == 3);
  const std::uint64_t edges[] = {0, 1, 2, p - 1, p - 2, (p - 1) / 2, (1ull << 60), 2373, 3153};
  for (const std::uint64_t a : edges) {
    for (const std::uint64_t b : edges) {
      CHECK(F::mul(a, b) == mul_mod(a, b, p));
      CHECK(F::add(a, b) == static_cast<std::uint64_t>((static_cast<Wide>(a) + b) % p));
      CHECK(F::sub(F::add(a, b), b) == a);
    }
  }
  CHECK(F::from_int(INT64_MIN) == F::neg((1ull << 63) % p));
  CHECK(F::from_int(-1) == p - 1);
  CHECK(F::inv(0) == 0);
  CHECK(F::pow(0, 0) == 1);
  for (std::uint64_t i = 1; i < 400; ++i) {
    const std::uint64_t a = F::random(i);
    const std::uint64_t b = F::random(mix(i, 5));
    CHECK(a >= 2 && a < p);
    CHECK(F::mul(a, b) == mul_mod(a, b, p));
    CHECK(F::pow(a, b) == pow_mod(a, b, p));
    CHECK(F::pow(a, i) == pow_mod(a, i, p));
    CHECK(F::mul(a, F::inv(a)) == 1);
    bool a_is_square = false;
    bool b_is_square = false;
    bool ab_is_square = false;
    const std::uint64_t root = F::sqrt(a, a_is_square);
    CHECK(F::mul(root, root) == (a_is_square ? a : F::neg(a)));
    CHECK(root % 2 == 0);
    F::sqrt(b, b_is_square);
    F::sqrt(F::mul(a, b), ab_is_square);
    CHECK(ab_is_square == (a_is_square == b_is_square));
    const std::uint64_t m = 2 * i + 1;
    const std::uint64_t mth = F::odd_root(a, m);
    CHECK(F::pow(mth, m) == a);
    CHECK(F::odd_root(F::mul(a, b), m) == F::mul(mth, F::odd_root(b, m)));
  }
  CHECK(F::odd_root(5, 2) == 0);
  CHECK(F::odd_root(5, 0) == 0);
  CHECK(F::odd_root(5, (p - 1) / 2) == 0);
  CHECK(F::odd_root(0, 3) == 0);
}

template <class F>
void extension_laws() {
  using X = Ext<F>;
  const Fe i{0, 1, 1};
  CHECK(X::equal(X::mul(i, i), X::make(F::kPrime - 1)));
  CHECK(X::inv(X::make(0)).d == 0);
  for (std::uint64_t k = 1; k < 200; ++k) {
    const Fe x{F::random(k), k % 3 == 0 ? 0 : F::random(mix(k, 1)),
               k % 2 == 0 ? 1 : F::random(mix(k, 2))};
    const Fe y{F::random(mix(k, 3)), k % 5 == 0 ? 0 : F::random(mix(k, 4)),
               k % 4 == 0 ? 1 : F::random(mix(k, 6))};
    const Fe z{F::random(mix(k, 7)), F::random(mix(k, 8)), x.d};
    CHECK(X::equal(X::mul(X::add(x, y), z), X::add(X::mul(x, z), X::mul(y, z))));
    CHECK(X::is_zero(X::sub(x, x)));
    CHECK(X::equal(X::mul(x, X::inv(x)), X::make(1)));
    CHECK(X::equal(X::canonical(x), x) && X::canonical(x).d == 1);
    CHECK(X::equal(X::pow(x, 13), X::mul(X::pow(x, 6), X::pow(x, 7))));
    CHECK(X::equal(X::conj(X::mul(x, y)), X::mul(X::conj(x), X::conj(y))));
    CHECK(!X::equal(x, X::add(x, X::make(1))));
    // The Frobenius automorphism is conjugation.
    CHECK(X::equal(X::pow(x, F::kPrime), X::conj(x)));
  }
  const Fe pole = X::pole();
  const Fe x = X::make(7);
  for (const Fe& r : {X::add(pole, x), X::add(x, pole), X::sub(x, pole), X::mul(pole, x),
                      X::mul(X::make(0), pole), X::inv(pole), X::neg(pole), X::conj(pole),
                      X::pow(pole, 0), X::pow(pole, 5), X::canonical(pole), X::add(pole, pole)}) {
    CHECK(r.d == 0);
    CHECK(!X::equal(r, r));
    CHECK(!X::is_zero(r));
  }
}

}  // namespace

TEST(field_first_prime) { field_laws<F1>(); }
TEST(field_second_prime) { field_laws<F2>(); }
TEST(field_first_extension) { extension_laws<F1>(); }
TEST(field_second_extension) { extension_laws<F2>(); }
