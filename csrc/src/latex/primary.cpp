// Operands: numbers, letters, commands with arguments, and what may stand behind them.
#include <algorithm>

#include "latex/parser.hpp"
#include "number/field.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::NodeId;

bool Parser::primary_starts() const noexcept {
  if (at_differential()) return false;
  switch (token().kind) {
    case Tok::kNumber:
    case Tok::kLetter:
    case Tok::kSymbol:
    case Tok::kFunction:
    case Tok::kFraction:
    case Tok::kCurrency:
      return true;
    case Tok::kWord:
      return !text_starts();
    case Tok::kOpen:
      return !at_open(Bracket::kNone) && (token().match != 0 || !at_open(Bracket::kSquare));
    case Tok::kBar:
      return bars_open_ == 0 && !at_evaluation_bar();
    case Tok::kCommand:
      switch (static_cast<Cmd>(token().value)) {
        case Cmd::kUnknown:
        case Cmd::kOver:
        case Cmd::kChoose:
        case Cmd::kEnd:
        case Cmd::kForAll:
        case Cmd::kExists:
        case Cmd::kNot:
        case Cmd::kMod:
        case Cmd::kParenMod:
          return false;
        default:
          return true;
      }
    default:
      return false;
  }
}

NodeId Parser::primary() noexcept {
  DepthGuard guard(*this);
  if (!guard.ok) return kFailed;
  if (at_differential()) return fail();
  switch (token().kind) {
    case Tok::kNumber:
      return literal();
    case Tok::kLetter:
      return letter();
    case Tok::kWord:
      if (const NodeId derived = plain_derivative(); derived != kFailed) return derived;
      return text_starts() ? fail() : word_product();
    case Tok::kFunction:
      return function();
    case Tok::kCommand:
      return command();
    case Tok::kCurrency:
      return money();
    case Tok::kBar:
      return bars();
    case Tok::kFraction: {
      const auto value = token().value;
      advance();
      const NodeId top = integer(value / 16);
      return binary_node(Kind::kDiv, top, integer(value % 16), 1);
    }
    case Tok::kSymbol: {
      const Token name = token();
      advance();
      const std::uint64_t hash = raw_hash(next_ - 1, next_);
      return symbol(hash, hash, name.begin, name.end, false);
    }
    case Tok::kCircled: {
      const auto value = token().value;
      advance();
      return integer(value);
    }
    case Tok::kOpen:
      switch (static_cast<Bracket>(token().value)) {
        case Bracket::kBrace:
          return builder_ahead() ? set() : group();
        case Bracket::kRound:
        case Bracket::kSquare:
          return round_or_square();
        case Bracket::kSet:
          return set();
        case Bracket::kAngle:
          return angle_tuple();
        case Bracket::kFloor:
        case Bracket::kCeil:
          return floor_or_ceil();
        case Bracket::kNone:
          return evaluated_from_dot();
      }
      return fail();
    case Tok::kClose:
      if (at_close(Bracket::kSquare) && token().match == 0) return french_interval();
      return fail();
    case Tok::kMinus:
    case Tok::kPlus:
      return unary();
    case Tok::kUnderscore:
    case Tok::kCaret:
      return prefixed_combination();
    default:
      return fail();
  }
}

// _{10}C_3, {}^{10}C_3
NodeId Parser::prefixed_combination() noexcept {
  advance();
  const NodeId n = argument();
  if (failed()) return kFailed;
  if (!((at(Tok::kLetter) || at(Tok::kWord)) && text_of(token()) == "C")) return fail();
  advance();
  if (!at(Tok::kUnderscore)) return fail();
  advance();
  const NodeId k = argument();
  if (failed()) return kFailed;
  return scalar_like(n) && scalar_like(k) ? binary_node(Kind::kBinomial, n, k) : fail();
}

// ---- what stands behind an operand

NodeId Parser::postfix(NodeId base, bool literal) noexcept {
  std::uint32_t steps = 0;
  while (!failed()) {
    if (++steps > budget_.limits().depth) return fail(Reason::kLimitDepth);
    switch (token().kind) {
      case Tok::kCaret:
        base = superscript(base, literal);
        break;
      case Tok::kSuperscript: {
        const std::uint16_t value = token().value;
        advance();
        const NodeId exponent = integer(value & 0x7FFF);
        base = combine(Kind::kPow, base, (value & 0x8000) ? negate(exponent) : exponent);
        break;
      }
      case Tok::kUnderscore:
        if (node(base).kind == Kind::kPow && names_indexable(node(base).a)) {  // x^2_1
          if (subscript(node(base).a) == kFailed) return kFailed;
          break;
        }
        base = evaluation_behind_bracket() ? evaluation(base) : subscript(base);
        break;
      case Tok::kLetter:  // 5C2 in plain text
        if (!literal || !out_.plain || token().value != 'C' || has(token(), kSpaceBefore) ||
            peek().kind != Tok::kNumber || has(peek(), kSpaceBefore))
          return base;
        advance();
        return binary_node(Kind::kBinomial, base, this->literal());
      case Tok::kBang: {
        if (!scalar_like(base)) return fail(Reason::kUnsupported);
        const bool twice = token().value == 2;
        advance();
        base = unary_node(twice ? Kind::kDoubleFactorial : Kind::kFactorial, base);
        break;
      }
      case Tok::kPercent: {
        if (!scalar_like(base)) return fail(Reason::kUnsupported);
        advance();
        base = unary_node(Kind::kPercent, base);
        break;
      }
      case Tok::kDegree: {
        if (!scalar_like(base)) return fail(Reason::kUnsupported);
        if (const NodeId composed = composition(base); composed != kFailed || failed()) {
          base = composed;
          break;
        }
        if (is_temperature_letter(peek())) return base;  // a unit
        advance();
        base = unary_node(Kind::kDegree, base);
        break;
      }
      case Tok::kPrime: {
        const bool twice = token().value == 2 || peek().kind == Tok::kPrime;
        if (node(base).kind == Kind::kNumber) {
          if (!literal) return fail();
          // minutes or seconds of arc behind degrees; otherwise feet or inches, a unit
          const NodeId before =
              base >= 1 && node(base - 1).kind == Kind::kAdd ? node(base - 1).b : base - 1;
          const bool after_degree = next_ >= 2 && out_.tokens[next_ - 2].kind != Tok::kEnd &&
                                    base >= 1 && node(before).kind == Kind::kDegree;
          if (!after_degree) return base;
          if (twice && token().value != 2) advance();
          advance();
          const NodeId divisor = integer(twice ? 3600 : 60);
          const NodeId share = binary_node(Kind::kDiv, base, divisor);
          base = unary_node(Kind::kDegree, share);
          if (!failed()) tree_.nodes[base].aux = 1;
          break;
        }
        if (node(base).kind != Kind::kSymbol) return fail();
        std::uint64_t& name = tree_.symbols[node(base).a].name;
        name = name_hash(name, kPrimeMark);
        if (token().value == 2) name = name_hash(name, kPrimeMark);
        tree_.symbols[node(base).a].text_end = token().end;
        advance();
        break;
      }
      case Tok::kOpen:
        if (applies_composition(base)) {
          base = composed_value(base);
          break;
        }
        if (!takes_argument(base)) return base;
        base = applied(base);
        break;
      default:
        return base;
    }
  }
  return kFailed;
}

// The C or F behind a degree sign: Celsius, Fahrenheit.
bool Parser::is_temperature_letter(const Token& letter) const noexcept {
  if (letter.kind != Tok::kWord && letter.kind != Tok::kLetter) return false;
  return text_of(letter) == "C" || text_of(letter) == "F";
}

NodeId Parser::superscript(NodeId base, bool literal) noexcept {
  advance();
  const bool brace = at_open(Bracket::kBrace);
  const Token& inner = brace ? peek() : token();
  if (inner.kind == Tok::kSymbol && text_of(inner) == "\\top") {
    Token& transpose = out_.tokens[next_ + (brace ? 1 : 0)];
    transpose.kind = Tok::kLetter;
    transpose.value = 'T';
  }
  const bool closes = !brace || (peek(2).kind == Tok::kClose &&
                                 peek(2).value == static_cast<std::uint16_t>(Bracket::kBrace));
  if (inner.kind == Tok::kDegree && closes) {
    next_ += brace ? 1 : 0;
    // the degree sign itself is read by postfix, then the closing brace
    if (!brace) return base;
    advance();
    if (is_temperature_letter(peek())) {  // ^{\circ}C: the degree sign belongs to the unit
      out_.tokens[next_].kind = Tok::kDegree;
      return base;
    }
    advance();
    return scalar_like(base) ? unary_node(Kind::kDegree, base) : fail(Reason::kUnsupported);
  }
  if (literal && closes && text_of(inner) == "o") {  // 30^o
    next_ += brace ? 3 : 1;
    return unary_node(Kind::kDegree, base);
  }
  if (inner.kind == Tok::kPrime) {
    if (!brace) return base;  // ^\prime: postfix reads the prime
    std::uint32_t primes = 0;
    advance();
    while (at(Tok::kPrime)) {
      primes += token().value == 2 ? 2 : 1;
      advance();
    }
    if (!at_close(Bracket::kBrace)) return fail();
    advance();
    if (node(base).kind == Kind::kSymbol) {
      expr::Symbol& s = tree_.symbols[node(base).a];
      for (std::uint32_t i = 0; i < primes; ++i) s.name = name_hash(s.name, kPrimeMark);
      s.text_end = out_.tokens[next_ - 1].end;
      return base;
    }
    if (node(base).kind != Kind::kNumber) return fail();
    const NodeId share = binary_node(Kind::kDiv, base, integer(primes == 2 ? 3600 : 60));
    const NodeId arc = unary_node(Kind::kDegree, share);
    if (!failed()) tree_.nodes[arc].aux = 1;
    return arc;
  }
  // 12^{th}: an ordinal
  if (brace && literal && inner.kind == Tok::kWord && closes) {
    const std::string_view word = text_of(inner);
    if (word == "th" || word == "st" || word == "nd" || word == "rd") {
      next_ += 3;
      return base;
    }
  }
  // \mathbb{R}^+
  if (node(base).kind == Kind::kNumberSet) {
    const Tok sign = inner.kind;
    const std::uint8_t which = node(base).sub;
    using expr::NumberSet;
    const auto set = static_cast<NumberSet>(which);
    NumberSet made = set;
    if (sign == Tok::kPlus || (sign == Tok::kTimes && set == NumberSet::kNatural)) {
      made = set == NumberSet::kReal      ? NumberSet::kRealPositive
             : set == NumberSet::kInteger ? NumberSet::kIntegerPositive
             : set == NumberSet::kNatural ? NumberSet::kNaturalPositive
                                          : set;
    } else if (sign == Tok::kMinus) {
      made = set == NumberSet::kReal      ? NumberSet::kRealNegative
             : set == NumberSet::kInteger ? NumberSet::kIntegerNegative
                                          : set;
    }
    if (made == set || !closes) return fail(Reason::kUnsupported);
    next_ += brace ? 3 : 1;
    return leaf(Kind::kNumberSet, 0, static_cast<std::uint8_t>(made));
  }
  // matrix transposed: notation for a column, not an operator (GRADING 1)
  if (inner.kind != Tok::kEnd && closes && (text_of(inner) == "T" || text_of(inner) == "\\top")) {
    if (node(base).kind == Kind::kTuple || node(base).kind == Kind::kBracket) {
      next_ += brace ? 3 : 1;
      const expr::Node row = node(base);
      const bool flat = row.kind == Kind::kBracket && row.b > 1 && scalar_like(tree_.items(row)[0]);
      if (row.kind == Kind::kBracket && !flat) return fail(Reason::kUnsupported);
      return flat ? items_node(Kind::kTuple,
                               std::vector<NodeId>(tree_.items(row), tree_.items(row) + row.b))
                  : base;
    }
    if (node(base).kind == Kind::kMatrix &&
        (node(base).aux == 1 || node(base).aux == node(base).b)) {
      const expr::Node m = node(base);
      next_ += brace ? 3 : 1;
      const auto columns = static_cast<std::uint16_t>(m.aux == 1 ? m.b : 1);
      return add_node(Kind::kMatrix, m.a, m.b, m.sub, columns, m.lo);
    }
  }
  NodeId exponent = kFailed;
  if (brace) {
    exponent = group();
  } else if (at(Tok::kMinus) || at(Tok::kPlus)) {
    const bool negative = at(Tok::kMinus);
    advance();
    exponent = out_.plain ? primary() : argument();
    if (!failed() && negative) exponent = negate(exponent);
  } else {
    exponent = out_.plain ? primary() : argument();
  }
  if (failed()) return kFailed;
  if (out_.plain && at(Tok::kCaret)) exponent = postfix(exponent, false);  // 2^3^4 is a tower
  if (failed()) return kFailed;
  if (!scalar_like(base) || !scalar_like(exponent)) return fail(Reason::kUnsupported);
  if (const NodeId turned = turned_product(base, exponent); turned != kFailed || failed())
    return turned;
  return binary_node(Kind::kPow, base, exponent);
}

}  // namespace pyverify::latex
