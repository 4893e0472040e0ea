// Solutions in implicit form: y^2 - x^2 = C under other names and multiples of C (GRADING 13, 18).
#include <algorithm>

#include "compare/comparer.hpp"
#include "expr/build.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;

namespace {

constexpr int kMostAddends = 32;

struct Addend {
  NodeId constant = expr::kNoNode;  // a symbol
  std::uint32_t count = 0;
};

// Symbols that stand as addends, alone or with a rational factor.
template <class IsConstant>
void find_addend(const Side& side, NodeId id, int& left, const IsConstant& is_constant,
                 Addend& out) {
  if (--left < 0) return;
  const Node& n = side[id];
  const auto& rational = side.values->rational;
  switch (n.kind) {
    case Kind::kAdd:
    case Kind::kSub:
      find_addend(side, n.a, left, is_constant, out);
      find_addend(side, n.b, left, is_constant, out);
      return;
    case Kind::kNeg:
      return find_addend(side, n.a, left, is_constant, out);
    case Kind::kMul:
      if (rational[n.a].valid()) find_addend(side, n.b, left, is_constant, out);
      return;
    case Kind::kDiv:
      if (rational[n.b].valid()) find_addend(side, n.a, left, is_constant, out);
      return;
    case Kind::kSymbol:
      if (!is_constant(side.tree().symbols[n.a].name)) return;
      out.constant = id;
      ++out.count;
      return;
    default:
      return;
  }
}

struct Multiple {
  NodeId target;
  std::uint64_t name;
  number::Rational factor;

  NodeId operator()(expr::Tree& tree, NodeId id) const {
    if (id != target) return expr::kNoNode;
    expr::Symbol symbol = tree.symbols[tree[id].a];
    symbol.name = name;
    tree.symbols.push_back(symbol);
    const NodeId made =
        expr::append(tree, Kind::kSymbol, static_cast<std::uint32_t>(tree.symbols.size() - 1), 0,
                     static_cast<NodeId>(tree.nodes.size()));
    return expr::append_binary(tree, Kind::kMul, expr::append_rational(tree, factor), made);
  }
};

std::uint32_t occurrences(const Side& side, NodeId id, std::uint64_t name) {
  std::uint32_t count = 0;
  for (NodeId i = side[id].lo; i <= id; ++i)
    count += side[i].kind == Kind::kSymbol && side.tree().symbols[side[i].a].name == name;
  return count;
}

}  // namespace

// The differences of two equations that hold a free C: the same up to a multiple of the C. In the
// usual unknowns only: F = 9/5 C + 32 and E = K + U are no families.
bool Comparer::same_implicit_family(NodeId gold, NodeId answer) noexcept {
  std::vector<std::uint64_t> names;
  symbols(gold_, gold, names);
  if (names.size() != 3) return false;
  std::uint64_t constant = 0;
  for (const std::uint64_t name : names) {
    const bool unknown = std::any_of(
        std::begin("xytuvzrsw"), std::end("xytuvzrsw") - 1,
        [&](char letter) { return name == number::mix(static_cast<unsigned char>(letter)); });
    if (unknown) continue;
    if (constant != 0 || !gold_constant(name)) return false;
    constant = name;
  }
  if (constant != number::mix('C') && constant != number::mix('c')) return false;
  Addend mine;
  Addend theirs;
  int left = kMostAddends;
  find_addend(gold_, gold, left, [&](std::uint64_t name) { return name == constant; }, mine);
  left = kMostAddends;
  find_addend(
      answer_, answer, left, [&](std::uint64_t name) { return answer_constant(name); }, theirs);
  if (mine.count != 1 || theirs.count != 1) return false;
  const std::uint64_t other = answer_.tree().symbols[answer_[theirs.constant].a].name;
  if (occurrences(gold_, gold, constant) != 1 || occurrences(answer_, answer, other) != 1)
    return false;
  if (other != constant && mentions(answer_, answer, constant)) return false;
  const NodeId target = theirs.constant;
  for (const std::int64_t size : {1, 2, 3, 4, 6}) {
    for (const std::int64_t sign : {1, -1}) {
      for (const bool above : {true, false}) {
        if (size == 1 && !above) continue;
        if (budget_.stopped()) return false;
        const number::Rational factor =
            above ? number::integer(sign * size) : number::make(sign, size);
        const NodeId matched =
            expr::clone(answer_reading_.parsed.tree, answer, Multiple{target, constant, factor});
        evaluate_answer();
        int direction = 0;
        if (expr::proportional(gold_.scalar(gold), answer_.scalar(matched), domain_, direction,
                               budget_)
                .truth == Truth::kTrue)
          return true;
      }
    }
  }
  return false;
}

}  // namespace pyverify::compare
