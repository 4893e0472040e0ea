// Joining drafts; the integers in a set.
#include <cmath>
#include <utility>

#include "compare/real_set_reader.hpp"

namespace pyverify::compare {

namespace {

constexpr std::int64_t kMostIntegers = 256;
constexpr std::int64_t kFar = std::int64_t{1} << 50;  // exact as a double, with room to step

bool is_line(const Segments& segments) {
  return segments.size() == 1 && segments[0].low.infinity == -1 && segments[0].high.infinity == 1;
}

}  // namespace

bool SetReader::same_variable(const Draft& right, Draft& left) noexcept {
  if (!right.has_variable) return true;
  if (left.has_variable) return left.variable == right.variable;
  left.has_variable = true;
  left.variable = right.variable;
  return true;
}

bool SetReader::unite(const Draft& right, Draft& left) {
  Draft other = right;
  if (!settle(left) || !settle(other) || left.unordered || other.unordered) return false;
  left.contradiction = other.contradiction = false;
  return same_variable(other, left) && algebra_.unite(left.segments, other.segments, left.segments);
}

bool SetReader::intersect(const Draft& right, Draft& left) {
  if (!same_variable(right, left)) return false;
  left.integers |= right.integers;
  left.zero_unclear |= right.zero_unclear;
  if (is_line(right.segments)) return true;
  if (is_line(left.segments)) {
    left.segments = right.segments;
    left.unordered = right.unordered;
    return true;
  }
  if (left.unordered || right.unordered) return false;
  return algebra_.intersect(left.segments, right.segments, left.segments);
}

bool SetReader::complement(Draft& draft) {
  return settle(draft) && !draft.unordered && algebra_.complement(draft.segments, draft.segments);
}

// Replaces "the integers in" by the points themselves.
bool SetReader::settle(Draft& draft) {
  if (!draft.integers) return true;
  if (draft.unordered) return false;
  if (draft.zero_unclear) {
    Segments zero{{literal_end(0, true), literal_end(0, true)}};
    if (!algebra_.intersect(draft.segments, zero, zero) || !zero.empty()) return false;
  }
  Segments integers;
  if (!integers_of(draft.segments, integers)) return false;
  draft.segments = std::move(integers);
  draft.integers = draft.zero_unclear = false;
  return true;
}

bool SetReader::integers_of(const Segments& segments, Segments& out) {
  for (const Segment& segment : segments) {
    std::int64_t first = 0;
    std::int64_t last = 0;
    bool low_exact = false;
    bool high_exact = false;
    if (!floor_of(segment.low, first, low_exact) || !floor_of(segment.high, last, high_exact))
      return false;
    if (!low_exact || !segment.low.closed) ++first;
    if (high_exact && !segment.high.closed) --last;
    for (std::int64_t value = first; value <= last; ++value) {
      if (static_cast<std::int64_t>(out.size()) >= kMostIntegers || !budget_.spend(1)) return false;
      out.push_back({literal_end(value, true), literal_end(value, true)});
    }
  }
  return true;
}

// The integer part of a finite end; exact: the end is that integer.
bool SetReader::floor_of(const SetEnd& end, std::int64_t& value, bool& exact) {
  if (end.infinity != 0) return false;
  const number::Rational rational =
      end.node == expr::kNoNode ? end.value : side_.values->rational[end.node];
  if (rational.valid()) {
    value = number::floor(rational).num;
    exact = rational.is_integer();
    return value > -kFar && value < kFar;
  }
  double near = 0;
  if (!expr::approximate(side_.scalar(end.node), near, budget_, log_base_of(side_))) return false;
  if (!(std::fabs(near) < static_cast<double>(kFar))) return false;
  // The double may lie on the other side of an integer.
  for (std::int64_t step = -1; step <= 1; ++step) {
    value = static_cast<std::int64_t>(std::floor(near)) + step;
    const int below = algebra_.order(end, literal_end(value, true));
    const int above = algebra_.order(end, literal_end(value + 1, true));
    if (below == SetAlgebra::kUnordered || above == SetAlgebra::kUnordered) return false;
    if (below >= 0 && above < 0) {
      exact = below == 0;
      return true;
    }
  }
  return false;
}

}  // namespace pyverify::compare
