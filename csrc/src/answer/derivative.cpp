#include "answer/derivative.hpp"

#include "expr/build.hpp"

namespace pyverify::answer {
namespace {

using expr::Function;
using expr::Kind;
using expr::kNoNode;
using expr::Node;
using expr::NodeId;
using expr::Tree;

constexpr int kDeepest = 64;

class Differentiator {
 public:
  Differentiator(Tree& tree, std::uint64_t variable, support::Budget& budget) noexcept
      : tree_(tree), variable_(variable), budget_(budget) {}

  NodeId run(NodeId id) {
    if (!depends(id)) return number(0);
    const bool large = tree_.nodes.size() > 4 * std::size_t{budget_.limits().nodes};
    if (depth_ >= kDeepest || large || budget_.stopped()) return kNoNode;
    ++depth_;
    const NodeId made = rule(tree_[id], id);
    --depth_;
    return made;
  }

 private:
  NodeId number(std::int64_t value) { return expr::append_rational(tree_, number::integer(value)); }
  NodeId two(Kind kind, NodeId a, NodeId b) {
    return a == kNoNode || b == kNoNode ? kNoNode : expr::append_binary(tree_, kind, a, b);
  }
  NodeId function(Function which, NodeId a) {
    return expr::append_unary(tree_, Kind::kFunction, a, static_cast<std::uint8_t>(which));
  }
  NodeId square(NodeId a) { return two(Kind::kPow, a, number(2)); }

  bool depends(NodeId id) const {
    budget_.spend(1 + (id - tree_[id].lo) / 16);
    for (NodeId i = tree_[id].lo; i <= id; ++i) {
      if (is_variable(i)) return true;
    }
    return false;
  }
  bool is_variable(NodeId id) const {
    return tree_[id].kind == Kind::kSymbol && tree_.symbols[tree_[id].a].name == variable_;
  }

  NodeId rule(const Node n, NodeId id) {
    switch (n.kind) {
      case Kind::kSymbol:
        return number(1);
      case Kind::kNeg: {
        const NodeId inner = run(n.a);
        return inner == kNoNode ? kNoNode : expr::append_unary(tree_, Kind::kNeg, inner);
      }
      case Kind::kAdd:
      case Kind::kSub:
        return two(n.kind, run(n.a), run(n.b));
      case Kind::kMul:
        return two(Kind::kAdd, two(Kind::kMul, run(n.a), n.b), two(Kind::kMul, n.a, run(n.b)));
      case Kind::kDiv: {
        const NodeId above =
            two(Kind::kSub, two(Kind::kMul, run(n.a), n.b), two(Kind::kMul, n.a, run(n.b)));
        return two(Kind::kDiv, above, square(n.b));
      }
      case Kind::kPow:
        if (!depends(n.b)) {  // b u^(b-1) u'
          const NodeId lower = two(Kind::kPow, n.a, two(Kind::kSub, n.b, number(1)));
          return two(Kind::kMul, two(Kind::kMul, n.b, lower), run(n.a));
        }
        if (!depends(n.a))
          return two(Kind::kMul, two(Kind::kMul, id, function(Function::kLn, n.a)), run(n.b));
        return two(Kind::kMul, id,
                   two(Kind::kAdd, two(Kind::kMul, run(n.b), function(Function::kLn, n.a)),
                       two(Kind::kDiv, two(Kind::kMul, n.b, run(n.a)), n.a)));
      case Kind::kRoot:
        if (depends(n.b)) return kNoNode;
        return two(Kind::kDiv, two(Kind::kMul, id, run(n.a)), two(Kind::kMul, n.b, n.a));
      case Kind::kLogBase:
        if (depends(n.a)) return kNoNode;
        return two(Kind::kDiv, run(n.b), two(Kind::kMul, n.b, function(Function::kLn, n.a)));
      case Kind::kAbs:
        return two(Kind::kDiv, two(Kind::kMul, id, run(n.a)), n.a);
      case Kind::kOperator: {  // an antiderivative
        const bool integral = n.sub == static_cast<std::uint8_t>(expr::OperatorKind::kIntegral);
        const NodeId* items = tree_.items(n);
        return integral && n.aux != 0 && n.b == 2 && is_variable(items[0]) ? items[1] : kNoNode;
      }
      case Kind::kFunction:
        return two(Kind::kMul, outer(static_cast<Function>(n.sub), n.a), run(n.a));
      default:
        return kNoNode;
    }
  }

  // f'(u) for the function f.
  NodeId outer(Function which, NodeId u) {
    const auto negated = [&](NodeId a) { return expr::append_unary(tree_, Kind::kNeg, a); };
    const auto reciprocal = [&](NodeId a) { return two(Kind::kDiv, number(1), a); };
    switch (which) {
      case Function::kSin:
        return function(Function::kCos, u);
      case Function::kCos:
        return negated(function(Function::kSin, u));
      case Function::kTan:
        return reciprocal(square(function(Function::kCos, u)));
      case Function::kCot:
        return negated(reciprocal(square(function(Function::kSin, u))));
      case Function::kSec:
        return two(Kind::kMul, function(Function::kSec, u), function(Function::kTan, u));
      case Function::kCsc:
        return negated(two(Kind::kMul, function(Function::kCsc, u), function(Function::kCot, u)));
      case Function::kArctan:
        return reciprocal(two(Kind::kAdd, number(1), square(u)));
      case Function::kArcsin:
        return reciprocal(two(Kind::kRoot, two(Kind::kSub, number(1), square(u)), number(2)));
      case Function::kArccos:
        return negated(
            reciprocal(two(Kind::kRoot, two(Kind::kSub, number(1), square(u)), number(2))));
      case Function::kSinh:
        return function(Function::kCosh, u);
      case Function::kCosh:
        return function(Function::kSinh, u);
      case Function::kTanh:
        return reciprocal(square(function(Function::kCosh, u)));
      case Function::kLn:
        return reciprocal(u);
      case Function::kExp:
        return function(Function::kExp, u);
      default:
        return kNoNode;
    }
  }

  Tree& tree_;
  std::uint64_t variable_;
  support::Budget& budget_;
  int depth_ = 0;
};

}  // namespace

NodeId derivative(Tree& tree, NodeId id, std::uint64_t variable, support::Budget& budget) {
  return Differentiator(tree, variable, budget).run(id);
}

}  // namespace pyverify::answer
