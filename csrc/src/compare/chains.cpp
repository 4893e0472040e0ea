// Chains of equal members without a value, the symmetric equations of a line (GRADING 18).
#include <algorithm>

#include "compare/comparer.hpp"
#include "expr/build.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::Relation;

namespace {

constexpr std::uint32_t kMostLinks = 3;

}  // namespace

// x/2 = y/3 = z in another order, or with all members multiplied by one constant.
bool Comparer::same_members(NodeId gold, NodeId answer) noexcept {
  const auto members = [this](const Side& side, NodeId chain) {
    std::vector<NodeId> out;
    const Node n = side[chain];
    if (n.b > kMostLinks) return out;
    for (std::uint32_t i = 0; i < n.b; ++i) {
      const Node link = side[side.tree().items(n)[i]];
      // aux: the difference stands before the relation
      if (link.sub != static_cast<std::uint8_t>(Relation::kEqual) || link.aux == 0)
        return std::vector<NodeId>{};
      if (i == 0) out.push_back(link.a);
      out.push_back(link.b);
    }
    const bool open = std::all_of(out.begin(), out.end(),
                                  [&](NodeId member) { return has_variables(side, member); });
    return open ? out : std::vector<NodeId>{};
  };
  const std::vector<NodeId> mine = members(gold_, gold);
  std::vector<NodeId> theirs = members(answer_, answer);
  if (mine.empty() || mine.size() != theirs.size()) return false;
  const auto proportional = [this](NodeId x, NodeId y) {
    int sign = 0;
    return expr::proportional(gold_.scalar(x), answer_.scalar(y), domain_, sign, budget_).truth ==
           Truth::kTrue;
  };
  for (std::size_t i = 0; i < mine.size(); ++i) {
    std::size_t j = i;
    while (j < theirs.size() && !proportional(mine[i], theirs[j])) ++j;
    if (j == theirs.size()) return false;
    std::swap(theirs[i], theirs[j]);
  }
  // each by the same factor: then the differences are proportional too
  std::vector<NodeId> differences;
  for (std::size_t i = 0; i + 1 < theirs.size(); ++i) {
    differences.push_back(
        expr::append_binary(answer_reading_.parsed.tree, Kind::kSub, theirs[i], theirs[i + 1]));
  }
  evaluate_answer();
  for (std::uint32_t i = 0; i < differences.size(); ++i) {
    const NodeId link = gold_.tree().items(gold_[gold])[i];
    if (!proportional(link - 1, differences[i])) return false;
  }
  return true;
}

}  // namespace pyverify::compare
