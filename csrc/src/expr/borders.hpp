// The places along one variable where an expression may change its nature: see cells.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "expr/subtree.hpp"
#include "number/polynomial.hpp"
#include "support/budget.hpp"

namespace pyverify::expr {

// Has the node branches, with borders where something below it changes its sign?
bool has_branches(const Tree& tree, const Values& values, const Node& node) noexcept;

class Borders {
 public:
  void clear() noexcept;
  // Those of one side along the variable. The last evaluation in doubles must have been that
  // side's, at the point where the other variables are fixed: see last_value().
  void collect(const Subtree& scalar, std::uint64_t variable, support::Budget& budget) noexcept;
  // Ascending, with room between them.
  void sort() noexcept;

  std::size_t size() const noexcept { return count_; }
  double operator[](std::size_t i) const noexcept { return border_[i]; }
  // Are there some that could not be found?
  bool incomplete() const noexcept { return incomplete_; }

 private:
  static constexpr std::size_t kMaxBorders = 48;
  static constexpr int kMaxSteps = 500;

  struct Part {
    number::Quotient quotient;  // in the variable, where the node is one
    bool varies = false;
  };

  Part part(const Subtree& scalar, NodeId id, std::uint64_t variable) noexcept;
  number::Quotient quotient(const Node& node) noexcept;
  void look(const Node& node) noexcept;
  void compare_items(const Node& node) noexcept;
  // Where the node has the value `target`, or a pole.
  void solve(NodeId id, double target) noexcept;
  void solve_power(NodeId base, NodeId exponent, double target) noexcept;
  void solve_function(const Node& node, double target) noexcept;
  void guess(const Node& node) noexcept;
  void add_roots(const number::Polynomial& polynomial) noexcept;
  void add(double border) noexcept;
  Part& at(NodeId id) noexcept { return parts_[scalar_->position(id)]; }
  // Of a node that doesn't vary.
  double value(NodeId id) noexcept { return at(id).quotient.above.coefficient[0]; }

  const Subtree* scalar_ = nullptr;
  std::vector<Part> parts_;
  std::array<double, kMaxBorders> border_{};
  std::size_t count_ = 0;
  int steps_ = 0;
  bool incomplete_ = false;
  bool repeating_ = false;     // within a periodic function
  double reach_ = 0;           // the farthest border outside of such ones
  double repeated_reach_ = 0;  // and within
};

}  // namespace pyverify::expr
