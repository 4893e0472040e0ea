// One family of values written in several ways: counted from elsewhere, in parts (GRADING 13, 18).
#include "compare/comparer.hpp"
#include "expr/build.hpp"

namespace pyverify::compare {

using expr::Kind;

namespace {

// A general solution may start elsewhere: k may be written for k + 2 or 1 - k.
constexpr std::int64_t kFarthestShift = 2;
constexpr std::size_t kMostItems = 4;

}  // namespace

// A copy of an item of the answer with k replaced by factor k + shift.
NodeId Comparer::substituted(NodeId item, std::uint64_t parameter, number::Rational factor,
                             number::Rational shift) noexcept {
  const auto replace = [&](expr::Tree& tree, NodeId id) {
    if (tree[id].kind != Kind::kSymbol || tree.symbols[tree[id].a].name != parameter)
      return expr::kNoNode;
    const NodeId times = expr::append_rational(tree, factor);
    const NodeId symbol =
        expr::append(tree, Kind::kSymbol, tree[id].a, 0, static_cast<NodeId>(tree.nodes.size()));
    const NodeId scaled = expr::append_binary(tree, Kind::kMul, times, symbol);
    return expr::append_binary(tree, Kind::kAdd, scaled, expr::append_rational(tree, shift));
  };
  const NodeId made = expr::clone(answer_reading_.parsed.tree, item, replace);
  evaluate_answer();
  return made;
}

// The same family counted from another member or backwards; several that make up one, k pi for 2k
// pi and (2k+1) pi, and one that is made up of several.
Decision Comparer::compare_shifted(const Family& mine, const Family& theirs) noexcept {
  std::vector<NodeId> answer = theirs.items;
  // \lceil n/100 \rceil for integer n is a formula, no family of solutions
  for (const NodeId item : mine.items) {
    for (NodeId i = gold_[item].lo; i <= item; ++i) {
      if (gold_[i].kind == Kind::kFloor || gold_[i].kind == Kind::kCeil)
        return no(Reason::kStructure);
    }
  }
  if (mine.items.size() > kMostItems || answer.size() > kMostItems) return unknown();
  if (answer.size() > 1 && mine.items.size() == 1) return compare_parts(mine, answer);
  if (answer.size() == 1 && mine.items.size() > 1) {
    const auto parts = static_cast<std::int64_t>(mine.items.size());
    const NodeId whole = answer[0];
    answer.clear();
    for (std::int64_t i = 0; i < parts; ++i) {
      answer.push_back(
          substituted(whole, mine.parameter, number::integer(parts), number::integer(i)));
    }
  }
  if (answer.size() != mine.items.size()) return no(Reason::kCountMismatch);
  std::vector<bool> met(answer.size(), false);
  for (const NodeId item : mine.items) {
    bool found = false;
    for (std::size_t i = 0; i < answer.size() && !found; ++i) {
      if (met[i]) continue;
      for (std::int64_t shift = -kFarthestShift; shift <= kFarthestShift && !found; ++shift) {
        for (const std::int64_t factor : {1, -1}) {
          if (budget_.stopped()) return unknown(budget_.stopped_by());
          const NodeId counted = substituted(answer[i], mine.parameter, number::integer(factor),
                                             number::integer(shift));
          found = compare(item, counted).truth == Truth::kTrue;
          if (found) break;
        }
      }
      met[i] = found;
    }
    if (!found) return no(Reason::kStructure);
  }
  return yes(Reason::kStructure);
}

// Each of p items must be the gold's with p k + j for k, every j once.
Decision Comparer::compare_parts(const Family& mine, const std::vector<NodeId>& answer) noexcept {
  const auto parts = static_cast<std::int64_t>(answer.size());
  std::vector<bool> met(answer.size(), false);
  for (const NodeId item : answer) {
    bool found = false;
    for (std::int64_t j = -parts; j < 2 * parts && !found; ++j) {
      const auto place = static_cast<std::size_t>((j + parts) % parts);
      if (met[place]) continue;
      if (budget_.stopped()) return unknown(budget_.stopped_by());
      const NodeId counted =
          substituted(item, mine.parameter, number::make(1, parts), number::make(-j, parts));
      found = compare(mine.items[0], counted).truth == Truth::kTrue;
      met[place] = found;
    }
    if (!found) return no(Reason::kStructure);
  }
  return yes(Reason::kStructure);
}

}  // namespace pyverify::compare
