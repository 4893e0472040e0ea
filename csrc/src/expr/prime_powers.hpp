// Products of powers of rationals as products of powers of primes: 9^(9^9) and 3^(2 * 9^9) are
// compared by exponents, whatever their size.
#pragma once

#include <cstdint>

#include "expr/equality.hpp"
#include "support/budget.hpp"

namespace pyverify::expr {

// kUnknown when a side isn't such a product, or when a large base leaves the question open.
Truth equal_prime_powers(const Scalar& a, const Scalar& b, support::Budget& budget) noexcept;

}  // namespace pyverify::expr
