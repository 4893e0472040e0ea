// |2x - 1| >= 5 in a gold, which may be answered by the set of its solutions (GRADING 18).
#include "compare/comparer.hpp"
#include "compare/residues.hpp"
#include "expr/build.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::Relation;

namespace {

bool is_less(Relation relation) {
  return relation == Relation::kLess || relation == Relation::kLessEqual;
}

}  // namespace

// One link: the absolute value of a linear expression against a constant. The ends become nodes of
// the answer.
bool Comparer::read_absolute_link(const Node& link, RealSet& out) noexcept {
  const auto relation = static_cast<Relation>(link.sub);
  if (relation < Relation::kLess || relation > Relation::kGreaterEqual) return false;
  const bool left = gold_[link.a].kind == Kind::kAbs;
  const NodeId value = left ? link.a : link.b;
  const NodeId bound = left ? link.b : link.a;
  if (gold_[value].kind != Kind::kAbs || !expr::is_scalar(gold_[bound].kind) ||
      is_symbolic(gold_, bound) || infinity_sign_of(gold_, bound) != 0)
    return false;
  std::vector<std::uint64_t> names;
  symbols(gold_, gold_[value].a, names);
  number::Rational start, slope;
  if (names.size() != 1 || (out.has_variable && out.variable != names[0]) ||
      !linear(gold_, gold_[value].a, names[0], start, slope) || slope.num == 0)
    return false;
  out.has_variable = true;
  out.variable = names[0];
  SetAlgebra algebra(answer_, budget_);
  SetEnd radius = literal_end(0, false);
  radius.node = adopted(gold_, bound);
  if (radius.node == expr::kNoNode) return false;
  expr::Tree& tree = answer_reading_.parsed.tree;
  const auto end = [&](bool negative) {
    SetEnd made = radius;
    if (negative) made.node = expr::append_unary(tree, Kind::kNeg, made.node);
    made.node =
        expr::append_binary(tree, Kind::kSub, made.node, expr::append_rational(tree, start));
    made.node =
        expr::append_binary(tree, Kind::kDiv, made.node, expr::append_rational(tree, slope));
    return made;
  };
  const bool rising = number::compare(slope, number::integer(0)) > 0;
  Segment inside{end(rising), end(!rising)};
  evaluate_answer();
  const bool less = is_less(relation) == left;
  const bool closed = relation == Relation::kLessEqual || relation == Relation::kGreaterEqual;
  const int sign = algebra.order(radius, literal_end(0, false));
  if (sign == SetAlgebra::kUnordered) return false;
  inside.low.closed = inside.high.closed = less == closed;  // of |x| >= 5 the complement is taken
  Segments part{inside};
  if (sign < 0 || (sign == 0 && !inside.low.closed)) part.clear();
  if (!less && !algebra.complement(part, part)) return false;
  return algebra.intersect(out.segments, part, out.segments);
}

bool Comparer::read_absolute(NodeId gold, RealSet& out) noexcept {
  const Node n = gold_[gold];
  out = {};
  out.segments = {{infinite_end(-1), infinite_end(1)}};
  if (n.kind == Kind::kRelation) return read_absolute_link(n, out);
  if (n.kind != Kind::kChain || n.b != 2) return false;
  for (std::uint32_t i = 0; i < n.b; ++i) {
    if (!read_absolute_link(gold_[gold_.tree().items(n)[i]], out)) return false;
  }
  return true;
}

}  // namespace pyverify::compare
