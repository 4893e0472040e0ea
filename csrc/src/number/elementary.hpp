// exp, log, sin, cos and atan of real numbers in every tier, from +, -, *, / and sqrt alone: the
// same bits with any libm. Error bounds, with E = Tier<Real>::kElementary and R =
// Tier<Real>::kReduction (stated, and tested against the next tier):
//
//   exp(x), |x| <= 700                 E exp(x)
//   log(x), 2^-1022 <= x <= 2^1022     E (1 + |log x|)
//   sin(x), |x| <= kMaxAngle           E min(1, |x|) + R |x|
//   cos(x), |x| <= kMaxAngle           E + R |x|
//   atan2(y, x)                        E |atan2(y, x)|, y and x not both 0 and at most 2^990, plus
//   2^-1022
//
// Arguments outside these ranges give something finite or not, but never a crash; callers check
// first.
#pragma once

#include "number/big_float.hpp"
#include "number/double_double.hpp"

namespace pyverify::number::elementary {

double exp(double x) noexcept;
double log(double x) noexcept;
void sin_cos(double x, double& sine, double& cosine) noexcept;
double atan2(double y, double x) noexcept;

DoubleDouble exp(const DoubleDouble& x) noexcept;
DoubleDouble log(const DoubleDouble& x) noexcept;
void sin_cos(const DoubleDouble& x, DoubleDouble& sine, DoubleDouble& cosine) noexcept;
DoubleDouble atan2(const DoubleDouble& y, const DoubleDouble& x) noexcept;

// Defined for N = 6 and 18.
template <int N>
BigFloat<N> exp(const BigFloat<N>& x) noexcept;
template <int N>
BigFloat<N> log(const BigFloat<N>& x) noexcept;
template <int N>
void sin_cos(const BigFloat<N>& x, BigFloat<N>& sine, BigFloat<N>& cosine) noexcept;
template <int N>
BigFloat<N> atan2(const BigFloat<N>& y, const BigFloat<N>& x) noexcept;

}  // namespace pyverify::number::elementary
