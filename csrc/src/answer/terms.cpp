#include "answer/terms.hpp"

#include "expr/equality.hpp"
#include "expr/operands.hpp"

namespace pyverify::answer {

using expr::kNoNode;
using expr::Node;
using number::Rational;

namespace {
constexpr std::size_t kMostDegree = 12;
}  // namespace

void Terms::evaluate() {
  expr::evaluate(tree_, expr::LogBase::kNatural, options_.seed, reading_.natural, budget_);
}
Rational Terms::value(NodeId id) {
  if (id >= reading_.natural.done) evaluate();
  return reading_.natural.rational[id];
}
Terms::NodeId Terms::two(Kind kind, NodeId a, NodeId b) {
  if (a == kNoNode || b == kNoNode) return kNoNode;
  const Rational x = value(a);
  const Rational y = value(b);
  if (x.valid() && y.valid()) {
    const Rational made = kind == Kind::kAdd   ? number::add(x, y)
                          : kind == Kind::kSub ? number::sub(x, y)
                          : kind == Kind::kMul ? number::mul(x, y)
                          : kind == Kind::kDiv ? number::div(x, y)
                                               : Rational{};
    if (made.valid()) return constant(made);
  }
  const Rational one = number::integer(1);
  if (kind == Kind::kMul && number::equal(x, one)) return b;
  if ((kind == Kind::kMul || kind == Kind::kDiv || kind == Kind::kPow) && number::equal(y, one))
    return a;
  return expr::append_binary(tree_, kind, a, b);
}
Terms::NodeId Terms::function(expr::Function which, NodeId a) {
  return expr::append_unary(tree_, Kind::kFunction, a, static_cast<std::uint8_t>(which));
}
Terms::NodeId Terms::square_root(NodeId a) {
  const Rational exact = number::root(value(a), 2);
  return exact.valid() ? constant(exact) : two(Kind::kRoot, a, whole(2));
}

// Nodes that share parts have no range of their own, so that every node is asked once.
bool Terms::depends(NodeId id) {
  if (depends_.size() <= id) budget_.spend((id + 1 - static_cast<NodeId>(depends_.size())) / 4);
  while (depends_.size() <= id) {
    const Node& n = tree_[static_cast<NodeId>(depends_.size())];
    bool any = is_variable(n);
    expr::for_each_operand(tree_, n, [&](NodeId operand) { any = any || depends_[operand]; });
    depends_.push_back(any);
  }
  return depends_[id];
}

Terms::NodeId Terms::at(NodeId id, NodeId point) {
  const auto nothing = [](expr::Tree&, NodeId) { return kNoNode; };
  return expr::clone(tree_, id, [&](expr::Tree& tree, NodeId i) {
    return is_variable(tree[i]) ? expr::clone(tree, point, nothing) : kNoNode;
  });
}

bool Terms::equal(NodeId a, NodeId b) {
  evaluate();
  expr::Domain domain;
  domain.seed = options_.seed;
  const expr::Values* values = &reading_.natural;
  return expr::equal({&tree_, values, a}, {&tree_, values, b}, domain, budget_).truth ==
         expr::Truth::kTrue;
}

bool Terms::polynomial(NodeId id, Polynomial& out) {
  if (!budget_.spend(2)) return false;
  const Node n = tree_[id];
  if (!depends(id)) {
    out = {id};
    return true;
  }
  if (is_variable(n)) {
    out = {kNoNode, whole(1)};
    return true;
  }
  Polynomial right;
  switch (n.kind) {
    case Kind::kNeg:
      if (!polynomial(n.a, out)) return false;
      out = product(out, {whole(-1)});
      return true;
    case Kind::kAdd:
    case Kind::kSub:
      if (!polynomial(n.a, out) || !polynomial(n.b, right)) return false;
      if (right.size() > out.size()) out.resize(right.size(), kNoNode);
      for (std::size_t i = 0; i < right.size(); ++i) {
        if (right[i] != kNoNode)
          out[i] = sum(out[i], n.kind == Kind::kSub ? negated(right[i]) : right[i]);
      }
      return true;
    case Kind::kMul:
      if (!polynomial(n.a, out) || !polynomial(n.b, right)) return false;
      out = product(out, right);
      return !out.empty();
    case Kind::kDiv:
      if (depends(n.b) || !polynomial(n.a, out)) return false;
      out = product(out, {two(Kind::kDiv, whole(1), n.b)});
      return true;
    case Kind::kPow: {
      const Rational exponent = value(n.b);
      if (!exponent.is_integer() || exponent.num < 1 ||
          exponent.num > static_cast<std::int64_t>(kMostDegree) || !polynomial(n.a, right))
        return false;
      out = right;
      for (std::int64_t i = 1; i < exponent.num && !out.empty(); ++i) out = product(out, right);
      return !out.empty();
    }
    default:
      return false;
  }
}
Terms::NodeId Terms::sum(NodeId a, NodeId b) {
  return a == kNoNode ? b : b == kNoNode ? a : two(Kind::kAdd, a, b);
}
Terms::Polynomial Terms::product(const Polynomial& a, const Polynomial& b) {
  if (a.size() + b.size() > kMostDegree + 2) return {};
  Polynomial out(a.size() + b.size() - 1, kNoNode);
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t k = 0; k < b.size(); ++k) {
      if (a[i] != kNoNode && b[k] != kNoNode)
        out[i + k] = sum(out[i + k], two(Kind::kMul, a[i], b[k]));
    }
  }
  return out;
}
Terms::NodeId Terms::written(const Polynomial& p) {
  NodeId made = kNoNode;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i] == kNoNode) continue;
    NodeId term = p[i];
    if (i > 0)
      term = two(Kind::kMul, term, two(Kind::kPow, variable_, whole(static_cast<std::int64_t>(i))));
    made = sum(made, term);
  }
  return made == kNoNode ? whole(0) : made;
}
Terms::Polynomial Terms::integrated(const Polynomial& p) {
  Polynomial out{kNoNode};
  for (std::size_t i = 0; i < p.size(); ++i) {
    out.push_back(p[i] == kNoNode ? kNoNode
                                  : two(Kind::kDiv, p[i], whole(static_cast<std::int64_t>(i) + 1)));
  }
  return out;
}

}  // namespace pyverify::answer
