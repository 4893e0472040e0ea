// Rigorous enclosures: |true value - (re + im i)| <= rad, for three midpoint types (double, DoubleDouble, BigFloat<N>).
//
// Own elementary functions throughout, so that verdicts are the same bit for bit with any libm.
#pragma once

#include <cstdint>

namespace pyverify::number {

template <class Real>
struct Ball {
  Real re{};
  Real im{};
  double rad = 0;
  bool real = true;   // the imaginary part is exactly 0
  bool bad = false;   // undefined, or the branch could not be decided, or out of range

  static Ball invalid() noexcept {
    Ball b;
    b.bad = true;
    return b;
  }
};

// For Real in {double, DoubleDouble, BigFloat<6>, BigFloat<18>} these are defined (explicit instantiations in ball.cpp):
template <class Real> Ball<Real> ball_from_int(std::int64_t value) noexcept;
template <class Real> Ball<Real> ball_from_ratio(std::int64_t num, std::int64_t den) noexcept;
// digits * 10^exponent; digits are decimal digits, any number of them.
template <class Real> Ball<Real> ball_from_decimal(const char* digits, std::uint32_t count, std::int32_t exponent) noexcept;
template <class Real> Ball<Real> ball_pi() noexcept;
template <class Real> Ball<Real> ball_e() noexcept;
template <class Real> Ball<Real> ball_i() noexcept;
template <class Real> Ball<Real> add(const Ball<Real>& x, const Ball<Real>& y) noexcept;
template <class Real> Ball<Real> sub(const Ball<Real>& x, const Ball<Real>& y) noexcept;
template <class Real> Ball<Real> neg(const Ball<Real>& x) noexcept;
template <class Real> Ball<Real> conj(const Ball<Real>& x) noexcept;
template <class Real> Ball<Real> mul(const Ball<Real>& x, const Ball<Real>& y) noexcept;
template <class Real> Ball<Real> inv(const Ball<Real>& x) noexcept;             // bad when 0 is inside
template <class Real> Ball<Real> pow_int(const Ball<Real>& x, std::int64_t e) noexcept;
template <class Real> Ball<Real> exp(const Ball<Real>& x) noexcept;
template <class Real> Ball<Real> log(const Ball<Real>& x) noexcept;             // principal; bad at 0 or across the cut
template <class Real> Ball<Real> sqrt(const Ball<Real>& x) noexcept;            // principal
template <class Real> void sin_cos(const Ball<Real>& x, Ball<Real>& s, Ball<Real>& c) noexcept;
template <class Real> Ball<Real> atan(const Ball<Real>& x) noexcept;
template <class Real> Ball<Real> asin(const Ball<Real>& x) noexcept;
template <class Real> Ball<Real> acos(const Ball<Real>& x) noexcept;
template <class Real> Ball<Real> abs(const Ball<Real>& x) noexcept;             // real result
template <class Real> Ball<Real> arg(const Ball<Real>& x) noexcept;             // real result
template <class Real> Ball<Real> real_part(const Ball<Real>& x) noexcept;
template <class Real> Ball<Real> imag_part(const Ball<Real>& x) noexcept;

// Questions about a ball. All false when bad.
template <class Real> bool contains_zero(const Ball<Real>& x) noexcept;
template <class Real> bool surely_positive(const Ball<Real>& x) noexcept;       // real and > 0 everywhere
template <class Real> bool surely_negative(const Ball<Real>& x) noexcept;
template <class Real> bool disjoint(const Ball<Real>& x, const Ball<Real>& y) noexcept;
// The one integer the ball contains, if it contains exactly one and is real with rad < 0.25 (then true).
template <class Real> bool unique_integer(const Ball<Real>& x, std::int64_t& value) noexcept;
// floor of every point of the ball if that is one number (then true); false when the ball straddles an integer.
template <class Real> bool unique_floor(const Ball<Real>& x, std::int64_t& value) noexcept;
template <class Real> double magnitude(const Ball<Real>& x) noexcept;           // upper bound of |midpoint|, as a double
template <class Real> double mid_double(const Ball<Real>& x) noexcept;          // real part of the midpoint, rounded
// |x - y| midpoint distance plus both radii, as an upper bound.
template <class Real> double distance_bound(const Ball<Real>& x, const Ball<Real>& y) noexcept;

}  // namespace pyverify::number
