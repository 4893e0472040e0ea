// Functions and commands with arguments.
#include <algorithm>

#include "latex/parser.hpp"
#include "number/field.hpp"

namespace pyverify::latex {

using expr::Function;
using expr::Kind;
using expr::NodeId;

NodeId Parser::command() noexcept {
  const auto cmd = static_cast<Cmd>(token().value);
  const Token name = token();
  switch (cmd) {
    case Cmd::kFrac:
      return fraction();
    case Cmd::kSqrt:
      return root();
    case Cmd::kBinom: {
      advance();
      const NodeId n = argument();
      if (failed()) return kFailed;
      return combine(Kind::kBinomial, n, argument());
    }
    case Cmd::kAccent:
    case Cmd::kOverline:
      return accent(cmd);
    case Cmd::kLog:
      return logarithm(false);
    case Cmd::kLogTen:
      return logarithm(true);
    case Cmd::kPi:
      advance();
      return leaf(Kind::kPi);
    case Cmd::kInfinity:
      advance();
      return leaf(Kind::kInfinity);
    case Cmd::kEmptySet:
      advance();
      return leaf(Kind::kEmptySet);
    case Cmd::kNumberSet:
      return number_set();
    case Cmd::kArg:
    case Cmd::kRealPart:
    case Cmd::kImagPart: {
      advance();
      const NodeId inner = function_argument();
      if (failed()) return kFailed;
      if (!scalar_like(inner)) return fail(Reason::kUnsupported);
      if (cmd == Cmd::kArg)
        return unary_node(Kind::kFunction, inner, static_cast<std::uint8_t>(Function::kArg));
      return unary_node(cmd == Cmd::kRealPart ? Kind::kReal : Kind::kImag, inner);
    }
    case Cmd::kMax:
      return extremum(Kind::kMax);
    case Cmd::kMin:
      return extremum(Kind::kMin);
    case Cmd::kGcd:
      return extremum(Kind::kGcd);
    case Cmd::kLcm:
      return extremum(Kind::kLcm);
    case Cmd::kAbsWord:
      return wrapped_function(Kind::kAbs);
    case Cmd::kFloorWord:
      return wrapped_function(Kind::kFloor);
    case Cmd::kCeilWord:
      return wrapped_function(Kind::kCeil);
    case Cmd::kCis: {
      advance();
      const NodeId angle_node = function_argument();
      if (failed() || !scalar_like(angle_node)) return fail();
      const NodeId cosine =
          unary_node(Kind::kFunction, angle_node, static_cast<std::uint8_t>(Function::kCos));
      const NodeId sine =
          unary_node(Kind::kFunction, angle_node, static_cast<std::uint8_t>(Function::kSin));
      return binary_node(Kind::kAdd, cosine, binary_node(Kind::kMul, leaf(Kind::kI), sine));
    }
    case Cmd::kIntegral:
      return operation(expr::OperatorKind::kIntegral);
    case Cmd::kSum:
      return operation(expr::OperatorKind::kSum);
    case Cmd::kProduct:
      return operation(expr::OperatorKind::kProduct);
    case Cmd::kLimit:
      return operation(expr::OperatorKind::kLimit);
    case Cmd::kDet:
      return operation(expr::OperatorKind::kDeterminant);
    case Cmd::kAngleMark:
      return angle();
    case Cmd::kBegin:
      return environment();
    case Cmd::kDifferential: {
      advance();
      return symbol(number::mix(0x2202), number::mix(0x2202), name.begin, name.end, false);
    }
    default:
      return fail(Reason::kUnsupported);
  }
}

// {dy}, {d x}, {\partial f}, {\mathrm{d}y}, {d^2 y}, {dx^2}: the letter behind the d. `where` is
// moved past the group, `order` is 2 with a square.
bool Parser::differential(std::size_t& where, std::uint64_t& variable, int& order) const noexcept {
  const auto token_at = [&](std::size_t i) -> const Token& {
    return out_.tokens[std::min(i, out_.tokens.size() - 1)];
  };
  const auto brace = [](const Token& token, Tok kind) {
    return token.kind == kind && token.value == static_cast<std::uint16_t>(Bracket::kBrace);
  };
  std::size_t at = where;
  if (!brace(token_at(at++), Tok::kOpen)) return false;
  order = 1;
  const auto square = [&] {
    std::size_t i = at;
    if (token_at(i).kind == Tok::kSuperscript && token_at(i).value == 2) {
      ++i;
    } else {
      if (token_at(i++).kind != Tok::kCaret) return;
      const bool group = brace(token_at(i), Tok::kOpen);
      if (group) ++i;
      if (token_at(i).kind != Tok::kNumber || text_of(token_at(i)) != "2") return;
      ++i;
      if (group && !brace(token_at(i++), Tok::kClose)) return;
    }
    order = 2;
    at = i;
  };
  const Token& first = token_at(at++);
  if (first.kind == Tok::kWord && first.end == first.begin + 2 && out_.source[first.begin] == 'd') {
    variable = static_cast<unsigned char>(out_.source[first.begin + 1]);
  } else if ((first.kind == Tok::kLetter && first.value == 'd') ||
             (first.kind == Tok::kCommand &&
              first.value == static_cast<std::uint16_t>(Cmd::kDifferential))) {
    square();
    if (token_at(at).kind != Tok::kLetter) return false;
    variable = token_at(at++).value;
    if (token_at(at).kind == Tok::kUnderscore) {  // d v_o
      const bool group = brace(token_at(at + 1), Tok::kOpen) && token_at(at + 1).match > at;
      const std::size_t end = group ? token_at(at + 1).match + 1 : at + 2;
      variable = name_hash(variable, raw_hash(at + 1, end));
      at = end;
    }
  } else {
    return false;
  }
  if (order == 1) square();
  if (token_at(at).kind != Tok::kClose) return false;
  where = at + 1;
  return true;
}

// dy/dx and \dot x, which is dx/dt, are names. The prime of y' leaves the variable open.
NodeId Parser::derived_name(std::uint64_t top, std::uint64_t bottom, int order, std::uint32_t begin,
                            std::uint32_t end) noexcept {
  std::uint64_t prime = name_hash(number::mix(top), kPrimeMark);
  if (order == 2) prime = name_hash(prime, kPrimeMark);
  const std::uint64_t derived = name_hash(prime, bottom);
  std::vector<DerivativeName>& known = out_.derivatives;
  if ((bottom == 'x' || bottom == 't') &&
      std::none_of(known.begin(), known.end(),
                   [&](const DerivativeName& other) { return other.name == derived; }))
    known.push_back({derived, prime, bottom});
  return symbol(derived, derived, begin, end, true);
}

// dy/dx typed plainly; kFailed, and nothing read, when it is something else.
NodeId Parser::plain_derivative() noexcept {
  const auto is_differential = [this](const Token& word) {
    return word.kind == Tok::kWord && word.end == word.begin + 2 && out_.source[word.begin] == 'd';
  };
  if (!is_differential(token()) || peek().kind != Tok::kSlash || !is_differential(peek(2)))
    return kFailed;
  const auto letter_of = [this](const Token& word) {
    return static_cast<unsigned char>(out_.source[word.begin + 1]);
  };
  const Token top = token();
  const Token bottom = peek(2);
  next_ += 3;
  return derived_name(letter_of(top), letter_of(bottom), 1, top.begin, bottom.end);
}

NodeId Parser::fraction() noexcept {
  const Token name = token();
  advance();
  std::size_t look = next_;
  std::uint64_t top = 0;
  std::uint64_t bottom = 0;
  int above = 1;
  int below = 1;
  if (differential(look, top, above) && differential(look, bottom, below) && above == below) {
    // \partial u / \partial t and \partial u / \partial x stand in one equation
    if (text_of(peek()) == "\\partial") top = name_hash(top, bottom);
    next_ = look;
    return derived_name(top, bottom, above, name.begin, out_.tokens[look - 1].end);
  }
  if (const std::size_t end = derivative_end(bottom); end != 0) {
    next_ = end;
    return derivative(number::mix(bottom));
  }
  const bool holds_differential =
      at_open(Bracket::kBrace) && token().begin < stop_ && stop_ < out_.tokens[token().match].begin;
  const NodeId numerator = holds_differential ? numerator_with_differential() : argument();
  if (failed()) return kFailed;
  const NodeId denominator = argument();
  if (failed()) return kFailed;
  const NodeId made = combine(Kind::kDiv, numerator, denominator);
  if (!failed() && node(made).kind == Kind::kDiv)
    tree_.nodes[made].sub = 1;  // written as one fraction
  return made;
}

NodeId Parser::root() noexcept {
  const bool command = out_.source[token().begin] == '\\';
  NodeId degree = kFailed;
  if (text_of(token()) == "∛" || text_of(token()).ends_with("cbrt")) degree = integer(3);
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
    if (!failed() && node(exponent).kind == Kind::kNeg && is_integer_literal(node(exponent).a) &&
        which <= Function::kCot && tree_.numbers[node(node(exponent).a).a].value.num == 1) {
      which =
          static_cast<Function>(static_cast<std::uint8_t>(which) + 6);  // \sin^{-1} is the inverse
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
  const std::uint32_t end = token().end;
  advance();
  NodeId base = ten ? integer(10) : kFailed;
  if (!ten && out_.plain && token().begin == end && peek().kind == Tok::kOpen &&
      peek().begin == token().end && (text_of(token()) == "2" || text_of(token()) == "10")) {
    base = integer(token().end == end + 1 ? 2 : 10);  // log2(x), as programs write it
    advance();
  }
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
  const NodeId value = base == kFailed ? unary_node(Kind::kFunction, inner,
                                                    static_cast<std::uint8_t>(Function::kLog))
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
    if (!primary_starts() || at(Tok::kFunction) || at(Tok::kBar) ||
        unit_starts(tree_.symbols.size() == symbols_before))
      break;
    if (at(Tok::kOpen) && !at_open(Bracket::kBrace)) break;
    if (at(Tok::kNumber) && node(left).kind == Kind::kNumber) break;
    if (at(Tok::kCommand)) {
      const auto cmd = static_cast<Cmd>(token().value);
      if (cmd == Cmd::kLog || cmd == Cmd::kLogTen || cmd == Cmd::kIntegral || cmd == Cmd::kSum ||
          cmd == Cmd::kBegin)
        break;
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
  if (!at_open(Bracket::kRound) && !at_open(Bracket::kSet) && !at_open(Bracket::kSquare) &&
      !at_open(Bracket::kBrace))
    return fail(Reason::kUnsupported);
  const auto close = token().match;
  advance();
  const NodeId inner = list(true);
  if (failed()) return kFailed;
  if (close == 0 || next_ != close) return fail();
  advance();
  if (node(inner).kind != Kind::kList)
    return scalar_like(inner) ? items_node(kind, {inner}) : fail(Reason::kUnsupported);
  const std::vector<NodeId> items(tree_.items(node(inner)),
                                  tree_.items(node(inner)) + node(inner).b);
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
