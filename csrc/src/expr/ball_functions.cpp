#include "expr/ball_functions.hpp"

#include <algorithm>

namespace pyverify::expr {
namespace {

using number::Ball;
using number::BigFloat;
using number::DoubleDouble;

template <class Real>
Ball<Real> whole(std::int64_t value) noexcept {
  return number::ball_from_int<Real>(value);
}

template <class Real>
bool exact_zero(const Ball<Real>& x) noexcept {
  return !x.bad && x.rad == 0 && number::magnitude(x) == 0;
}

template <class Real>
Ball<Real> trigonometric(Function function, const Ball<Real>& x) noexcept {
  Ball<Real> sine;
  Ball<Real> cosine;
  number::sin_cos(x, sine, cosine);
  switch (function) {
    case Function::kSin:
      return sine;
    case Function::kCos:
      return cosine;
    case Function::kTan:
      return number::div(sine, cosine);
    case Function::kSec:
      return number::inv(cosine);
    case Function::kCsc:
      return number::inv(sine);
    default:
      return number::div(cosine, sine);
  }
}

template <class Real>
Ball<Real> hyperbolic(Function function, const Ball<Real>& x) noexcept {
  const Ball<Real> grow = number::exp(x);
  const Ball<Real> decay = number::exp(number::neg(x));
  const Ball<Real> half = number::ball_from_ratio<Real>(1, 2);
  const Ball<Real> sine = number::mul(number::sub(grow, decay), half);
  const Ball<Real> cosine = number::mul(number::add(grow, decay), half);
  switch (function) {
    case Function::kSinh:
      return sine;
    case Function::kCosh:
      return cosine;
    case Function::kTanh:
      return number::div(sine, cosine);
    case Function::kSech:
      return number::inv(cosine);
    case Function::kCsch:
      return number::inv(sine);
    default:
      return number::div(cosine, sine);
  }
}

// log(x + sqrt(x^2 + 1)), on the side where nothing cancels.
template <class Real>
Ball<Real> arcsinh(const Ball<Real>& x) noexcept {
  const bool negative = number::surely_negative(x);
  const Ball<Real> y = negative ? number::neg(x) : x;
  const Ball<Real> root = number::sqrt(number::add(number::mul(y, y), whole<Real>(1)));
  const Ball<Real> result = number::log(number::add(y, root));
  return negative ? number::neg(result) : result;
}

template <class Real>
Ball<Real> arccosh(const Ball<Real>& x) noexcept {
  const Ball<Real> root = number::mul(number::sqrt(number::add(x, whole<Real>(1))),
                                      number::sqrt(number::sub(x, whole<Real>(1))));
  return number::log(number::add(x, root));
}

template <class Real>
Ball<Real> arctanh(const Ball<Real>& x) noexcept {
  const Ball<Real> one = whole<Real>(1);
  const Ball<Real> quotient = number::div(number::add(one, x), number::sub(one, x));
  return number::mul(number::log(quotient), number::ball_from_ratio<Real>(1, 2));
}

template <class Real>
Ball<Real> sign(const Ball<Real>& x) noexcept {
  if (number::surely_positive(x)) return whole<Real>(1);
  if (number::surely_negative(x)) return whole<Real>(-1);
  if (exact_zero(x)) return x;
  if (x.real) return Ball<Real>::invalid();
  return number::div(x, number::abs(x));
}

}  // namespace

template <class Real>
Ball<Real> ball_function(Function function, const Ball<Real>& x, LogBase log_base) noexcept {
  switch (function) {
    case Function::kSin:
    case Function::kCos:
    case Function::kTan:
    case Function::kSec:
    case Function::kCsc:
    case Function::kCot:
      return trigonometric(function, x);
    case Function::kSinh:
    case Function::kCosh:
    case Function::kTanh:
    case Function::kSech:
    case Function::kCsch:
    case Function::kCoth:
      return hyperbolic(function, x);
    case Function::kArcsin:
      return number::asin(x);
    case Function::kArccos:
      return number::acos(x);
    case Function::kArctan:
      return number::atan(x);
    case Function::kArcsec:
      return number::acos(number::inv(x));
    case Function::kArccsc:
      return number::asin(number::inv(x));
    case Function::kArccot:
      // Between 0 and pi, continuous at 0.
      return number::sub(number::mul(number::ball_pi<Real>(), number::ball_from_ratio<Real>(1, 2)),
                         number::atan(x));
    case Function::kArcsinh:
      return arcsinh(x);
    case Function::kArccosh:
      return arccosh(x);
    case Function::kArctanh:
      return arctanh(x);
    case Function::kLn:
      return number::log(x);
    case Function::kLog:
      if (log_base == LogBase::kNatural) return number::log(x);
      return number::div(number::log(x), number::log(whole<Real>(10)));
    case Function::kExp:
      return number::exp(x);
    case Function::kArg:
      return number::arg(x);
    case Function::kSign:
      return sign(x);
  }
  return Ball<Real>::invalid();
}

template <class Real>
int saturation_bits(Function function, const Ball<Real>& x) noexcept {
  constexpr double kBitsPerUnit = 2.9;  // above 2 / ln 2
  double size = 0;
  switch (function) {
    case Function::kSin:
    case Function::kCos:
    case Function::kTan:
    case Function::kSec:
    case Function::kCsc:
    case Function::kCot:
      if (!x.real) size = number::magnitude(number::imag_part(x));
      break;
    case Function::kSinh:
    case Function::kCosh:
    case Function::kTanh:
    case Function::kSech:
    case Function::kCsch:
    case Function::kCoth:
      size = number::magnitude(number::real_part(x));
      break;
    default:
      break;
  }
  // A few bits are nothing unusual.
  return size > 8 ? static_cast<int>(std::min(kBitsPerUnit * size, 4096.0)) : 0;
}

template <class Real>
Ball<Real> ball_power(const Ball<Real>& base, number::Rational exponent) noexcept {
  if (base.bad || !exponent.valid()) return Ball<Real>::invalid();
  if (exponent.num <= 0 && number::contains_zero(base)) return Ball<Real>::invalid();
  if (exponent.is_integer()) return number::pow_int(base, exponent.num);
  if (exponent.den == 2) return number::pow_int(number::sqrt(base), exponent.num);
  if (exact_zero(base)) return base;
  const Ball<Real> fraction = number::ball_from_ratio<Real>(exponent.num, exponent.den);
  const bool real_root = exponent.den % 2 == 1 && number::surely_negative(base);
  const Ball<Real> size = real_root ? number::neg(base) : base;
  const Ball<Real> power = number::exp(number::mul(fraction, number::log(size)));
  return real_root && exponent.num % 2 != 0 ? number::neg(power) : power;
}

template <class Real>
Ball<Real> ball_power(const Ball<Real>& base, const Ball<Real>& exponent) noexcept {
  if (exact_zero(base) && number::surely_positive(exponent)) return base;
  return number::exp(number::mul(exponent, number::log(base)));
}

#define PYVERIFY_BALL_FUNCTIONS(REAL)                                               \
  template Ball<REAL> ball_function(Function, const Ball<REAL>&, LogBase) noexcept; \
  template int saturation_bits(Function, const Ball<REAL>&) noexcept;               \
  template Ball<REAL> ball_power(const Ball<REAL>&, number::Rational) noexcept;     \
  template Ball<REAL> ball_power(const Ball<REAL>&, const Ball<REAL>&) noexcept;

PYVERIFY_BALL_FUNCTIONS(double)
PYVERIFY_BALL_FUNCTIONS(DoubleDouble)
PYVERIFY_BALL_FUNCTIONS(BigFloat<6>)
PYVERIFY_BALL_FUNCTIONS(BigFloat<18>)

}  // namespace pyverify::expr
