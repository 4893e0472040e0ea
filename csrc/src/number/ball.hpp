// Rigorous enclosures: |true value - (re + im i)| <= rad, for three midpoint types (double,
// DoubleDouble, BigFloat<N>).
//
// Own elementary functions throughout, so that verdicts are the same bit for bit with any libm.
// Radii are rigorous, not tight: an operation adds a few units in the last place. Magnitudes end at
// 2^990 (a ball beyond is bad), radii other than 0 at 2^-1022: what BigFloat<18> could tell below
// that is not told.
#pragma once

#include <cstdint>

#include "number/big_float.hpp"
#include "number/double_double.hpp"

namespace pyverify::number {

// `real` says that every true value is real. Where it is false the value may still be real: only
// |im| > rad (see surely_not_real) tells that it is not.
template <class Real>
struct Ball {
  Real re{};
  Real im{};
  double rad = 0;
  bool real = true;  // the imaginary part is exactly 0
  bool bad = false;  // undefined, or the branch could not be decided, or out of range

  static Ball invalid() noexcept {
    Ball b;
    b.bad = true;
    return b;
  }
};

// For Real in {double, DoubleDouble, BigFloat<6>, BigFloat<18>} these are defined.
template <class Real>
Ball<Real> ball_from_int(std::int64_t value) noexcept;
template <class Real>
Ball<Real> ball_from_ratio(std::int64_t num, std::int64_t den) noexcept;
// digits * 10^exponent; digits are decimal digits, any number of them (any other byte: bad). Below
// 10^-290 the ball is 0 with a tiny radius, above 10^297 it is bad.
template <class Real>
Ball<Real> ball_from_decimal(const char* digits, std::uint32_t count,
                             std::int32_t exponent) noexcept;
template <class Real>
Ball<Real> ball_pi() noexcept;
template <class Real>
Ball<Real> ball_e() noexcept;
template <class Real>
Ball<Real> ball_i() noexcept;
template <class Real>
Ball<Real> add(const Ball<Real>& x, const Ball<Real>& y) noexcept;
template <class Real>
Ball<Real> sub(const Ball<Real>& x, const Ball<Real>& y) noexcept;
template <class Real>
Ball<Real> neg(const Ball<Real>& x) noexcept;
template <class Real>
Ball<Real> conj(const Ball<Real>& x) noexcept;
template <class Real>
Ball<Real> mul(const Ball<Real>& x, const Ball<Real>& y) noexcept;
template <class Real>
Ball<Real> inv(const Ball<Real>& x) noexcept;  // bad when 0 is inside
// Exact (radius 0) where x and y are exact reals with a representable quotient, unlike mul(x,
// inv(y)).
template <class Real>
Ball<Real> div(const Ball<Real>& x, const Ball<Real>& y) noexcept;
template <class Real>
Ball<Real> pow_int(const Ball<Real>& x, std::int64_t e) noexcept;  // 0^0 = 1
// Bad for |real part| > 680 upwards and for radii above 1.
template <class Real>
Ball<Real> exp(const Ball<Real>& x) noexcept;
// Principal; bad where 0 may be inside or the ball touches the cut. A negative real is on the cut's
// upper side.
template <class Real>
Ball<Real> log(const Ball<Real>& x) noexcept;
// Principal; bad across the cut. A ball that may hold 0 gives a ball around 0 that is not known to
// be real.
template <class Real>
Ball<Real> sqrt(const Ball<Real>& x) noexcept;
// Bad where |re| exceeds 2^30 (double), 2^40 (DoubleDouble), 2^192 (BigFloat<6>), 2^100
// (BigFloat<18>).
template <class Real>
void sin_cos(const Ball<Real>& x, Ball<Real>& s, Ball<Real>& c) noexcept;
template <class Real>
Ball<Real> atan(const Ball<Real>& x) noexcept;
template <class Real>
Ball<Real> asin(const Ball<Real>& x) noexcept;
template <class Real>
Ball<Real> acos(const Ball<Real>& x) noexcept;
template <class Real>
Ball<Real> abs(const Ball<Real>& x) noexcept;  // real result
template <class Real>
Ball<Real> arg(const Ball<Real>& x) noexcept;  // real result
template <class Real>
Ball<Real> real_part(const Ball<Real>& x) noexcept;
template <class Real>
Ball<Real> imag_part(const Ball<Real>& x) noexcept;

// Questions about a ball. All false when bad.
template <class Real>
bool contains_zero(const Ball<Real>& x) noexcept;
template <class Real>
bool surely_positive(const Ball<Real>& x) noexcept;  // real and > 0 everywhere
template <class Real>
bool surely_negative(const Ball<Real>& x) noexcept;
template <class Real>
bool disjoint(const Ball<Real>& x, const Ball<Real>& y) noexcept;
template <class Real>
bool surely_not_real(const Ball<Real>& x) noexcept;  // |im| > rad
// floor of every point of the ball if that is one number (then true); false when the ball straddles
// an integer.
template <class Real>
bool unique_floor(const Ball<Real>& x, std::int64_t& value) noexcept;
// Upper bound of |midpoint|, as a double.
template <class Real>
double magnitude(const Ball<Real>& x) noexcept;
// Real part of the midpoint, rounded.
template <class Real>
double mid_double(const Ball<Real>& x) noexcept;
// |x - y| midpoint distance plus both radii, as an upper bound (infinite when either is bad).
template <class Real>
double distance_bound(const Ball<Real>& x, const Ball<Real>& y) noexcept;

}  // namespace pyverify::number

#include "number/ball_arithmetic.hpp"  // IWYU pragma: export
