// Labels, equations, inequalities, chains of equalities (GRADING 13, 18, 19).
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

// The same inequality seen from the other side.
Relation mirrored(Relation relation) {
  switch (relation) {
    case Relation::kLess: return Relation::kGreater;
    case Relation::kLessEqual: return Relation::kGreaterEqual;
    case Relation::kGreater: return Relation::kLess;
    case Relation::kGreaterEqual: return Relation::kLessEqual;
    default: return relation;
  }
}

}  // namespace

// AB, ABCD: a segment or a figure.
bool Comparer::is_figure(const Side& side, NodeId id) const noexcept {
  const Node& n = side[id];
  if (n.kind != Kind::kMul || id - n.lo > 6) return false;
  for (NodeId i = n.lo; i <= id; ++i) {
    if (side[i].kind == Kind::kMul) continue;
    if (side[i].kind != Kind::kSymbol) return false;
    const char first = side.reading->text[side.tree().symbols[side[i].a].text_begin];
    if (first < 'A' || first > 'Z') return false;
  }
  return true;
}

// \complement_U A
bool Comparer::is_complement(const Side& side, NodeId id) const noexcept {
  const Node& n = side[id];
  if (n.kind != Kind::kMul || side[n.a].kind != Kind::kSymbol) return false;
  const std::string_view text = side.reading->text.substr(side.tree().symbols[side[n.a].a].text_begin);
  return (text.starts_with("\\complement") || text.starts_with("∁")) && is_label(side, n.b);
}

// BD/DC, AB \cdot AC, \vec a \cdot \vec b: measures made of segments and vectors.
bool Comparer::is_product_of_figures(const Side& side, NodeId id) const noexcept {
  const Node& n = side[id];
  const auto is_measure = [&](NodeId part) {
    if (is_figure(side, part)) return true;
    const Node& p = side[part];
    if (p.kind == Kind::kAbs) return is_figure(side, p.a);
    if (p.kind != Kind::kSymbol) return false;
    const std::string_view rest = side.reading->text.substr(side.tree().symbols[p.a].text_begin);
    return rest.starts_with("\\vec") || rest.starts_with("\\overrightarrow") || rest.starts_with("\\overline");
  };
  return (n.kind == Kind::kMul || n.kind == Kind::kDiv) && is_measure(n.a) && is_measure(n.b);
}

// A name, or a function or measure of something: x, S_10, f(x), P(A), |AB|, Area, (x, y). Arithmetic on unknowns is none.
bool Comparer::is_label(const Side& side, NodeId id) const noexcept {
  const Node& n = side[id];
  switch (n.kind) {
    case Kind::kSymbol: case Kind::kCall: case Kind::kText: case Kind::kE: case Kind::kI: return true;
    case Kind::kFunction: case Kind::kMax: case Kind::kMin: case Kind::kGcd: case Kind::kLcm: case Kind::kReal: case Kind::kImag:
    case Kind::kAbs:
      return has_variables(side, id);
    case Kind::kOperator: return true;  // \int_0^1 x^2 dx: what was asked
    case Kind::kMul: case Kind::kDiv: return is_complement(side, id) || is_figure(side, id) || is_product_of_figures(side, id);
    case Kind::kUnion: case Kind::kIntersection:  // A \cap B
      return std::all_of(side.tree().items(n), side.tree().items(n) + n.b, [&](NodeId item) { return is_label(side, item); });
    case Kind::kDifference: return is_label(side, n.a) && is_label(side, n.b);
    case Kind::kTuple: case Kind::kMatrix: {
      for (std::uint32_t i = 0; i < n.b; ++i) {
        const Kind kind = side[side.tree().items(n)[i]].kind;
        if (kind != Kind::kSymbol && kind != Kind::kI && kind != Kind::kE) return false;
      }
      return true;
    }
    case Kind::kRatio: {
      for (std::uint32_t i = 0; i < n.aux; ++i) {
        const NodeId member = side.tree().items(n)[i];
        if (side[member].kind != Kind::kSymbol && side[member].kind != Kind::kMul && side[member].kind != Kind::kAbs) return false;
        if (!has_variables(side, member)) return false;
      }
      return true;
    }
    default: return false;
  }
}

Comparer::Label Comparer::label_of(const Side& side, NodeId relation) const noexcept {
  const Node& n = side[relation];
  if (n.kind != Kind::kRelation || (n.sub != v(Relation::kEqual) && n.sub != v(Relation::kApprox))) return {};
  if (is_label(side, n.a)) return {n.a, n.b};
  // 5 = x
  if (side[n.b].kind == Kind::kSymbol && is_label(side, n.b)) return {n.b, n.a};
  return {};
}

Decision Comparer::same_label(NodeId gold, NodeId answer, NodeId bound) noexcept {
  // |AB| and AB are one length
  if (gold_[gold].kind == Kind::kAbs && is_figure(gold_, gold_[gold].a)) gold = gold_[gold].a;
  if (answer_[answer].kind == Kind::kAbs && is_figure(answer_, answer_[answer].a)) answer = answer_[answer].a;
  const Node g = gold_[gold];
  const Node a = answer_[answer];
  if (g.kind != a.kind) return no(Reason::kSymbolMismatch);
  switch (g.kind) {
    case Kind::kSymbol: {
      const bool same = gold_.tree().symbols[g.a].name == answer_.tree().symbols[a.a].name;
      return same ? yes(Reason::kStructure) : no(Reason::kSymbolMismatch);
    }
    case Kind::kE: case Kind::kI: case Kind::kOperator: return yes(Reason::kStructure);
    case Kind::kText: return compare_texts(gold, answer);
    case Kind::kCall: {
      if (gold_.tree().symbols[g.aux].name != answer_.tree().symbols[a.aux].name || g.b != a.b) return no(Reason::kSymbolMismatch);
      for (std::uint32_t i = 0; i < g.b; ++i) {
        const NodeId mine = gold_.tree().items(g)[i];
        const NodeId theirs = answer_.tree().items(answer_[answer])[i];
        const Decision one = compare(mine, theirs);
        if (one.truth == Truth::kTrue) continue;
        // a shown bound argument may be renamed
        const bool letters = gold_[mine].kind == Kind::kSymbol && answer_[theirs].kind == Kind::kSymbol;
        if (!letters || g.b != 1 || renamed_ || bound == expr::kNoNode) return no(Reason::kSymbolMismatch);
        const std::uint64_t to = gold_.tree().symbols[gold_[mine].a].name;
        if (!mentions(gold_, bound, to)) return no(Reason::kSymbolMismatch);
        const std::uint64_t from = answer_.tree().symbols[answer_[theirs].a].name;
        for (const expr::Symbol& symbol : answer_.tree().symbols) {
          if (symbol.name == to) return no(Reason::kSymbolMismatch);
        }
        rename_answer(from, to);
      }
      return yes(Reason::kStructure);
    }
    case Kind::kTuple: case Kind::kMatrix: {
      if (g.b != a.b) return no(Reason::kSymbolMismatch);
      for (std::uint32_t i = 0; i < g.b; ++i) {
        const Decision one = same_label(gold_.tree().items(g)[i], answer_.tree().items(a)[i], expr::kNoNode);
        if (one.truth != Truth::kTrue) return one;
      }
      return yes(Reason::kStructure);
    }
    case Kind::kRatio: {
      if (g.aux != a.aux) return no(Reason::kSymbolMismatch);
      for (std::uint32_t i = 0; i < g.aux; ++i) {
        const Decision one = same_label(gold_.tree().items(g)[i], answer_.tree().items(a)[i], expr::kNoNode);
        if (one.truth != Truth::kTrue) return one;
      }
      return yes(Reason::kStructure);
    }
    default: {
      if (!expr::is_scalar(g.kind)) return yes(Reason::kStructure);
      const Decision value = expr::equal(gold_.scalar(gold), answer_.scalar(answer), domain_, budget_);
      return value.truth == Truth::kTrue ? value : no(Reason::kSymbolMismatch);
    }
  }
}

// y and f(x) stand for one another.
bool Comparer::is_function_label(const Side& side, NodeId id) const noexcept {
  const Node& n = side[id];
  if (n.kind == Kind::kSymbol) return side.tree().symbols[n.a].name == number::mix('y');
  if (n.kind != Kind::kCall) return false;
  for (std::uint32_t i = 0; i < n.b; ++i) {
    if (side[side.tree().items(n)[i]].kind != Kind::kSymbol) return false;
  }
  return true;
}

bool Comparer::identical(NodeId left, NodeId right) const noexcept {
  const expr::Tree& tree = answer_.tree();
  const NodeId left_lo = tree[left].lo;
  const NodeId right_lo = tree[right].lo;
  if (left - left_lo != right - right_lo) return false;
  for (NodeId i = 0; i <= left - left_lo; ++i) {
    const Node& x = tree[left_lo + i];
    const Node& y = tree[right_lo + i];
    if (x.kind != y.kind || x.sub != y.sub) return false;
    if (x.kind == Kind::kNumber && !number::equal(tree.numbers[x.a].value, tree.numbers[y.a].value)) return false;
    if (x.kind == Kind::kSymbol && tree.symbols[x.a].name != tree.symbols[y.a].name) return false;
  }
  return true;
}

// A link of a chain in the answer. An approximate one must be a right rounding of its exact side.
bool Comparer::true_link(NodeId left, NodeId right, bool approximate) noexcept {
  // 55 + 15 = 70 goats: the unit may stand on one side only
  const bool left_unit = unit_of(answer_, left) != nullptr;
  const bool right_unit = unit_of(answer_, right) != nullptr;
  if (left_unit != right_unit) {
    if (left_unit) left = answer_[left].a;
    else right = answer_[right].a;
  } else if (left_unit) {
    const answer::UnitReading& x = *unit_of(answer_, left);
    const answer::UnitReading& y = *unit_of(answer_, right);
    if (!answer::same_unit(x.unit, y.unit)) return false;
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
    if (expr::within(answer_.scalar(exact), value, number::make(1, scale), true, budget_).truth == Truth::kTrue) return true;
  }
  return false;
}

// A chain of equalities: every link true, then the last member counts (before an approximation, the exact one).
bool Comparer::reduce_chain(NodeId answer, Label& out, Reason& problem) noexcept {
  const Node chain = answer_[answer];
  std::vector<NodeId> links;
  if (chain.kind == Kind::kChain) links.assign(answer_.tree().items(chain), answer_.tree().items(chain) + chain.b);
  else links.push_back(answer);
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
  for (std::size_t i = 1; i < members.size(); ++i) all_identical &= identical(members[0], members[i]);
  if (all_identical) {
    problem = Reason::kTautology;
    return false;
  }
  std::size_t first = 0;
  out = {};
  // x = ... : a name in front; f(x) = y = ...: several names
  while (first + 1 < members.size() && is_label(answer_, members[first])) {
    const Kind next = answer_[members[first + 1]].kind;
    const bool more = first + 2 < members.size();
    if (first > 0 && !more && next != Kind::kSymbol && answer_[members[first]].kind != Kind::kSymbol && answer_[members[first]].kind != Kind::kCall) break;
    if (out.name == expr::kNoNode) out.name = members[first];
    ++first;
    if (first >= 2) break;
  }
  if (first == 0 && members.size() == 2 && answer_[members[1]].kind == Kind::kSymbol && !approximate[0]) {  // 5 = x
    out.name = members[1];
    out.value = members[0];
    return true;
  }
  // S = x + y = 3 + 4 = 7: what stands between the name and the numbers only says where they come from
  while (first > 0 && first + 1 < members.size() && expr::is_scalar(answer_[members[first]].kind) &&
         has_variables(answer_, members[first]) && !has_variables(answer_, members.back())) {
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
      const Node n = answer_[id];
      const NodeId literal = n.kind == Kind::kNeg ? n.a : id;
      return answer_[literal].kind == Kind::kNumber && answer_.tree().numbers[answer_[literal].a].decimal_point;
    };
    if (decimal(out.value) && !decimal(members[i - 1])) out.value = members[i - 1];
  }
  return true;
}

// The value of a node with 0 for a symbol, when that settles it: x y - 6 is -6 whatever y is.
number::Rational Comparer::value_at_zero(const Side& side, NodeId id, std::uint64_t symbol, int depth) const noexcept {
  const number::Rational known = side.values->rational[id];
  if (known.valid() || depth > 24) return known;
  const Node& n = side[id];
  if (n.kind == Kind::kSymbol) return side.tree().symbols[n.a].name == symbol ? number::integer(0) : number::Rational{};
  const auto part = [&](NodeId operand) { return value_at_zero(side, operand, symbol, depth + 1); };
  switch (n.kind) {
    case Kind::kNeg: {
      const number::Rational inner = part(n.a);
      return inner.valid() ? number::neg(inner) : inner;
    }
    case Kind::kAdd: case Kind::kSub: {
      const number::Rational left = part(n.a);
      const number::Rational right = part(n.b);
      if (!left.valid() || !right.valid()) return {};
      return n.kind == Kind::kAdd ? number::add(left, right) : number::sub(left, right);
    }
    case Kind::kMul: {
      const number::Rational left = part(n.a);
      const number::Rational right = part(n.b);
      if ((left.valid() && left.num == 0) || (right.valid() && right.num == 0)) return number::integer(0);
      return left.valid() && right.valid() ? number::mul(left, right) : number::Rational{};
    }
    case Kind::kPow: {
      const number::Rational base = part(n.a);
      const number::Rational exponent = side.values->rational[n.b];
      const bool zero = base.valid() && base.num == 0 && exponent.valid() && exponent.num > 0;
      return zero ? base : number::Rational{};
    }
    default: return {};
  }
}

// xy = 6 and y = 6/x: the differences are proportional but for a letter that can't be 0 on either curve.
bool Comparer::by_lasting_factor(NodeId gold, NodeId answer) noexcept {
  std::vector<std::uint64_t> names;
  symbols(answer_, answer, names);
  if (names.size() < 2 || names.size() > 4) return false;
  expr::Tree& tree = answer_reading_.parsed.tree;
  const auto never_zero = [&](const Side& side, NodeId id, std::uint64_t name) {
    const number::Rational value = value_at_zero(side, id, name, 0);
    return value.valid() && value.num != 0;
  };
  for (const std::uint64_t name : names) {
    const bool multiply = never_zero(gold_, gold, name);
    const bool divide = never_zero(answer_, answer, name);
    if (!multiply && !divide) continue;
    NodeId letter = expr::kNoNode;
    for (NodeId i = answer_[answer].lo; i <= answer && letter == expr::kNoNode; ++i) {
      if (answer_[i].kind == Kind::kSymbol && answer_.tree().symbols[answer_[i].a].name == name) letter = i;
    }
    for (const Kind kind : {Kind::kMul, Kind::kDiv}) {
      if (!(kind == Kind::kMul ? multiply : divide)) continue;
      NodeId scaled = answer;
      for (int power = 1; power <= 2; ++power) {
        scaled = expr::append_binary(tree, kind, scaled, letter);
        evaluate_answer();
        int sign = 0;
        if (expr::proportional(gold_.scalar(gold), answer_.scalar(scaled), domain_, sign, budget_).truth == Truth::kTrue) return true;
      }
    }
  }
  return false;
}

// Two equations or inequalities in several unknowns: one difference is a constant multiple of the other.
Decision Comparer::compare_equations(NodeId gold, NodeId answer) noexcept {
  const Node g = gold_[gold];
  const Node a = answer_[answer];
  if (g.kind != Kind::kRelation || a.kind != Kind::kRelation) return no(Reason::kKindMismatch);
  auto gold_relation = static_cast<Relation>(g.sub);
  auto answer_relation = static_cast<Relation>(a.sub);
  const bool inequality = gold_relation >= Relation::kLess && gold_relation <= Relation::kGreaterEqual;
  if (gold_relation != answer_relation && (!inequality || gold_relation != mirrored(answer_relation))) return no(Reason::kKindMismatch);
  if (g.aux == 0 || a.aux == 0) {
    // sides that are no scalars compare one by one
    const Decision left = compare(g.a, a.a);
    const Decision right = left.truth == Truth::kTrue ? compare(g.b, a.b) : left;
    if (right.truth == Truth::kTrue || gold_relation != answer_relation) return right;
    const bool symmetric = gold_relation == Relation::kEqual || gold_relation == Relation::kParallel || gold_relation == Relation::kPerpendicular;
    if (!symmetric) return right;
    const Decision crossed = compare(g.a, a.b);
    return crossed.truth == Truth::kTrue ? compare(g.b, a.a) : right;
  }
  if (gold_relation > Relation::kGreaterEqual) {
    const Decision left = compare(g.a, a.a);
    return left.truth == Truth::kTrue ? compare(g.b, a.b) : left;
  }
  int sign = 0;
  const Decision same = expr::proportional(gold_.scalar(gold - 1), answer_.scalar(answer - 1), domain_, sign, budget_);
  if (same.truth != Truth::kTrue && gold_relation == Relation::kEqual && by_lasting_factor(gold - 1, answer - 1)) {
    return yes(Reason::kStructure);
  }
  if (same.truth != Truth::kTrue) return same;
  if (!inequality) return same;
  if (sign == 0) return unknown();
  const Relation wanted = sign > 0 ? answer_relation : mirrored(answer_relation);
  return wanted == gold_relation ? same : no(Reason::kStructure);
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
        same = gold_[x].sub == answer_[y].sub && compare(gold_[x].a, answer_[y].a).truth == Truth::kTrue &&
               compare(gold_[x].b, answer_[y].b).truth == Truth::kTrue;
      }
      if (same) return yes(Reason::kStructure);
    }
    if (gold_[first].sub != v(Relation::kEqual) && gold_[first].sub != v(Relation::kApprox)) return no(Reason::kStructure);
    if (gold_[last].sub != v(Relation::kEqual) && gold_[last].sub != v(Relation::kApprox)) return unknown(Reason::kUnsupported);
    if (is_label(gold_, gold_[first].a)) mine.name = gold_[first].a;
    mine.value = gold_[last].b;
  }
  const bool gold_relation = g.kind == Kind::kRelation || g.kind == Kind::kChain;
  const bool answer_relation = a.kind == Kind::kRelation || a.kind == Kind::kChain;
  if (!answer_relation) {
    if (mine.value != expr::kNoNode) return compare(mine.value, answer);
    return no(Reason::kKindMismatch);
  }
  // x = y = 0 for (0, 0)
  if (a.kind == Kind::kChain && (g.kind == Kind::kTuple || (mine.value != expr::kNoNode && gold_[mine.value].kind == Kind::kTuple))) {
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
    if (same.truth == Truth::kTrue && solved_gold(gold, mine) && !solved_answer(answer)) return no(Reason::kUnsolved);
    if (same.truth == Truth::kTrue) return same;
  }
  if (a.kind == Kind::kRelation && a.sub == v(Relation::kIn)) {
    if (gold_relation && mine.value == expr::kNoNode) return compare_equations(gold, answer);
    return compare(mine.value != expr::kNoNode ? mine.value : gold, a.b);
  }
  Label theirs;
  Reason problem = Reason::kUnsupported;
  if (!reduce_chain(answer, theirs, problem)) {
    if (problem == Reason::kFalseChain && has_variables(answer_, answer)) {
      return no(mine.value != expr::kNoNode || !gold_relation ? Reason::kUnsolved : Reason::kStructure);
    }
    return problem == Reason::kUnsupported ? unknown(problem) : no(problem);
  }
  if (gold_relation && mine.value == expr::kNoNode) return no(Reason::kStructure);
  // the unknown on both sides proves nothing
  if (theirs.name != expr::kNoNode && answer_[theirs.name].kind == Kind::kSymbol &&
      mentions(answer_, theirs.value, answer_.tree().symbols[answer_[theirs.name].a].name)) {
    return no(Reason::kUnsolved);
  }
  if (theirs.name == expr::kNoNode) return compare(mine.value != expr::kNoNode ? mine.value : gold, theirs.value);
  if (mine.name == expr::kNoNode) {
    const NodeId value = mine.value != expr::kNoNode ? mine.value : gold;
    if (answer_[theirs.name].kind == Kind::kSymbol && expr::is_scalar(gold_[value].kind) &&
        mentions(gold_, value, answer_.tree().symbols[answer_[theirs.name].a].name)) {
      return no(Reason::kSymbolMismatch);  // the gold is an expression in that letter
    }
    if (declares_other_argument(theirs)) return no(Reason::kSymbolMismatch);
    return compare(value, theirs.value);
  }
  Decision permuted;
  if (by_permuted_names(mine, theirs, permuted)) return permuted;
  const Decision label = same_label(mine.name, theirs.name, mine.value);
  if (label.truth != Truth::kTrue) {
    const bool functions = is_function_label(gold_, mine.name) && is_function_label(answer_, theirs.name) &&
                           (gold_[mine.name].kind != Kind::kCall || answer_[theirs.name].kind != Kind::kCall);
    // x^2 + y^2 = C: the arbitrary constant of a family may have another name
    const bool constants = gold_[mine.name].kind == Kind::kSymbol && answer_[theirs.name].kind == Kind::kSymbol &&
                           mine.name > mine.value && theirs.name > theirs.value && has_variables(gold_, mine.value) &&
                           gold_constant(gold_.tree().symbols[gold_[mine.name].a].name) &&
                           answer_constant(answer_.tree().symbols[answer_[theirs.name].a].name);
    if (!functions && !constants) return differ(mine.name, theirs.name, Reason::kSymbolMismatch);
  }
  return compare(mine.value, theirs.value);
}

// f(t) = 2x: the argument shown isn't the one used.
bool Comparer::declares_other_argument(const Label& label) const noexcept {
  const Node n = answer_[label.name];
  if (n.kind != Kind::kCall || n.b != 1) return false;
  const NodeId argument = answer_.tree().items(n)[0];
  return answer_[argument].kind == Kind::kSymbol && has_variables(answer_, label.value) &&
         !mentions(answer_, label.value, answer_.tree().symbols[answer_[argument].a].name);
}

// (b, a) = (2, 1) for (a, b) = (1, 2)
bool Comparer::by_permuted_names(const Label& gold, const Label& answer, Decision& out) noexcept {
  for (const auto& [side, label] : {std::pair{&gold_, &gold}, std::pair{&answer_, &answer}}) {
    if ((*side)[label->name].kind != Kind::kTuple || (*side)[label->value].kind != Kind::kTuple) return false;
    if ((*side)[label->name].b != (*side)[label->value].b) return false;
  }
  const std::uint32_t count = gold_[gold.name].b;
  if (answer_[answer.name].b != count || count > 8) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    const NodeId name = gold_.tree().items(gold_[gold.name])[i];
    std::uint32_t j = 0;
    while (j < count && same_label(name, answer_.tree().items(answer_[answer.name])[j], expr::kNoNode).truth != Truth::kTrue) ++j;
    if (j == count) return false;
    out = compare(gold_.tree().items(gold_[gold.value])[i], answer_.tree().items(answer_[answer.value])[j]);
    if (out.truth != Truth::kTrue) return true;
  }
  return true;
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
    return answer_[unknown].kind == Kind::kSymbol && !mentions(answer_, rest, answer_.tree().symbols[answer_[unknown].a].name);
  };
  return alone(n.a, n.b) || alone(n.b, n.a);
}

// x = 6 - x: a letter alone on one side and again on the other.
bool Comparer::identical_unknown_left(NodeId answer) const noexcept {
  const Node& n = answer_[answer];
  if (n.sub != v(Relation::kEqual)) return false;
  return answer_[n.a].kind == Kind::kSymbol && mentions(answer_, n.b, answer_.tree().symbols[answer_[n.a].a].name);
}

}  // namespace pyverify::compare
