// Building and taking apart the terms of calculus: scalars in one variable, appended nodes.
#pragma once

#include <vector>

#include "answer/reading.hpp"
#include "expr/build.hpp"

namespace pyverify::answer {

class Terms {
 public:
  using NodeId = expr::NodeId;
  using Kind = expr::Kind;
  // Coefficients from the constant one; kNoNode: 0.
  using Polynomial = std::vector<NodeId>;

  Terms(Reading& reading, NodeId variable, const Options& options, support::Budget& budget)
      : reading_(reading),
        tree_(reading.parsed.tree),
        variable_(variable),
        name_(tree_.symbols[tree_[variable].a].name),
        options_(options),
        budget_(budget) {}

  bool is_variable(const expr::Node& n) const {
    return n.kind == Kind::kSymbol && tree_.symbols[n.a].name == name_;
  }
  bool depends(NodeId id);
  number::Rational value(NodeId id);  // the exact value of a node, if it has one
  // A copy with something else for the variable, and no node of the original in it.
  NodeId at(NodeId id, NodeId point);
  bool equal(NodeId a, NodeId b);  // proven, wherever a is real
  void evaluate();

 protected:
  NodeId constant(number::Rational value) { return expr::append_rational(tree_, value); }
  NodeId whole(std::int64_t value) { return constant(number::integer(value)); }
  NodeId two(Kind kind, NodeId a, NodeId b);  // numbers are put together at once
  NodeId function(expr::Function which, NodeId a);
  NodeId negated(NodeId a) { return two(Kind::kMul, whole(-1), a); }
  NodeId square_root(NodeId a);
  NodeId sum(NodeId a, NodeId b);

  bool polynomial(NodeId id, Polynomial& out);
  Polynomial product(const Polynomial& a, const Polynomial& b);
  Polynomial integrated(const Polynomial& p);
  NodeId written(const Polynomial& p);

  Reading& reading_;
  expr::Tree& tree_;
  NodeId variable_;
  std::uint64_t name_;
  const Options& options_;
  support::Budget& budget_;

 private:
  std::vector<bool> depends_;
};

}  // namespace pyverify::answer
