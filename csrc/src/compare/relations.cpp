// Relations against one another and against values; chains of equalities (GRADING 18, 19).
#include <algorithm>

#include "answer/words.hpp"
#include "compare/comparer.hpp"
#include "expr/build.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::Relation;

namespace {

constexpr std::uint8_t v(Relation relation) { return static_cast<std::uint8_t>(relation); }

}  // namespace

bool Comparer::identical(NodeId left, NodeId right) const noexcept {
  const expr::Tree& tree = answer_.tree();
  const NodeId left_lo = tree[left].lo;
  const NodeId right_lo = tree[right].lo;
  if (left - left_lo != right - right_lo) return false;
  for (NodeId i = 0; i <= left - left_lo; ++i) {
    const Node& x = tree[left_lo + i];
    const Node& y = tree[right_lo + i];
    if (x.kind != y.kind || x.sub != y.sub) return false;
    if (x.kind == Kind::kNumber && !number::equal(tree.numbers[x.a].value, tree.numbers[y.a].value))
      return false;
    if (x.kind == Kind::kSymbol && tree.symbols[x.a].name != tree.symbols[y.a].name) return false;
    if (x.kind == Kind::kCall && tree.symbols[x.aux].name != tree.symbols[y.aux].name) return false;
    if (x.kind == Kind::kText && answer_.reading->text_of(x) != answer_.reading->text_of(y))
      return false;
  }
  return true;
}

// A link of a chain in the answer. An approximate one must be a right rounding of its exact side.
bool Comparer::true_link(NodeId left, NodeId right, bool approximate) noexcept {
  // 55 + 15 = 70 goats: the unit may stand on one side only
  const bool left_unit = unit_of(answer_, left) != nullptr;
  const bool right_unit = unit_of(answer_, right) != nullptr;
  if (left_unit != right_unit) {
    if (left_unit)
      left = answer_[left].a;
    else
      right = answer_[right].a;
  } else if (left_unit) {
    const answer::UnitReading& x = *unit_of(answer_, left);
    const answer::UnitReading& y = *unit_of(answer_, right);
    if (!answer::same_unit(x.unit, y.unit)) {  // 2 h = 120 min
      return answer::same_dimension(x.unit, y.unit) && x.si != expr::kNoNode &&
             y.si != expr::kNoNode &&
             expr::equal(answer_.scalar(x.si), answer_.scalar(y.si), domain_, budget_).truth ==
                 Truth::kTrue;
    }
    left = answer_[left].a;
    right = answer_[right].a;
  }
  if (!expr::is_scalar(answer_[left].kind) || !expr::is_scalar(answer_[right].kind)) return false;
  const Decision equal = expr::equal(answer_.scalar(left), answer_.scalar(right), domain_, budget_);
  if (equal.truth == Truth::kTrue) return true;
  if (!approximate) return false;
  for (const auto& [exact, rounded] : {std::pair{left, right}, std::pair{right, left}}) {
    const Node n = answer_[rounded];
    const NodeId literal = n.kind == Kind::kNeg ? n.a : rounded;
    if (answer_[literal].kind != Kind::kNumber) continue;
    const expr::Number& number = answer_.tree().numbers[answer_[literal].a];
    if (!number.decimal_point || number.decimals > 17) continue;
    std::int64_t scale = 1;
    for (int i = 0; i < number.decimals; ++i) scale *= 10;
    const number::Rational value = answer_.values->rational[rounded];
    if (!value.valid()) continue;
    if (expr::within(answer_.scalar(exact), value, number::make(1, scale), true, budget_).truth ==
        Truth::kTrue)
      return true;
  }
  return false;
}

// \sin 2x = 2\sin x\cos x states something about x instead of naming a value.
bool Comparer::is_identity(NodeId left, NodeId right) const noexcept {
  const Kind kind = answer_[left].kind;
  if (!expr::is_scalar(kind) || kind == Kind::kSymbol || kind == Kind::kCall ||
      kind == Kind::kOperator || kind == Kind::kMul || kind == Kind::kDiv)
    return false;
  for (NodeId i = answer_[left].lo; i <= left; ++i) {
    if (answer_[i].kind == Kind::kSymbol &&
        mentions(answer_, right, answer_.tree().symbols[answer_[i].a].name))
      return true;
  }
  return false;
}

// A chain of equalities: every link true, then the last member counts (before an approximation, the
// exact one).
bool Comparer::reduce_chain(NodeId answer, Label& out, Reason& problem) noexcept {
  const Node chain = answer_[answer];
  std::vector<NodeId> links;
  if (chain.kind == Kind::kChain)
    links.assign(answer_.tree().items(chain), answer_.tree().items(chain) + chain.b);
  else
    links.push_back(answer);
  std::vector<NodeId> members{answer_[links.front()].a};
  std::vector<bool> approximate;
  for (const NodeId link : links) {
    const std::uint8_t which = answer_[link].sub;
    if (which != v(Relation::kEqual) && which != v(Relation::kApprox)) {
      problem = Reason::kUnsupported;
      return false;
    }
    members.push_back(answer_[link].b);
    approximate.push_back(which == v(Relation::kApprox));
  }
  bool all_identical = true;
  for (std::size_t i = 1; i < members.size(); ++i)
    all_identical &= identical(members[0], members[i]);
  if (all_identical) {
    problem = Reason::kTautology;
    return false;
  }
  std::size_t first = 0;
  out = {};
  // x = ... : a name in front; f(x) = y = ...: several names
  while (first + 1 < members.size() &&
         ((is_label(answer_, members[first]) && !is_identity(members[first], members.back())) ||
          (first == 0 && is_matrix_label(answer_, members[0], members.back())))) {
    const Kind next = answer_[members[first + 1]].kind;
    const bool more = first + 2 < members.size();
    if (first > 0 && !more && next != Kind::kSymbol &&
        answer_[members[first]].kind != Kind::kSymbol &&
        answer_[members[first]].kind != Kind::kCall)
      break;
    if (out.name == expr::kNoNode) out.name = members[first];
    ++first;
    if (first >= 2) break;
  }
  if (first == 0 && members.size() == 2 && answer_[members[1]].kind == Kind::kSymbol &&
      !approximate[0]) {  // 5 = x
    out.name = members[1];
    out.value = members[0];
    return true;
  }
  // S = x + y = 3 + 4 = 7: what stands between the name and the numbers only says where they come
  // from
  // (S \approx x\pi \approx 7 says nothing exact)
  while (first > 0 && first + 1 < members.size() && !approximate[first - 1] &&
         !approximate[first] && answer_[members[first]].kind != Kind::kNeg &&
         expr::is_scalar(answer_[members[first]].kind) && has_variables(answer_, members[first]) &&
         !has_variables(answer_, members.back())) {
    ++first;
  }
  for (std::size_t i = first; i + 1 < members.size(); ++i) {
    if (!true_link(members[i], members[i + 1], approximate[i])) {
      problem = Reason::kFalseChain;
      return false;
    }
  }
  out.value = members.back();
  // with an approximation the exact side counts
  for (std::size_t i = members.size() - 1; i > first && approximate[i - 1]; --i) {
    const auto decimal = [&](NodeId id) {
      if (unit_of(answer_, id) != nullptr) id = answer_[id].a;  // \approx 3.16 cm
      const Node n = answer_[id];
      const NodeId literal = n.kind == Kind::kNeg ? n.a : id;
      return answer_[literal].kind == Kind::kNumber &&
             answer_.tree().numbers[answer_[literal].a].decimal_point;
    };
    if (decimal(out.value) && !decimal(members[i - 1])) out.value = members[i - 1];
  }
  return true;
}

// (y, x): of a point that the gold gives without names.
bool Comparer::turns_coordinates(NodeId name) const noexcept {
  const Node& n = answer_[name];
  if (n.kind != Kind::kTuple) return false;
  const auto rank = [&](std::uint32_t i) {
    const Node& letter = answer_[answer_.tree().items(n)[i]];
    const std::uint64_t symbol =
        letter.kind == Kind::kSymbol ? answer_.tree().symbols[letter.a].name : 0;
    constexpr std::string_view kOrder = "xyz";
    for (std::size_t k = 0; k < kOrder.size(); ++k) {
      if (symbol == number::mix(static_cast<unsigned char>(kOrder[k]))) return static_cast<int>(k);
    }
    return -1;
  };
  bool turned = false;
  for (std::uint32_t i = 0; i < n.b; ++i) {
    if (rank(i) < 0) return false;
    turned |= i > 0 && rank(i) < rank(i - 1);
  }
  return turned;
}

// (x, y) = (1, 2): the gold names its entries, so that it is no interval.
bool Comparer::names_entries(const Label& gold) const noexcept {
  return gold.name != expr::kNoNode &&
         (gold_[gold.name].kind == Kind::kTuple || gold_[gold.name].kind == Kind::kMatrix);
}

Decision Comparer::compare_relations(NodeId gold, NodeId answer) noexcept {
  const Node g = gold_[gold];
  const Node a = answer_[answer];
  Label mine;
  if (g.kind == Kind::kRelation) mine = label_of(gold_, gold);
  if (g.kind == Kind::kChain) {
    // a gold chain: its last member, with the name in front
    const NodeId first = gold_.tree().items(g)[0];
    const NodeId last = gold_.tree().items(g)[g.b - 1];
    if (a.kind == Kind::kChain && a.b == g.b) {
      bool same = true;
      for (std::uint32_t i = 0; i < g.b && same; ++i) {
        const NodeId x = gold_.tree().items(g)[i];
        const NodeId y = answer_.tree().items(answer_[answer])[i];
        same = gold_[x].sub == answer_[y].sub &&
               compare(gold_[x].a, answer_[y].a).truth == Truth::kTrue &&
               compare(gold_[x].b, answer_[y].b).truth == Truth::kTrue;
      }
      if (same || same_members(gold, answer)) return yes(Reason::kStructure);
    }
    if (gold_[first].sub != v(Relation::kEqual) && gold_[first].sub != v(Relation::kApprox))
      return no(Reason::kStructure);
    if (gold_[last].sub != v(Relation::kEqual) && gold_[last].sub != v(Relation::kApprox))
      return unknown(Reason::kUnsupported);
    if (is_label(gold_, gold_[first].a)) mine.name = gold_[first].a;
    mine.value = gold_[last].b;
  }
  // 2\sqrt3 \approx 3.464 gives a value twice
  const bool rounded = g.kind == Kind::kRelation && g.sub == v(Relation::kApprox) &&
                       mine.value == expr::kNoNode && expr::is_scalar(gold_[g.a].kind) &&
                       !has_variables(gold_, gold);
  if (rounded) {
    const Decision exact = compare(g.a, answer);
    return exact.truth == Truth::kTrue ? exact : compare(g.b, answer);
  }
  const bool gold_relation = g.kind == Kind::kRelation || g.kind == Kind::kChain;
  const bool answer_relation = a.kind == Kind::kRelation || a.kind == Kind::kChain;
  if (!answer_relation) {
    if (mine.value != expr::kNoNode) return compare(mine.value, answer);
    return no(Reason::kKindMismatch);
  }
  // x = y = 0 for (0, 0)
  if (a.kind == Kind::kChain &&
      (g.kind == Kind::kTuple ||
       (mine.value != expr::kNoNode && gold_[mine.value].kind == Kind::kTuple))) {
    const Node tuple = gold_[g.kind == Kind::kTuple ? gold : mine.value];
    const Node chain = answer_[answer];
    const NodeId last = answer_[answer_.tree().items(chain)[chain.b - 1]].b;
    if (chain.b == tuple.b && expr::is_scalar(answer_[last].kind)) {
      bool names = true;
      for (std::uint32_t i = 0; i < chain.b; ++i) {
        const Node link = answer_[answer_.tree().items(chain)[i]];
        names &= link.sub == v(Relation::kEqual) && answer_[link.a].kind == Kind::kSymbol;
      }
      if (names) {
        for (std::uint32_t i = 0; i < tuple.b; ++i) {
          const Decision one = compare(gold_.tree().items(tuple)[i], last);
          if (one.truth != Truth::kTrue) return one;
        }
        return yes(Reason::kStructure);
      }
    }
  }
  // the equation as the gold has it
  if (g.kind == Kind::kRelation && a.kind == Kind::kRelation) {
    const Decision same = compare_equations(gold, answer);
    if (same.truth == Truth::kTrue && identical_unknown_left(answer)) return no(Reason::kUnsolved);
    if (same.truth == Truth::kTrue && solved_gold(gold, mine) && !solved_answer(answer))
      return no(Reason::kUnsolved);
    if (same.truth == Truth::kTrue) return same;
  }
  if (a.kind == Kind::kRelation && a.sub == v(Relation::kIn)) {
    if (gold_relation && mine.value == expr::kNoNode) return compare_equations(gold, answer);
    const NodeId value = mine.value != expr::kNoNode ? mine.value : gold;
    // a vector is no interval, a number no name, and 2x in (4, 6) leaves x to be found
    if (gold_[value].kind == Kind::kMatrix || names_entries(mine)) return no(Reason::kKindMismatch);
    std::vector<std::uint64_t> unknowns;
    symbols(answer_, a.a, unknowns);
    if (unknowns.size() <= 1 && !is_label(answer_, a.a)) return no(Reason::kUnsolved);
    return compare(value, a.b);
  }
  Label theirs;
  Reason problem = Reason::kUnsupported;
  if (!reduce_chain(answer, theirs, problem)) {
    if (problem == Reason::kFalseChain && has_variables(answer_, answer)) {
      return no(mine.value != expr::kNoNode || !gold_relation ? Reason::kUnsolved
                                                              : Reason::kStructure);
    }
    return problem == Reason::kUnsupported ? unknown(problem) : no(problem);
  }
  if (gold_relation && mine.value == expr::kNoNode) return no(Reason::kStructure);
  // the unknown on both sides proves nothing
  if (theirs.name != expr::kNoNode && answer_[theirs.name].kind == Kind::kSymbol &&
      mentions(answer_, theirs.value, answer_.tree().symbols[answer_[theirs.name].a].name)) {
    return no(Reason::kUnsolved);
  }
  if (theirs.name == expr::kNoNode)
    return compare(mine.value != expr::kNoNode ? mine.value : gold, theirs.value);
  if (mine.name == expr::kNoNode) {
    const NodeId value = mine.value != expr::kNoNode ? mine.value : gold;
    if (turns_coordinates(theirs.name)) return no(Reason::kSymbolMismatch);
    if (answer_[theirs.name].kind == Kind::kSymbol && expr::is_scalar(gold_[value].kind) &&
        mentions(gold_, value, answer_.tree().symbols[answer_[theirs.name].a].name)) {
      return no(Reason::kSymbolMismatch);  // the gold is an expression in that letter
    }
    if (declares_other_argument(theirs)) return no(Reason::kSymbolMismatch);
    return compare(value, theirs.value);
  }
  const Decision label = same_label(mine.name, theirs.name);
  if (label.truth == Truth::kUnknown && budget_.stopped()) return label;
  if (label.truth != Truth::kTrue) {
    const bool functions =
        is_function_label(gold_, mine.name) && is_function_label(answer_, theirs.name) &&
        (gold_[mine.name].kind != Kind::kCall || answer_[theirs.name].kind != Kind::kCall);
    // x^2 + y^2 = C: the arbitrary constant of a family may have another name
    const bool constants = gold_[mine.name].kind == Kind::kSymbol &&
                           answer_[theirs.name].kind == Kind::kSymbol && mine.name > mine.value &&
                           theirs.name > theirs.value && holds_unknown(gold_, mine.value) &&
                           gold_constant(gold_.tree().symbols[gold_[mine.name].a].name) &&
                           answer_constant(answer_.tree().symbols[answer_[theirs.name].a].name);
    if (!functions && !constants) return differ(mine.name, theirs.name, Reason::kSymbolMismatch);
  }
  return compare(mine.value, theirs.value);
}

// x = ... with the unknown alone: is the gold solved?
bool Comparer::solved_gold(NodeId gold, const Label& label) const noexcept {
  if (label.name == expr::kNoNode || gold_[label.name].kind != Kind::kSymbol) return false;
  std::vector<std::uint64_t> names;
  symbols(gold_, gold, names);
  return names.size() == 1;
}

bool Comparer::solved_answer(NodeId answer) const noexcept {
  const Node& n = answer_[answer];
  const auto alone = [&](NodeId unknown, NodeId rest) {
    return answer_[unknown].kind == Kind::kSymbol &&
           !mentions(answer_, rest, answer_.tree().symbols[answer_[unknown].a].name);
  };
  return alone(n.a, n.b) || alone(n.b, n.a);
}

// x = 6 - x: a letter alone on one side and again on the other.
bool Comparer::identical_unknown_left(NodeId answer) const noexcept {
  const Node& n = answer_[answer];
  if (n.sub != v(Relation::kEqual)) return false;
  return answer_[n.a].kind == Kind::kSymbol &&
         mentions(answer_, n.b, answer_.tree().symbols[answer_[n.a].a].name);
}

}  // namespace pyverify::compare
