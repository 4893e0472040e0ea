// Golds with an operator: in closed form, and sums to a variable bound by induction (GRADING 1).
#include "answer/derivative.hpp"
#include "compare/comparer.hpp"
#include "expr/build.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;

// \sum_{k=1}^3 k = 7 for 7: an operator that an answer begins with names what was asked, but where
// it can be worked out, the link must hold. \frac12 \int_0^2 4 dx = 4 is such a link, too; what
// ends in an operator is the question.
Decision Comparer::compare_written_out(const Decision& as_it_stands) noexcept {
  const NodeId root = answer_reading_.root();
  if (as_it_stands.truth != Truth::kTrue && !ends_evaluated(root)) return as_it_stands;
  answer::write_out_some_operators(answer_reading_, options_, budget_);
  if (budget_.stopped()) return unknown(budget_.stopped_by());
  if (answer_reading_.closed == expr::kNoNode) return as_it_stands;
  const Decision written = compare(gold_reading_.root(), answer_reading_.closed);
  const bool decides = as_it_stands.truth == Truth::kTrue || written.truth == Truth::kTrue;
  return decides ? written : as_it_stands;
}

// A chain of equalities whose last member has no operator.
bool Comparer::ends_evaluated(NodeId answer) const noexcept {
  const Node& n = answer_[answer];
  if (n.kind != Kind::kRelation && n.kind != Kind::kChain) return false;
  const NodeId* links = n.kind == Kind::kChain ? answer_.tree().items(n) : &answer;
  const std::uint32_t count = n.kind == Kind::kChain ? n.b : 1;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (answer_[links[i]].sub != static_cast<std::uint8_t>(expr::Relation::kEqual)) return false;
  }
  const NodeId last = answer_[links[count - 1]].b;
  return answer_[last].kind != Kind::kSymbol && expr::is_scalar(answer_[last].kind) &&
         (answer_.values->flags[last] & expr::kHasOperator) == 0;
}

Decision Comparer::compare_closed() noexcept {
  NodeId answer = answer_reading_.root();
  if (answer_reading_.parsed.has_operator) {
    answer::write_out_some_operators(answer_reading_, options_, budget_);
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
  if (gold_reading_.slope.value != expr::kNoNode) return compare_slopes();
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

// x + |x|/x and \arctan(\tan x) have jumps that no derivative shows. With nothing to compare with,
// what may have some is refused.
bool Comparer::may_jump(NodeId id) const noexcept {
  const auto holds = [this](NodeId root, auto fits) {
    for (NodeId i = answer_[root].lo; i <= root; ++i) {
      if (fits(answer_[i])) return true;
    }
    return false;
  };
  const auto is_ln = [](const Node& n) {
    return n.kind == Kind::kFunction && n.sub == static_cast<std::uint8_t>(expr::Function::kLn);
  };
  const auto divides = [](const Node& n) { return n.kind == Kind::kDiv; };
  std::int64_t bars = 0;  // but for those of \ln|u|
  const bool jumps = holds(id, [&](const Node& n) {
    bars += n.kind == Kind::kAbs;
    bars -= is_ln(n) && answer_[n.a].kind == Kind::kAbs;
    if (n.kind == Kind::kRoot) return has_variables(answer_, n.a);
    if (n.kind == Kind::kPow) {
      const number::Rational exponent = answer_.values->rational[n.b];
      const bool rooted = exponent.valid() ? !exponent.is_integer() : holds(n.b, divides);
      return holds(n.b, is_ln) || (rooted && has_variables(answer_, n.a));
    }
    if (n.kind != Kind::kFunction) return false;
    const auto which = static_cast<expr::Function>(n.sub);
    return (which == expr::Function::kExp && holds(n.a, is_ln)) ||
           (which >= expr::Function::kArcsin && which <= expr::Function::kArccot) ||
           which >= expr::Function::kArg;
  });
  return jumps || bars != 0;
}

// F + C is \int f dx if F' = f, with a constant of its own (GRADING 13), and F is real where f is:
// \ln x is no antiderivative of 1/x for a negative x.
Decision Comparer::compare_slopes() noexcept {
  const answer::Slope& slope = gold_reading_.slope;
  if (domain_.log_base != expr::LogBase::kNatural) return unknown();
  NodeId value = answer_reading_.root();
  Label label;
  if (answer_[value].kind == Kind::kRelation || answer_[value].kind == Kind::kChain) {
    Reason problem = Reason::kUnsupported;
    if (!reduce_chain(value, label, problem)) return unknown(problem);
    value = label.value;
  }
  const bool named = label.name != expr::kNoNode;
  if (gold_[gold_reading_.root()].kind == Kind::kRelation) {
    const Label mine = label_of(gold_, gold_reading_.root());
    if (mine.name == expr::kNoNode || gold_[mine.name].kind == Kind::kOperator) return unknown();
    if (named && same_label(mine.name, label.name).truth != Truth::kTrue)
      return no(Reason::kSymbolMismatch);
  }
  if (named && answer_[label.name].kind == Kind::kSymbol &&
      mentions(answer_, value, answer_.tree().symbols[answer_[label.name].a].name))
    return no(Reason::kUnsolved);
  if (!expr::is_scalar(answer_[value].kind) ||
      (answer_.values->flags[value] & expr::kHasOperator) != 0)
    return unknown();
  NodeId constant = expr::kNoNode;
  number::Rational coefficient;
  if (!has_free_constant(answer_, value, constant, coefficient)) return no(Reason::kStructure);
  expr::Tree& tree = answer_reading_.parsed.tree;
  // without the constant, and with \log for \ln
  const NodeId bare = expr::clone(tree, value, [&](expr::Tree& all, NodeId id) {
    const Node n = all[id];
    if (id == constant) return expr::append_rational(all, number::integer(0));
    if (n.kind != Kind::kFunction || n.sub != static_cast<std::uint8_t>(expr::Function::kLog))
      return expr::kNoNode;
    const NodeId argument =
        expr::clone(all, n.a, [](expr::Tree&, NodeId) { return expr::kNoNode; });
    return expr::append_unary(all, Kind::kFunction, argument,
                              static_cast<std::uint8_t>(expr::Function::kLn));
  });
  const NodeId mine = answer::derivative(tree, bare, slope.variable, budget_);
  if (mine == expr::kNoNode) return unknown();
  const bool operation = named && answer_[label.name].kind == Kind::kOperator;
  const NodeId stated =
      operation ? answer::derivative(tree, label.name, slope.variable, budget_) : expr::kNoNode;
  const NodeId nothing = expr::append_binary(tree, Kind::kSub, bare, bare);
  const NodeId real = expr::append_binary(tree, Kind::kAdd, mine, nothing);
  answer::evaluate_reading(answer_reading_, options_, budget_);
  // \int 3x dx = x^2 + C: another integral
  if (operation &&
      (stated == expr::kNoNode ||
       expr::equal(answer_.scalar(stated), answer_.scalar(mine), domain_, budget_).truth !=
           Truth::kTrue))
    return no(Reason::kFalseChain);
  const Decision same =
      expr::equal(gold_.scalar(slope.value), answer_.scalar(real), domain_, budget_);
  if (same.truth != Truth::kTrue) return same;
  if (slope.antiderivative == expr::kNoNode) return may_jump(bare) ? unknown() : same;
  return expr::differ_by_constant(gold_.scalar(slope.antiderivative), answer_.scalar(bare), domain_,
                                  budget_);
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
    return expr::clone(tree, id, expr::Substitute{series.variable, place});
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
