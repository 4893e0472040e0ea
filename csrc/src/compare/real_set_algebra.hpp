// Unions, intersections and complements of sorted segments.
#pragma once

#include <vector>

#include "compare/real_set.hpp"

namespace pyverify::compare {

using Segments = std::vector<Segment>;

// A number that no node of a tree stands for, as the scalar of a tree of its own.
class LiteralScalar {
 public:
  LiteralScalar(number::Rational value, std::uint64_t seed, support::Budget& budget);
  expr::Scalar scalar() const noexcept { return {&tree_, &values_, tree_.root}; }

 private:
  expr::Tree tree_;
  expr::Values values_;
};

// +1 or -1 for an infinity with any signs before it, else 0.
int infinity_sign_of(const Side& side, expr::NodeId id) noexcept;

// How the values of a side read a log without base.
expr::LogBase log_base_of(const Side& side) noexcept;

// Can it only be compared as it stands: a variable, an unknown function?
bool is_symbolic(const Side& side, expr::NodeId id) noexcept;

// Segments that go in must be ascending and disjoint, and so are those that come out. A function
// gives false when two ends could not be ordered or a limit ran out.
class SetAlgebra {
 public:
  SetAlgebra(const Side& side, support::Budget& budget) noexcept : side_(side), budget_(budget) {}

  bool unite(const Segments& a, const Segments& b, Segments& out);
  bool unite_all(std::vector<Segments>& parts, Segments& out);
  bool intersect(const Segments& a, const Segments& b, Segments& out);
  bool complement(const Segments& a, Segments& out);

  // Sign of a - b on the line with both infinities; kUnordered when it could not be shown.
  int order(const SetEnd& a, const SetEnd& b);
  static constexpr int kUnordered = 2;

 private:
  // A place between points: just before or just after an end. Half-open and touching segments need
  // no cases then.
  struct Cut {
    const SetEnd* end = nullptr;
    int side = 0;  // -1 before, +1 after
  };
  static Cut begin_of(const Segment& segment) noexcept;
  static Cut end_of(const Segment& segment) noexcept;
  static Segment between(Cut low, Cut high) noexcept;
  int order(Cut a, Cut b);  // 0, and failed_ set, when unordered
  bool push(Segments& out, const Segment& segment);

  const Side& side_;
  support::Budget& budget_;
  bool failed_ = false;
};

SetEnd infinite_end(int sign) noexcept;
SetEnd literal_end(std::int64_t value, bool closed) noexcept;

}  // namespace pyverify::compare
