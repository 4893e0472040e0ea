#include "answer/antiderivative.hpp"

#include <array>

#include "answer/antiderivative_search.hpp"
#include "answer/derivative.hpp"

namespace pyverify::answer {

using expr::Function;
using expr::Kind;
using expr::kNoNode;
using expr::Node;
using expr::NodeId;
using number::Rational;

namespace {
constexpr int kDeepest = 10;
}  // namespace

NodeId Search::run(NodeId id) {
  if (depth_ >= kDeepest || !budget_.spend(4) ||
      tree_.nodes.size() > 4 * std::size_t{budget_.limits().nodes})
    return kNoNode;
  ++depth_;
  const NodeId made = rules(id);
  --depth_;
  return made;
}

bool Search::proven(NodeId found, NodeId integrand) {
  if (found == kNoNode) return false;
  const NodeId slope = derivative(tree_, found, name_, budget_);
  return slope != kNoNode && equal(integrand, slope);
}

bool Search::monomial(NodeId id, NodeId& factor, Rational& power) {
  if (!budget_.spend(2)) return false;
  const Node n = tree_[id];
  if (!depends(id)) {
    factor = id;
    power = number::integer(0);
    return true;
  }
  if (is_variable(n)) {
    factor = whole(1);
    power = number::integer(1);
    return true;
  }
  NodeId right = kNoNode;
  Rational lower;
  switch (n.kind) {
    case Kind::kNeg:
      if (!monomial(n.a, factor, power)) return false;
      factor = negated(factor);
      return true;
    case Kind::kMul:
    case Kind::kDiv:
      if (!monomial(n.a, factor, power) || !monomial(n.b, right, lower)) return false;
      factor = two(n.kind, factor, right);
      power = n.kind == Kind::kMul ? number::add(power, lower) : number::sub(power, lower);
      return power.valid();
    case Kind::kPow:
    case Kind::kRoot: {
      Rational exponent = value(n.b);
      if (n.kind == Kind::kRoot) exponent = number::div(number::integer(1), exponent);
      if (!exponent.valid() || !monomial(n.a, factor, power)) return false;
      const Rational known = value(factor);
      if (!exponent.is_integer() &&
          !(number::equal(power, number::integer(1)) && known.valid() && known.num > 0))
        return false;
      factor = number::equal(known, number::integer(1))
                   ? factor
                   : two(Kind::kPow, factor, constant(exponent));
      power = number::mul(power, exponent);
      return power.valid();
    }
    default:
      return false;
  }
}

NodeId Search::rules(NodeId id) {
  if (!depends(id)) return two(Kind::kMul, id, variable_);
  NodeId factor = kNoNode;
  Rational power;
  if (monomial(id, factor, power)) return integrated_power(factor, power);
  Polynomial p;
  if (polynomial(id, p)) return written(integrated(p));
  const Node n = tree_[id];
  switch (n.kind) {
    case Kind::kNeg:
      return two(Kind::kMul, whole(-1), run(n.a));
    case Kind::kAdd:
    case Kind::kSub: {
      const NodeId left = run(n.a);
      return left == kNoNode ? kNoNode : two(n.kind, left, run(n.b));
    }
    case Kind::kMul:
      if (!depends(n.a)) return two(Kind::kMul, n.a, run(n.b));
      if (!depends(n.b)) return two(Kind::kMul, n.b, run(n.a));
      break;
    case Kind::kDiv:
      if (!depends(n.b)) return two(Kind::kDiv, run(n.a), n.b);
      if (!depends(n.a) && !number::equal(value(n.a), number::integer(1)))
        return two(Kind::kMul, n.a, run(two(Kind::kDiv, whole(1), n.b)));
      break;
    default:
      break;
  }
  for (const auto rule : {&Search::by_parts, &Search::damped, &Search::divided, &Search::guess,
                          &Search::distributed, &Search::squared_wave}) {
    const NodeId made = (this->*rule)(id);
    if (made != kNoNode || budget_.stopped()) return made;
  }
  return kNoNode;
}

NodeId Search::integrated_power(NodeId factor, Rational power) {
  const Rational next = number::add(power, number::integer(1));
  if (!next.valid()) return kNoNode;
  if (next.num == 0) return two(Kind::kMul, factor, logarithm(variable_));
  return two(Kind::kMul, two(Kind::kDiv, factor, constant(next)),
             two(Kind::kPow, variable_, constant(next)));
}
// ln |u|, as half of ln u^2
NodeId Search::logarithm(NodeId u) {
  return two(Kind::kDiv, function(Function::kLn, two(Kind::kPow, u, whole(2))), whole(2));
}

// What a polynomial times something goes down by: P e^u, P \sin u, P \cos u for a linear u; P \ln
// u, P \arctan u.
NodeId Search::by_parts(NodeId id) {
  const Node n = tree_[id];
  Polynomial p{whole(1)};
  NodeId g = id;
  bool below = false;
  if (n.kind == Kind::kMul) {
    if (polynomial(n.a, p))
      g = n.b;
    else if (polynomial(n.b, p))
      g = n.a;
    else
      return kNoNode;
  } else if (n.kind == Kind::kDiv && tree_[n.b].kind == Kind::kPow) {
    if (!polynomial(n.a, p)) return kNoNode;
    g = n.b;
    below = true;
  }
  const Node special = tree_[g];
  const bool inverse = is(special, Function::kLn) || is(special, Function::kArctan) ||
                       is(special, Function::kArcsin) || is(special, Function::kArccos);
  if (inverse && !below) {
    Polynomial u;
    if (p.size() == 1 && is(special, Function::kLn) && polynomial(special.a, u) &&
        u.size() == 2)  // (u \ln u - u) / u'
      return two(Kind::kMul, two(Kind::kDiv, p[0], u[1]),
                 two(Kind::kSub, two(Kind::kMul, special.a, g), special.a));
    const NodeId q = written(integrated(p));
    const NodeId slope = derivative(tree_, g, name_, budget_);
    return two(Kind::kSub, two(Kind::kMul, q, g), run(two(Kind::kMul, q, slope)));
  }
  return by_parts_often(p, g, below);
}

NodeId Search::by_parts_often(Polynomial p, NodeId g, bool below) {
  const Node special = tree_[g];
  const bool power = special.kind == Kind::kPow && !depends(special.a);
  const bool wave = is(special, Function::kSin) || is(special, Function::kCos);
  if (!power && (below || !(wave || is(special, Function::kExp)))) return kNoNode;
  NodeId u = power ? special.b : special.a;
  Polynomial linear;
  if (!polynomial(u, linear) || linear.size() != 2 || linear[1] == kNoNode) return kNoNode;
  NodeId rate = linear[1];
  if (below) {
    rate = negated(rate);
    g = two(Kind::kPow, special.a, negated(u));
  }
  if (power && tree_[special.a].kind != Kind::kE)
    rate = two(Kind::kMul, rate, function(Function::kLn, special.a));
  // F = P G1 - P' G2 + P'' G3 - ..., where each G is an antiderivative of the one before
  const std::array<NodeId, 2> waves{function(Function::kSin, u), function(Function::kCos, u)};
  int phase = is(special, Function::kSin) ? 0 : 1;  // sin, cos, -sin, -cos
  NodeId made = kNoNode;
  NodeId scale = whole(1);
  bool minus = false;
  while (!p.empty()) {
    scale = two(Kind::kDiv, scale, rate);
    NodeId factor = g;
    bool negative = minus;
    if (wave) {
      phase = (phase + 3) % 4;
      factor = waves[static_cast<std::size_t>(phase % 2)];
      negative ^= phase >= 2;
    }
    const NodeId term = two(Kind::kMul, two(Kind::kMul, scale, written(p)), factor);
    made = sum(made, negative ? negated(term) : term);
    Polynomial next;
    for (std::size_t i = 1; i < p.size(); ++i) {
      next.push_back(p[i] == kNoNode ? kNoNode
                                     : two(Kind::kMul, p[i], whole(static_cast<std::int64_t>(i))));
    }
    p = next;
    minus = !minus;
  }
  return made;
}

// e^{u} \sin v and e^{u} \cos v for linear u and v.
NodeId Search::damped(NodeId id) {
  const Node n = tree_[id];
  if (n.kind != Kind::kMul) return kNoNode;
  NodeId power = n.a;
  NodeId wave = n.b;
  if (tree_[power].kind == Kind::kFunction && !is(tree_[power], Function::kExp))
    std::swap(power, wave);
  const Node e = tree_[power];
  const Node w = tree_[wave];
  const bool natural =
      is(e, Function::kExp) || (e.kind == Kind::kPow && tree_[e.a].kind == Kind::kE);
  const bool sine = is(w, Function::kSin);
  Polynomial u;
  Polynomial v;
  if (!natural || !(sine || is(w, Function::kCos)) ||
      !polynomial(e.kind == Kind::kPow ? e.b : e.a, u) || !polynomial(w.a, v) || u.size() != 2 ||
      v.size() != 2 || u[1] == kNoNode || v[1] == kNoNode)
    return kNoNode;
  const NodeId other = function(sine ? Function::kCos : Function::kSin, w.a);
  const NodeId turned = two(sine ? Kind::kSub : Kind::kAdd, two(Kind::kMul, u[1], wave),
                            two(Kind::kMul, v[1], other));
  const NodeId size = two(Kind::kAdd, two(Kind::kMul, u[1], u[1]), two(Kind::kMul, v[1], v[1]));
  return two(Kind::kDiv, two(Kind::kMul, power, turned), size);
}

// (p + q) r and (p + q) / r
NodeId Search::distributed(NodeId id) {
  const Node n = tree_[id];
  if (n.kind != Kind::kMul && n.kind != Kind::kDiv) return kNoNode;
  const auto is_sum = [&](NodeId part) {
    return tree_[part].kind == Kind::kAdd || tree_[part].kind == Kind::kSub;
  };
  NodeId parts = n.a;
  NodeId other = n.b;
  if (!is_sum(parts) && n.kind == Kind::kMul) std::swap(parts, other);
  if (!is_sum(parts)) return kNoNode;
  const Node s = tree_[parts];
  const NodeId left = run(two(n.kind, s.a, other));
  return left == kNoNode ? kNoNode : two(s.kind, left, run(two(n.kind, s.b, other)));
}

// (x^2 + 1) / (x + 1): the quotient and a logarithm.
NodeId Search::divided(NodeId id) {
  const Node n = tree_[id];
  Polynomial above;
  Polynomial below;
  if (n.kind != Kind::kDiv || !polynomial(n.a, above) || !polynomial(n.b, below) ||
      below.size() != 2 || below[1] == kNoNode)
    return kNoNode;
  Polynomial quotient(above.size() - 1, kNoNode);
  NodeId carried = kNoNode;
  for (std::size_t i = above.size(); i-- > 0;) {
    carried = sum(above[i], carried);
    if (i == 0 || carried == kNoNode) continue;
    quotient[i - 1] = two(Kind::kDiv, carried, below[1]);
    carried = below[0] == kNoNode ? kNoNode : negated(two(Kind::kMul, quotient[i - 1], below[0]));
  }
  const NodeId whole_part = written(integrated(quotient));
  if (carried == kNoNode) return whole_part;
  return two(Kind::kAdd, whole_part,
             two(Kind::kMul, two(Kind::kDiv, carried, below[1]), logarithm(n.b)));
}

// \sin^2 u = (1 - \cos 2u) / 2
NodeId Search::squared_wave(NodeId id) {
  const Node n = tree_[id];
  if (n.kind != Kind::kPow || !number::equal(value(n.b), number::integer(2))) return kNoNode;
  const Node wave = tree_[n.a];
  const bool sine = is(wave, Function::kSin);
  if (!sine && !is(wave, Function::kCos)) return kNoNode;
  const NodeId twice = function(Function::kCos, two(Kind::kMul, whole(2), wave.a));
  return run(two(Kind::kDiv, two(sine ? Kind::kSub : Kind::kAdd, whole(1), twice), whole(2)));
}

NodeId antiderivative(Reading& reading, NodeId integrand, NodeId variable, const Options& options,
                      support::Budget& budget) {
  Search search(reading, variable, options, budget);
  const NodeId found = search.run(integrand);
  return search.proven(found, integrand) ? found : kNoNode;
}

}  // namespace pyverify::answer
