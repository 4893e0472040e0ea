// Rational constants of any size, compared by exact integers: 2^1000, 100!, long literals.
#pragma once

#include "expr/equality.hpp"
#include "number/bigint.hpp"
#include "support/budget.hpp"

namespace pyverify::expr {

// The exact value, invalid when the expression isn't built from literals by rational operations or
// when an intermediate value passes the limit of literal bits.
number::BigRational big_rational(const Scalar& scalar, support::Budget& budget) noexcept;

// Sign of a - b; both valid. 2 when the product would be too large.
int compare(const number::BigRational& a, const number::BigRational& b,
            support::Budget& budget) noexcept;

}  // namespace pyverify::expr
