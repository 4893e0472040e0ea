// Where expressions with corners, even roots and logarithms have to be compared besides.
//
// |x^2 + 3x + 2| differs from x^2 + 3x + 2 between -2 and -1 only, ln(x^2 - x) has two branches:
// fixed sample points may miss such a cell. Here its borders are looked for, the zeros and poles of
// what stands under such nodes, along one variable at a time with the others fixed, and a point is
// placed inside every cell between them. Borders are approximate and prove nothing; they only tell
// where to look.
#pragma once

#include <span>

#include "expr/sample_points.hpp"
#include "expr/subtree.hpp"
#include "support/budget.hpp"

namespace pyverify::expr {

// `each` points inside every cell. They are memory of the thread: good until the next call.
std::span<const PlacedPoint> cell_points(const Subtree& gold, const Subtree& answer,
                                         SamplePoints& points, LogBase log_base, int each,
                                         support::Budget& budget) noexcept;

}  // namespace pyverify::expr
