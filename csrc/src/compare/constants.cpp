// Arbitrary constants: of integration, and those of families of solutions (GRADING 13).
#include <algorithm>

#include "compare/comparer.hpp"
#include "expr/build.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;

namespace {

constexpr std::size_t kMostConstants = 3;

bool is_letter(const expr::Symbol& symbol, char letter) {
  return symbol.base == number::mix(static_cast<unsigned char>(letter));
}

bool is_one_of(const expr::Symbol& symbol, std::string_view letters) {
  return std::any_of(letters.begin(), letters.end(),
                     [&](char letter) { return is_letter(symbol, letter); });
}

const expr::Symbol* find_symbol(const Side& side, std::uint64_t name) {
  for (const expr::Symbol& symbol : side.tree().symbols) {
    if (symbol.name == name) return &symbol;
  }
  return nullptr;
}

// \cos C: a letter that is an angle by itself is no constant of a family.
bool is_bare_argument(const Side& side, NodeId id, std::uint64_t name) {
  for (NodeId i = side[id].lo; i <= id; ++i) {
    const Node& n = side[i];
    if (n.kind != Kind::kFunction || side[n.a].kind != Kind::kSymbol) continue;
    if (side.tree().symbols[side[n.a].a].name == name) return true;
  }
  return false;
}

// m c^2: an arbitrary constant has no power.
bool is_power_base(const Side& side, NodeId id, std::uint64_t name) {
  for (NodeId i = side[id].lo; i <= id; ++i) {
    const Node& n = side[i];
    if (n.kind != Kind::kPow || side[n.a].kind != Kind::kSymbol) continue;
    if (side.tree().symbols[side[n.a].a].name == name) return true;
  }
  return false;
}

struct ReplaceSymbol {
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

}  // namespace

// May this letter of the gold be an arbitrary constant? A c beside a or b is a coefficient, a C
// beside A or B an angle, a small k a slope.
bool Comparer::gold_constant(std::uint64_t name) const noexcept {
  const expr::Symbol* symbol = find_symbol(gold_, name);
  if (symbol == nullptr) return false;
  const bool capital = is_one_of(*symbol, "CKD");
  if (symbol->indexed) return capital || is_one_of(*symbol, "ck");
  if (!capital && !is_letter(*symbol, 'c')) return false;
  const auto& symbols = gold_.tree().symbols;
  return std::none_of(symbols.begin(), symbols.end(), [&](const expr::Symbol& other) {
    return is_one_of(other, capital ? "AB" : "ab");
  });
}

bool Comparer::answer_constant(std::uint64_t name) const noexcept {
  const expr::Symbol* symbol = find_symbol(answer_, name);
  return symbol != nullptr && is_one_of(*symbol, "CcKkDAB");
}

// An addend that is an arbitrary constant, "+ C", "- C" or "+ 5C", which occurs nowhere else.
bool Comparer::has_free_constant(const Side& side, NodeId id, NodeId& constant,
                                 number::Rational& coefficient) const noexcept {
  const auto plain = [&](NodeId part, bool negative) {
    coefficient = number::integer(negative ? -1 : 1);
    for (int i = 0; i < 4 && side[part].kind != Kind::kSymbol; ++i) {
      const Node& n = side[part];
      const auto& rational = side.values->rational;
      if (n.kind == Kind::kNeg) {
        coefficient = number::neg(coefficient);
        part = n.a;
      } else if (n.kind == Kind::kMul && rational[n.a].valid()) {
        coefficient = number::mul(coefficient, rational[n.a]);
        part = n.b;
      } else if (n.kind == Kind::kDiv && rational[n.b].valid()) {
        coefficient = number::div(coefficient, rational[n.b]);
        part = n.a;
      } else {
        return false;
      }
    }
    if (side[part].kind != Kind::kSymbol || !coefficient.valid() || coefficient.num == 0)
      return false;
    const std::uint64_t name = side.tree().symbols[side[part].a].name;
    if (&side == &gold_ ? !gold_constant(name) : !answer_constant(name)) return false;
    std::uint32_t count = 0;
    for (NodeId k = side[id].lo; k <= id; ++k) {
      count += side[k].kind == Kind::kSymbol && side.tree().symbols[side[k].a].name == name;
    }
    constant = part;
    return count == 1;
  };
  NodeId at = id;
  for (int i = 0; i < 64; ++i) {
    const Node& n = side[at];
    if (n.kind != Kind::kAdd && n.kind != Kind::kSub) return i > 0 && plain(at, false);
    if (plain(n.b, n.kind == Kind::kSub)) return true;
    at = n.a;
  }
  return false;
}

// 5 C e^x, -C/2: the rational factor that stands beside a constant where it first occurs.
number::Rational Comparer::factor_beside(const Side& side, NodeId id,
                                         std::uint64_t name) const noexcept {
  const auto holds = [&](NodeId part) { return mentions(side, part, name); };
  number::Rational factor = number::integer(1);
  for (int depth = 0; depth < 64 && side[id].kind != Kind::kSymbol; ++depth) {
    const Node& n = side[id];
    const auto& rational = side.values->rational;
    switch (n.kind) {
      case Kind::kNeg:
        factor = number::neg(factor);
        id = n.a;
        break;
      case Kind::kAdd:
      case Kind::kSub:
        factor = number::integer(n.kind == Kind::kSub && !holds(n.a) ? -1 : 1);
        id = holds(n.a) ? n.a : n.b;
        break;
      case Kind::kMul: {
        const bool left = holds(n.a);
        const NodeId beside = left ? n.b : n.a;
        if (rational[beside].valid()) factor = number::mul(factor, rational[beside]);
        id = left ? n.a : n.b;
        break;
      }
      case Kind::kDiv: {
        const bool above = holds(n.a);
        if (above && rational[n.b].valid()) factor = number::div(factor, rational[n.b]);
        if (!above) factor = number::integer(1);
        id = above ? n.a : n.b;
        break;
      }
      default:
        return number::integer(1);
    }
  }
  return factor;
}

// y = 5 C e^x - 1 for y = C e^x - 1: a multiple of an arbitrary constant is one. Only where the
// gold is plainly a family of functions: C V^2 / 2 has no such constant.
Decision Comparer::scaled_constants(NodeId gold, NodeId answer) noexcept {
  const Label label = label_of(gold_, gold_reading_.root());
  if (label.value != gold || !is_function_label(gold_, label.name)) return unknown();
  std::vector<std::uint64_t> names;
  symbols(gold_, gold, names);
  expr::Tree& tree = answer_reading_.parsed.tree;
  NodeId scaled = answer;
  std::size_t constants = 0;
  for (const std::uint64_t name : names) {
    const expr::Symbol& symbol = *find_symbol(gold_, name);
    const bool capital = is_letter(symbol, 'C') || (symbol.indexed && is_letter(symbol, 'c'));
    if (!capital || !gold_constant(name)) {
      if (symbol.indexed || !is_one_of(symbol, "xt")) return unknown();
      continue;
    }
    if (++constants > kMostConstants || !mentions(answer_, answer, name)) return unknown();
    const number::Rational factor =
        number::div(factor_beside(gold_, gold, name), factor_beside(answer_, answer, name));
    if (!factor.valid() || factor.num == 0) return unknown();
    const auto multiply = [&](expr::Tree& grown, NodeId id) {
      if (grown[id].kind != Kind::kSymbol || grown.symbols[grown[id].a].name != name)
        return expr::kNoNode;
      return expr::append_binary(grown, Kind::kMul, expr::append_rational(grown, factor), id);
    };
    scaled = expr::clone(tree, scaled, multiply);
  }
  if (constants == 0) return unknown();
  evaluate_answer();
  return expr::equal(gold_.scalar(gold), answer_.scalar(scaled), domain_, budget_);
}

// +C matches +c, +K, +C_1, +5C; families that differ by a constant are the same. Ce^x = Ke^x.
Decision Comparer::integration_constant(NodeId gold, NodeId answer) noexcept {
  NodeId gold_symbol = expr::kNoNode;
  NodeId answer_symbol = expr::kNoNode;
  number::Rational gold_coefficient;
  number::Rational answer_coefficient;
  const bool gold_has = has_free_constant(gold_, gold, gold_symbol, gold_coefficient);
  const bool answer_has = has_free_constant(answer_, answer, answer_symbol, answer_coefficient);
  if (!gold_has || !answer_has) {
    if (gold_has != answer_has) return no(Reason::kStructure);
    const Decision family = family_constants(gold, answer);
    return family.truth == Truth::kTrue ? family : scaled_constants(gold, answer);
  }
  // with equal multiples of one constant the difference is free of it
  const std::uint64_t from = answer_.tree().symbols[answer_[answer_symbol].a].name;
  const std::uint64_t to = gold_.tree().symbols[gold_[gold_symbol].a].name;
  if (from != to && mentions(answer_, answer, to)) return no(Reason::kSymbolMismatch);
  expr::Tree& tree = answer_reading_.parsed.tree;
  const number::Rational factor = number::div(gold_coefficient, answer_coefficient);
  if (!factor.valid()) return unknown();
  const NodeId matched = expr::clone(tree, answer, ReplaceSymbol{answer_symbol, to, factor});
  answer::evaluate_reading(answer_reading_, options_, budget_);
  return expr::differ_by_constant(gold_.scalar(gold), answer_.scalar(matched), domain_, budget_);
}

// The constants of a family in any order and under any of their usual names.
Decision Comparer::family_constants(NodeId gold, NodeId answer) noexcept {
  if (renamed_) return no(Reason::kSymbolMismatch);
  std::vector<std::uint64_t> gold_names;
  std::vector<std::uint64_t> answer_names;
  symbols(gold_, gold, gold_names);
  symbols(answer_, answer, answer_names);
  const auto holds = [](const std::vector<std::uint64_t>& names, std::uint64_t name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::vector<std::uint64_t> to;
  std::vector<std::uint64_t> from;
  std::size_t constants = 0;
  const auto is_constant = [&](std::uint64_t name) {
    return gold_constant(name) && !is_bare_argument(gold_, gold, name) &&
           !is_power_base(gold_, gold, name);
  };
  for (const std::uint64_t name : gold_names) constants += is_constant(name);
  for (const std::uint64_t name : gold_names) {
    const bool constant = is_constant(name);
    // a single one keeps its name where both sides have it
    if (constant ? constants > 1 || !holds(answer_names, name) : !holds(answer_names, name))
      to.push_back(name);
    if (!constant && !holds(answer_names, name)) return no(Reason::kSymbolMismatch);
  }
  for (const std::uint64_t name : answer_names) {
    if (holds(gold_names, name) && !holds(to, name)) continue;
    if (!answer_constant(name)) return no(Reason::kSymbolMismatch);
    from.push_back(name);
  }
  if (to.empty() || to.size() != from.size() || to.size() > kMostConstants ||
      to.size() == gold_names.size()) {
    return no(Reason::kSymbolMismatch);
  }
  // by the letters in the source, so that every order is tried once
  const std::vector<expr::Symbol> before = answer_.tree().symbols;
  Decision decision = no(Reason::kSymbolMismatch);
  std::sort(to.begin(), to.end());
  do {
    std::vector<expr::Symbol>& now = answer_reading_.parsed.tree.symbols;
    for (std::size_t i = 0; i < now.size(); ++i) {
      const auto found = std::find(from.begin(), from.end(), before[i].name);
      now[i].name =
          found == from.end() ? before[i].name : to[static_cast<std::size_t>(found - from.begin())];
    }
    answer_reading_.natural.clear();
    answer_reading_.ten.clear();
    answer::evaluate_reading(answer_reading_, options_, budget_);
    renamed_ = true;
    decision = expr::equal(gold_.scalar(gold), answer_.scalar(answer), domain_, budget_);
    if (decision.truth != Truth::kTrue) decision = scaled_constants(gold, answer);
  } while (decision.truth != Truth::kTrue && !budget_.stopped() &&
           std::next_permutation(to.begin(), to.end()));
  return decision;
}

}  // namespace pyverify::compare
