// Where two expressions are compared numerically.
//
// The points depend on the names of the variables, on a seed and on a salt made of the two
// expressions, so that no expression can be built to agree at the very points it will be compared
// at. They are short dyadic numbers: negative ones, mixed signs, small and large ones, ordered
// ones, and for expressions with corners some around their literals.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "expr/subtree.hpp"
#include "expr/tree.hpp"
#include "number/rational.hpp"

namespace pyverify::expr {

// One variable's value, found for these very expressions; the other variables as at a usual point.
struct PlacedPoint {
  number::Rational value;
  std::uint32_t rank = 0;
  int others = 0;
};

class SamplePoints {
 public:
  // Looks at what the scalars hold. `integers`: non-negative integers only.
  SamplePoints(std::initializer_list<const Subtree*> scalars, bool integers,
               std::uint64_t salt) noexcept;

  bool constant() const noexcept { return variables_ == 0; }
  // Floors, corners or roots that may split the line into pieces: more points are needed.
  bool rough() const noexcept { return rough_; }
  // Floors, factorials and powers with varying exponents want exact values at the point.
  bool wants_exact() const noexcept { return wants_exact_; }
  bool holds_call() const noexcept { return holds_call_; }
  // Corners, even roots and the like under which signs may change: see cells.hpp.
  bool branches() const noexcept { return branches_; }
  bool integers() const noexcept { return integers_; }

  // How many points there are, how many usable ones to look for, and how many must do.
  int count() const noexcept;
  int wanted() const noexcept;
  int needed() const noexcept;

  std::uint64_t salt() const noexcept { return salt_; }
  std::uint32_t ranked() const noexcept { return ranked_; }
  std::uint64_t name(std::uint32_t rank) const noexcept { return names_[rank]; }

  // Points behind the usual ones, with indices from count() on.
  void extend(std::span<const PlacedPoint> placed) noexcept { placed_ = placed; }

  void choose(int index) noexcept;
  number::Rational value(std::uint64_t name) const noexcept;

 private:
  static constexpr std::uint32_t kRanked = 12;  // variables whose signs are chosen by rank
  static constexpr std::uint32_t kMaxLiterals = 4;

  void look(const Subtree& scalar) noexcept;
  void add_variable(std::uint64_t name) noexcept;
  void add_literal(number::Rational value) noexcept;
  number::Rational real_value(int index, std::uint32_t rank, std::uint64_t hash) const noexcept;
  number::Rational integer_value(int index, std::uint32_t rank, std::uint64_t hash) const noexcept;
  number::Rational near_literal(int index, std::uint64_t hash) const noexcept;
  number::Rational whole(int index, std::uint32_t rank, std::uint64_t hash) const noexcept;
  number::Rational at(int index, std::uint32_t rank, std::uint64_t name) const noexcept;

  std::uint64_t salt_;
  bool integers_;
  bool rough_ = false;
  bool corners_ = false;  // rough for certain: every point counts
  bool jumps_ = false;    // floors and the like: what happens at integers counts, too
  bool wants_exact_ = false;
  bool holds_call_ = false;
  bool branches_ = false;
  std::uint32_t variables_ = 0;  // ranked ones, and one for all others together
  std::uint32_t ranked_ = 0;
  std::uint32_t literals_ = 0;
  int index_ = 0;
  int before_literals_ = 0;
  int recipes_ = 0;
  std::array<std::uint64_t, kRanked> names_{};
  std::array<number::Rational, kRanked> values_{};
  std::array<number::Rational, kMaxLiterals> literal_{};
  std::span<const PlacedPoint> placed_;
};

}  // namespace pyverify::expr
