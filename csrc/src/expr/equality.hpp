// Are two scalars the same number, or the same function wherever the gold is defined and real? The
// tiers in order: exact rationals, finite-field signatures, balls in double, double-double and high
// precision, exact integers.
#pragma once

#include <cstdint>

#include "expr/evaluate.hpp"
#include "expr/tree.hpp"
#include "pyverify/verdict.hpp"
#include "support/budget.hpp"

namespace pyverify::expr {

enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };

struct Decision {
  Truth truth = Truth::kUnknown;
  Reason reason = Reason::kUndecided;
};

// A scalar node with its tree and the tree's values. Both sides must have been evaluated with one
// seed.
struct Scalar {
  const Tree* tree = nullptr;
  const Values* values = nullptr;
  NodeId node = kNoNode;
  const Node& operator*() const noexcept { return (*tree)[node]; }
  number::Rational rational() const noexcept { return values->rational[node]; }
  std::uint16_t flags() const noexcept { return values->flags[node]; }
};

// What the gold says of its variables, and how log reads.
struct Domain {
  bool integers = false;  // every variable is a non-negative integer
  std::uint64_t seed = 0;
  LogBase log_base = LogBase::kNatural;
};

// Equal as functions wherever the gold is defined and real (isolated and lower-dimensional
// exceptions aside). An undefined gold or answer is kFalse with Reason::kUndefinedValue.
Decision equal(const Scalar& gold, const Scalar& answer, const Domain& domain,
               support::Budget& budget) noexcept;

// answer = c * gold for a nonzero constant c; `sign` is c's sign (+1, -1), 0 when it could not be
// shown. For equations and inequalities written as difference = 0.
Decision proportional(const Scalar& gold, const Scalar& answer, const Domain& domain, int& sign,
                      support::Budget& budget) noexcept;

// answer - gold is the same constant at every point: antiderivatives.
Decision differ_by_constant(const Scalar& gold, const Scalar& answer, const Domain& domain,
                            support::Budget& budget) noexcept;

// Sign of a - b for two real constants, possibly of one tree: -1, 0, 1; 2 when it could not be
// shown. Here and below `log_base` is the one the values were evaluated with.
int order(const Scalar& a, const Scalar& b, support::Budget& budget,
          LogBase log_base = LogBase::kNatural) noexcept;

// Is |answer - centre| < radius (or <= when `closed`)? For constants; exact for rationals, by balls
// else.
Decision within(const Scalar& answer, number::Rational centre, number::Rational radius, bool closed,
                support::Budget& budget, LogBase log_base = LogBase::kNatural) noexcept;

// A double near a real constant, and whether there is one (for tolerances and sorting).
bool approximate(const Scalar& scalar, double& value, support::Budget& budget,
                 LogBase log_base = LogBase::kNatural) noexcept;

// Equal keys are necessary for equality wherever kDifferenceUnproven is absent; used to sort sets.
std::uint64_t key(const Scalar& scalar) noexcept;

}  // namespace pyverify::expr
