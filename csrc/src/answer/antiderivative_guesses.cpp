// Antiderivatives up to a constant factor: h(g) g' for an inner function g that occurs.
#include <cmath>

#include "answer/antiderivative_search.hpp"
#include "answer/derivative.hpp"
#include "expr/equality.hpp"

namespace pyverify::answer {

using expr::Function;
using expr::Kind;
using expr::kNoNode;
using expr::Node;
using expr::NodeId;
using number::Rational;

namespace {
constexpr std::int64_t kMostDenominator = 24;
constexpr std::size_t kMostGuesses = 24;
}  // namespace

NodeId Search::guess(NodeId id) {
  std::vector<NodeId> guesses;
  const NodeId first = tree_[id].lo;
  for (NodeId i = first; i <= id && guesses.size() < kMostGuesses; ++i) {
    if (tree_[i].lo < first || !depends(i)) continue;
    append_guesses(i, guesses);
  }
  for (const NodeId candidate : guesses) {
    const NodeId scaled = scale(candidate, id);
    if (scaled != kNoNode && proven(scaled, id)) return scaled;
    if (budget_.stopped()) return kNoNode;
  }
  return kNoNode;
}

void Search::append_guesses(NodeId id, std::vector<NodeId>& out) {
  const Node n = tree_[id];
  switch (n.kind) {
    case Kind::kFunction:
      switch (static_cast<Function>(n.sub)) {
        case Function::kSin:
        case Function::kCos:
          out.push_back(function(is(n, Function::kSin) ? Function::kCos : Function::kSin, n.a));
          out.push_back(function(Function::kTan, n.a));
          out.push_back(logarithm(id));
          break;
        case Function::kTan:
          out.push_back(logarithm(function(Function::kCos, n.a)));
          break;
        case Function::kSec:
        case Function::kCsc:
          out.push_back(id);
          out.push_back(function(is(n, Function::kSec) ? Function::kTan : Function::kCot, n.a));
          break;
        case Function::kExp:
          out.push_back(id);
          break;
        default:
          break;
      }
      out.push_back(two(Kind::kPow, id, whole(2)));
      return;
    case Kind::kPow: {
      if (!depends(n.a)) return out.push_back(id);
      const Rational next = number::add(value(n.b), number::integer(1));
      if (!next.valid()) return;
      out.push_back(next.num == 0 ? logarithm(n.a) : two(Kind::kPow, n.a, constant(next)));
      const Rational less = number::sub(number::integer(2), next);  // 1 / u^n
      if (less.valid() && less.num != 0) out.push_back(two(Kind::kPow, n.a, constant(less)));
      return;
    }
    case Kind::kRoot:
      out.push_back(two(Kind::kMul, id, n.a));
      out.push_back(id);
      quadratic_guess(n.a, Function::kArcsin, out);
      return;
    case Kind::kDiv:
      if (!depends(n.b)) return;
      out.push_back(logarithm(n.b));
      out.push_back(two(Kind::kDiv, whole(1), n.b));
      quadratic_guess(n.b, Function::kArctan, out);
      return;
    default:
      return;
  }
}

// 1/(c + b x + a x^2) and 1/\sqrt{c + b x - a x^2}: the square completed.
void Search::quadratic_guess(NodeId id, Function which, std::vector<NodeId>& out) {
  Polynomial p;
  if (!polynomial(id, p) || p.size() != 3 || p[0] == kNoNode || p[2] == kNoNode) return;
  const NodeId linear = p[1] == kNoNode ? whole(0) : p[1];
  const NodeId square = two(Kind::kMul, linear, linear);
  const NodeId rest = two(Kind::kMul, two(Kind::kMul, whole(4), p[0]), p[2]);
  const bool arcsine = which == Function::kArcsin;
  const NodeId inside = arcsine ? two(Kind::kSub, square, rest) : two(Kind::kSub, rest, square);
  const NodeId top =
      two(Kind::kAdd, two(Kind::kMul, two(Kind::kMul, whole(2), p[2]), variable_), linear);
  const Rational known = value(inside);
  if (known.valid() && known.num <= 0) {
    if (arcsine || known.num == 0) return;
    // two real zeros: 1/(x^2 - 1)
    const NodeId apart = square_root(negated(inside));
    out.push_back(
        logarithm(two(Kind::kDiv, two(Kind::kSub, top, apart), two(Kind::kAdd, top, apart))));
    return;
  }
  const NodeId angle = function(which, two(Kind::kDiv, top, square_root(inside)));
  out.push_back(angle);
  if (!arcsine) return;
  // for \sqrt{p} itself: (T \sqrt{p})' = 4a \sqrt{p} + D / 2\sqrt{p} with T = p', D = b^2 - 4ac
  const NodeId minus = negated(p[2]);
  const NodeId part = two(Kind::kDiv, two(Kind::kMul, inside, angle),
                          two(Kind::kMul, whole(2), square_root(minus)));
  out.push_back(two(Kind::kAdd, two(Kind::kMul, top, square_root(id)), part));
}

// The candidate times what makes its slope the integrand at one point.
NodeId Search::scale(NodeId candidate, NodeId id) {
  if (candidate == kNoNode) return kNoNode;
  const NodeId slope = derivative(tree_, candidate, name_, budget_);
  if (slope == kNoNode) return kNoNode;
  for (const Rational point : {number::make(1, 2), number::integer(2)}) {
    const NodeId here = constant(point);
    const NodeId above = at(id, here);
    const NodeId below = at(slope, here);
    NodeId factor = expr::append_binary(tree_, Kind::kDiv, above, below);
    evaluate();
    if ((reading_.natural.flags[factor] & (expr::kUndefined | expr::kHasInfinity)) != 0) continue;
    if (const Rational near = nearby(factor); near.valid()) factor = constant(near);
    return two(Kind::kMul, factor, candidate);
  }
  return kNoNode;
}

// The simple fraction that a constant seems to be: the proof comes later.
Rational Search::nearby(NodeId id) {
  const Rational exact = value(id);
  double about = 0;
  if (exact.valid() || (reading_.natural.flags[id] & expr::kHasVariable) != 0 ||
      !expr::approximate({&tree_, &reading_.natural, id}, about, budget_) ||
      !(std::abs(about) < 1e6))
    return exact;
  for (std::int64_t below = 1; below <= kMostDenominator; ++below) {
    const double above = std::round(about * static_cast<double>(below));
    if (std::abs(about * static_cast<double>(below) - above) < 1e-9)
      return number::make(static_cast<std::int64_t>(above), below);
  }
  return exact;
}

}  // namespace pyverify::answer
