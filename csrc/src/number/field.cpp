#include "number/field.hpp"

namespace pyverify::number {

template <std::uint64_t C>
std::uint64_t Fp<C>::pow(std::uint64_t x, std::uint64_t e) noexcept {
  if (e < 256) {
    std::uint64_t result = 1;
    while (e != 0) {
      if (e & 1) result = mul(result, x);
      e >>= 1;
      if (e != 0) x = mul(x, x);
    }
    return result;
  }
  // Four bits at a time from the top: the exponents of square and odd roots are nearly all ones.
  std::uint64_t power[16];
  power[0] = 1;
  for (int i = 1; i < 16; ++i) power[i] = mul(power[i - 1], x);
  int shift = 60;
  while ((e >> shift) == 0) shift -= 4;
  std::uint64_t result = power[e >> shift & 15];
  while (shift > 0) {
    shift -= 4;
    for (int i = 0; i < 4; ++i) result = mul(result, result);
    const std::uint64_t digit = e >> shift & 15;
    if (digit != 0) result = mul(result, power[digit]);
  }
  return result;
}

// Euclid's algorithm; the cofactors stay below p < 2^61.
template <std::uint64_t C>
std::uint64_t Fp<C>::inv(std::uint64_t x) noexcept {
  std::int64_t t0 = 0;
  std::int64_t t1 = 1;
  std::uint64_t r0 = kPrime;
  std::uint64_t r1 = x;
  while (r1 != 0) {
    const std::uint64_t quotient = r0 / r1;
    const std::uint64_t r2 = r0 - quotient * r1;
    r0 = r1;
    r1 = r2;
    const std::int64_t t2 = t0 - static_cast<std::int64_t>(quotient) * t1;
    t0 = t1;
    t1 = t2;
  }
  if (x == 0) return 0;
  return static_cast<std::uint64_t>(t0 < 0 ? t0 + static_cast<std::int64_t>(kPrime) : t0);
}

template <std::uint64_t C>
std::uint64_t Fp<C>::from_int(std::int64_t v) noexcept {
  if (v >= 0) return static_cast<std::uint64_t>(v) % kPrime;
  return neg((0 - static_cast<std::uint64_t>(v)) % kPrime);
}

template <std::uint64_t C>
std::uint64_t Fp<C>::random(std::uint64_t key) noexcept {
  std::uint64_t r = mix(key ^ C) & kMask;
  if (r >= kPrime) r -= kPrime;
  return r < 2 ? r + 2 : r;
}

template <std::uint64_t C>
std::uint64_t Fp<C>::sqrt(std::uint64_t v, bool& is_square) noexcept {
  const std::uint64_t r = pow(v, (kPrime + 1) / 4);
  is_square = mul(r, r) == v;
  return r & 1 ? kPrime - r : r;  // of the two roots, the even one
}

// The m-th root is the power with exponent 1/m modulo p - 1.
template <std::uint64_t C>
std::uint64_t Fp<C>::odd_root(std::uint64_t v, std::uint64_t m) noexcept {
  if (m % 2 == 0) return 0;
  constexpr std::uint64_t kOrder = kPrime - 1;
  std::int64_t t0 = 0;
  std::int64_t t1 = 1;
  std::uint64_t r0 = kOrder;
  std::uint64_t r1 = m % kOrder;
  while (r1 != 0) {
    const std::uint64_t quotient = r0 / r1;
    const std::uint64_t r2 = r0 - quotient * r1;
    r0 = r1;
    r1 = r2;
    const std::int64_t t2 = t0 - static_cast<std::int64_t>(quotient) * t1;
    t0 = t1;
    t1 = t2;
  }
  if (r0 != 1) return 0;
  return pow(v, static_cast<std::uint64_t>(t0 < 0 ? t0 + static_cast<std::int64_t>(kOrder) : t0));
}

template <class F>
Fe Ext<F>::pow(Fe x, std::uint64_t e) noexcept {
  if (x.d == 0) return pole();
  if (x.b == 0) return {F::pow(x.a, e), 0, x.d == 1 ? 1 : F::pow(x.d, e)};
  Fe result = make(1);
  while (e != 0) {
    if (e & 1) result = mul(result, x);
    e >>= 1;
    if (e != 0) x = mul(x, x);
  }
  return result;
}

template <class F>
Fe Ext<F>::canonical(const Fe& x) noexcept {
  if (x.d == 1) return x;
  if (x.d == 0) return pole();
  const std::uint64_t k = F::inv(x.d);
  return {F::mul(x.a, k), F::mul(x.b, k), 1};
}

template struct Fp<2373>;
template struct Fp<3153>;
template struct Ext<F1>;
template struct Ext<F2>;

}  // namespace pyverify::number
