// Arbitrary constants: of integration, and those of families of solutions (GRADING 13). The whole
// gold says which of its letters are some: C_p, k_B and the C of 9C/5 + 32 are quantities.
#include <algorithm>

#include "compare/comparer.hpp"
#include "expr/build.hpp"
#include "number/field.hpp"

namespace pyverify::compare {

using expr::Kind;
using expr::Node;
using expr::Relation;

namespace {

constexpr std::size_t kMostConstants = 4;

// How sure a letter is to be a constant: C and C_1; c, K and D, beside x, y and t only; A and B,
// where both are there.
enum class Letter { kNone, kUsual, kShy, kPaired };

bool is_plain(const expr::Symbol& symbol) { return symbol.name == symbol.base; }

bool is_one_of(std::uint64_t base, std::string_view letters) {
  return std::any_of(letters.begin(), letters.end(), [&](char letter) {
    return base == number::mix(static_cast<unsigned char>(letter));
  });
}

std::string_view text_of(const Side& side, const expr::Symbol& symbol) {
  return side.reading->text.substr(symbol.text_begin, symbol.text_end - symbol.text_begin);
}

// C_1, C_{12}: a letter as index tells a quantity, and so does a 0.
bool is_numbered(std::string_view name) {
  name.remove_prefix(std::min(name.find('_'), name.size()));
  bool number = false;
  for (const char c : name) {
    if (c == '_' || c == '{' || c == '}' || c == ' ') continue;
    if (c < '0' || c > '9' || (c == '0' && !number)) return false;
    number = true;
  }
  return number;
}

Letter letter_of(const Side& side, const expr::Symbol& symbol) {
  if (symbol.indexed) {
    if (!is_numbered(text_of(side, symbol))) return Letter::kNone;
    if (is_one_of(symbol.base, "Cc")) return Letter::kUsual;
    return is_one_of(symbol.base, "KkD") ? Letter::kShy : Letter::kNone;
  }
  if (!is_plain(symbol)) return Letter::kNone;
  if (is_one_of(symbol.base, "C")) return Letter::kUsual;
  if (is_one_of(symbol.base, "cKD")) return Letter::kShy;
  return is_one_of(symbol.base, "AB") ? Letter::kPaired : Letter::kNone;
}

// The letters that unknowns and arguments usually have.
bool is_unknown(const Side& side, const expr::Symbol& symbol, bool shy) {
  if (!is_plain(symbol)) return false;
  const std::string_view text = text_of(side, symbol);
  return is_one_of(symbol.base, shy ? "xyt" : "xytuvzrsw") || text == "\\theta" || text == "θ";
}

const expr::Symbol& symbol_at(const Side& side, NodeId id) {
  return side.tree().symbols[side[id].a];
}

// How many nodes up to each one are of a kind.
class Counts {
 public:
  template <class Predicate>
  Counts(const Side& side, NodeId id, const Predicate& symbol) : side_(side), lo_(side[id].lo) {
    before_.push_back(0);
    for (NodeId i = lo_; i <= id; ++i)
      before_.push_back(before_.back() + (side[i].kind == Kind::kSymbol && symbol(i)));
  }
  bool within(NodeId id) const { return before_[id + 1 - lo_] != before_[side_[id].lo - lo_]; }

 private:
  const Side& side_;
  NodeId lo_;
  std::vector<std::uint32_t> before_;
};

}  // namespace

// The degree of each node below one in some letters: 0, 1, or 2 for more and for what is no power.
class Comparer::Degrees {
 public:
  Degrees(const Side& side, NodeId id, const Names& names) : lo_(side[id].lo) {
    const Counts letters(side, id, [&](NodeId at) {
      return std::binary_search(names.begin(), names.end(), symbol_at(side, at).name);
    });
    for (NodeId i = lo_; i <= id; ++i) degrees_.push_back(degree(side[i], i, letters));
  }
  int of(NodeId id) const { return degrees_[id - lo_]; }

 private:
  int degree(const Node& n, NodeId id, const Counts& letters) const {
    switch (n.kind) {
      case Kind::kSymbol:
        return letters.within(id) ? 1 : 0;
      case Kind::kAdd:
      case Kind::kSub:
        return std::max(of(n.a), of(n.b));
      case Kind::kNeg:
        return of(n.a);
      case Kind::kMul:
        return std::min(2, of(n.a) + of(n.b));
      case Kind::kDiv:
        return of(n.b) > 0 ? 2 : of(n.a);
      default:
        return letters.within(id) ? 2 : 0;
    }
  }

  NodeId lo_;
  std::vector<int> degrees_;
};

// The letters of the gold that may be arbitrary constants as far as its other letters tell.
const Comparer::Names& Comparer::gold_constants() noexcept {
  if (gold_constants_) return *gold_constants_;
  const NodeId root = gold_reading_.root();
  Names found;
  Names shy;
  std::vector<NodeId> labels;
  bool a = false;
  bool b = false;
  bool quantities = false;  // letters that no constant stands beside
  bool parameters = false;  // letters that only C and C_1 stand beside
  for (NodeId i = gold_[root].lo; i <= root; ++i) {
    if (gold_[i].kind == Kind::kRelation) labels.push_back(gold_[i].a);
  }
  std::sort(labels.begin(), labels.end());
  for (NodeId i = gold_[root].lo; i <= root; ++i) {
    if (gold_[i].kind != Kind::kSymbol) continue;
    const expr::Symbol& symbol = symbol_at(gold_, i);
    const Letter letter = letter_of(gold_, symbol);
    if (letter == Letter::kUsual || letter == Letter::kPaired) found.push_back(symbol.name);
    if (letter == Letter::kShy) shy.push_back(symbol.name);
    a = a || (letter == Letter::kPaired && is_one_of(symbol.base, "A"));
    b = b || (letter == Letter::kPaired && is_one_of(symbol.base, "B"));
    if (letter != Letter::kNone || std::binary_search(labels.begin(), labels.end(), i)) continue;
    quantities = quantities || is_one_of(symbol.base, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    parameters = parameters || !is_unknown(gold_, symbol, true);
  }
  if (quantities || a != b) found.clear();
  if (!quantities && !parameters && a == b) found.insert(found.end(), shy.begin(), shy.end());
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.size() > kMostConstants) found.clear();
  gold_constants_ = std::move(found);
  return *gold_constants_;
}

bool Comparer::gold_constant(std::uint64_t name) noexcept {
  const Names& names = gold_constants();
  return std::binary_search(names.begin(), names.end(), name);
}

bool Comparer::answer_constant(std::uint64_t name) const noexcept {
  const auto& symbols = answer_.tree().symbols;
  return std::any_of(symbols.begin(), symbols.end(), [&](const expr::Symbol& symbol) {
    return symbol.name == name && is_one_of(symbol.base, "CcKkDAB");
  });
}

// x^2 + y^2: what may be equal to an arbitrary constant.
bool Comparer::holds_unknown(const Side& side, NodeId id) const noexcept {
  for (NodeId i = side[id].lo; i <= id; ++i) {
    if (side[i].kind == Kind::kSymbol && is_unknown(side, symbol_at(side, i), false)) return true;
  }
  return false;
}

// An addend that is an arbitrary constant, "+ C", "- C" or "+ 5C", which occurs nowhere else.
bool Comparer::has_free_constant(const Side& side, NodeId id, NodeId& constant,
                                 number::Rational& coefficient) noexcept {
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
    const std::uint64_t name = symbol_at(side, part).name;
    if (&side == &gold_ ? !gold_constant(name) : !answer_constant(name)) return false;
    std::uint32_t count = 0;
    for (NodeId k = side[id].lo; k <= id; ++k) {
      count += side[k].kind == Kind::kSymbol && symbol_at(side, k).name == name;
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

// What the gold calls a scalar: the left side of its equation.
NodeId Comparer::label_before(NodeId value) const noexcept {
  const NodeId root = gold_reading_.root();
  for (NodeId i = gold_[root].lo; i <= root; ++i) {
    const Node& n = gold_[i];
    if (n.kind == Kind::kRelation && n.sub == static_cast<std::uint8_t>(Relation::kEqual) &&
        n.b == value)
      return n.a;
  }
  return expr::kNoNode;
}

// A function of an unknown with "+ C" behind it; not dx/dt = -kx + C.
bool Comparer::is_antiderivative(NodeId id, NodeId label, const Degrees& degrees) noexcept {
  NodeId constant = expr::kNoNode;
  number::Rational coefficient;
  if (degrees.of(id) != 1 || !holds_unknown(gold_, id) ||
      !has_free_constant(gold_, id, constant, coefficient))
    return false;
  if (label == expr::kNoNode) return true;
  const Node& n = gold_[label];
  if (n.kind == Kind::kOperator)
    return n.sub == static_cast<std::uint8_t>(expr::OperatorKind::kIntegral);
  if (n.kind != Kind::kSymbol && n.kind != Kind::kCall) return false;
  const expr::Symbol& name = gold_.tree().symbols[n.kind == Kind::kCall ? n.aux : n.a];
  if (n.kind == Kind::kSymbol && text_of(gold_, name).starts_with('\\')) return false;  // \dot x
  for (NodeId i = gold_[id].lo; i <= id; ++i) {
    if (gold_[i].kind == Kind::kSymbol && symbol_at(gold_, i).base == name.base) return false;
  }
  return !holds_call(id);
}

bool Comparer::holds_call(NodeId id) const noexcept {
  for (NodeId i = gold_[id].lo; i <= id; ++i) {
    if (gold_[i].kind == Kind::kCall) return true;
  }
  return false;
}

// A family of solutions: y = ... or x(t) = ..., or an expression in x or t that no polynomial is.
bool Comparer::is_solution_family(NodeId id, NodeId label, const Degrees& degrees,
                                  bool paired) const noexcept {
  const bool function = label != expr::kNoNode && is_function_label(gold_, label);
  if ((paired && !function) || holds_call(id)) return false;  // f'(x) = C f(x) asks for f
  const Names& constants = *gold_constants_;
  const Counts variables(gold_, id, [&](NodeId at) {
    const expr::Symbol& symbol = symbol_at(gold_, at);
    if (std::binary_search(constants.begin(), constants.end(), symbol.name)) return false;
    if (!function) return is_plain(symbol) && is_one_of(symbol.base, "xt");
    if (gold_[label].kind == Kind::kCall) return mentions(gold_, label, symbol.name);
    return is_unknown(gold_, symbol, false);
  });
  if (!variables.within(id)) return false;
  // x(t) = ct is the way of light
  const bool speed = mentions(gold_, id, number::mix('c')) && mentions(gold_, id, number::mix('t'));
  if (function && !paired && !speed) return true;
  if (degrees.of(id) != 1) return false;
  bool transcendental = false;
  bool rational = false;
  bool sum = false;  // an addend with a constant beside one without
  const NodeId lo = gold_[id].lo;
  // other letters than constants and variables, outside functions and exponents
  std::vector<bool> loose(id + 1 - lo, false);
  for (NodeId i = lo; i <= id; ++i) {
    const Node& n = gold_[i];
    switch (n.kind) {
      case Kind::kSymbol:
        loose[i - lo] = !variables.within(i) && degrees.of(i) == 0;
        break;
      case Kind::kNeg:
        loose[i - lo] = loose[n.a - lo];
        break;
      case Kind::kFunction:
        transcendental = transcendental || variables.within(n.a);
        break;
      case Kind::kPow:
        transcendental = transcendental || variables.within(n.b);
        rational = rational || (gold_.values->rational[n.b].num < 0 && variables.within(n.a));
        loose[i - lo] = loose[n.a - lo];
        break;
      case Kind::kMul:
      case Kind::kDiv:
        rational = rational || (n.kind == Kind::kDiv && variables.within(n.b));
        loose[i - lo] = loose[n.a - lo] || loose[n.b - lo];
        // C \omega\cos\omega t: a letter that multiplies a C tells a quantity
        if (loose[i - lo] && degrees.of(i) > 0) return false;
        break;
      case Kind::kAdd:
      case Kind::kSub:
        sum = sum || degrees.of(n.a) != degrees.of(n.b);
        loose[i - lo] = loose[n.a - lo] || loose[n.b - lo];
        break;
      default:
        break;
    }
  }
  return transcendental || (rational && sum && !paired);
}

// The arbitrary constants of a scalar of the gold, sorted. `linear`: none has a power or stands in
// a function.
Comparer::Names Comparer::arbitrary_constants(NodeId id, bool& linear) noexcept {
  Names names;
  if (gold_constants().empty() || !budget_.spend(gold_reading_.root() / 8 + 1)) return names;
  bool paired = false;
  symbols(gold_, id, names);
  const auto quantity = [&](std::uint64_t name) {
    if (!gold_constant(name)) return true;
    for (NodeId i = gold_[id].lo; i <= id; ++i) {
      const Node& n = gold_[i];
      // \cos C is an angle, m c^2 has a power
      const bool argument = n.kind == Kind::kFunction || n.kind == Kind::kPow;
      if (argument && gold_[n.a].kind == Kind::kSymbol && symbol_at(gold_, n.a).name == name)
        return true;
    }
    return false;
  };
  names.erase(std::remove_if(names.begin(), names.end(), quantity), names.end());
  if (names.empty()) return names;
  for (const std::uint64_t name : names)
    paired = paired || name == number::mix('A') || name == number::mix('B');
  const Degrees degrees(gold_, id, names);
  const NodeId label = label_before(id);
  linear = degrees.of(id) == 1;
  const bool found = (!paired && is_antiderivative(id, label, degrees)) ||
                     is_solution_family(id, label, degrees, paired);
  return found ? names : Names{};
}

}  // namespace pyverify::compare
