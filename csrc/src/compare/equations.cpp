// Equations and inequalities by their solution sets (GRADING 18).
#include "compare/comparer.hpp"
#include "expr/build.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::Relation;

namespace {

// The same inequality seen from the other side.
Relation mirrored(Relation relation) {
  switch (relation) {
    case Relation::kLess:
      return Relation::kGreater;
    case Relation::kLessEqual:
      return Relation::kGreaterEqual;
    case Relation::kGreater:
      return Relation::kLess;
    case Relation::kGreaterEqual:
      return Relation::kLessEqual;
    default:
      return relation;
  }
}

}  // namespace

// The value of a node with 0 for a symbol, when that settles it: x y - 6 is -6 whatever y is.
number::Rational Comparer::value_at_zero(const Side& side, NodeId id, std::uint64_t symbol,
                                         int depth) const noexcept {
  const number::Rational known = side.values->rational[id];
  if (known.valid() || depth > 24) return known;
  const Node& n = side[id];
  if (n.kind == Kind::kSymbol)
    return side.tree().symbols[n.a].name == symbol ? number::integer(0) : number::Rational{};
  const auto part = [&](NodeId operand) { return value_at_zero(side, operand, symbol, depth + 1); };
  switch (n.kind) {
    case Kind::kNeg: {
      const number::Rational inner = part(n.a);
      return inner.valid() ? number::neg(inner) : inner;
    }
    case Kind::kAdd:
    case Kind::kSub: {
      const number::Rational left = part(n.a);
      const number::Rational right = part(n.b);
      if (!left.valid() || !right.valid()) return {};
      return n.kind == Kind::kAdd ? number::add(left, right) : number::sub(left, right);
    }
    case Kind::kMul: {
      const number::Rational left = part(n.a);
      const number::Rational right = part(n.b);
      if ((left.valid() && left.num == 0) || (right.valid() && right.num == 0))
        return number::integer(0);
      return left.valid() && right.valid() ? number::mul(left, right) : number::Rational{};
    }
    case Kind::kPow: {
      const number::Rational base = part(n.a);
      const number::Rational exponent = side.values->rational[n.b];
      const bool zero = base.valid() && base.num == 0 && exponent.valid() && exponent.num > 0;
      return zero ? base : number::Rational{};
    }
    default:
      return {};
  }
}

// xy = 6 and y = 6/x: the differences are proportional but for a letter that can't be 0 on either
// curve.
bool Comparer::by_lasting_factor(NodeId gold, NodeId answer) noexcept {
  std::vector<std::uint64_t> names;
  symbols(answer_, answer, names);
  if (names.size() < 2 || names.size() > 4) return false;
  expr::Tree& tree = answer_reading_.parsed.tree;
  const auto never_zero = [&](const Side& side, NodeId id, std::uint64_t name) {
    const number::Rational value = value_at_zero(side, id, name, 0);
    return value.valid() && value.num != 0;
  };
  for (const std::uint64_t name : names) {
    const bool multiply = never_zero(gold_, gold, name);
    const bool divide = never_zero(answer_, answer, name);
    if (!multiply && !divide) continue;
    NodeId letter = expr::kNoNode;
    for (NodeId i = answer_[answer].lo; i <= answer && letter == expr::kNoNode; ++i) {
      if (answer_[i].kind == Kind::kSymbol && answer_.tree().symbols[answer_[i].a].name == name)
        letter = i;
    }
    for (const Kind kind : {Kind::kMul, Kind::kDiv}) {
      if (!(kind == Kind::kMul ? multiply : divide)) continue;
      NodeId scaled = answer;
      for (int power = 1; power <= 2; ++power) {
        scaled = expr::append_binary(tree, kind, scaled, letter);
        evaluate_answer();
        int sign = 0;
        if (expr::proportional(gold_.scalar(gold), answer_.scalar(scaled), domain_, sign, budget_)
                .truth == Truth::kTrue)
          return true;
      }
    }
  }
  return false;
}

// Two equations or inequalities in several unknowns: one difference is a constant multiple of the
// other.
Decision Comparer::compare_equations(NodeId gold, NodeId answer) noexcept {
  const Node g = gold_[gold];
  const Node a = answer_[answer];
  if (g.kind != Kind::kRelation || a.kind != Kind::kRelation) return no(Reason::kKindMismatch);
  auto gold_relation = static_cast<Relation>(g.sub);
  auto answer_relation = static_cast<Relation>(a.sub);
  const bool inequality =
      gold_relation >= Relation::kLess && gold_relation <= Relation::kGreaterEqual;
  if (gold_relation != answer_relation &&
      (!inequality || gold_relation != mirrored(answer_relation)))
    return no(Reason::kKindMismatch);
  if (g.aux == 0 || a.aux == 0) {
    // sides that are no scalars compare one by one
    const Decision left = compare(g.a, a.a);
    const Decision right = left.truth == Truth::kTrue ? compare(g.b, a.b) : left;
    if (right.truth == Truth::kTrue || gold_relation != answer_relation) return right;
    const bool symmetric = gold_relation == Relation::kEqual ||
                           gold_relation == Relation::kParallel ||
                           gold_relation == Relation::kPerpendicular;
    if (!symmetric) return right;
    const Decision crossed = compare(g.a, a.b);
    return crossed.truth == Truth::kTrue ? compare(g.b, a.a) : right;
  }
  if (gold_relation > Relation::kGreaterEqual) {
    const Decision left = compare(g.a, a.a);
    return left.truth == Truth::kTrue ? compare(g.b, a.b) : left;
  }
  int sign = 0;
  const Decision same = expr::proportional(gold_.scalar(gold - 1), answer_.scalar(answer - 1),
                                           domain_, sign, budget_);
  if (same.truth != Truth::kTrue && gold_relation == Relation::kEqual &&
      (by_lasting_factor(gold - 1, answer - 1) || same_implicit_family(gold - 1, answer - 1))) {
    return yes(Reason::kStructure);
  }
  if (same.truth != Truth::kTrue) return same;
  if (!inequality) return same;
  if (sign == 0) return unknown();
  const Relation wanted = sign > 0 ? answer_relation : mirrored(answer_relation);
  return wanted == gold_relation ? same : no(Reason::kStructure);
}

}  // namespace pyverify::compare
