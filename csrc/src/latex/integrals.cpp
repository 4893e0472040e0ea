// Integrals: where the differential stands decides what the integrand is.
#include <algorithm>

#include "latex/parser.hpp"
#include "number/field.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::NodeId;
using expr::OperatorKind;

namespace {

constexpr int kMostNested = 4;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
// e, i and d as variables of integration are more likely something else.
bool may_vary(std::uint32_t letter) { return letter != 'e' && letter != 'i' && letter != 'd'; }

}  // namespace

// dx, xdx, d x, \mathrm{d}\theta at a token; `i` is moved past it, `begin` is the byte of the d.
bool Parser::differential_at(std::size_t& i, std::uint32_t& begin) const noexcept {
  const auto token_at = [&](std::size_t k) -> const Token& {
    return out_.tokens[std::min(k, out_.tokens.size() - 1)];
  };
  const Token& d = token_at(i);
  const std::string_view word = text_of(d);
  std::size_t end = i + 1;
  if (word == "d") {
    const Token& variable = token_at(end++);
    if (variable.kind != Tok::kLetter || !may_vary(variable.value)) return false;
    begin = d.begin;
  } else {
    if (d.kind != Tok::kWord || word.size() < 2 || word.size() > 4) return false;
    if (!std::all_of(word.begin(), word.end(), is_letter)) return false;
    const std::string_view before = word.substr(0, word.size() - 2);
    if (word[before.size()] != 'd' || !may_vary(static_cast<unsigned char>(word.back())))
      return false;
    if (!before.empty() && (before.front() == 'd' || has(d, kInText) || has(d, kInRoman)))
      return false;
    if (!before.empty() && vocabulary_.is_text != nullptr && vocabulary_.is_text(word))
      return false;
    begin = d.end - 2;
  }
  switch (token_at(end).kind) {
    case Tok::kCaret:
    case Tok::kUnderscore:
    case Tok::kPrime:
    case Tok::kSuperscript:
      return false;
    default:
      i = end;
      return true;
  }
}

// \frac{x dx}{x^2 + 1}: the differential at the end of a numerator. A derivative dy/dx is none.
bool Parser::differential_above(std::size_t fraction, std::uint32_t& begin) const noexcept {
  std::size_t look = fraction + 1;
  std::uint64_t letter = 0;
  int order = 1;
  if (differential(look, letter, order) && differential(look, letter, order)) return false;
  const Token& open = out_.tokens[fraction + 1];
  if (open.kind != Tok::kOpen || open.value != static_cast<std::uint16_t>(Bracket::kBrace) ||
      open.match < fraction + 3)
    return false;
  for (std::size_t from = open.match - 1; from + 2 >= open.match && from > fraction + 1; --from) {
    std::size_t end = from;
    if (differential_at(end, begin) && end == open.match) return true;
  }
  return false;
}

// The differential of the integral whose integrand begins here: the byte of its d. Each integral
// within takes one before.
bool Parser::find_differential(std::uint32_t& begin, bool& above) const noexcept {
  int wanted = 1;
  bool sum = false;
  above = false;
  std::size_t i = next_;
  while (budget_.spend(1)) {
    const Token& t = out_.tokens[i];
    switch (t.kind) {
      case Tok::kOpen:
        if (t.match == 0) return false;
        i = t.match + 1;
        continue;
      case Tok::kPlus:
      case Tok::kMinus:
        sum = true;
        break;
      case Tok::kCommand:
        if (t.value == static_cast<std::uint16_t>(Cmd::kIntegral) && ++wanted > kMostNested)
          return false;
        if (t.value == static_cast<std::uint16_t>(Cmd::kFrac) && differential_above(i, begin)) {
          above = true;
          return wanted == 1 && !sum;
        }
        break;
      case Tok::kLetter:
      case Tok::kWord: {
        if (!differential_at(i, begin)) break;
        if (--wanted > 0) continue;
        // \int x dx dy: a differential too many, unless it is that of the integral around
        std::uint32_t another = 0;
        return !differential_at(i, another) || another == stop_;
      }
      case Tok::kNumber:
      case Tok::kSymbol:
      case Tok::kFunction:
      case Tok::kBar:
      case Tok::kTimes:
      case Tok::kSlash:
      case Tok::kCaret:
      case Tok::kUnderscore:
      case Tok::kBang:
      case Tok::kPrime:
      case Tok::kDegree:
      case Tok::kSuperscript:
      case Tok::kFraction:
        break;
      default:
        return false;
    }
    ++i;
  }
  return false;
}

// Takes the differential and keeps its variable; false when it isn't there.
bool Parser::take_differential() noexcept {
  if (!at_differential()) return false;
  const bool apart = text_of(token()) == "d";
  if (apart) advance();
  variable_ = token();
  advance();
  if (apart) return true;
  variable_.begin = variable_.end - 1;
  variable_.value = static_cast<unsigned char>(out_.source[variable_.begin]);
  return true;
}

// A numerator that ends in a differential: the factors before it.
NodeId Parser::numerator_with_differential() noexcept {
  advance();
  const NodeId made = at_differential() ? integer(1) : additive();
  if (failed()) return kFailed;
  if (!take_differential() || !at_close(Bracket::kBrace)) return fail();
  advance();
  return made;
}

// The variable, the bounds if there are two, the integrand; then aux is 1. Over something else, a
// curve or a region: that, the variable, the integrand.
NodeId Parser::integral(std::vector<NodeId>& bounds, std::uint32_t differential,
                        bool above) noexcept {
  const std::uint32_t outer = stop_;
  stop_ = differential;
  variable_ = {};
  NodeId body = at_differential() ? integer(1) : above ? term() : additive();
  if (!failed() && !above) take_differential();
  stop_ = outer;
  if (failed()) return kFailed;
  const Token letter = variable_;
  if (letter.kind == Tok::kEnd) return fail();
  while (at(Tok::kSlash)) {  // dx / x
    advance();
    body = combine(Kind::kDiv, body, unary());
    if (failed()) return kFailed;
  }
  const std::uint64_t name = number::mix(letter.value);
  const NodeId variable = symbol(name, name, letter.begin, letter.end, false);
  const auto same_letter = [&](NodeId id) {
    return node(id).kind == Kind::kSymbol && tree_.symbols[node(id).a].name == name;
  };
  if (bounds.size() == 3 && same_letter(bounds[0])) bounds.erase(bounds.begin());  // _{x=0}^1
  const bool usual = bounds.empty() || bounds.size() == 2;
  bounds.insert(usual ? bounds.begin() : bounds.end(), variable);
  bounds.push_back(body);
  for (const NodeId item : bounds) {
    if (!scalar_like(item)) return fail(Reason::kUnsupported);
  }
  if (bounds.size() == 4) rename_bound(variable, body);
  return items_node(Kind::kOperator, bounds, static_cast<std::uint8_t>(OperatorKind::kIntegral),
                    usual ? 1 : 0);
}

// ---- the bar of evaluation

// [F]_a^b with both bounds.
bool Parser::evaluation_behind_bracket() const noexcept {
  const Token& close = out_.tokens[next_ == 0 ? 0 : next_ - 1];
  if (!at(Tok::kUnderscore) || close.kind != Tok::kClose ||
      close.value != static_cast<std::uint16_t>(Bracket::kSquare))
    return false;
  const Token& bound = peek();
  const std::size_t after = bound.kind == Tok::kOpen ? bound.match + 1 : next_ + 2;
  return after < out_.tokens.size() && out_.tokens[after].kind == Tok::kCaret;
}

// _a^b behind [F] or F|: the letter that is meant is the only one in every term of F, or is named.
NodeId Parser::evaluation(NodeId body) noexcept {
  if (at(Tok::kBar)) advance();
  NodeId low = kFailed;
  NodeId high = kFailed;
  std::uint64_t name = 0;
  while (at(Tok::kUnderscore) || at(Tok::kCaret)) {
    NodeId& bound = at(Tok::kUnderscore) ? low : high;
    if (bound != kFailed) return fail(Reason::kUnsupported);
    advance();
    bound = argument();
    if (failed()) return kFailed;
    const expr::Node b = node(bound);
    if (b.kind != Kind::kRelation) continue;
    if (b.sub != static_cast<std::uint8_t>(expr::Relation::kEqual) ||
        node(b.a).kind != Kind::kSymbol)
      return fail(Reason::kUnsupported);
    name = tree_.symbols[node(b.a).a].name;
    bound = b.b;
  }
  if (low == kFailed || high == kFailed || !scalar_like(body) || !scalar_like(low) ||
      !scalar_like(high))
    return fail(Reason::kUnsupported);
  expr::Symbol letter;
  const auto only_letter_in = [&](NodeId part) {
    bool found = false;
    for (NodeId i = node(part).lo; i <= part; ++i) {
      if (node(i).kind != Kind::kSymbol) continue;
      const expr::Symbol& here = tree_.symbols[node(i).a];
      if (name == 0) name = here.name;
      if (here.name != name) return false;
      letter = here;
      found = true;
    }
    return found;
  };
  NodeId rest = body;
  while (node(rest).kind == Kind::kAdd || node(rest).kind == Kind::kSub) {
    if (!only_letter_in(node(rest).b)) return fail(Reason::kUnsupported);
    rest = node(rest).a;
  }
  if (!only_letter_in(rest)) return fail(Reason::kUnsupported);
  out_.has_operator = true;
  const NodeId variable =
      symbol(letter.name, letter.base, letter.text_begin, letter.text_end, letter.indexed);
  rename_bound(variable, body);
  return items_node(Kind::kOperator, {variable, low, high, body},
                    static_cast<std::uint8_t>(OperatorKind::kEvaluation), 1);
}

// \left. F \right|_a^b
NodeId Parser::evaluated_from_dot() noexcept {
  advance();
  const std::uint32_t bars = bars_open_;
  bars_open_ = 0;
  NodeId sum = term();
  while (!failed() && (at(Tok::kPlus) || at(Tok::kMinus))) {
    const Kind kind = at(Tok::kPlus) ? Kind::kAdd : Kind::kSub;
    advance();
    sum = combine(kind, sum, term());
  }
  const bool bar = !failed() && at_evaluation_bar();
  bars_open_ = bars;
  if (!bar) return fail(Reason::kUnsupported);
  return evaluation(sum);
}

}  // namespace pyverify::latex
