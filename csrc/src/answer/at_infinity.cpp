// Where a scalar goes as its variable grows without end, where that is evident.
#include "answer/at_infinity.hpp"

#include <cmath>
#include <initializer_list>

#include "expr/equality.hpp"

namespace pyverify::answer {

using expr::Function;
using expr::Kind;
using expr::kNoNode;
using expr::Node;
using expr::NodeId;
using number::Rational;

namespace {

constexpr int kDeepest = 48;
constexpr double kLeast = 1e-9;  // of a constant that isn't 0

int sign_of(Rational value) { return value.num > 0 ? 1 : value.num < 0 ? -1 : 0; }

}  // namespace

int AtInfinity::sign(NodeId id) {
  if (const Rational exact = value(id); exact.valid()) return sign_of(exact);
  double about = 0;
  const bool known = (reading_.natural.flags[id] & expr::kHasVariable) == 0 &&
                     expr::approximate({&tree_, &reading_.natural, id}, about, budget_);
  return !known || std::abs(about) < kLeast ? 0 : about > 0 ? 1 : -1;
}

// 1 and -1: to infinity and minus infinity; 0: not known. `power` is set if that is at least as
// fast as some positive power of the variable: \ln x isn't.
int AtInfinity::growth(NodeId id, bool& power, int depth) {
  if (depth > kDeepest || !budget_.spend(4) || !depends(id)) return 0;
  Polynomial p;
  if (polynomial(id, p)) {
    while (!p.empty() && (p.back() == kNoNode || value(p.back()).num == 0)) {
      if (p.back() != kNoNode && !value(p.back()).valid()) break;
      p.pop_back();
    }
    if (p.size() < 2) return 0;
    power = true;
    return sign(p.back()) * (p.size() % 2 == 0 ? towards_ : 1);
  }
  const Node n = tree_[id];
  const auto part = [&](NodeId operand) { return growth(operand, power, depth + 1); };
  switch (n.kind) {
    case Kind::kNeg:
      return -part(n.a);
    case Kind::kMul:
      if (!depends(n.a)) return sign(n.a) * part(n.b);
      if (!depends(n.b)) return sign(n.b) * part(n.a);
      return part(n.a) * part(n.b);
    case Kind::kDiv:
      return depends(n.b) ? 0 : sign(n.b) * part(n.a);
    case Kind::kPow: {
      const Rational exponent = value(n.b);
      if (tree_[n.a].kind == Kind::kE) return part(n.b) > 0 ? 1 : 0;
      return exponent.valid() && exponent.num > 0 && part(n.a) > 0 ? 1 : 0;
    }
    case Kind::kRoot:
      return !depends(n.b) && sign(n.b) > 0 && part(n.a) > 0 ? 1 : 0;
    case Kind::kFunction: {
      bool ignored = false;
      if (n.sub == static_cast<std::uint8_t>(Function::kLn))
        return growth(n.a, ignored, depth + 1) > 0 ? 1 : 0;
      return n.sub == static_cast<std::uint8_t>(Function::kExp) && part(n.a) > 0 ? 1 : 0;
    }
    default:
      return 0;
  }
}

// e^u: how its exponent grows; 0 for anything else, and for an exponent that grows too slowly to
// outdo every polynomial: e^{2\ln x} is x^2.
int AtInfinity::exponential(NodeId id) {
  const Node n = tree_[id];
  bool power = false;
  const auto exponent = [&](NodeId operand) {
    const int way = growth(operand, power, 0);
    return power ? way : 0;
  };
  if (n.kind == Kind::kFunction && n.sub == static_cast<std::uint8_t>(Function::kExp))
    return exponent(n.a);
  if (n.kind != Kind::kPow || depends(n.a)) return 0;
  if (tree_[n.a].kind == Kind::kE) return exponent(n.b);
  const Rational base = value(n.a);
  if (!base.valid() || base.num <= 0 || base.num == base.den) return 0;
  return exponent(n.b) * (base.num > base.den ? 1 : -1);
}

// A product of polynomials, waves and at least one e^u that goes to 0 goes to 0.
bool AtInfinity::vanishes(NodeId id, bool& exponent, int depth) {
  if (depth > kDeepest || !budget_.spend(4)) return false;
  const Node n = tree_[id];
  Polynomial p;
  if (!depends(id) || polynomial(id, p)) return true;
  if (exponential(id) < 0) return exponent = true;
  switch (n.kind) {
    case Kind::kNeg:
      return vanishes(n.a, exponent, depth + 1);
    case Kind::kMul:
      return vanishes(n.a, exponent, depth + 1) && vanishes(n.b, exponent, depth + 1);
    case Kind::kDiv:
      if (exponential(n.b) > 0) exponent = true;
      return (!depends(n.b) || exponential(n.b) > 0) && vanishes(n.a, exponent, depth + 1);
    case Kind::kAdd:
    case Kind::kSub: {  // (\sin x - \cos x) e^{-x}
      bool ignored = false;
      return vanishes(n.a, ignored, depth + 1) && vanishes(n.b, ignored, depth + 1);
    }
    case Kind::kFunction:  // \sin(ix) is no wave
      evaluate();
      return (n.sub == static_cast<std::uint8_t>(Function::kSin) ||
              n.sub == static_cast<std::uint8_t>(Function::kCos)) &&
             (reading_.natural.flags[id] & expr::kHasImaginary) == 0;
    default:
      return false;
  }
}

NodeId AtInfinity::limit(NodeId id, int depth) {
  if (depth > kDeepest || !budget_.spend(4)) return kNoNode;
  if (!depends(id)) return id;
  const Node n = tree_[id];
  const auto part = [&](NodeId operand) { return limit(operand, depth + 1); };
  bool exponent = false;
  if (vanishes(id, exponent, 0) && exponent) return whole(0);
  switch (n.kind) {
    case Kind::kNeg: {
      const NodeId inner = part(n.a);
      return inner == kNoNode ? kNoNode : negated(inner);
    }
    case Kind::kAdd:
    case Kind::kSub:
    case Kind::kMul: {
      const NodeId left = part(n.a);
      return left == kNoNode ? kNoNode : two(n.kind, left, part(n.b));
    }
    case Kind::kDiv: {
      const NodeId above = part(n.a);
      if (above == kNoNode) return kNoNode;
      if (depends(n.b)) return growth(n.b) != 0 ? whole(0) : kNoNode;
      return two(Kind::kDiv, above, n.b);
    }
    case Kind::kPow: {
      const Rational power = value(n.b);
      if (!power.valid() || power.num >= 0) return kNoNode;
      const int way = growth(n.a);
      return way > 0 || (way < 0 && power.is_integer()) ? whole(0) : kNoNode;
    }
    case Kind::kFunction: {
      const auto which = static_cast<Function>(n.sub);
      const bool angle = which == Function::kArctan;
      if (const int way = growth(n.a); angle && way != 0) {
        const NodeId pi = expr::append(tree_, Kind::kPi, 0, 0, 0);
        tree_.nodes[pi].lo = pi;
        return two(Kind::kMul, constant(number::make(way, 2)), pi);
      }
      if (!angle && which != Function::kExp) return kNoNode;
      const NodeId inner = part(n.a);
      return inner == kNoNode ? kNoNode : function(which, inner);
    }
    default:
      return kNoNode;
  }
}

}  // namespace pyverify::answer
