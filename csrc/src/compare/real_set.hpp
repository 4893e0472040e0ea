// Sets of real numbers in one variable: intervals, unions, inequalities, points, R without {...}
// (GRADING 17, 18).
#pragma once

#include <vector>

#include "compare/side.hpp"

namespace pyverify::compare {

// An end of a segment: a scalar node, an infinity, or a number that no node stands for (the 0 of
// R+, the integers between 0 and 4).
struct SetEnd {
  expr::NodeId node = expr::kNoNode;
  number::Rational value{0, 1};  // counts without node and infinity
  int infinity = 0;              // -1, 0, +1
  bool closed = false;
};
struct Segment {  // a point has low == high, both closed
  SetEnd low;
  SetEnd high;
};

// A finite union of segments, ascending, disjoint and not touching. Ends are nodes of one side's
// tree.
struct RealSet {
  std::vector<Segment> segments;
  bool has_variable = false;
  std::uint64_t variable = 0;  // the name in x > 2 or x in (1, 2), when one was written
  // Empty because the conditions of a list exclude each other, as in x < -1, x > 1: the writer
  // hardly meant that.
  bool contradiction = false;
};

// Does this node denote such a set by its form (an interval, a union, a difference, an inequality
// or a chain of them, x in ..., x != 2, a list of inequalities, set-builder, R, R+, the empty set),
// solved or not? Tuples, brackets and plain sets of points may denote one too: `as_interval` reads
// (a, b) and [a, b] with a < b as intervals and {a, b} as points.
bool is_set_form(const Side& side, expr::NodeId id);

// False when it cannot be written as a RealSet (ends that can't be ordered, several variables,
// parameters, ...).
bool to_real_set(const Side& side, expr::NodeId id, bool as_interval, RealSet& out,
                 support::Budget& budget);

// Element by element, ends by expr::equal. Variables of the two sides, when both were written, must
// have one name. Two empty sets of which one is a contradiction are kUnknown, kUnsupported: compare
// them as written.
expr::Decision equal_sets(const Side& gold, const RealSet& gold_set, const Side& answer,
                          const RealSet& answer_set, const expr::Domain& domain,
                          support::Budget& budget);

}  // namespace pyverify::compare
