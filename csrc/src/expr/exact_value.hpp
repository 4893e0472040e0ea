// The exact rational value of a node whose operands' rational values are known. Used twice: for
// constants when a tree is evaluated, and at sample points, where floors, factorials and powers
// need exact arguments.
#pragma once

#include "expr/tree.hpp"
#include "number/rational.hpp"

namespace pyverify::expr {

// `values[id]` holds the value of operand `id`, or the invalid rational. Invalid for symbols,
// irrational results and whatever doesn't fit.
number::Rational exact_value(const Tree& tree, const Node& node,
                             const number::Rational* values) noexcept;

// The node is undefined for certain, because of an exact operand: 1/0, 0^0, log 0, ...
bool exactly_undefined(const Tree& tree, const Node& node, const number::Rational* values) noexcept;

// base^exponent where that is rational; the real root for an odd denominator of the exponent.
number::Rational exact_power(number::Rational base, number::Rational exponent) noexcept;

}  // namespace pyverify::expr
