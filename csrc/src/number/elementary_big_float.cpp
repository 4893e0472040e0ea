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
  static constexpr int kExpHalvings = N <= 3 ? 10 : N <= 7 ? 16 : 32;
  static constexpr int kAngleHalvings = N <= 3 ? 7 : N <= 7 ? 11 : 20;
  static constexpr int kTerms = N <= 3   ? 27
                                : N <= 7 ? 35
                                         : 55;  // at least as many as any series takes
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

// log of f in [1/2, 2).
template <int N>
BigFloat<N> log_impl(const BigFloat<N>& f) noexcept {
  using Real = BigFloat<N>;
  // Halley's iteration triples the correct bits; the start is as good as a third of the limbs, or a
  // double, gives.
  const auto improved = [&](const Real& guess) {
    const Real power = exp_impl(guess);
    return guess + ((f - power) / (f + power)).scaled(1);
  };
  if constexpr (N <= 3) {
    return improved(improved(Real(log(f.to_double()))));
  } else {
    constexpr int kSeed = (N + 4) / 3;
    return improved(Real::from(log_impl(BigFloat<kSeed>::from(f))));
  }
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
  // From z, the angle is z + t + t^3/6 + 3 t^5/40 ... with t = sin(angle - z).
  const auto improved = [&](const Real& z) {
    Real s;
    Real c;
    sin_cos_impl(z, s, c);
    const Real t = (y * c - x * s) / Real::square_root(x * x + y * y);
    return z + (t + t * t * t * inverse_factorials<N>().value[3]);
  };
  if constexpr (N <= 3) {
    double height = y.to_double();
    if (height == 0) height = y.negative() ? -0x1p-1000 : 0x1p-1000;  // keeps the side of the cut
    return improved(Real(atan2(height, x.to_double())));
  } else {
    constexpr int kSeed = N <= 7 ? 3 : 6;
    return improved(Real::from(atan2_impl(BigFloat<kSeed>::from(y), BigFloat<kSeed>::from(x))));
  }
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
