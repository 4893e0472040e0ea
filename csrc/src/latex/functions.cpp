// Letters, words, functions and commands with arguments.
#include <algorithm>

#include "latex/parser.hpp"
#include "number/field.hpp"

namespace pyverify::latex {

using expr::Function;
using expr::Kind;
using expr::NodeId;

// One hash for a name however it is spelled: braces and styles are gone, backslashes dropped.
std::uint64_t Parser::raw_hash(std::size_t from, std::size_t to) const noexcept {
  std::uint64_t h = kRawName;
  for (std::size_t i = from; i < to && i < out_.tokens.size(); ++i) {
    const Token& t = out_.tokens[i];
    if ((t.kind == Tok::kOpen || t.kind == Tok::kClose) && t.value == static_cast<std::uint16_t>(Bracket::kBrace)) continue;
    if (t.kind == Tok::kLetter && t.value > 127) {
      h = number::mix(h, t.value);
      continue;
    }
    const std::string_view text = text_of(t);
    if (t.kind == Tok::kNumber && static_cast<unsigned char>(text[0]) == 0xE2) {  // subscript digits: E2 82 80..89
      for (std::size_t k = 2; k < text.size(); k += 3) h = number::mix(h, '0' + (static_cast<unsigned char>(text[k]) & 0xF));
      continue;
    }
    for (const char c : text) {
      if (c != '\\' && c != ' ') h = number::mix(h, static_cast<unsigned char>(c));
    }
  }
  return h;
}

// Does the bracket that opens here hold a comma of its own?
bool Parser::holds_comma() const noexcept {
  for (std::size_t i = next_ + 1; i < token().match; ++i) {
    if (out_.tokens[i].kind == Tok::kComma) return true;
    if (out_.tokens[i].kind == Tok::kOpen && out_.tokens[i].match > i) i = out_.tokens[i].match;
  }
  return false;
}

bool Parser::is_call_name(const Token& name) const noexcept {
  if (!at_open(Bracket::kRound) || token().match == 0) return false;
  const Token& after = out_.tokens[std::min<std::size_t>(token().match + 1, out_.tokens.size() - 1)];
  const bool labels = after.kind == Tok::kRelation && next_ >= 1 &&
                      (next_ == 1 || out_.tokens[next_ - 2].kind == Tok::kComma || out_.tokens[next_ - 2].kind == Tok::kAnd ||
                       out_.tokens[next_ - 2].kind == Tok::kPrime || out_.tokens[next_ - 2].kind == Tok::kQuad ||
                       out_.tokens[next_ - 2].kind == Tok::kSemicolon);
  if (labels) return true;
  const auto letter = name.value;
  if (letter == 'f' || letter == 'g' || letter == 'F' || letter == 'G') return !has(token(), kSpaceBefore) || out_.plain;
  // I(0): a capital before a parenthesised number; P(1, 2): a point
  const bool capital = letter >= 'A' && letter <= 'Z';
  if (capital && holds_comma()) return true;
  return capital && peek().kind == Tok::kNumber && token().match == next_ + 2;
}

NodeId Parser::call(std::uint64_t name, std::uint32_t begin, std::uint32_t end) noexcept {
  expr::Symbol made;
  made.name = name;
  made.base = name;
  made.text_begin = begin;
  made.text_end = end;
  const auto close = token().match;
  advance();
  std::vector<NodeId> arguments;
  const std::uint32_t bars = bars_open_;
  bars_open_ = 0;
  const NodeId inner = list(true);
  bars_open_ = bars;
  if (failed()) return kFailed;
  if (!at_close(Bracket::kRound) || next_ != close) return fail();
  advance();
  if (node(inner).kind == Kind::kList) {
    arguments.assign(tree_.items(node(inner)), tree_.items(node(inner)) + node(inner).b);
  } else {
    arguments.push_back(inner);
  }
  tree_.symbols.push_back(made);
  return items_node(Kind::kCall, arguments, 0, static_cast<std::uint16_t>(tree_.symbols.size() - 1));
}

NodeId Parser::letter() noexcept {
  const Token name = token();
  const bool bold = has(name, kBold);
  advance();
  const std::uint64_t base = number::mix(name.value);
  if (bold && (name.value == 'i' || name.value == 'j' || name.value == 'k')) {
    const std::uint64_t unit = basis_name(static_cast<char>(name.value));
    return symbol(unit, unit, name.begin, name.end, false);
  }
  if (name.value == 'C' && at(Tok::kUnderscore)) {  // C_n^k
    const std::size_t mark = next_;
    std::size_t look = next_ + 1;
    const Token& lower = out_.tokens[std::min(look, out_.tokens.size() - 1)];
    const bool brace = lower.kind == Tok::kOpen && lower.value == static_cast<std::uint16_t>(Bracket::kBrace) && lower.match != 0;
    look = brace ? lower.match + 1 : look + 1;
    if (look < out_.tokens.size() && out_.tokens[look].kind == Tok::kCaret) {
      advance();
      const NodeId n = argument();
      if (failed()) return kFailed;
      advance();
      const NodeId k = argument();
      if (failed()) return kFailed;
      return combine(Kind::kBinomial, n, k);
    }
    next_ = mark;
  }
  if (is_call_name(name)) return call(base, name.begin, name.end);
  // f'(x), f^{-1}(x)
  if (name.value == 'f' || name.value == 'g' || name.value == 'F' || name.value == 'G' || name.value == 'h' || name.value == 'y' ||
      name.value == 'u' || name.value == 'v') {
    std::size_t look = next_;
    std::uint64_t marked = base;
    while (out_.tokens[look].kind == Tok::kPrime) {
      marked = name_hash(marked, kPrimeMark);
      if (out_.tokens[look].value == 2) marked = name_hash(marked, kPrimeMark);
      ++look;
    }
    if (look == next_ && at(Tok::kCaret) && peek().kind == Tok::kOpen && peek(2).kind == Tok::kMinus &&
        peek(3).kind == Tok::kNumber && text_of(peek(3)) == "1" && peek(4).kind == Tok::kClose) {
      marked = name_hash(marked, 0x696e7665727365);
      look = next_ + 5;
    }
    if (look != next_ && out_.tokens[look].kind == Tok::kOpen && out_.tokens[look].match != 0 &&
        out_.tokens[look].value == static_cast<std::uint16_t>(Bracket::kRound)) {
      next_ = look;
      return call(marked, name.begin, out_.tokens[look - 1].end);
    }
  }
  if (name.value == 'e' && !bold && !at(Tok::kPrime)) return leaf(Kind::kE);
  if (name.value == 'i' && !at(Tok::kPrime)) return leaf(Kind::kI);
  return symbol(base, base, name.begin, name.end, false);
}

// abc: the first letter; the rest stays for juxtaposition.
NodeId Parser::word_product() noexcept {
  const Token whole = token();
  if (whole.end == whole.begin + 1) {
    out_.tokens[next_].kind = Tok::kLetter;
    out_.tokens[next_].value = static_cast<unsigned char>(out_.source[whole.begin]);
    return letter();
  }
  for (const char c : text_of(whole)) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) return fail();
  }
  const char first = out_.source[whole.begin];
  Token& rest = out_.tokens[next_];
  rest.begin += 1;
  rest.flags &= static_cast<std::uint8_t>(~kSpaceBefore);
  if (rest.end == rest.begin + 1) {
    rest.kind = Tok::kLetter;
    rest.value = static_cast<unsigned char>(out_.source[rest.begin]);
  }
  if (rest.end == rest.begin) return fail();
  if (first == 'e') return leaf(Kind::kE);
  if (first == 'i') return leaf(Kind::kI);
  const std::uint64_t name = number::mix(static_cast<unsigned char>(first));
  return symbol(name, name, whole.begin, whole.begin + 1, false);
}

NodeId Parser::command() noexcept {
  const auto cmd = static_cast<Cmd>(token().value);
  const Token name = token();
  switch (cmd) {
    case Cmd::kFrac: return fraction();
    case Cmd::kSqrt: return root();
    case Cmd::kBinom: {
      advance();
      const NodeId n = argument();
      if (failed()) return kFailed;
      return combine(Kind::kBinomial, n, argument());
    }
    case Cmd::kAccent: case Cmd::kOverline: return accent(cmd);
    case Cmd::kLog: return logarithm(false);
    case Cmd::kLogTen: return logarithm(true);
    case Cmd::kPi: advance(); return leaf(Kind::kPi);
    case Cmd::kInfinity: advance(); return leaf(Kind::kInfinity);
    case Cmd::kEmptySet: advance(); return leaf(Kind::kEmptySet);
    case Cmd::kNumberSet: return number_set();
    case Cmd::kArg: case Cmd::kRealPart: case Cmd::kImagPart: {
      advance();
      const NodeId inner = function_argument();
      if (failed()) return kFailed;
      if (!scalar_like(inner)) return fail(Reason::kUnsupported);
      if (cmd == Cmd::kArg) return unary_node(Kind::kFunction, inner, static_cast<std::uint8_t>(Function::kArg));
      return unary_node(cmd == Cmd::kRealPart ? Kind::kReal : Kind::kImag, inner);
    }
    case Cmd::kMax: return extremum(Kind::kMax);
    case Cmd::kMin: return extremum(Kind::kMin);
    case Cmd::kGcd: return extremum(Kind::kGcd);
    case Cmd::kLcm: return extremum(Kind::kLcm);
    case Cmd::kAbsWord: return wrapped_function(Kind::kAbs);
    case Cmd::kFloorWord: return wrapped_function(Kind::kFloor);
    case Cmd::kCeilWord: return wrapped_function(Kind::kCeil);
    case Cmd::kCis: {
      advance();
      const NodeId angle_node = function_argument();
      if (failed() || !scalar_like(angle_node)) return fail();
      const NodeId cosine = unary_node(Kind::kFunction, angle_node, static_cast<std::uint8_t>(Function::kCos));
      const NodeId sine = unary_node(Kind::kFunction, angle_node, static_cast<std::uint8_t>(Function::kSin));
      return binary_node(Kind::kAdd, cosine, binary_node(Kind::kMul, leaf(Kind::kI), sine));
    }
    case Cmd::kIntegral: return operation(expr::OperatorKind::kIntegral);
    case Cmd::kSum: return operation(expr::OperatorKind::kSum);
    case Cmd::kProduct: return operation(expr::OperatorKind::kProduct);
    case Cmd::kLimit: return operation(expr::OperatorKind::kLimit);
    case Cmd::kDet: return operation(expr::OperatorKind::kDeterminant);
    case Cmd::kAngleMark: return angle();
    case Cmd::kBegin: return environment();
    case Cmd::kDifferential: {
      advance();
      return symbol(number::mix(0x2202), number::mix(0x2202), name.begin, name.end, false);
    }
    default: return fail(Reason::kUnsupported);
  }
}

// {dy}, {d x}, {\partial f}, {\mathrm{d}y}: the letter behind the d. `where` is moved past the group.
bool Parser::differential(std::size_t& where, std::uint64_t& variable) const noexcept {
  const auto token_at = [&](std::size_t i) -> const Token& { return out_.tokens[std::min(i, out_.tokens.size() - 1)]; };
  const Token& open = token_at(where);
  if (open.kind != Tok::kOpen || open.value != static_cast<std::uint16_t>(Bracket::kBrace)) return false;
  const Token& first = token_at(where + 1);
  std::size_t close = 0;
  if (first.kind == Tok::kWord && first.end == first.begin + 2 && out_.source[first.begin] == 'd') {
    variable = static_cast<unsigned char>(out_.source[first.begin + 1]);
    close = where + 2;
  } else if ((first.kind == Tok::kLetter && first.value == 'd') ||
             (first.kind == Tok::kCommand && first.value == static_cast<std::uint16_t>(Cmd::kDifferential))) {
    const Token& second = token_at(where + 2);
    if (second.kind != Tok::kLetter) return false;
    variable = second.value;
    close = where + 3;
  } else {
    return false;
  }
  if (token_at(close).kind != Tok::kClose) return false;
  where = close + 1;
  return true;
}

NodeId Parser::fraction() noexcept {
  const Token name = token();
  advance();
  std::size_t look = next_;
  std::uint64_t top = 0;
  std::uint64_t bottom = 0;
  if (differential(look, top) && differential(look, bottom)) {
    // dy/dx is a name, y'
    const std::uint32_t end = out_.tokens[look - 1].end;
    next_ = look;
    const std::uint64_t derived = name_hash(number::mix(top), kPrimeMark);
    return symbol(derived, derived, name.begin, end, true);
  }
  if (const std::size_t end = derivative_end(bottom); end != 0) {
    next_ = end;
    return derivative(number::mix(bottom));
  }
  const NodeId numerator = argument();
  if (failed()) return kFailed;
  const NodeId denominator = argument();
  if (failed()) return kFailed;
  const NodeId made = combine(Kind::kDiv, numerator, denominator);
  if (!failed() && node(made).kind == Kind::kDiv) tree_.nodes[made].sub = 1;  // written as one fraction
  return made;
}

NodeId Parser::root() noexcept {
  const bool command = out_.source[token().begin] == '\\';
  NodeId degree = kFailed;
  if (text_of(token()) == "∛") degree = integer(3);
  if (text_of(token()) == "∜") degree = integer(4);
  advance();
  if (command && at_open(Bracket::kSquare)) {
    advance();
    degree = additive();
    if (failed()) return kFailed;
    if (!at_close(Bracket::kSquare)) return fail();
    advance();
  }
  const NodeId radicand = command && !at_open(Bracket::kRound) ? argument() : primary();
  if (failed()) return kFailed;
  if (!scalar_like(radicand)) return fail(Reason::kUnsupported);
  return binary_node(Kind::kRoot, radicand, degree == kFailed ? integer(2) : degree);
}

// \overline{3+4i}: a line over a sum or a product with i in it. kFailed, and nothing read, when it is a name.
NodeId Parser::conjugated_sum() noexcept {
  bool imaginary = false;
  bool arithmetic = false;
  const std::size_t close = token().match;
  for (std::size_t i = next_ + 1; i < close; ++i) {
    const Token& t = out_.tokens[i];
    imaginary |= t.kind == Tok::kLetter && t.value == 'i';
    arithmetic |= t.kind == Tok::kPlus || t.kind == Tok::kMinus || t.kind == Tok::kNumber;
  }
  if (!imaginary || !arithmetic) return kFailed;
  const NodeId inner = group();
  if (failed()) return kFailed;
  return scalar_like(inner) ? unary_node(Kind::kConj, inner) : fail(Reason::kUnsupported);
}

NodeId Parser::accent(Cmd cmd) noexcept {
  const Token name = token();
  std::string_view which = text_of(name);
  if (which == "\\overrightarrow") which = "\\vec";
  if (which == "\\widehat") which = "\\hat";
  if (which == "\\widetilde") which = "\\tilde";
  advance();
  std::size_t to = next_ + 1;
  if (at_open(Bracket::kBrace)) {
    if (cmd == Cmd::kOverline && peek(2).kind != Tok::kClose && peek().kind != Tok::kWord) {
      if (const NodeId conjugate = conjugated_sum(); conjugate != kFailed || failed()) return conjugate;
    }
    if (token().match == 0) return fail();
    to = token().match + 1;
  }
  const std::size_t from = next_;
  const Token& last = out_.tokens[to - 1];
  const Token& first = at_open(Bracket::kBrace) ? peek() : token();
  if (first.kind != Tok::kLetter && first.kind != Tok::kWord) return fail(Reason::kUnsupported);
  next_ = to;
  if (which == "\\dot" && first.kind == Tok::kLetter) {  // a time derivative is x'
    const std::uint64_t derived = name_hash(number::mix(first.value), kPrimeMark);
    return symbol(derived, derived, name.begin, last.end, true);
  }
  if (which == "\\hat" || which == "\\vec" || which == "\\mathbf") {
    if (first.kind == Tok::kLetter && (first.value == 'i' || first.value == 'j' || first.value == 'k')) {
      const std::uint64_t unit = basis_name(static_cast<char>(first.value));
      return symbol(unit, unit, name.begin, last.end, false);
    }
  }
  // the accent belongs to the name; a bar and an overline are one accent
  const std::uint64_t mark = cmd == Cmd::kOverline || which == "\\bar" ? kAccentMark : name_hash(kAccentMark, which.size());
  const std::uint64_t made = name_hash(raw_hash(from, to), mark);
  return symbol(made, made, name.begin, last.end, false);
}

// \angle ABC is one name.
NodeId Parser::angle() noexcept {
  const Token name = token();
  advance();
  const std::size_t from = next_;
  while (at(Tok::kLetter) || at(Tok::kWord) || at(Tok::kUnderscore) || at(Tok::kNumber) || at(Tok::kPrime) || at_open(Bracket::kBrace) ||
         at_close(Bracket::kBrace)) {
    if (at(Tok::kNumber) && out_.tokens[next_ - 1].kind != Tok::kUnderscore && out_.tokens[next_ - 1].kind != Tok::kOpen) break;
    advance();
  }
  if (next_ == from) return fail(Reason::kUnsupported);
  const Token only = out_.tokens[from];
  if (next_ == from + 1 && only.kind == Tok::kLetter) {  // the angle B is called B
    const std::uint64_t letter = number::mix(only.value);
    return symbol(letter, letter, only.begin, only.end, false);
  }
  const std::uint64_t made = name_hash(raw_hash(from, next_), 0x616e676c65);
  return symbol(made, made, name.begin, out_.tokens[next_ - 1].end, true);
}

NodeId Parser::number_set() noexcept {
  using expr::NumberSet;
  const auto letter = token().match;
  advance();
  NumberSet set = NumberSet::kReal;
  switch (letter) {
    case 'R': set = NumberSet::kReal; break;
    case 'Z': set = NumberSet::kInteger; break;
    case 'N': set = NumberSet::kNatural; break;
    case 'Q': set = NumberSet::kRational; break;
    case 'C': set = NumberSet::kComplex; break;
    default: return fail(Reason::kUnsupported);
  }
  if (at(Tok::kUnderscore)) {  // \mathbb{R}_+, \mathbb{R}_{>0}, \mathbb{Z}_{\ge 0}
    const bool brace = peek().kind == Tok::kOpen;
    const Token& sign = brace ? peek(2) : peek();
    using expr::Relation;
    if (sign.kind == Tok::kPlus || (sign.kind == Tok::kRelation && sign.value == static_cast<std::uint16_t>(Relation::kGreater))) {
      const bool number = sign.kind == Tok::kRelation;
      if (set == NumberSet::kReal) set = NumberSet::kRealPositive;
      else if (set == NumberSet::kInteger) set = NumberSet::kIntegerPositive;
      else if (set == NumberSet::kNatural) set = NumberSet::kNaturalPositive;
      else return fail(Reason::kUnsupported);
      next_ += (brace ? 4u : 2u) + (number ? 1u : 0u);
      next_ = std::min(next_, out_.tokens.size() - 1);
    } else {
      return fail(Reason::kUnsupported);
    }
  }
  return leaf(Kind::kNumberSet, 0, static_cast<std::uint8_t>(set));
}

// ---- functions

NodeId Parser::function() noexcept {
  auto which = static_cast<Function>(token().value);
  advance();
  NodeId exponent = kFailed;
  if (at(Tok::kSuperscript)) {
    exponent = integer(token().value & 0x7FFF);
    if (token().value == 0x8001) exponent = negate(integer(1));
    advance();
  } else if (at(Tok::kCaret)) {
    advance();
    exponent = argument();
    if (!failed() && node(exponent).kind == Kind::kNeg && is_integer_literal(node(exponent).a) && which <= Function::kCot &&
        tree_.numbers[node(node(exponent).a).a].value.num == 1) {
      which = static_cast<Function>(static_cast<std::uint8_t>(which) + 6);  // \sin^{-1} is the inverse
      exponent = kFailed;
    }
  }
  if (failed()) return kFailed;
  const NodeId inner = function_argument();
  if (failed()) return kFailed;
  if (!scalar_like(inner)) return fail(Reason::kUnsupported);
  const NodeId value = unary_node(Kind::kFunction, inner, static_cast<std::uint8_t>(which));
  return exponent == kFailed ? value : combine(Kind::kPow, value, exponent);
}

NodeId Parser::logarithm(bool ten) noexcept {
  advance();
  NodeId base = ten ? integer(10) : kFailed;
  if (at(Tok::kUnderscore)) {
    advance();
    base = out_.plain ? primary() : argument();
    if (failed()) return kFailed;
  }
  NodeId exponent = kFailed;
  if (at(Tok::kCaret)) {
    advance();
    exponent = argument();
    if (failed()) return kFailed;
  }
  const NodeId inner = function_argument();
  if (failed()) return kFailed;
  if (!scalar_like(inner)) return fail(Reason::kUnsupported);
  const NodeId value = base == kFailed ? unary_node(Kind::kFunction, inner, static_cast<std::uint8_t>(Function::kLog))
                                       : combine(Kind::kLogBase, base, inner);
  return exponent == kFailed || failed() ? value : combine(Kind::kPow, value, exponent);
}

// A closed group, or juxtaposed factors up to + - * / another function or a bracket.
NodeId Parser::function_argument() noexcept {
  if (at(Tok::kOpen)) return primary();
  if (at(Tok::kBar)) return bars_open_ == 0 ? postfix(bars(), false) : fail();
  bool negative = false;
  if (at(Tok::kMinus)) {
    negative = true;
    advance();
  }
  const std::size_t symbols_before = tree_.symbols.size();
  NodeId left = at(Tok::kFunction) || at_command(Cmd::kLog) ? primary() : power();
  while (!failed()) {
    if (!primary_starts() || at(Tok::kFunction) || at(Tok::kBar) || unit_starts(tree_.symbols.size() == symbols_before)) break;
    if (at(Tok::kOpen) && !at_open(Bracket::kBrace)) break;
    if (at(Tok::kNumber) && node(left).kind == Kind::kNumber) break;
    if (at(Tok::kCommand)) {
      const auto cmd = static_cast<Cmd>(token().value);
      if (cmd == Cmd::kLog || cmd == Cmd::kLogTen || cmd == Cmd::kIntegral || cmd == Cmd::kSum || cmd == Cmd::kBegin) break;
    }
    const NodeId right = power();
    if (failed()) return kFailed;
    left = combine(Kind::kMul, left, right);
  }
  if (failed() || !negative) return left;
  return negate(left);
}

NodeId Parser::extremum(Kind kind) noexcept {
  advance();
  if (!at_open(Bracket::kRound) && !at_open(Bracket::kSet) && !at_open(Bracket::kSquare)) return fail(Reason::kUnsupported);
  const auto close = token().match;
  advance();
  const NodeId inner = list(true);
  if (failed()) return kFailed;
  if (close == 0 || next_ != close) return fail();
  advance();
  if (node(inner).kind != Kind::kList) return scalar_like(inner) ? items_node(kind, {inner}) : fail(Reason::kUnsupported);
  const std::vector<NodeId> items(tree_.items(node(inner)), tree_.items(node(inner)) + node(inner).b);
  for (const NodeId item : items) {
    if (!scalar_like(item)) return fail(Reason::kUnsupported);
  }
  return items_node(kind, items);
}

NodeId Parser::wrapped_function(Kind kind) noexcept {
  advance();
  if (!at_open(Bracket::kRound)) return fail();
  const NodeId inner = primary();
  if (failed() || !scalar_like(inner)) return fail();
  return unary_node(kind, inner);
}

}  // namespace pyverify::latex
