// What may stand in front of an equals sign as a name, and when two names are one (GRADING 13, 18).
#include <algorithm>

#include "answer/words.hpp"
#include "compare/comparer.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::Relation;

namespace {

constexpr std::uint8_t v(Relation relation) { return static_cast<std::uint8_t>(relation); }

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
  const std::string_view text =
      side.reading->text.substr(side.tree().symbols[side[n.a].a].text_begin);
  return (text.starts_with("\\complement") || text.starts_with("∁")) && is_label(side, n.b);
}

// \nabla f
bool Comparer::is_gradient(const Side& side, NodeId id) const noexcept {
  const Node& n = side[id];
  if (side[n.a].kind != Kind::kSymbol || !is_label(side, n.b)) return false;
  return side.reading->text.substr(side.tree().symbols[side[n.a].a].text_begin)
      .starts_with("\\nabla");
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
    return rest.starts_with("\\vec") || rest.starts_with("\\overrightarrow") ||
           rest.starts_with("\\overline");
  };
  return (n.kind == Kind::kMul || n.kind == Kind::kDiv) && is_measure(n.a) && is_measure(n.b);
}

// A^{-1}, A^T, P^{-1}AP: what a matrix or a vector may be the value of. Of a number these are
// arithmetic.
bool Comparer::is_matrix_label(const Side& side, NodeId id, NodeId value) const noexcept {
  const Kind kind = side[value].kind;
  if (kind != Kind::kMatrix && kind != Kind::kTuple) return false;
  const auto name_at = [&](NodeId part) {
    return side[part].kind == Kind::kSymbol
               ? side.reading->text.substr(side.tree().symbols[side[part].a].text_begin)
               : std::string_view{};
  };
  const auto is_matrix = [&](NodeId part) {
    const std::string_view name = name_at(part);
    return is_figure(side, part) || (!name.empty() && name[0] >= 'A' && name[0] <= 'Z');
  };
  bool marked = false;  // an inverse or a transpose is there
  for (NodeId i = side[id].lo; i <= id; ++i) {
    const Node& n = side[i];
    if (n.kind != Kind::kPow) continue;
    const bool inverse = number::equal(side.values->rational[n.b], number::integer(-1));
    const bool transpose = name_at(n.b).starts_with('T') || name_at(n.b).starts_with("\\top");
    if (!is_matrix(n.a) || !(inverse || transpose)) return false;
    marked = true;
  }
  if (!marked || id - side[id].lo > 12) return false;
  for (NodeId i = side[id].lo; i <= id; ++i) {
    const Kind part = side[i].kind;
    const bool fits = part == Kind::kPow || part == Kind::kMul || part == Kind::kSymbol ||
                      part == Kind::kNumber || part == Kind::kNeg;
    if (!fits) return false;
    if (part == Kind::kMul &&
        (side[side[i].a].kind == Kind::kNumber || side[side[i].b].kind == Kind::kNumber))
      return false;
  }
  return true;
}

// The letters of AB and of \overline{AB}.
std::string_view Comparer::figure_letters(const Side& side, NodeId id) const noexcept {
  const Node& n = side[id];
  const std::string_view text = side.reading->text;
  if (n.kind == Kind::kSymbol) {
    constexpr std::string_view kLine = "\\overline{";
    const expr::Symbol& symbol = side.tree().symbols[n.a];
    const std::string_view name =
        text.substr(symbol.text_begin, symbol.text_end - symbol.text_begin);
    if (!name.starts_with(kLine) || name.size() < kLine.size() + 2) return {};
    return name.substr(kLine.size(), name.size() - kLine.size() - 1);
  }
  if (!is_figure(side, id) || side[n.lo].kind != Kind::kSymbol || side[n.b].kind != Kind::kSymbol)
    return {};
  const std::uint32_t begin = side.tree().symbols[side[n.lo].a].text_begin;
  return text.substr(begin, side.tree().symbols[side[n.b].a].text_end - begin);
}

// A name, or a function or measure of something: x, S_10, f(x), P(A), |AB|, Area, (x, y).
// Arithmetic on unknowns is none.
bool Comparer::is_label(const Side& side, NodeId id) const noexcept {
  const Node& n = side[id];
  switch (n.kind) {
    case Kind::kSymbol:
    case Kind::kCall:
    case Kind::kE:
    case Kind::kI:
      return true;
    case Kind::kText:
      return answer::names_a_value(side.reading->text_of(n));
    case Kind::kFunction:
    case Kind::kMax:
    case Kind::kMin:
    case Kind::kGcd:
    case Kind::kLcm:
    case Kind::kReal:
    case Kind::kImag:
    case Kind::kAbs:
      return has_variables(side, id);
    case Kind::kOperator:
      return true;  // \int_0^1 x^2 dx: what was asked
    case Kind::kMul:
      if (is_gradient(side, id)) return true;
      [[fallthrough]];
    case Kind::kDiv:
      return is_complement(side, id) || is_figure(side, id) || is_product_of_figures(side, id);
    case Kind::kUnion:
    case Kind::kIntersection:  // A \cap B
      return std::all_of(side.tree().items(n), side.tree().items(n) + n.b,
                         [&](NodeId item) { return is_label(side, item); });
    case Kind::kDifference:
      return is_label(side, n.a) && is_label(side, n.b);
    case Kind::kTuple:
    case Kind::kMatrix: {
      for (std::uint32_t i = 0; i < n.b; ++i) {
        const Kind kind = side[side.tree().items(n)[i]].kind;
        if (kind != Kind::kSymbol && kind != Kind::kI && kind != Kind::kE) return false;
      }
      return true;
    }
    case Kind::kRatio: {
      for (std::uint32_t i = 0; i < n.aux; ++i) {
        const NodeId member = side.tree().items(n)[i];
        if (side[member].kind != Kind::kSymbol && side[member].kind != Kind::kMul &&
            side[member].kind != Kind::kAbs)
          return false;
        if (!has_variables(side, member)) return false;
      }
      return true;
    }
    default:
      return false;
  }
}

Comparer::Label Comparer::label_of(const Side& side, NodeId relation) const noexcept {
  const Node& n = side[relation];
  if (n.kind != Kind::kRelation || (n.sub != v(Relation::kEqual) && n.sub != v(Relation::kApprox)))
    return {};
  if (is_label(side, n.a) || is_matrix_label(side, n.a, n.b)) return {n.a, n.b};
  // 5 = x
  if (side[n.b].kind == Kind::kSymbol && is_label(side, n.b)) return {n.b, n.a};
  return {};
}

// I(t) and I: a function with the letters it depends on, or without.
bool Comparer::shows_arguments(NodeId gold, NodeId answer) const noexcept {
  const bool gold_call = gold_[gold].kind == Kind::kCall;
  const Side& side = gold_call ? gold_ : answer_;
  const Side& bare = gold_call ? answer_ : gold_;
  const Node& call = side[gold_call ? gold : answer];
  const Node& name = bare[gold_call ? answer : gold];
  if (call.kind != Kind::kCall || name.kind != Kind::kSymbol) return false;
  for (std::uint32_t i = 0; i < call.b; ++i) {
    if (side[side.tree().items(call)[i]].kind != Kind::kSymbol) return false;
  }
  return side.tree().symbols[call.aux].name == bare.tree().symbols[name.a].name;
}

Decision Comparer::same_label(NodeId gold, NodeId answer) noexcept {
  if (budget_.spend(8)) {
    const Decision same = compare_labels(gold, answer);
    if (same.truth != Truth::kFalse || !budget_.stopped()) return same;
  }
  return unknown(budget_.stopped_by());
}

Decision Comparer::compare_labels(NodeId gold, NodeId answer) noexcept {
  // |AB| and AB are one length
  if (gold_[gold].kind == Kind::kAbs && is_figure(gold_, gold_[gold].a)) gold = gold_[gold].a;
  if (answer_[answer].kind == Kind::kAbs && is_figure(answer_, answer_[answer].a))
    answer = answer_[answer].a;
  const Node g = gold_[gold];
  const Node a = answer_[answer];
  if (g.kind != a.kind) {
    const std::string_view figure = figure_letters(gold_, gold);
    const bool same = (!figure.empty() && figure == figure_letters(answer_, answer)) ||
                      shows_arguments(gold, answer);
    return same ? yes(Reason::kStructure) : no(Reason::kSymbolMismatch);
  }
  switch (g.kind) {
    case Kind::kSymbol: {
      const bool same = gold_.tree().symbols[g.a].name == answer_.tree().symbols[a.a].name;
      return same ? yes(Reason::kStructure) : no(Reason::kSymbolMismatch);
    }
    case Kind::kE:
    case Kind::kI:
      return yes(Reason::kStructure);
    case Kind::kText:
      return compare_texts(gold, answer);
    case Kind::kCall: {
      if (gold_.tree().symbols[g.aux].name != answer_.tree().symbols[a.aux].name || g.b != a.b)
        return no(Reason::kSymbolMismatch);
      for (std::uint32_t i = 0; i < g.b; ++i) {
        const NodeId mine = gold_.tree().items(g)[i];
        const NodeId theirs = answer_.tree().items(answer_[answer])[i];
        const Decision one = compare(mine, theirs);
        if (one.truth != Truth::kTrue) return no(Reason::kSymbolMismatch);
      }
      return yes(Reason::kStructure);
    }
    case Kind::kTuple:
    case Kind::kMatrix: {
      if (g.b != a.b) return no(Reason::kSymbolMismatch);
      for (std::uint32_t i = 0; i < g.b; ++i) {
        const Decision one = same_label(gold_.tree().items(g)[i], answer_.tree().items(a)[i]);
        if (one.truth != Truth::kTrue) return one;
      }
      return yes(Reason::kStructure);
    }
    case Kind::kRatio: {
      if (g.aux != a.aux) return no(Reason::kSymbolMismatch);
      for (std::uint32_t i = 0; i < g.aux; ++i) {
        const Decision one = same_label(gold_.tree().items(g)[i], answer_.tree().items(a)[i]);
        if (one.truth != Truth::kTrue) return one;
      }
      return yes(Reason::kStructure);
    }
    case Kind::kUnion:
    case Kind::kIntersection: {  // A \cap B is B \cap A
      if (g.b != 2 || a.b != 2) return g.b == a.b ? unknown() : no(Reason::kSymbolMismatch);
      const NodeId* mine = gold_.tree().items(g);
      const NodeId* theirs = answer_.tree().items(a);
      for (const int first : {0, 1}) {
        if (same_label(mine[0], theirs[first]).truth == Truth::kTrue &&
            same_label(mine[1], theirs[1 - first]).truth == Truth::kTrue)
          return yes(Reason::kStructure);
      }
      return no(Reason::kSymbolMismatch);
    }
    case Kind::kDifference: {
      const Decision one = same_label(g.a, a.a);
      return one.truth == Truth::kTrue ? same_label(g.b, a.b) : one;
    }
    default: {
      if (!expr::is_scalar(g.kind)) return unknown(Reason::kUnsupported);
      const Decision value =
          expr::equal(gold_.scalar(gold), answer_.scalar(answer), domain_, budget_);
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

// The X of E(X) = np.
bool Comparer::is_event(const Side& side, NodeId id) const noexcept {
  if (side[id].kind != Kind::kSymbol) return false;
  const char first = side.reading->text[side.tree().symbols[side[id].a].text_begin];
  return first >= 'A' && first <= 'Z';
}

// f(t) = 2x: the argument shown isn't the one used.
bool Comparer::declares_other_argument(const Label& label) const noexcept {
  const Node n = answer_[label.name];
  if (n.kind != Kind::kCall || n.b != 1) return false;
  const NodeId argument = answer_.tree().items(n)[0];
  if (is_event(answer_, argument)) return false;
  return answer_[argument].kind == Kind::kSymbol && has_variables(answer_, label.value) &&
         !mentions(answer_, label.value, answer_.tree().symbols[answer_[argument].a].name);
}

}  // namespace pyverify::compare
