// The functions of kFunction nodes over balls, each from its definition.
#pragma once

#include "expr/evaluate.hpp"
#include "expr/tree.hpp"
#include "number/ball.hpp"
#include "number/rational.hpp"

namespace pyverify::expr {

template <class Real>
number::Ball<Real> ball_function(Function function, const number::Ball<Real>& x,
                                 LogBase log_base) noexcept;

// Bits by which hyperbolic functions may differ from exponentials alone, or from 1: sinh and cosh
// differ by one part in e^2x. The same for the trigonometric ones away from the real line.
template <class Real>
int saturation_bits(Function function, const number::Ball<Real>& x) noexcept;

// base^exponent for an exact exponent: the real root where the denominator is odd and the base a
// negative real, else the principal value.
template <class Real>
number::Ball<Real> ball_power(const number::Ball<Real>& base, number::Rational exponent) noexcept;

// base^exponent for any exponent: e^(exponent ln base).
template <class Real>
number::Ball<Real> ball_power(const number::Ball<Real>& base,
                              const number::Ball<Real>& exponent) noexcept;

}  // namespace pyverify::expr
