// The enclosure of an expression's value at a sample point, in any of the ball tiers.
#pragma once

#include <cstdint>

#include "expr/equality.hpp"
#include "expr/sample_points.hpp"
#include "expr/subtree.hpp"
#include "number/ball.hpp"
#include "support/budget.hpp"

namespace pyverify::expr {

// What happened on the way to a value. The reals are the domain: a part that depends on a variable
// and leaves them (the logarithm of a negative number) leaves the domain, even if the whole comes
// back.
enum Fate : std::uint8_t {
  kNotReal = 1,    // left the reals for certain
  kMaybeReal = 2,  // too close to the edge of the domain to tell
  kNoValue = 4,    // undefined for certain
};

template <class Real>
struct Sample {
  number::Ball<Real> value;
  std::uint8_t fate = 0;
  // Bits that an addition or a function may have swallowed: 1 + 2^-80 has 80. Kept by the wider
  // tiers only.
  int swallowed = 0;
};

// The scalar at the point chosen in `points`.
template <class Real>
Sample<Real> sample(const Subtree& scalar, const SamplePoints& points, LogBase log_base,
                    support::Budget& budget) noexcept;

// The value of one of the scalar's nodes in the last sample<double>(), which was this scalar's.
const number::Ball<double>& last_value(const Subtree& scalar, NodeId id) noexcept;

}  // namespace pyverify::expr
