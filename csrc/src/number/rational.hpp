// Exact rationals with 64-bit parts. An operation that would overflow gives the invalid value,
// never a wrong one.
#pragma once

#include <cstdint>

namespace pyverify::number {

struct Rational {
  std::int64_t num = 0;
  std::int64_t den = 0;  // > 0 when valid; 0: not representable
  constexpr bool valid() const noexcept { return den != 0; }
  constexpr bool is_integer() const noexcept { return den == 1; }
};

constexpr Rational integer(std::int64_t value) noexcept { return {value, 1}; }
// Every function below returns a reduced value or the invalid one, and takes invalid operands.
Rational make(std::int64_t num, std::int64_t den) noexcept;  // den == 0 -> invalid
Rational add(Rational a, Rational b) noexcept;
Rational sub(Rational a, Rational b) noexcept;
Rational mul(Rational a, Rational b) noexcept;
Rational div(Rational a, Rational b) noexcept;  // b == 0 -> invalid
Rational neg(Rational a) noexcept;
Rational pow(Rational a, std::int64_t exponent) noexcept;
// Exact root if there is one (root(8/27, 3) = 2/3; root(-8, 3) = -2; root(2, 2) invalid; even root
// of a negative invalid).
Rational root(Rational a, std::int64_t degree) noexcept;
Rational floor(Rational a) noexcept;
// <0, 0, >0; both must be valid (128-bit cross product, never overflows).
int compare(Rational a, Rational b) noexcept;
inline bool equal(Rational a, Rational b) noexcept { return a.num == b.num && a.den == b.den; }
double to_double(Rational a) noexcept;

}  // namespace pyverify::number
