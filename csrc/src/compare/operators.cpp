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
  answer::Induction series = gold_reading_.induction;
  if (series.term == expr::kNoNode) return unknown();
  series.term = adopted(gold_, series.term);
  series.first = adopted(gold_, series.first);
  if (series.term == expr::kNoNode || series.first == expr::kNoNode) return unknown();
  if (answer_[answer].kind == Kind::kRelation &&
      answer_[answer].sub == static_cast<std::uint8_t>(expr::Relation::kEqual)) {
    answer = answer_[answer].b;
  }
  const answer::Induction& other = answer_reading_.induction;
  if (answer_[answer].kind == Kind::kOperator && other.term != expr::kNoNode &&
      other.variable == series.variable && other.product == series.product &&
      number::equal(other.low, series.low)) {  // two ways to write one sum
    evaluate_answer();
    expr::Domain integers = domain_;
    integers.integers = true;
    return expr::equal(answer_.scalar(series.term), answer_.scalar(other.term), integers, budget_);
  }
  return compare_by_induction(series, answer);
}

// 1 \cdot 3 \cdots (2k-1) for (2k-1)!!: a factorial is but a sign for such a product.
Decision Comparer::compare_factorial(NodeId gold) noexcept {
  const Node a = answer_[answer_reading_.root()];
  const Kind kind = gold_[gold].kind;
  if ((kind != Kind::kDoubleFactorial && kind != Kind::kFactorial) || a.kind != Kind::kOperator ||
      a.sub != static_cast<std::uint8_t>(expr::OperatorKind::kDottedProduct))
    return unknown();
  answer::write_out_operators(answer_reading_, options_, budget_);
  const answer::Induction series = answer_reading_.induction;
  const NodeId closed = adopted(gold_, gold);
  if (series.term == expr::kNoNode || closed == expr::kNoNode) return unknown();
  evaluate_answer();
  return compare_by_induction(series, closed);
}

// F(n) is the sum of f up to n if F begins as the sum does and F(n) - F(n-1) = f(n) from the second
// term on. All nodes are the answer's.
Decision Comparer::compare_by_induction(const answer::Induction& series, NodeId closed) noexcept {
  evaluate_answer();
  const bool has_operator = (answer_.values->flags[closed] & expr::kHasOperator) != 0;
  if (!expr::is_scalar(answer_[closed].kind) || has_operator ||
      !mentions(answer_, closed, series.variable))
    return unknown();
  expr::Tree& tree = answer_reading_.parsed.tree;
  NodeId variable = answer_[closed].lo;
  while (tree[variable].kind != Kind::kSymbol ||
         tree.symbols[tree[variable].a].name != series.variable)
    ++variable;
  // n + low and n + low + 1 for all n >= 0
  const auto at = [&](NodeId id, NodeId place) {
    return expr::clone(tree, id, Substitute{series.variable, place});
  };
  const auto shifted = [&](std::int64_t by) {
    return expr::append_binary(
        tree, Kind::kAdd, variable,
        expr::append_rational(tree, number::add(series.low, number::integer(by))));
  };
  const NodeId later = shifted(1);
  const NodeId earlier = shifted(0);
  const NodeId step = expr::append_binary(tree, series.product ? Kind::kDiv : Kind::kSub,
                                          at(closed, later), at(closed, earlier));
  const NodeId term = at(series.term, later);
  const NodeId start = at(closed, expr::append_rational(tree, series.low));
  answer::evaluate_reading(answer_reading_, options_, budget_);
  expr::Domain integers = domain_;
  integers.integers = true;
  const Decision begins =
      expr::equal(answer_.scalar(series.first), answer_.scalar(start), integers, budget_);
  if (begins.truth != Truth::kTrue) return begins;
  return expr::equal(answer_.scalar(term), answer_.scalar(step), integers, budget_);
}

}  // namespace pyverify::compare
