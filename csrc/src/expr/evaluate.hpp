// One linear pass that gives every scalar node an exact small rational, a signature in two finite
// fields, and flags.
#pragma once

#include <cstdint>
#include <vector>

#include "expr/tree.hpp"
#include "number/field.hpp"
#include "number/rational.hpp"
#include "support/budget.hpp"

namespace pyverify::expr {

enum Flag : std::uint16_t {
  kDifferenceUnproven =
      1,  // unequal signatures prove nothing (opaque function, large radicand, ...)
  kEqualityUnproven =
      2,           // equal signatures want a numeric check (variables under roots, logs, abs, ...)
  kUndefined = 4,  // certainly undefined: division by an exact zero, log of an exact zero
  kHasVariable = 8,
  kIntegerOnly =
      16,  // a variable stands under factorial, binomial, gcd or as exponent of a negative base
  kHasOperator = 32,
  kOpaque = 64,  // holds something evaluation does not know; only equal signatures can help
  kHasInfinity = 128,
  kHasImaginary = 256,     // i occurs
  kNotEvaluatedYet = 512,  // structural node
};

enum class LogBase : std::uint8_t { kNatural, kTen };

struct Values {
  std::vector<number::Rational> rational;
  std::vector<number::Fe> field1;
  std::vector<number::Fe> field2;
  std::vector<std::uint16_t> flags;
  std::vector<std::uint32_t> literal_bits;  // bits of literals and exponents below each node
  std::size_t done = 0;                     // nodes evaluated so far
  void clear() noexcept {
    rational.clear();
    field1.clear();
    field2.clear();
    flags.clear();
    literal_bits.clear();
    done = 0;
  }
};

// Evaluates the nodes [values.done, tree.nodes.size()): call again after appending nodes.
// Structural nodes get kNotEvaluatedYet and no value. `seed` picks the pseudo-random images of
// variables and constants.
void evaluate(const Tree& tree, LogBase log_base, std::uint64_t seed, Values& values,
              support::Budget& budget) noexcept;

}  // namespace pyverify::expr
