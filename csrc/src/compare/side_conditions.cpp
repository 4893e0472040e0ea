// Conditions behind a formula that take nothing from it: x + 4 (x != 2), a_n = 2n - 1 (n >= 1)
// (GRADING 12).
#include <algorithm>

#include "compare/comparer.hpp"
#include "compare/real_set_reader.hpp"
#include "compare/residues.hpp"
#include "expr/build.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::NumberSet;
using expr::Relation;

namespace {

// A sequence may begin here without anybody saying so.
constexpr std::int64_t kUsualStart = 1;
// Where two formulas may begin alike.
constexpr std::int64_t kLatestStart = 3;

constexpr std::uint8_t v(Relation relation) { return static_cast<std::uint8_t>(relation); }

bool is_one_of(std::uint64_t name, std::string_view letters) {
  return std::any_of(letters.begin(), letters.end(), [name](char letter) {
    return name == number::mix(static_cast<unsigned char>(letter));
  });
}

}  // namespace

// A formula with its conditions.
Comparer::Conditioned Comparer::read_conditions(const Side& side, NodeId root) const {
  Conditioned out;
  out.value = out.main = root;
  const Node& top = side[root];
  if (top.kind == Kind::kList && (top.sub & latex::kByOr) == 0) {
    std::vector<NodeId> parts = elements(side, root);
    const Node& last = side[parts.back()];
    if (last.kind == Kind::kTuple) {  // (n >= 1, n in N)
      parts.pop_back();
      parts.insert(parts.end(), side.tree().items(last), side.tree().items(last) + last.b);
    }
    const auto restricts = [&](NodeId id) {
      const Node& n = side[id];
      if (n.kind != Kind::kRelation) return false;
      return (n.sub >= v(Relation::kNotEqual) && n.sub <= v(Relation::kGreaterEqual)) ||
             n.sub == v(Relation::kIn);
    };
    if (!std::all_of(parts.begin() + 1, parts.end(), restricts)) return out;
    out.main = out.value = parts[0];
    out.conditions.assign(parts.begin() + 1, parts.end());
  }
  const Label label = label_of(side, out.main);
  if (label.name != expr::kNoNode) {
    out.name = label.name;
    out.value = label.value;
  }
  if (!expr::is_scalar(side[out.value].kind) ||
      (out.main != out.value && label.name == expr::kNoNode))
    out.conditions.clear();
  return out;
}

// n >= 1, n > 0, n in N*: where an index begins. False when a condition says something else.
bool Comparer::read_start(const Side& side, const Conditioned& formula, std::int64_t& start) const {
  const bool indexed = formula.name != expr::kNoNode && side[formula.name].kind == Kind::kSymbol &&
                       side.tree().symbols[side[formula.name].a].indexed;
  // x = n pi, n > 0 is no sequence but some of the solutions
  if (formula.name != expr::kNoNode && !indexed && side[formula.name].kind != Kind::kCall)
    return false;
  std::uint64_t index = 0;
  bool counts = indexed || domain_.integers;  // the letter is known to be an integer
  start = 0;
  for (const NodeId id : formula.conditions) {
    const Node& n = side[id];
    NumberSet set{};
    const bool mirrored = n.sub == v(Relation::kLess) || n.sub == v(Relation::kLessEqual);
    const bool strict = n.sub == v(Relation::kLess) || n.sub == v(Relation::kGreater);
    std::int64_t low = 0;
    if (n.sub == v(Relation::kIn)) {
      if (!number_set_of(side, n.b, set)) return false;
      const bool positive =
          set == NumberSet::kIntegerPositive || set == NumberSet::kNaturalPositive;
      if (!positive && set != NumberSet::kNatural) return false;
      low = positive ? 1 : 0;
      counts = true;
    } else {
      if (n.sub == v(Relation::kNotEqual)) return false;
      const number::Rational bound = side.values->rational[mirrored ? n.a : n.b];
      if (!bound.is_integer() || bound.num < 0 || bound.num > kLatestStart) return false;
      low = bound.num + (strict ? 1 : 0);
    }
    const std::uint64_t name = name_of(side, mirrored ? n.b : n.a);
    if (name == 0 || (index != 0 && name != index)) return false;
    index = name;
    start = std::max(start, low);
  }
  counts |= is_one_of(index, "n");
  return index != 0 && counts && start <= kLatestStart && is_one_of(index, "nkm") &&
         mentions(side, formula.value, index);
}

// What a gold states although an answer need not: a point left out, or what its parameters are.
bool Comparer::is_dispensable(const Conditioned& gold) const {
  std::int64_t start = 0;
  if (read_start(gold_, gold, start)) return start <= kUsualStart;
  std::vector<std::uint64_t> names;
  symbols(gold_, gold.value, names);
  const auto is_parameter = [](std::uint64_t name) { return is_one_of(name, "abcdpqr"); };
  // x = \sqrt a, a > 0: all but the unknown are parameters
  const bool solved = gold.name != expr::kNoNode && is_one_of(name_of(gold_, gold.name), "xztw") &&
                      std::all_of(names.begin(), names.end(), is_parameter);
  return std::all_of(gold.conditions.begin(), gold.conditions.end(), [&](NodeId id) {
    std::vector<std::uint64_t> own;
    symbols(gold_, id, own);
    const bool inside =
        !own.empty() && std::includes(names.begin(), names.end(), own.begin(), own.end());
    const Node& n = gold_[id];
    return inside && n.sub != v(Relation::kIn) && (solved || n.sub == v(Relation::kNotEqual));
  });
}

// x != 3 beside an answer, where the gold has no value at 3 anyway.
bool Comparer::is_implied(const Conditioned& gold, NodeId condition) noexcept {
  const Node n = answer_[condition];
  const std::uint64_t name = name_of(answer_, n.a);
  if (n.sub != v(Relation::kNotEqual) || name == 0 || is_symbolic(answer_, n.b) ||
      !expr::is_scalar(answer_[n.b].kind) || !mentions(gold_, gold.value, name))
    return false;
  const NodeId copy = adopted(gold_, gold.value);
  if (copy == expr::kNoNode) return false;
  const NodeId there = expr::clone(answer_reading_.parsed.tree, copy, expr::Substitute{name, n.b});
  evaluate_answer();
  return (answer_.values->flags[there] & expr::kUndefined) != 0;
}

// Accepts what differs in such conditions only; false leaves everything open.
bool Comparer::equal_up_to_conditions(NodeId gold, NodeId answer) noexcept {
  const auto may_hold = [](const Side& side, NodeId id) { return side[id].kind == Kind::kList; };
  if (!may_hold(gold_, gold) && !may_hold(answer_, answer)) return false;
  const Conditioned mine = read_conditions(gold_, gold);
  const Conditioned theirs = read_conditions(answer_, answer);
  if (mine.conditions.empty() && theirs.conditions.empty()) return false;
  std::int64_t my_start = 0;
  std::int64_t their_start = 0;
  const bool starts = read_start(answer_, theirs, their_start);
  bool fits = false;
  if (theirs.conditions.empty()) {
    fits = is_dispensable(mine);
  } else if (mine.conditions.empty()) {
    fits = (starts && their_start <= kUsualStart) ||
           std::all_of(theirs.conditions.begin(), theirs.conditions.end(),
                       [&](NodeId id) { return is_implied(mine, id); });
  } else {
    fits = starts && read_start(gold_, mine, my_start) && my_start == their_start;
  }
  if (!fits) return false;
  const NodeId own = mine.conditions.empty() ? gold : mine.main;
  return compare(own, theirs.conditions.empty() ? answer : theirs.main).truth == Truth::kTrue;
}

}  // namespace pyverify::compare
