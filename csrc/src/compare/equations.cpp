// Equations and inequalities by their solution sets (GRADING 18).
#include <algorithm>
#include <array>
#include <cstdlib>

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

// Does a letter stand below a fraction line?
bool Comparer::divides_by(const Side& side, NodeId id, std::uint64_t symbol) const noexcept {
  for (NodeId i = side[id].lo; i <= id; ++i) {
    const Node& n = side[i];
    const bool below = n.kind == Kind::kDiv && mentions(side, n.b, symbol);
    const number::Rational exponent =
        n.kind == Kind::kPow ? side.values->rational[n.b] : number::Rational{};
    if (below || (exponent.valid() && exponent.num < 0 && mentions(side, n.a, symbol))) return true;
  }
  return false;
}

// xy = 6 and y = 6/x, PV = nRT and P = nRT/V: the differences are proportional but for powers of
// letters that can't be 0, because they divide or because the curve has no such point.
bool Comparer::by_lasting_factor(NodeId gold, NodeId answer) noexcept {
  constexpr std::size_t kMostLetters = 3;
  constexpr std::size_t kMostDivisors = 1;
  constexpr int kMostPower = 2;
  constexpr int kMostFactors = 4;
  std::vector<std::uint64_t> names;
  symbols(answer_, answer, names);
  if (names.size() < 2) return false;
  std::vector<NodeId> letters;
  for (const std::uint64_t name : names) {
    const number::Rational mine = value_at_zero(gold_, gold, name, 0);
    const number::Rational theirs = value_at_zero(answer_, answer, name, 0);
    // a letter that is a factor of one side alone has its own zeros there
    if ((mine.valid() && mine.num == 0) || (theirs.valid() && theirs.num == 0)) continue;
    if (!mine.valid() && !theirs.valid() && !divides_by(gold_, gold, name) &&
        !divides_by(answer_, answer, name))
      continue;
    if (letters.size() == kMostLetters) return false;
    NodeId letter = answer_[answer].lo;
    while (answer_[letter].kind != Kind::kSymbol ||
           answer_.tree().symbols[answer_[letter].a].name != name)
      ++letter;
    letters.push_back(letter);
  }
  // c = ab/(a + b): what the answer divides by
  for (NodeId i = answer_[answer].lo; i <= answer; ++i) {
    const Node& n = answer_[i];
    if (n.kind != Kind::kDiv || answer_[n.b].kind == Kind::kSymbol) continue;
    const number::Rational above = answer_.values->rational[n.a];
    if (!has_variables(answer_, n.b) || (above.valid() && above.num == 0)) continue;
    letters.push_back(n.b);
    break;
  }
  expr::Tree& tree = answer_reading_.parsed.tree;
  std::array<int, kMostLetters + kMostDivisors> powers{};
  const auto fits = [&] {
    NodeId scaled = answer;
    for (std::size_t i = 0; i < letters.size(); ++i) {
      for (int k = std::abs(powers[i]); k > 0; --k)
        scaled =
            expr::append_binary(tree, powers[i] > 0 ? Kind::kMul : Kind::kDiv, scaled, letters[i]);
    }
    evaluate_answer();
    int sign = 0;
    return expr::proportional(gold_.scalar(gold), answer_.scalar(scaled), domain_, sign, budget_)
               .truth == Truth::kTrue;
  };
  const auto search = [&](const auto& self, std::size_t i, int left) -> bool {
    if (budget_.stopped()) return false;
    if (i == letters.size()) return left == 0 && fits();
    for (int power = -std::min(left, kMostPower); power <= std::min(left, kMostPower); ++power) {
      powers[i] = power;
      if (self(self, i + 1, left - std::abs(power))) return true;
    }
    return false;
  };
  for (int factors = 1; factors <= kMostFactors && !letters.empty(); ++factors) {
    if (search(search, 0, factors)) return true;
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
