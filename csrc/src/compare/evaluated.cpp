#include "compare/evaluated.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::NodeId;

bool is_evaluated(const answer::Reading& reading, NodeId root) noexcept {
  const expr::Tree& tree = reading.tree();
  const auto rational = [&](NodeId id) { return reading.natural.rational[id].valid(); };
  const auto literal = [&](NodeId id) {
    if (tree[id].kind == Kind::kNeg) id = tree[id].a;
    return tree[id].kind == Kind::kNumber;
  };
  for (NodeId id = tree[root].lo; id <= root; ++id) {
    const Node& n = tree[id];
    if (n.kind == Kind::kSymbol || n.kind == Kind::kCall) return true;
  }
  for (NodeId id = tree[root].lo; id <= root; ++id) {
    const Node& n = tree[id];
    switch (n.kind) {
      case Kind::kAdd:
      case Kind::kSub:
        if (n.sub == 0 && rational(n.a) && rational(n.b)) return false;  // sub 1: a mixed number
        break;
      case Kind::kMul: {
        const Node& right = tree[n.b];
        const bool scientific = right.kind == Kind::kPow && rational(right.a) &&
                                reading.natural.rational[right.a].num == 10;
        if (rational(n.a) && rational(n.b) && !scientific) return false;
        break;
      }
      case Kind::kDiv:
        if (rational(n.a) && rational(n.b) && !(literal(n.a) && literal(n.b))) return false;
        break;
      case Kind::kPow:
        if (rational(n.a) && rational(n.b) &&
            !(tree[n.a].kind == Kind::kNumber && reading.natural.rational[n.a].num == 10))
          return false;
        break;
      case Kind::kRoot:
        if (rational(id)) return false;  // sqrt(4)
        break;
      case Kind::kFactorial:
      case Kind::kDoubleFactorial:
      case Kind::kBinomial:
      case Kind::kMod:
      case Kind::kMax:
      case Kind::kMin:
      case Kind::kGcd:
      case Kind::kLcm:
      case Kind::kFloor:
      case Kind::kCeil:
      case Kind::kFunction:
      case Kind::kLogBase:
      case Kind::kReal:
      case Kind::kImag:
      case Kind::kConj:
      case Kind::kOperator:
        return false;
      default:
        break;
    }
  }
  return true;
}

}  // namespace pyverify::compare
