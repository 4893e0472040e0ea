// Numbers of about 106 bits as unevaluated sums of two doubles.
//
// The exact sum is Knuth's (The Art of Computer Programming 2, 4.2.2), the exact product Dekker's
// (A floating-point technique for extending the available precision, 1971); the arithmetic goes
// back to Hida, Li and Bailey (Algorithms for quad-double precision floating point arithmetic,
// 2001), with the variants and the error bounds that Joldes, Muller and Popescu prove (Tight and
// rigorous error bounds for basic building blocks of double-word arithmetic, 2017). With u = 2^-53
// these are 3 u^2 for a sum, 7 u^2 for a product, 16 u^2 for a quotient, 4 u^2 for a square root.
#pragma once

#include <cmath>

namespace pyverify::number {

struct DoubleDouble {
  double hi = 0;
  double lo = 0;

  constexpr DoubleDouble() noexcept = default;
  constexpr DoubleDouble(double high) noexcept : hi(high) {}  // NOLINT: exact, so implicit
  constexpr DoubleDouble(double high, double low) noexcept : hi(high), lo(low) {}
};

// hi + lo = a + b exactly.
inline DoubleDouble two_sum(double a, double b) noexcept {
  const double sum = a + b;
  const double part = sum - a;
  return {sum, (a - (sum - part)) + (b - part)};
}

// The same for |a| >= |b| or a = 0.
inline DoubleDouble quick_two_sum(double a, double b) noexcept {
  const double sum = a + b;
  return {sum, b - (sum - a)};
}

// hi + lo = a * b exactly, unless it overflows or the low part underflows. With a fused
// multiply-add instruction that is exact by definition; elsewhere no compiler can contract Dekker's
// splitting, so both give the same bits.
inline DoubleDouble two_prod(double a, double b) noexcept {
  const double product = a * b;
#if defined(__FMA__) || defined(__aarch64__) || defined(_M_ARM64)
  return {product, std::fma(a, b, -product)};
#else
  constexpr double kSplit = 134217729;  // 2^27 + 1
  const double a_scaled = kSplit * a;
  const double a_hi = a_scaled - (a_scaled - a);
  const double a_lo = a - a_hi;
  const double b_scaled = kSplit * b;
  const double b_hi = b_scaled - (b_scaled - b);
  const double b_lo = b - b_hi;
  return {product, ((a_hi * b_hi - product) + a_hi * b_lo + a_lo * b_hi) + a_lo * b_lo};
#endif
}

inline DoubleDouble operator-(const DoubleDouble& x) noexcept { return {-x.hi, -x.lo}; }

inline DoubleDouble operator+(const DoubleDouble& x, const DoubleDouble& y) noexcept {
  const DoubleDouble high = two_sum(x.hi, y.hi);
  const DoubleDouble low = two_sum(x.lo, y.lo);
  const DoubleDouble sum = quick_two_sum(high.hi, high.lo + low.hi);
  return quick_two_sum(sum.hi, low.lo + sum.lo);
}

inline DoubleDouble operator-(const DoubleDouble& x, const DoubleDouble& y) noexcept {
  return x + -y;
}

inline DoubleDouble operator*(const DoubleDouble& x, const DoubleDouble& y) noexcept {
  const DoubleDouble high = two_prod(x.hi, y.hi);
  return quick_two_sum(high.hi, high.lo + (x.hi * y.lo + x.lo * y.hi));
}

inline DoubleDouble operator*(const DoubleDouble& x, double y) noexcept {
  const DoubleDouble high = two_prod(x.hi, y);
  return quick_two_sum(high.hi, high.lo + x.lo * y);
}

// Exact unless a part underflows.
inline DoubleDouble scale(const DoubleDouble& x, int exponent) noexcept {
  return {std::ldexp(x.hi, exponent), std::ldexp(x.lo, exponent)};
}

inline DoubleDouble operator/(const DoubleDouble& x, const DoubleDouble& y) noexcept {
  // The low part of quotient * y must not underflow.
  if (std::fabs(x.hi) < 0x1p-800 && x.hi != 0) return scale(scale(x, 400) / y, -400);
  const double quotient = x.hi / y.hi;
  const DoubleDouble back = y * quotient;
  const double rest = (x.hi - back.hi) + (x.lo - back.lo);
  return quick_two_sum(quotient, rest / y.hi);
}

// x >= 0.
inline DoubleDouble sqrt(const DoubleDouble& x) noexcept {
  if (!(x.hi > 0)) return {};
  // The low part of the root's square must not underflow.
  if (x.hi < 0x1p-800) return scale(sqrt(scale(x, 400)), -200);
  const double root = std::sqrt(x.hi);
  const DoubleDouble square = two_prod(root, root);
  const double rest = ((x.hi - square.hi) - square.lo) + x.lo;
  return quick_two_sum(root, rest / (2 * root));
}

}  // namespace pyverify::number
