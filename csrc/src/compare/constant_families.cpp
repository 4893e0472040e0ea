// Families of solutions: the arbitrary constants of the answer are combinations of the gold's, the
// other way round too (GRADING 13). The combination is read off a few points in doubles, and then
// shown to make the answer the gold.
#include <algorithm>
#include <cmath>
#include <optional>

#include "compare/comparer.hpp"
#include "expr/build.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;

namespace {

constexpr std::size_t kMostConstants = 4;
constexpr std::size_t kMostPermuted = 3;
constexpr std::int64_t kLargestDenominator = 120;
constexpr double kClose = 1e-8;
constexpr std::size_t kNoConstant = kMostConstants;  // all constants are 0

using Names = std::vector<std::uint64_t>;
using Row = std::vector<double>;

number::Rational near_rational(double value) {
  for (std::int64_t den = 1; den <= kLargestDenominator; ++den) {
    const double num = std::round(value * static_cast<double>(den));
    if (std::fabs(num) > 1e6) return {};
    if (std::fabs(value * static_cast<double>(den) - num) < kClose)
      return number::make(static_cast<std::int64_t>(num), den);
  }
  return {};
}

// Gauss-Jordan on rows [matrix | right sides]; false when the matrix is (nearly) singular. The
// first `unknowns` rows hold the solution then. `size` is the product of the pivots.
bool eliminate(std::vector<Row>& rows, std::size_t unknowns, double& size) {
  size = 1;
  for (std::size_t column = 0; column < unknowns; ++column) {
    std::size_t best = column;
    for (std::size_t i = column; i < rows.size(); ++i) {
      if (std::fabs(rows[i][column]) > std::fabs(rows[best][column])) best = i;
    }
    if (best >= rows.size() || std::fabs(rows[best][column]) < kClose) return false;
    std::swap(rows[best], rows[column]);
    const double pivot = rows[column][column];
    size *= std::fabs(pivot);
    for (double& entry : rows[column]) entry /= pivot;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i == column) continue;
      const double factor = rows[i][column];
      for (std::size_t k = column; k < rows[i].size(); ++k) rows[i][k] -= factor * rows[column][k];
    }
  }
  return true;
}

// One side at chosen points: a copy of its tree in which numbers stand for the letters.
class Trial {
 public:
  Trial(const Side& side, NodeId id, const Names& names, const expr::Domain& domain,
        support::Budget& budget)
      : tree_(side.tree()),
        values_(*side.values),
        id_(id),
        names_(names),
        domain_(domain),
        budget_(budget) {}

  // The value at the point, the constant `one` being 1 and the others 0.
  std::optional<double> at(number::Rational point, std::size_t one) {
    if (!budget_.spend(2 * (id_ - tree_[id_].lo))) return std::nullopt;
    const auto replace = [&](expr::Tree& tree, NodeId id) {
      if (tree[id].kind != Kind::kSymbol) return expr::kNoNode;
      const std::uint64_t name = tree.symbols[tree[id].a].name;
      const auto found = std::find(names_.begin(), names_.end(), name);
      if (found != names_.end())
        return expr::append_rational(
            tree, number::integer(static_cast<std::size_t>(found - names_.begin()) == one));
      const auto apart = static_cast<std::int64_t>(name % 16);
      return expr::append_rational(tree, number::add(point, number::make(apart, 64)));
    };
    const NodeId made = expr::clone(tree_, id_, replace);
    expr::evaluate(tree_, domain_.log_base, domain_.seed, values_, budget_);
    double value = 0;
    if (!expr::approximate({&tree_, &values_, made}, value, budget_, domain_.log_base))
      return std::nullopt;
    return value;
  }

  // The functions that the constants multiply, then the one that is left without them.
  bool parts(number::Rational point, Row& out) {
    const std::optional<double> rest = at(point, kNoConstant);
    if (!rest) return false;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::optional<double> value = at(point, i);
      if (!value) return false;
      out.push_back(*value - *rest);
    }
    out.push_back(*rest);
    return true;
  }

 private:
  expr::Tree tree_;
  expr::Values values_;
  NodeId id_;
  const Names& names_;
  const expr::Domain& domain_;
  support::Budget& budget_;
};

}  // namespace

// A copy of the answer in which its j-th constant is sum_i factors[j n + i] * to[i] + shifts[j].
NodeId Comparer::with_constants(NodeId answer, const Names& from, const Names& to,
                                const std::vector<number::Rational>& factors,
                                const std::vector<number::Rational>& shifts) noexcept {
  const auto replace = [&](expr::Tree& tree, NodeId id) {
    if (tree[id].kind != Kind::kSymbol) return expr::kNoNode;
    const std::uint64_t name = tree.symbols[tree[id].a].name;
    const auto found = std::find(from.begin(), from.end(), name);
    if (found == from.end()) return expr::kNoNode;
    const auto j = static_cast<std::size_t>(found - from.begin());
    const expr::Symbol symbol = tree.symbols[tree[id].a];
    NodeId sum = expr::append_rational(tree, shifts[j]);
    for (std::size_t i = 0; i < to.size(); ++i) {
      const number::Rational factor = factors[j * to.size() + i];
      if (factor.num == 0) continue;
      tree.symbols.push_back(symbol);
      tree.symbols.back().name = to[i];
      const NodeId times = expr::append_rational(tree, factor);
      const NodeId made =
          expr::append(tree, Kind::kSymbol, static_cast<std::uint32_t>(tree.symbols.size() - 1), 0,
                       static_cast<NodeId>(tree.nodes.size()));
      sum = expr::append_binary(tree, Kind::kAdd, sum,
                                expr::append_binary(tree, Kind::kMul, times, made));
    }
    return sum;
  };
  const NodeId made = expr::clone(answer_reading_.parsed.tree, answer, replace);
  evaluate_answer();
  return made;
}

// C_1 e^x + C_2 e^{-x}, A \cosh x + B \sinh x: constants that occur linearly.
bool Comparer::match_linear_family(NodeId gold, const Names& to, NodeId answer,
                                   const Names& from) noexcept {
  const std::size_t count = to.size();
  Trial mine(gold_, gold, to, domain_, budget_);
  Trial theirs(answer_, answer, from, domain_, budget_);
  std::vector<Row> rows;
  for (const std::int64_t eighths : {9, 5, 14, 3, 19, 2, 26, -3, 31, -11}) {
    if (rows.size() >= count + 1 || budget_.stopped()) break;
    Row row;
    Row gold_parts;
    const number::Rational point = number::make(eighths, 8);
    if (!theirs.parts(point, row) || !mine.parts(point, gold_parts)) continue;
    gold_parts[count] -= row[count];
    row.pop_back();
    row.insert(row.end(), gold_parts.begin(), gold_parts.end());
    rows.push_back(row);
  }
  double size = 0;
  if (rows.size() < count || !eliminate(rows, count, size)) return false;
  std::vector<number::Rational> factors;
  std::vector<number::Rational> shifts;
  std::vector<Row> matrix;
  for (std::size_t j = 0; j < count; ++j) {
    matrix.emplace_back();
    for (std::size_t i = 0; i <= count; ++i) {
      const number::Rational entry = near_rational(rows[j][count + i]);
      if (!entry.valid()) return false;
      (i < count ? factors : shifts).push_back(entry);
      if (i < count) matrix[j].push_back(number::to_double(entry));
    }
  }
  // every member of the gold's family is one of the answer's; the reverse wants an inverse
  if (!eliminate(matrix, count, size) || size < kClose) return false;
  const NodeId matched = with_constants(answer, from, to, factors, shifts);
  return expr::equal(gold_.scalar(gold), answer_.scalar(matched), domain_, budget_).truth ==
         Truth::kTrue;
}

Decision Comparer::match_family(NodeId gold, const Names& to, NodeId answer, const Names& from,
                                bool linear) noexcept {
  const std::size_t count = to.size();
  if (count > kMostConstants) return no(Reason::kSymbolMismatch);
  if (linear && !domain_.integers && match_linear_family(gold, to, answer, from))
    return yes(Reason::kStructure);
  if (count > kMostPermuted) return no(Reason::kSymbolMismatch);
  // in any order; a single one with another sign or a small factor
  std::vector<number::Rational> sizes{number::integer(1)};
  if (count == 1 && !linear) {
    sizes.insert(sizes.end(), {number::integer(-1), number::integer(2), number::integer(-2),
                               number::make(1, 2), number::make(-1, 2)});
  }
  const std::vector<number::Rational> shifts(count, number::integer(0));
  for (const number::Rational size : sizes) {
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < count; ++i) order[i] = i;
    do {
      if (budget_.stopped()) return unknown(budget_.stopped_by());
      std::vector<number::Rational> factors(count * count, number::integer(0));
      for (std::size_t j = 0; j < count; ++j) factors[j * count + order[j]] = size;
      const NodeId matched = with_constants(answer, from, to, factors, shifts);
      const Decision decision =
          expr::equal(gold_.scalar(gold), answer_.scalar(matched), domain_, budget_);
      if (decision.truth == Truth::kTrue) return decision;
    } while (std::next_permutation(order.begin(), order.end()));
  }
  return no(Reason::kSymbolMismatch);
}

// Constants that stand in several places: other names in all of them.
Decision Comparer::rename_constants(NodeId gold, Names to, NodeId answer,
                                    const Names& from) noexcept {
  if (renamed_ || to.size() > kMostPermuted) return no(Reason::kSymbolMismatch);
  const std::vector<expr::Symbol> before = answer_.tree().symbols;
  std::vector<expr::Symbol>& now = answer_reading_.parsed.tree.symbols;
  do {
    for (std::size_t i = 0; i < now.size(); ++i) {
      const auto found = std::find(from.begin(), from.end(), before[i].name);
      if (found != from.end()) now[i].name = to[static_cast<std::size_t>(found - from.begin())];
    }
    reevaluate_answer();
    const Decision decision =
        expr::equal(gold_.scalar(gold), answer_.scalar(answer), domain_, budget_);
    if (decision.truth == Truth::kTrue) {
      renamed_ = true;
      return decision;
    }
  } while (!budget_.stopped() && std::next_permutation(to.begin(), to.end()));
  now = before;
  reevaluate_answer();
  return no(Reason::kSymbolMismatch);
}

// Does a constant stand elsewhere in the gold, too? Then all its places must change together.
bool Comparer::shares_constants(NodeId id, const Names& names) const noexcept {
  const NodeId root = gold_reading_.root();
  std::vector<NodeId> declared;  // C \in R
  for (NodeId i = gold_[root].lo; i <= root; ++i) {
    if (gold_[i].kind == Kind::kRelation && gold_[gold_[i].b].kind == Kind::kNumberSet)
      declared.push_back(gold_[i].a);
  }
  for (NodeId i = gold_[root].lo; i <= root; ++i) {
    if (gold_[i].kind != Kind::kSymbol || (i >= gold_[id].lo && i <= id)) continue;
    if (std::binary_search(names.begin(), names.end(), gold_.tree().symbols[gold_[i].a].name) &&
        std::find(declared.begin(), declared.end(), i) == declared.end())
      return true;
  }
  return false;
}

// +C matches +c, +K, +C_1, +5C; families that differ by a constant are the same. Ce^x = Ke^x.
Decision Comparer::match_constants(NodeId gold, NodeId answer) noexcept {
  bool linear = false;
  const Names to = arbitrary_constants(gold, linear);
  if (to.empty()) return no(Reason::kSymbolMismatch);
  Names fixed;
  Names from;
  symbols(gold_, gold, fixed);
  symbols(answer_, answer, from);
  const auto is_fixed = [&](std::uint64_t name) {
    return std::binary_search(fixed.begin(), fixed.end(), name) &&
           !std::binary_search(to.begin(), to.end(), name);
  };
  from.erase(std::remove_if(from.begin(), from.end(), is_fixed), from.end());
  const bool constants = std::all_of(from.begin(), from.end(),
                                     [&](std::uint64_t name) { return answer_constant(name); });
  if (!constants || from.size() != to.size()) return no(Reason::kSymbolMismatch);
  if (shares_constants(gold, to)) return rename_constants(gold, to, answer, from);
  NodeId mine = expr::kNoNode;
  NodeId theirs = expr::kNoNode;
  number::Rational gold_coefficient;
  number::Rational answer_coefficient;
  if (to.size() == 1 && has_free_constant(gold_, gold, mine, gold_coefficient) &&
      has_free_constant(answer_, answer, theirs, answer_coefficient)) {
    // with equal multiples of one constant the difference is free of it
    const number::Rational factor = number::div(gold_coefficient, answer_coefficient);
    if (!factor.valid()) return unknown();
    const NodeId matched = with_constants(answer, from, to, {factor}, {number::integer(0)});
    return expr::differ_by_constant(gold_.scalar(gold), answer_.scalar(matched), domain_, budget_);
  }
  return match_family(gold, to, answer, from, linear);
}

}  // namespace pyverify::compare
