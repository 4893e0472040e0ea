// Arithmetic modulo safe primes p = 2^61 - C, and in F_p(i). The signature of an expression lives here.
//
// p = 2q + 1 with q prime, so p = 3 (mod 4): i^2 = -1 has no solution in F_p, every square root of an element of F_p
// lies in F_p(i), and odd roots exist and are unique.
#pragma once

#include <cstdint>

namespace pyverify::number {

// Mixes a 64-bit value well (bijective); the source of all pseudo-random field elements and sample points.
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
  static std::uint64_t mul(std::uint64_t x, std::uint64_t y) noexcept;
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

// F_p(i) over the field F = Fp<C>.
template <class F>
struct Ext {
  static constexpr Fe make(std::uint64_t a) noexcept { return {a, 0, 1}; }
  static constexpr Fe pole() noexcept { return {0, 0, 0}; }
  static Fe add(const Fe& x, const Fe& y) noexcept;
  static Fe sub(const Fe& x, const Fe& y) noexcept;
  static Fe neg(const Fe& x) noexcept;
  static Fe mul(const Fe& x, const Fe& y) noexcept;
  static Fe inv(const Fe& x) noexcept;  // inv(0) is a pole
  static Fe pow(Fe x, std::uint64_t e) noexcept;
  static Fe conj(const Fe& x) noexcept;
  static bool equal(const Fe& x, const Fe& y) noexcept;   // false when either is a pole
  static bool is_zero(const Fe& x) noexcept { return x.d != 0 && x.a == 0 && x.b == 0; }
  static Fe canonical(const Fe& x) noexcept;              // d == 1, or a pole
};

using F1 = Fp<2373>;
using F2 = Fp<3153>;
using X1 = Ext<F1>;
using X2 = Ext<F2>;

}  // namespace pyverify::number
