// The hot part of the ball arithmetic, inline for doubles. Included by ball.hpp.
//
// Radii are sums of upper bounds, raised by kUp for their own rounding; kTiny covers whatever may
// underflow. An exact result of exact operands keeps radius 0.
#pragma once

#include <cmath>
#include <cstdint>

#include "number/ball.hpp"
#include "number/tier.hpp"

namespace pyverify::number {
namespace detail {

inline double hypot_upper(double a, double b) noexcept {
  const double larger = a > b ? a : b;
  if (!(larger < 0x1p500) || larger < 0x1p-400) return (a + b) * kUp;
  return std::sqrt(a * a + b * b) * kUp;
}

inline double hypot_lower(double a, double b) noexcept {
  const double larger = a > b ? a : b;
  if (!(larger < 0x1p500) || larger < 0x1p-400) return larger;
  return std::sqrt(a * a + b * b) / kUp;
}

template <class Real>
double upper(const Ball<Real>& x) noexcept {
  const double re = Tier<Real>::upper(x.re);
  return x.real ? re : hypot_upper(re, Tier<Real>::upper(x.im));
}

template <class Real>
double lower(const Ball<Real>& x) noexcept {
  const double re = Tier<Real>::lower(x.re);
  return x.real ? re : hypot_lower(re, Tier<Real>::lower(x.im));
}

template <class Real>
bool is_zero(const Ball<Real>& x) noexcept {
  return x.rad == 0 && Tier<Real>::is_zero(x.re) && Tier<Real>::is_zero(x.im);
}

template <class Real>
Ball<Real> real_ball(const Real& re, double rad) noexcept {
  Ball<Real> r;
  r.re = re;
  r.rad = rad;
  return r;
}

// The last step of every operation: out of range (or not a number) is bad, and an exact imaginary
// part of 0 is seen.
template <class Real>
Ball<Real> finish(const Ball<Real>& x) noexcept {
  if (!(x.rad <= kHuge) || !Tier<Real>::in_range(x.re)) return Ball<Real>::invalid();
  if (!x.real) {
    if (!Tier<Real>::in_range(x.im)) return Ball<Real>::invalid();
    if (x.rad == 0 && Tier<Real>::is_zero(x.im)) {
      Ball<Real> r = x;
      r.real = true;
      return r;
    }
  }
  return x;
}

// Is 0 in the ball, given a lower bound of its midpoint's magnitude?
template <class Real>
bool may_hold_zero(const Ball<Real>& x, double mid_lower) noexcept {
  return !(mid_lower > x.rad * kUp);
}

// The exponent to divide by so that squares neither overflow nor underflow; 0 for ordinary
// magnitudes.
inline int excess(double magnitude) noexcept {
  if (magnitude < 0x1p400 && magnitude > 0x1p-400) return 0;
  int exponent = 0;
  (void)std::frexp(magnitude, &exponent);
  return exponent & ~1;
}

// sqrt(m +- rad) differs from sqrt(m) by at most rad / (sqrt(m) (1 + sqrt(1 - rad/m))).
inline double sqrt_spread(double rad, double mid_lower, double root_lower) noexcept {
  return rad / (root_lower * (2 - rad / mid_lower)) * kUp;
}

}  // namespace detail

template <class Real>
Ball<Real> add(const Ball<Real>& x, const Ball<Real>& y) noexcept {
  if (x.bad || y.bad) return Ball<Real>::invalid();
  Ball<Real> r;
  double error = 0;
  r.re = Tier<Real>::add(x.re, y.re, error);
  r.real = x.real && y.real;
  if (!r.real) r.im = Tier<Real>::add(x.im, y.im, error);
  r.rad = (x.rad + y.rad + error) * kUp;
  return detail::finish(r);
}

template <class Real>
Ball<Real> neg(const Ball<Real>& x) noexcept {
  Ball<Real> r = x;
  r.re = -x.re;
  r.im = -x.im;
  return r;
}

template <class Real>
Ball<Real> sub(const Ball<Real>& x, const Ball<Real>& y) noexcept {
  return add(x, neg(y));
}

template <class Real>
Ball<Real> conj(const Ball<Real>& x) noexcept {
  Ball<Real> r = x;
  r.im = -x.im;
  return r;
}

template <class Real>
Ball<Real> mul(const Ball<Real>& x, const Ball<Real>& y) noexcept {
  using T = Tier<Real>;
  if (x.bad || y.bad) return Ball<Real>::invalid();
  if (detail::is_zero(x) || detail::is_zero(y)) return {};
  Ball<Real> r;
  double error = 0;
  r.re = T::mul(x.re, y.re, error);
  r.real = x.real && y.real;
  if (!r.real) {
    if (!x.real && !y.real) {
      const Real cross = T::mul(x.im, y.im, error);
      r.re = T::add(r.re, -cross, error);
      r.im = T::add(T::mul(x.re, y.im, error), T::mul(x.im, y.re, error), error);
    } else {
      r.im = x.real ? T::mul(x.re, y.im, error) : T::mul(x.im, y.re, error);
    }
  }
  if (x.rad != 0 || y.rad != 0) {
    error += detail::upper(x) * y.rad + (detail::upper(y) + y.rad) * x.rad + kTiny;
  }
  r.rad = error * kUp;
  return detail::finish(r);
}

template <class Real>
Ball<Real> inv(const Ball<Real>& x) noexcept {
  using T = Tier<Real>;
  if (x.bad) return x;
  const double m = detail::lower(x);
  if (detail::may_hold_zero(x, m)) return Ball<Real>::invalid();
  Ball<Real> r;
  double error = 0;
  if (x.real) {
    r.re = T::div(Real(1.0), x.re, error);
  } else {
    const int k = detail::excess(m);
    const Real re = k == 0 ? x.re : T::scale(x.re, -k);
    const Real im = k == 0 ? x.im : T::scale(x.im, -k);
    const Real norm = re * re + im * im;
    r.re = re / norm;
    r.im = -(im / norm);
    r.real = false;
    if (k != 0) {
      r.re = T::scale(r.re, -k);
      r.im = T::scale(r.im, -k);
    }
    // Either part errs by at most 4 units of the whole.
    error = 8 * T::kUnit / m + 4 * kTiny;
  }
  if (x.rad != 0) error += x.rad / m / (m - x.rad) + kTiny;
  r.rad = error * kUp;
  return detail::finish(r);
}

// Exact where the quotient of two exact reals is.
template <class Real>
Ball<Real> div(const Ball<Real>& x, const Ball<Real>& y) noexcept {
  if (x.bad || y.bad) return Ball<Real>::invalid();
  if (!x.real || !y.real || x.rad != 0 || y.rad != 0) return mul(x, inv(y));
  if (Tier<Real>::is_zero(y.re)) return Ball<Real>::invalid();
  double error = 0;
  const Real quotient = Tier<Real>::div(x.re, y.re, error);
  return detail::finish(detail::real_ball(quotient, error * kUp));
}

template <class Real>
Ball<Real> pow_int(const Ball<Real>& x, std::int64_t e) noexcept {
  if (x.bad) return x;
  Ball<Real> result;
  result.re = Real(1.0);
  if (e == 0) return result;
  std::uint64_t left = e < 0 ? 0 - static_cast<std::uint64_t>(e) : static_cast<std::uint64_t>(e);
  Ball<Real> power = x;
  while (!power.bad && !result.bad) {
    if (left & 1) result = mul(result, power);
    left >>= 1;
    if (left == 0) return e < 0 ? inv(result) : result;
    power = mul(power, power);
  }
  return Ball<Real>::invalid();
}

template <class Real>
Ball<Real> sqrt(const Ball<Real>& x) noexcept {
  using T = Tier<Real>;
  if (x.bad || detail::is_zero(x)) return x;
  const double m = detail::lower(x);
  Ball<Real> r;
  r.real = false;
  if (detail::may_hold_zero(x, m)) {
    r.rad = std::sqrt(detail::upper(x) + x.rad) * kUp + kTiny;
    return detail::finish(r);
  }
  double error = 0;
  if (x.real) {
    const bool negative = T::negative(x.re);
    const Real root = T::sqrt(negative ? -x.re : x.re, error);
    (negative ? r.im : r.re) = root;
    r.real = !negative;
    if (x.rad != 0) error += detail::sqrt_spread(x.rad, m, T::lower(root)) + kTiny;
  } else {
    const bool left = T::negative(x.re);
    const bool below = T::negative(x.im);
    if (left && !(T::lower(x.im) > x.rad * kUp)) return Ball<Real>::invalid();  // across the cut
    const int k = detail::excess(m);
    const Real re = k == 0 ? x.re : T::scale(x.re, -k);
    const Real im = k == 0 ? x.im : T::scale(x.im, -k);
    double ignored = 0;
    const Real norm = T::sqrt(re * re + im * im, ignored);
    const Real major = T::sqrt((norm + (left ? -re : re)) * Real(0.5), ignored);
    const Real minor = im / (major + major);  // the sign of im
    r.re = left ? (below ? -minor : minor) : major;
    r.im = left ? (below ? -major : major) : minor;
    if (k != 0) {
      r.re = T::scale(r.re, k / 2);
      r.im = T::scale(r.im, k / 2);
    }
    // Either part errs by at most 6 units of the whole.
    error = 12 * T::kUnit * detail::upper(r) + 4 * kTiny;
    if (x.rad != 0) error += detail::sqrt_spread(x.rad, m, detail::lower(r) / kUp) + kTiny;
  }
  r.rad = error * kUp;
  return detail::finish(r);
}

// Only doubles are worth inlining; the wider types are compiled once, in ball.cpp.
#define PYVERIFY_BALL_ARITHMETIC(EXTERN, REAL)                                   \
  EXTERN template Ball<REAL> add(const Ball<REAL>&, const Ball<REAL>&) noexcept; \
  EXTERN template Ball<REAL> sub(const Ball<REAL>&, const Ball<REAL>&) noexcept; \
  EXTERN template Ball<REAL> mul(const Ball<REAL>&, const Ball<REAL>&) noexcept; \
  EXTERN template Ball<REAL> inv(const Ball<REAL>&) noexcept;                    \
  EXTERN template Ball<REAL> div(const Ball<REAL>&, const Ball<REAL>&) noexcept; \
  EXTERN template Ball<REAL> pow_int(const Ball<REAL>&, std::int64_t) noexcept;  \
  EXTERN template Ball<REAL> sqrt(const Ball<REAL>&) noexcept;

PYVERIFY_BALL_ARITHMETIC(extern, DoubleDouble)
PYVERIFY_BALL_ARITHMETIC(extern, BigFloat<6>)
PYVERIFY_BALL_ARITHMETIC(extern, BigFloat<18>)

}  // namespace pyverify::number
