// Golds with an operator: in closed form, and sums to a variable bound by induction (GRADING 1).
#include "compare/comparer.hpp"
#include "expr/build.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;

namespace {

struct Substitute {
  std::uint64_t name;
  NodeId value;
  NodeId operator()(expr::Tree& tree, NodeId id) const {
    return tree[id].kind == Kind::kSymbol && tree.symbols[tree[id].a].name == name ? value
                                                                                   : expr::kNoNode;
  }
};

}  // namespace

// \sum_{k=1}^3 k = 7 for 7: an operator that an answer begins with names what was asked, but where
// it can be worked out, the link must hold.
Decision Comparer::compare_written_out(const Decision& as_it_stands) noexcept {
  answer::write_out_operators(answer_reading_, options_, budget_);
  if (answer_reading_.closed == expr::kNoNode) return as_it_stands;
  return compare(gold_reading_.root(), answer_reading_.closed);
}

Decision Comparer::compare_closed() noexcept {
  NodeId answer = answer_reading_.root();
  if (answer_reading_.parsed.has_operator) {
    answer::write_out_operators(answer_reading_, options_, budget_);
    if (answer_reading_.closed != expr::kNoNode) answer = answer_reading_.closed;
  }
  const Node g = gold_[gold_reading_.root()];
  const Node a = answer_[answer_reading_.root()];
  if (g.kind == Kind::kOperator && a.kind == Kind::kOperator && g.sub == a.sub && g.b == a.b &&
      g.aux == a.aux) {
    // the same operator with equal parts
    Decision all = yes(Reason::kStructure);
    for (std::uint32_t i = 0; i < g.b && all.truth == Truth::kTrue; ++i) {
      all = compare(gold_.tree().items(g)[i], answer_.tree().items(a)[i]);
    }
    if (all.truth == Truth::kTrue) return all;
  }
  if (gold_reading_.closed != expr::kNoNode) return compare(gold_reading_.closed, answer);
  if (gold_reading_.induction.term == expr::kNoNode) return unknown();
  if (answer_[answer].kind == Kind::kRelation &&
      answer_[answer].sub == static_cast<std::uint8_t>(expr::Relation::kEqual)) {
    answer = answer_[answer].b;
  }
  return compare_by_induction(answer);
}

// F(n) is the sum of f up to n if F(n) - F(n-1) = f(n) and F begins as the sum does.
Decision Comparer::compare_by_induction(NodeId answer) noexcept {
  const answer::Induction& sum = gold_reading_.induction;
  const bool has_operator = (answer_.values->flags[answer] & expr::kHasOperator) != 0;
  if (!expr::is_scalar(answer_[answer].kind) || has_operator ||
      !mentions(answer_, answer, sum.variable))
    return unknown();
  expr::Tree& tree = answer_reading_.parsed.tree;
  NodeId variable = answer_[answer].lo;
  while (tree[variable].kind != Kind::kSymbol ||
         tree.symbols[tree[variable].a].name != sum.variable)
    ++variable;
  const NodeId before = expr::append_binary(tree, Kind::kSub, variable,
                                            expr::append_rational(tree, number::integer(1)));
  const NodeId earlier = expr::clone(tree, answer, Substitute{sum.variable, before});
  const NodeId step =
      expr::append_binary(tree, sum.product ? Kind::kDiv : Kind::kSub, answer, earlier);
  const NodeId start =
      expr::clone(tree, answer, Substitute{sum.variable, expr::append_rational(tree, sum.low)});
  answer::evaluate_reading(answer_reading_, options_, budget_);
  expr::Domain integers = domain_;
  integers.integers = true;
  const Decision begins =
      expr::equal(gold_.scalar(sum.first), answer_.scalar(start), integers, budget_);
  if (begins.truth != Truth::kTrue) return begins;
  return expr::equal(gold_.scalar(sum.term), answer_.scalar(step), integers, budget_);
}

}  // namespace pyverify::compare
