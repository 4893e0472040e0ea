// Arithmetic modulo safe primes p = 2^61 - C, and in F_p(i). The signature of an expression lives
// here.
//
// p = 2q + 1 with q prime, so p = 3 (mod 4): i^2 = -1 has no solution in F_p, every square root of
// an element of F_p lies in F_p(i), and odd roots exist and are unique.
#pragma once

#include <cstdint>

namespace pyverify::number {

// Mixes a 64-bit value well (bijective); the source of all pseudo-random field elements and sample
// points.
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  return mix(a * 0x9ddfea08eb382d69ull ^ mix(b));
}

// F_p. Elements are canonical: 0 <= x < kPrime.
template <std::uint64_t C>
struct Fp {
  static constexpr std::uint64_t kMask = (1ull << 61) - 1;
  static constexpr std::uint64_t kPrime = (1ull << 61) - C;
  static constexpr std::uint64_t mul(std::uint64_t x, std::uint64_t y) noexcept {
    // 2^61 = C (mod p), folded twice: the product is below 2^122, then below 2^61 (C + 1), and the
    // second fold leaves less than 2^61 + C^2 + C < 2 p.
    const auto product = static_cast<unsigned __int128>(x) * y;
    const auto folded = (product >> 61) * C + (static_cast<std::uint64_t>(product) & kMask);
    const std::uint64_t r =
        (static_cast<std::uint64_t>(folded) & kMask) + static_cast<std::uint64_t>(folded >> 61) * C;
    return r >= kPrime ? r - kPrime : r;
  }
  static constexpr std::uint64_t add(std::uint64_t x, std::uint64_t y) noexcept {
    const std::uint64_t r = x + y;
    return r >= kPrime ? r - kPrime : r;
  }
  static constexpr std::uint64_t sub(std::uint64_t x, std::uint64_t y) noexcept {
    return x >= y ? x - y : x + kPrime - y;
  }
  static constexpr std::uint64_t neg(std::uint64_t x) noexcept { return x ? kPrime - x : 0; }
  static std::uint64_t pow(std::uint64_t x, std::uint64_t e) noexcept;
  static std::uint64_t inv(std::uint64_t x) noexcept;  // inv(0) = 0
  static std::uint64_t from_int(std::int64_t v) noexcept;
  static std::uint64_t from_unsigned(std::uint64_t v) noexcept { return v % kPrime; }
  static std::uint64_t random(std::uint64_t key) noexcept;  // a fixed element >= 2 for each key
  // Canonical root of v when v is a square (is_square = true), else of -v (is_square = false).
  static std::uint64_t sqrt(std::uint64_t v, bool& is_square) noexcept;
  // The unique m-th root, m odd and coprime to p - 1; 0 when m isn't.
  static std::uint64_t odd_root(std::uint64_t v, std::uint64_t m) noexcept;
};

// (a + b i) / d with a common denominator; d == 0 marks a pole. Division costs no inversion.
struct Fe {
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint64_t d = 1;
};

// F_p(i) over the field F = Fp<C>. A pole stays a pole under every operation.
template <class F>
struct Ext {
  static constexpr Fe make(std::uint64_t a) noexcept { return {a, 0, 1}; }
  static constexpr Fe pole() noexcept { return {0, 0, 0}; }
  static constexpr Fe add(const Fe& x, const Fe& y) noexcept {
    if (x.d == y.d) return {F::add(x.a, y.a), F::add(x.b, y.b), x.d};
    if (y.d == 1) return {F::add(x.a, F::mul(y.a, x.d)), F::add(x.b, F::mul(y.b, x.d)), x.d};
    if (x.d == 1) return {F::add(F::mul(x.a, y.d), y.a), F::add(F::mul(x.b, y.d), y.b), y.d};
    return {F::add(F::mul(x.a, y.d), F::mul(y.a, x.d)), F::add(F::mul(x.b, y.d), F::mul(y.b, x.d)),
            F::mul(x.d, y.d)};
  }
  static constexpr Fe neg(const Fe& x) noexcept { return {F::neg(x.a), F::neg(x.b), x.d}; }
  static constexpr Fe sub(const Fe& x, const Fe& y) noexcept { return add(x, neg(y)); }
  static constexpr Fe mul(const Fe& x, const Fe& y) noexcept {
    const std::uint64_t d = x.d == 1 ? y.d : y.d == 1 ? x.d : F::mul(x.d, y.d);
    if ((x.b | y.b) == 0) return {F::mul(x.a, y.a), 0, d};
    return {F::sub(F::mul(x.a, y.a), F::mul(x.b, y.b)), F::add(F::mul(x.a, y.b), F::mul(x.b, y.a)),
            d};
  }
  // inv(0) is a pole: the norm a^2 + b^2 vanishes for zero only, since p = 3 (mod 4).
  static constexpr Fe inv(const Fe& x) noexcept {
    if (x.d == 0) return pole();
    if (x.b == 0) return {x.d, 0, x.a};
    const std::uint64_t norm = F::add(F::mul(x.a, x.a), F::mul(x.b, x.b));
    return {F::mul(x.a, x.d), F::neg(F::mul(x.b, x.d)), norm};
  }
  static Fe pow(Fe x, std::uint64_t e) noexcept;  // pow(0, 0) = 1
  static constexpr Fe conj(const Fe& x) noexcept { return {x.a, F::neg(x.b), x.d}; }
  static constexpr bool equal(const Fe& x, const Fe& y) noexcept {  // false when either is a pole
    if (x.d == 0 || y.d == 0) return false;
    if (x.d == y.d) return x.a == y.a && x.b == y.b;
    return F::mul(x.a, y.d) == F::mul(y.a, x.d) && F::mul(x.b, y.d) == F::mul(y.b, x.d);
  }
  static constexpr bool is_zero(const Fe& x) noexcept { return x.d != 0 && x.a == 0 && x.b == 0; }
  static Fe canonical(const Fe& x) noexcept;  // d == 1, or a pole
};

using F1 = Fp<2373>;
using F2 = Fp<3153>;
using X1 = Ext<F1>;
using X2 = Ext<F2>;

// Defined in field.cpp.
extern template struct Fp<2373>;
extern template struct Fp<3153>;
extern template struct Ext<F1>;
extern template struct Ext<F2>;

}  // namespace pyverify::number
