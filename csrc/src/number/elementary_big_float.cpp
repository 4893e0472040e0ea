// The elementary functions in multiple precision. An operation errs by less than 2^(6 - 64 N);
// fewer than 2^8 of them and reductions by less than 2^11 stay under 2^(20 - 64 N).
#include <cmath>
#include <cstdint>

#include "number/elementary.hpp"
#include "number/tier.hpp"

namespace pyverify::number::elementary {
namespace {

// What reduces an argument by how many halvings, and how many terms of the series are then needed.
template <int N>
struct Plan {
  static constexpr int kExpHalvings = N <= 6 ? 16 : 32;
  static constexpr int kAngleHalvings = N <= 6 ? 11 : 20;
  static constexpr int kTerms = N <= 6 ? 35 : 55;  // at least as many as any series takes
};

// 1/n!, made once: the same in every process.
template <int N>
struct InverseFactorials {
  BigFloat<N> value[Plan<N>::kTerms + 1];
  InverseFactorials() noexcept {
    BigFloat<N> factorial(1.0);
    value[0] = factorial;
    for (int n = 1; n <= Plan<N>::kTerms; ++n) {
      factorial = factorial * BigFloat<N>(n);
      value[n] = BigFloat<N>::reciprocal(factorial);
    }
  }
};

template <int N>
const InverseFactorials<N>& inverse_factorials() noexcept {
  static const InverseFactorials<N> table;
  return table;
}

// The first n with x^n / n! < 2^-(64 N + 8) where x < 2^-bits.
template <int N>
constexpr int terms(int bits) noexcept {
  double size = 0;
  int n = 1;
  for (; n < Plan<N>::kTerms && size < BigFloat<N>::kBits + 8; ++n) {
    int log2_n = 0;
    while ((2 << log2_n) <= n) ++log2_n;
    size += bits + log2_n;
  }
  return n;
}

template <int N>
BigFloat<N> exp_impl(const BigFloat<N>& x) noexcept {
  using Real = BigFloat<N>;
  const double approximate = x.to_double();
  if (!(std::fabs(approximate) <= 700)) return {};
  const double k = std::floor(approximate * 0x1.71547652b82fep+0 + 0.5);
  constexpr int kHalvings = Plan<N>::kExpHalvings;
  const Real r = (x - Tier<Real>::ln2() * Real(k)).scaled(-kHalvings);
  const auto& c = inverse_factorials<N>().value;
  constexpr int kLast = terms<N>(kHalvings + 1);
  static_assert(kLast < Plan<N>::kTerms);
  Real sum = c[kLast];
  for (int n = kLast - 1; n >= 1; --n) sum = c[n] + r * sum;
  Real s = r * sum;  // e^r - 1
  for (int i = 0; i < kHalvings; ++i) s = s.scaled(1) + s * s;
  return (s + c[0]).scaled(static_cast<int>(k));
}

// x + sign x^3/3 + x^5/5 + sign x^7/7: atanh (sign 1) or atan (-1) of what a first guess misses, up
// to x^9. Guesses are good to 2^-48 (double) for N = 6, and to 2^-360 (N = 6) for N = 18.
template <int N>
BigFloat<N> correction(const BigFloat<N>& x, int sign) noexcept {
  using Real = BigFloat<N>;
  static const Real kThird = Real::reciprocal(Real(3.0));
  static const Real kFifth = Real::reciprocal(Real(5.0));
  static const Real kSeventh = Real::reciprocal(Real(7.0));
  const Real x2 = sign < 0 ? -(x * x) : x * x;
  Real sum = kThird;
  if constexpr (N <= 6) sum = kThird + x2 * (kFifth + x2 * kSeventh);
  return x + x * x2 * sum;
}

// log of f in [1/2, 2): with g = e^guess, log f - guess = 2 atanh((f - g) / (f + g)).
template <int N>
BigFloat<N> log_impl(const BigFloat<N>& f) noexcept {
  using Real = BigFloat<N>;
  Real guess;
  if constexpr (N <= 6) {
    guess = Real(log(f.to_double()));
  } else {
    guess = Real::from(log_impl(BigFloat<6>::from(f)));
  }
  const Real g = exp_impl(guess);
  return guess + correction((f - g) / (f + g), 1).scaled(1);
}

template <int N>
void sin_cos_impl(const BigFloat<N>& x, BigFloat<N>& sine, BigFloat<N>& cosine) noexcept {
  using Real = BigFloat<N>;
  const Real half_pi = Tier<Real>::pi().scaled(-1);
  unsigned quadrant = 0;
  Real r = x;
  if (!x.is_zero() && x.exponent() >= 0) {
    static const Real kTwoOverPi = Real::reciprocal(half_pi);
    const Real k = (x * kTwoOverPi).rounded(quadrant);
    r = x - k * half_pi;
  }
  constexpr int kHalvings = Plan<N>::kAngleHalvings;
  r = r.scaled(-kHalvings);
  const Real r2 = r * r;
  const auto& c = inverse_factorials<N>().value;
  constexpr int kLast = terms<N>(kHalvings) | 1;
  static_assert(kLast < Plan<N>::kTerms);
  Real s = c[kLast];
  for (int n = kLast - 2; n >= 1; n -= 2) s = c[n] - r2 * s;
  s = r * s;
  Real versine = c[kLast - 1];  // cos - 1, with its sign
  for (int n = kLast - 3; n >= 2; n -= 2) versine = c[n] - r2 * versine;
  versine = -(r2 * versine);
  for (int i = 0; i < kHalvings; ++i) {
    const Real double_sine = (s + s * versine).scaled(1);
    versine = -(s * s).scaled(1);
    s = double_sine;
  }
  const Real co = versine + c[0];
  switch (quadrant) {
    case 0:
      sine = s;
      cosine = co;
      return;
    case 1:
      sine = co;
      cosine = -s;
      return;
    case 2:
      sine = -s;
      cosine = -co;
      return;
    default:
      sine = -co;
      cosine = s;
      return;
  }
}

// y and x are at most 1, one of them at least 1/2; y != 0.
template <int N>
BigFloat<N> atan2_impl(const BigFloat<N>& y, const BigFloat<N>& x) noexcept {
  using Real = BigFloat<N>;
  Real guess;
  if constexpr (N <= 6) {
    double height = y.to_double();
    if (height == 0) height = y.negative() ? -0x1p-1000 : 0x1p-1000;  // keeps the side of the cut
    guess = Real(atan2(height, x.to_double()));
  } else {
    guess = Real::from(atan2_impl(BigFloat<6>::from(y), BigFloat<6>::from(x)));
  }
  Real s;
  Real c;
  sin_cos_impl(guess, s, c);
  // The tangent of what the guess misses; the divisor is nearly hypot(x, y).
  return guess + correction((y * c - x * s) / (x * c + y * s), -1);
}

}  // namespace

template <int N>
BigFloat<N> exp(const BigFloat<N>& x) noexcept {
  return exp_impl(x);
}

template <int N>
BigFloat<N> log(const BigFloat<N>& x) noexcept {
  using Real = BigFloat<N>;
  if (x.is_zero() || x.negative()) return {};
  int exponent = x.exponent();
  if (x.limbs()[N - 1] < 0xb504f333f9de6484u)
    --exponent;  // keeps the rest within [1/sqrt 2, sqrt 2)
  return Tier<Real>::ln2() * Real(exponent) + log_impl(x.scaled(-exponent));
}

template <int N>
void sin_cos(const BigFloat<N>& x, BigFloat<N>& sine, BigFloat<N>& cosine) noexcept {
  sin_cos_impl(x, sine, cosine);
}

template <int N>
BigFloat<N> atan2(const BigFloat<N>& y, const BigFloat<N>& x) noexcept {
  using Real = BigFloat<N>;
  if (y.is_zero()) return x.negative() ? Tier<Real>::pi() : Real();
  const int larger = x.is_zero() || y.exponent() > x.exponent() ? y.exponent() : x.exponent();
  return atan2_impl(y.scaled(-larger), x.scaled(-larger));
}

template BigFloat<6> exp(const BigFloat<6>&) noexcept;
template BigFloat<6> log(const BigFloat<6>&) noexcept;
template void sin_cos(const BigFloat<6>&, BigFloat<6>&, BigFloat<6>&) noexcept;
template BigFloat<6> atan2(const BigFloat<6>&, const BigFloat<6>&) noexcept;
template BigFloat<18> exp(const BigFloat<18>&) noexcept;
template BigFloat<18> log(const BigFloat<18>&) noexcept;
template void sin_cos(const BigFloat<18>&, BigFloat<18>&, BigFloat<18>&) noexcept;
template BigFloat<18> atan2(const BigFloat<18>&, const BigFloat<18>&) noexcept;

}  // namespace pyverify::number::elementary
