// Polynomials in doubles and their quotients: approximations, nothing is proven.
#pragma once

#include <array>

namespace pyverify::number {

inline constexpr int kMaxDegree = 6;

// Coefficients of 1, x, x^2, ...
struct Polynomial {
  std::array<double, kMaxDegree + 1> coefficient{};
  int degree = 0;
};

// A quotient of polynomials, reduced by a constant denominator; unknown when a degree grows too
// large.
struct Quotient {
  Polynomial above;
  Polynomial below;
  bool known = false;
  bool constant() const noexcept { return above.degree == 0 && below.degree == 0; }
};

Quotient constant_quotient(double value) noexcept;
Quotient variable_quotient() noexcept;
Quotient neg(const Quotient& x) noexcept;
Quotient add(const Quotient& x, const Quotient& y) noexcept;
Quotient mul(const Quotient& x, const Quotient& y) noexcept;
Quotient inv(const Quotient& x) noexcept;

// Ascending; there are at most kMaxDegree. Roots of even multiplicity may be missed: they are among
// those of the derivative, which are the turning points. Returns how many.
int real_roots(const Polynomial& polynomial, double* roots) noexcept;
Polynomial derivative(const Polynomial& polynomial) noexcept;

}  // namespace pyverify::number
