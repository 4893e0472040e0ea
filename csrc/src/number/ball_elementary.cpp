// Elementary functions of balls. Each radius is the error at the midpoint (see elementary.hpp) plus
// how far the function moves within the radius of the argument; the bound used for the latter is
// named at each function.
#include <cmath>

#include "number/ball.hpp"
#include "number/elementary.hpp"

namespace pyverify::number {
namespace {

constexpr double kMaxExponent = 680;  // e^680 < 2^990

template <class Real>
Ball<Real> one() noexcept {
  return detail::real_ball(Real(1.0), 0);
}

// i * x and x / 2, exactly.
template <class Real>
Ball<Real> times_i(const Ball<Real>& x) noexcept {
  if (x.bad) return x;
  Ball<Real> r;
  r.re = -x.im;
  r.im = x.re;
  r.rad = x.rad;
  r.real = false;
  return detail::finish(r);
}

template <class Real>
Ball<Real> half(const Ball<Real>& x) noexcept {
  Ball<Real> r = x;
  r.re = Tier<Real>::scale(x.re, -1);
  r.im = Tier<Real>::scale(x.im, -1);
  if (x.rad != 0) r.rad = x.rad / 2 + kTiny;
  return r;
}

template <class Real>
double sine_error(double size) noexcept {
  using T = Tier<Real>;
  return T::kElementary * (size < 1 ? size : 1) + T::kReduction * size + kTiny;
}

template <class Real>
double cosine_error(double size) noexcept {
  return Tier<Real>::kElementary + Tier<Real>::kReduction * size + kTiny;
}

// May the ball touch the negative real axis without being real?
template <class Real>
bool touches_cut(const Ball<Real>& x) noexcept {
  return !x.real && Tier<Real>::negative(x.re) && !(Tier<Real>::lower(x.im) > x.rad * kUp);
}

// The angle of a ball around m without 0: it moves by at most asin(rad / |m|) <= pi/2 rad / |m|, or
// by t + t^3 for t = rad / |m| <= 1/2.
template <class Real>
Ball<Real> angle(const Ball<Real>& x, double m) noexcept {
  using T = Tier<Real>;
  if (x.real) return T::negative(x.re) ? ball_pi<Real>() : Ball<Real>{};
  const Real z = elementary::atan2(x.im, x.re);
  const double t = x.rad / m * kUp;
  const double spread = t > 0.5 ? 1.5708 * t : t + t * t * t;
  return detail::finish(
      detail::real_ball(z, (T::kElementary * T::upper(z) + spread) * kUp + kTiny));
}

// log |x| moves by at most -log(1 - rad / |m|) <= rad / (|m| - rad).
template <class Real>
Ball<Real> log_abs(const Ball<Real>& x, double m) noexcept {
  using T = Tier<Real>;
  Real value{};
  double error = 0;
  if (x.real) {
    const Real size = T::negative(x.re) ? -x.re : x.re;
    if (x.rad == 0 && T::is_zero(size - Real(1.0))) return {};
    value = elementary::log(size);
  } else {
    const int k = detail::excess(m);
    const Real re = k == 0 ? x.re : T::scale(x.re, -k);
    const Real im = k == 0 ? x.im : T::scale(x.im, -k);
    value = T::scale(elementary::log(re * re + im * im), -1);
    if (k != 0) value = value + T::ln2() * Real(static_cast<double>(k));
    error = 8 * T::kUnit * (1 + std::fabs(static_cast<double>(k)));
  }
  error += 2 * T::kElementary * (1 + T::upper(value)) + x.rad / (m - x.rad) + kTiny;
  return detail::finish(detail::real_ball(value, error * kUp));
}

// -i log(i x + sqrt(1 - x^2)).
template <class Real>
Ball<Real> complex_asin(const Ball<Real>& x) noexcept {
  const Ball<Real> root = sqrt(mul(sub(one<Real>(), x), add(one<Real>(), x)));
  return neg(times_i(log(add(times_i(x), root))));
}

// asin x = +-(pi/2 - 2 asin(sqrt((1 - |x|) / 2))), so within 1.5 sqrt(d) of +-pi/2 where |x| is
// within d <= 1/4 of 1, on either side of the cut.
template <class Real>
Ball<Real> asin_near_one(const Ball<Real>& x, double distance) noexcept {
  Ball<Real> r = half(ball_pi<Real>());
  if (Tier<Real>::negative(x.re)) r = neg(r);
  if (distance == 0) return r;
  r.real = false;
  r.rad = (r.rad + 1.5 * std::sqrt(distance)) * kUp + kTiny;
  return r;
}

}  // namespace

// |e^z - e^m| <= |e^m| (e^rad - 1), and e^rad - 1 <= rad + rad^2 up to 1.
template <class Real>
Ball<Real> exp(const Ball<Real>& x) noexcept {
  using T = Tier<Real>;
  if (x.bad || !(x.rad <= 1)) return Ball<Real>::invalid();
  if (detail::is_zero(x)) return one<Real>();
  const double exponent = T::approximate(x.re);
  if (!(exponent <= kMaxExponent)) return Ball<Real>::invalid();
  if (exponent < -kMaxExponent) {
    Ball<Real> r;
    r.real = x.real;
    r.rad = 0x1p-970;  // e^-679
    return r;
  }
  const double spread = x.rad + x.rad * x.rad;
  const Real size = elementary::exp(x.re);
  Ball<Real> r;
  double error = T::kElementary;
  r.re = size;
  if (!x.real) {
    const double height = T::upper(x.im);
    if (!(height <= T::kMaxAngle)) return Ball<Real>::invalid();
    Real s;
    Real c;
    elementary::sin_cos(x.im, s, c);
    r.re = size * c;
    r.im = size * s;
    r.real = false;
    error += sine_error<Real>(height) + cosine_error<Real>(height) + 4 * T::kUnit;
  }
  // The midpoint's own error may make `size` a little low.
  r.rad = T::upper(size) * (1 + 0x1p-40) * (error + spread) * kUp + kTiny;
  return detail::finish(r);
}

template <class Real>
Ball<Real> log(const Ball<Real>& x) noexcept {
  if (x.bad) return x;
  const double m = detail::lower(x);
  if (detail::may_hold_zero(x, m) || touches_cut(x)) return Ball<Real>::invalid();
  Ball<Real> r = log_abs(x, m);
  const Ball<Real> a = angle(x, m);
  if (r.bad || a.bad) return Ball<Real>::invalid();
  if (x.real && !Tier<Real>::negative(x.re)) return r;
  r.im = a.re;
  r.rad = (r.rad + a.rad) * kUp;
  r.real = false;
  return detail::finish(r);
}

// |sin z - sin m| <= rad max |cos| <= rad cosh(|Im m| + rad) <= rad cosh(Im m) (1 + rad + rad^2).
template <class Real>
void sin_cos(const Ball<Real>& x, Ball<Real>& s, Ball<Real>& c) noexcept {
  using T = Tier<Real>;
  s = Ball<Real>::invalid();
  c = s;
  const double width = T::upper(x.re);
  if (x.bad || !(x.rad <= 1) || !(width <= T::kMaxAngle)) return;
  if (detail::is_zero(x)) {
    s = Ball<Real>{};
    c = one<Real>();
    return;
  }
  Ball<Real> sine;
  Ball<Real> cosine;
  elementary::sin_cos(x.re, sine.re, cosine.re);
  const double sine_bound = sine_error<Real>(width);
  const double cosine_bound = cosine_error<Real>(width);
  if (x.real) {
    sine.rad = (sine_bound + x.rad) * kUp;
    cosine.rad = (cosine_bound + x.rad) * kUp;
    s = detail::finish(sine);
    c = detail::finish(cosine);
    return;
  }
  if (!(T::upper(x.im) <= kMaxExponent)) return;
  const Real up = elementary::exp(x.im);
  const Real down = elementary::exp(-x.im);
  const Real cosh = T::scale(up + down, -1);
  const Real sinh = T::scale(up - down, -1);
  const Real real_sine = sine.re;
  sine.re = real_sine * cosh;
  sine.im = cosine.re * sinh;
  cosine.im = -(real_sine * sinh);
  cosine.re = cosine.re * cosh;
  sine.real = false;
  cosine.real = false;
  const double error = sine_bound + cosine_bound + 4 * T::kElementary + 8 * T::kUnit;
  const double spread = x.rad * (1 + x.rad + x.rad * x.rad);
  sine.rad = T::upper(cosh) * (1 + 0x1p-40) * (error + spread) * kUp + kTiny;
  cosine.rad = sine.rad;
  s = detail::finish(sine);
  c = detail::finish(cosine);
}

// Real: the derivative is 1 / (1 + x^2). Complex: (i/2) (log(1 - i x) - log(1 + i x)).
template <class Real>
Ball<Real> atan(const Ball<Real>& x) noexcept {
  using T = Tier<Real>;
  if (x.bad || detail::is_zero(x)) return x;
  if (!x.real) {
    const Ball<Real> ix = times_i(x);
    return half(times_i(sub(log(sub(one<Real>(), ix)), log(add(one<Real>(), ix)))));
  }
  double nearest = T::lower(x.re) - x.rad * kUp;
  if (!(nearest > 0)) nearest = 0;
  if (nearest > 0x1p500) nearest = 0x1p500;
  if (!(T::upper(x.re) <= 0x1p500)) {  // within 2^-499 of +-pi/2, if the sign is known
    if (nearest == 0) return Ball<Real>::invalid();
    Ball<Real> r = half(ball_pi<Real>());
    r.rad = (r.rad + 0x1p-499) * kUp;
    return T::negative(x.re) ? neg(r) : r;
  }
  const Real z = elementary::atan2(x.re, Real(1.0));
  const double spread = x.rad / (1 + nearest * nearest);
  return detail::finish(
      detail::real_ball(z, (T::kElementary * T::upper(z) + spread) * kUp + kTiny));
}

// Real and inside (-1, 1): atan2(x, sqrt((1 - x)(1 + x))), whose derivative is 1 / sqrt((1 - x)(1 +
// x)).
template <class Real>
Ball<Real> asin(const Ball<Real>& x) noexcept {
  using T = Tier<Real>;
  if (x.bad || detail::is_zero(x)) return x;
  if (!x.real) return complex_asin(x);
  // 1 - |x|, rounded in the tier.
  const Real size = T::negative(x.re) ? -x.re : x.re;
  double error = 0;
  const Real room = T::add(Real(1.0), -size, error);
  const double slack = (x.rad + error) * kUp;
  if (T::negative(room) || !(T::lower(room) > slack)) {
    const double distance = (T::upper(room) + slack) * kUp;
    if (distance < 0.25 && (T::is_zero(room) || !(T::lower(room) > slack))) {
      return asin_near_one(x, T::is_zero(room) && slack == 0 ? 0 : distance);
    }
    return complex_asin(x);
  }
  double ignored = 0;
  const Real root = T::sqrt(room * (Real(1.0) + size), ignored);
  const Real z = elementary::atan2(x.re, root);
  // The least (1 - x)(1 + x) in the ball.
  const double edge = (T::lower(room) - slack) / kUp;
  const double slope = 1 / std::sqrt(edge * (2 - edge) / kUp);
  // sqrt and the product move the angle by less than 8 units.
  const double mid_error = T::kElementary * T::upper(z) + 16 * T::kUnit;
  return detail::finish(detail::real_ball(z, (mid_error + slack * slope * kUp) * kUp + kTiny));
}

template <class Real>
Ball<Real> acos(const Ball<Real>& x) noexcept {
  using T = Tier<Real>;
  if (x.bad) return x;
  if (x.real && x.rad == 0 && T::is_zero(x.re - Real(1.0))) return {};
  if (x.real && x.rad == 0 && T::is_zero(x.re)) return half(ball_pi<Real>());
  return sub(half(ball_pi<Real>()), asin(x));
}

// ||z| - |m|| <= rad.
template <class Real>
Ball<Real> abs(const Ball<Real>& x) noexcept {
  using T = Tier<Real>;
  if (x.bad) return x;
  if (x.real) return T::negative(x.re) ? neg(x) : x;
  const double m = detail::upper(x);
  if (T::is_zero(x.re) || T::is_zero(x.im)) {
    const Real part = T::is_zero(x.re) ? x.im : x.re;
    return detail::real_ball(T::negative(part) ? -part : part, x.rad);
  }
  const int k = detail::excess(m);
  const Real re = k == 0 ? x.re : T::scale(x.re, -k);
  const Real im = k == 0 ? x.im : T::scale(x.im, -k);
  double square_error = 0;
  const Real square =
      T::add(T::mul(re, re, square_error), T::mul(im, im, square_error), square_error);
  double error = 0;
  Real root = T::sqrt(square, error);
  if (k != 0) root = T::scale(root, k);
  if (error != 0 || square_error != 0 || k != 0) error = 8 * T::kUnit * m + 4 * kTiny;
  return detail::finish(detail::real_ball(root, (error + x.rad) * kUp));
}

template <class Real>
Ball<Real> arg(const Ball<Real>& x) noexcept {
  if (x.bad) return x;
  const double m = detail::lower(x);
  if (detail::may_hold_zero(x, m) || touches_cut(x)) return Ball<Real>::invalid();
  return angle(x, m);
}

template <class Real>
Ball<Real> real_part(const Ball<Real>& x) noexcept {
  return x.bad ? x : detail::real_ball(x.re, x.rad);
}

template <class Real>
Ball<Real> imag_part(const Ball<Real>& x) noexcept {
  if (x.bad) return x;
  return x.real ? Ball<Real>{} : detail::real_ball(x.im, x.rad);
}

#define PYVERIFY_BALL_ELEMENTARY(REAL)                                         \
  template Ball<REAL> exp(const Ball<REAL>&) noexcept;                         \
  template Ball<REAL> log(const Ball<REAL>&) noexcept;                         \
  template void sin_cos(const Ball<REAL>&, Ball<REAL>&, Ball<REAL>&) noexcept; \
  template Ball<REAL> atan(const Ball<REAL>&) noexcept;                        \
  template Ball<REAL> asin(const Ball<REAL>&) noexcept;                        \
  template Ball<REAL> acos(const Ball<REAL>&) noexcept;                        \
  template Ball<REAL> abs(const Ball<REAL>&) noexcept;                         \
  template Ball<REAL> arg(const Ball<REAL>&) noexcept;                         \
  template Ball<REAL> real_part(const Ball<REAL>&) noexcept;                   \
  template Ball<REAL> imag_part(const Ball<REAL>&) noexcept;

PYVERIFY_BALL_ELEMENTARY(double)
PYVERIFY_BALL_ELEMENTARY(DoubleDouble)
PYVERIFY_BALL_ELEMENTARY(BigFloat<6>)
PYVERIFY_BALL_ELEMENTARY(BigFloat<18>)

}  // namespace pyverify::number
