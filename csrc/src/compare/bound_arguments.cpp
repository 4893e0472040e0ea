// Names that may differ: the shown arguments of functions, f(t) = 2t is f(x) = 2x (GRADING 13), and
// the notations of derivatives.
#include <algorithm>

#include "compare/comparer.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::Relation;

// The letters of f(x, y) = ...: the same ones in every such equation of a side, in their order.
// `values` are the right sides.
Comparer::Names Comparer::shown_arguments(const Side& side, NodeId root,
                                          std::vector<NodeId>& values) const noexcept {
  Names names;
  const auto name_of = [&](NodeId id) { return side.tree().symbols[side[id].a].name; };
  for (NodeId i = side[root].lo; i <= root; ++i) {
    const Node& n = side[i];
    if (n.kind != Kind::kRelation || n.sub != static_cast<std::uint8_t>(Relation::kEqual) ||
        side[n.a].kind != Kind::kCall)
      continue;
    const Node& call = side[n.a];
    Names shown;
    for (const NodeId* item = side.tree().items(call); item != side.tree().items(call) + call.b;
         ++item) {
      if (side[*item].kind != Kind::kSymbol) break;  // f(1)
      if (std::find(shown.begin(), shown.end(), name_of(*item)) != shown.end()) return {};
      shown.push_back(name_of(*item));
    }
    if (shown.empty() || shown.size() != call.b) continue;
    if (!names.empty() && names != shown) return {};
    names = std::move(shown);
    values.push_back(n.b);
  }
  return names;
}

// Gives the answer's functions the gold's arguments, all at once. Not in P(B) = 1/2: a B that the
// value doesn't depend on is no argument.
void Comparer::rename_arguments() noexcept {
  std::vector<NodeId> gold_values;
  std::vector<NodeId> answer_values;
  const NodeId root = answer_reading_.root();
  if (expr::is_scalar(answer_[root].kind)) return;
  const Names from = shown_arguments(answer_, root, answer_values);
  if (from.empty()) return;
  const Names to = shown_arguments(gold_, gold_reading_.root(), gold_values);
  if (from == to || from.size() != to.size()) return;
  const auto holds = [](const Names& names, std::uint64_t name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (std::size_t i = 0; i < to.size(); ++i) {
    const bool used = std::any_of(gold_values.begin(), gold_values.end(),
                                  [&](NodeId value) { return mentions(gold_, value, to[i]); });
    if (from[i] != to[i] && !used) return;
  }
  for (NodeId i = answer_[root].lo; i <= root; ++i) {
    const Node& n = answer_[i];
    // f(t) = 2t, t = 3: an unknown with a value
    if (n.kind == Kind::kRelation && answer_[n.a].kind == Kind::kSymbol &&
        n.sub == static_cast<std::uint8_t>(Relation::kEqual) &&
        holds(from, answer_.tree().symbols[answer_[n.a].a].name))
      return;
    if (n.kind != Kind::kSymbol) continue;
    const std::uint64_t name = answer_.tree().symbols[n.a].name;
    if (holds(to, name) && !holds(from, name)) return;
  }
  for (expr::Symbol& symbol : answer_reading_.parsed.tree.symbols) {
    const auto found = std::find(from.begin(), from.end(), symbol.name);
    if (found != from.end()) symbol.name = to[static_cast<std::size_t>(found - from.begin())];
  }
  reevaluate_answer();
}

// y' is dy/dx, x' is dx/dt: where all derivatives are by one variable, the answer's get the gold's
// notation.
void Comparer::rename_derivatives() noexcept {
  constexpr std::size_t kMost = 16;
  std::vector<latex::DerivativeName> all = gold_reading_.parsed.derivatives;
  const auto& theirs = answer_reading_.parsed.derivatives;
  all.insert(all.end(), theirs.begin(), theirs.end());
  const auto by_another = [&](const latex::DerivativeName& other) {
    return other.by != all.front().by;
  };
  if (all.empty() || all.size() > kMost || std::any_of(all.begin(), all.end(), by_another)) return;
  const auto gold_has = [&](std::uint64_t name) {
    const auto& symbols = gold_.tree().symbols;
    return std::any_of(symbols.begin(), symbols.end(),
                       [&](const expr::Symbol& symbol) { return symbol.name == name; });
  };
  bool renamed = false;
  for (const latex::DerivativeName& derivative : all) {
    const bool written = gold_has(derivative.name);
    if (written == gold_has(derivative.prime)) continue;
    const std::uint64_t from = written ? derivative.prime : derivative.name;
    for (expr::Symbol& symbol : answer_reading_.parsed.tree.symbols) {
      if (symbol.name != from) continue;
      symbol.name = written ? derivative.name : derivative.prime;
      renamed = true;
    }
  }
  if (renamed) reevaluate_answer();
}

}  // namespace pyverify::compare
