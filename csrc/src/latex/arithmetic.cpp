// Sums, products, signs and powers, and the units behind them.
#include <algorithm>

#include "latex/parser.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::NodeId;

namespace {
constexpr std::size_t kMostShown = 16;  // terms before dots
}  // namespace

NodeId Parser::additive() noexcept {
  DepthGuard guard(*this);
  if (!guard.ok) return kFailed;
  const auto first = static_cast<std::uint32_t>(next_);
  const bool rate = rate_before();
  if (rate) advance();
  const std::size_t symbols_before = tree_.symbols.size();
  NodeId left = kFailed;
  if (at(Tok::kPlusMinus)) {
    const auto sign = static_cast<std::uint8_t>(token().value);
    advance();
    const NodeId right = term();
    if (failed()) return kFailed;
    out_.has_plus_minus = true;
    left = add_node(Kind::kPlusMinus, expr::kNoNode, right, sign, 0, node(right).lo);
  } else {
    left = term();
  }
  bool evaluated = false;
  while (!failed()) {
    if (at_evaluation_bar()) {  // the bar belongs to the whole sum before it, or since the last one
      if (evaluated) return fail(Reason::kUnsupported);
      left = evaluation(left);
      evaluated = true;
    } else if (at(Tok::kPlus) || at(Tok::kMinus)) {
      const Kind kind = at(Tok::kPlus) ? Kind::kAdd : Kind::kSub;
      advance();
      if (at(Tok::kEllipsis)) {
        left = kind == Kind::kAdd ? dotted(left, false) : fail(Reason::kUnsupported);
        continue;
      }
      NodeId right = term();
      if (!failed() && evaluated && at_evaluation_bar()) right = evaluation(right);
      if (failed()) return kFailed;
      left = combine(kind, left, right);
    } else if (at(Tok::kPlusMinus)) {
      const auto sign = static_cast<std::uint8_t>(token().value);
      advance();
      const NodeId right = term();
      if (failed()) return kFailed;
      if (!scalar_like(left) || !scalar_like(right)) return fail(Reason::kUnsupported);
      out_.has_plus_minus = true;
      left = binary_node(Kind::kPlusMinus, left, right, sign);
    } else {
      break;
    }
  }
  if (failed()) return kFailed;
  if (at_command(Cmd::kChoose)) {  // {2n \choose n}: what stands on either side is a whole sum
    advance();
    return combine(Kind::kBinomial, left, additive());
  }
  const NodeId value = with_unit(left, symbols_before);
  if (rate && !failed()) {
    if (node(value).kind != Kind::kQuantity) return fail();
    Range& unit = out_.units[node(value).b];
    if (unit.begin != first + 2) return fail(Reason::kUnsupported);  // only around one numeral
    unit.begin = first;
  }
  if (failed() || node(value).kind != Kind::kQuantity || !(at(Tok::kPlus) || at(Tok::kMinus)))
    return value;
  return quantity_sum(value);
}

// 1 + 2 + \cdots + n, 1 \cdot 3 \cdots (2n-1): an operator over the terms that are written.
NodeId Parser::dotted(NodeId shown, bool product) noexcept {
  const Kind join = product ? Kind::kMul : Kind::kAdd;
  std::vector<NodeId> items;
  for (; node(shown).kind == join && items.size() < kMostShown; shown = node(shown).a)
    items.push_back(node(shown).b);
  items.push_back(shown);
  std::reverse(items.begin(), items.end());
  advance();
  const bool joined = product ? at(Tok::kTimes) : at(Tok::kPlus);
  if (joined) advance();
  if ((!joined && !product) || !primary_starts()) return fail(Reason::kUnsupported);
  items.push_back(product ? unary() : term());
  if (failed()) return kFailed;
  const bool scalars =
      std::all_of(items.begin(), items.end(), [this](NodeId id) { return scalar_like(id); });
  if (items.size() < 3 || !scalars) return fail(Reason::kUnsupported);
  out_.has_operator = true;
  const auto kind = product ? expr::OperatorKind::kDottedProduct : expr::OperatorKind::kDottedSum;
  return items_node(Kind::kOperator, items, static_cast<std::uint8_t>(kind));
}

// 5 cm + 3 cm
NodeId Parser::quantity_sum(NodeId first) noexcept {
  std::vector<NodeId> parts{first};
  while (at(Tok::kPlus) || at(Tok::kMinus)) {
    const bool minus = at(Tok::kMinus);
    advance();
    const std::size_t symbols_before = tree_.symbols.size();
    NodeId part = term();
    if (!failed()) part = with_unit(part, symbols_before);
    if (failed()) return kFailed;
    if (node(part).kind != Kind::kQuantity || parts.size() > 8) return fail(Reason::kUnsupported);
    parts.push_back(minus ? negate(part) : part);
  }
  return items_node(Kind::kQuantitySum, parts);
}

// A unit or a counted noun behind a whole sum: 480 + 480\sqrt3 feet. Further quantities add up: 1 h
// 30 min.
NodeId Parser::with_unit(NodeId value, std::size_t symbols_before) noexcept {
  if (!scalar_like(value) && node(value).kind != Kind::kMoney && node(value).kind != Kind::kRatio &&
      node(value).kind != Kind::kTuple) {
    return value;
  }
  std::vector<NodeId> parts;
  for (;;) {
    const bool numeric = tree_.symbols.size() == symbols_before;
    if (const std::size_t close = bracketed_unit_end(numeric); close != 0 && parts.empty()) {
      out_.units.push_back(
          {static_cast<std::uint32_t>(next_ + 1), static_cast<std::uint32_t>(close)});
      next_ = close;
      advance();
      return add_node(Kind::kQuantity, value, static_cast<std::uint32_t>(out_.units.size() - 1), 0,
                      0, node(value).lo);
    }
    if (!unit_starts(numeric) && !(node(value).kind == Kind::kMoney && price_goes_on())) break;
    const auto first = static_cast<std::uint32_t>(next_);
    out_.has_plain_unit |= (at(Tok::kWord) || (at(Tok::kLetter) && letters_ != Letters::kUnit)) &&
                           !has(token(), kInText) && !has(token(), kInRoman);
    skip_unit();
    if (failed()) return kFailed;
    out_.units.push_back({first, static_cast<std::uint32_t>(next_)});
    const NodeId quantity =
        add_node(Kind::kQuantity, value, static_cast<std::uint32_t>(out_.units.size() - 1), 0, 0,
                 node(value).lo);
    parts.push_back(quantity);
    if (failed() || parts.size() > 8) return failed() ? kFailed : fail();
    const bool joined = (at(Tok::kAnd) || at(Tok::kComma)) && peek().kind == Tok::kNumber &&
                        numeric && node(value).kind == Kind::kNumber;
    std::size_t look = joined ? 2 : 1;
    const bool another = at(Tok::kNumber) || joined;
    // only "2 h 30 min", "2 hours and 30 minutes": a number directly followed by a unit again
    if (!another) break;
    const Token& after = peek(look);
    if (after.kind != Tok::kWord && after.kind != Tok::kHan && after.kind != Tok::kLetter &&
        after.kind != Tok::kPrime)
      break;
    if (joined && vocabulary_.is_unit != nullptr && !vocabulary_.is_unit(text_of(after))) break;
    // "5 feet, 3 inches", but "5 m, 3 cm" are two
    if (at(Tok::kComma) && (vocabulary_.is_part == nullptr ||
                            !vocabulary_.is_part(text_of(out_.tokens[first]), text_of(after))))
      break;
    if (joined) advance();
    value = term();
    if (failed()) return kFailed;
  }
  if (parts.empty()) return value;
  if (parts.size() == 1) return parts.front();
  return items_node(Kind::kQuantitySum, parts, kByAnd);
}

// The x of 3 x 10^8 and 24 x 15.
bool Parser::times_letter() const noexcept {
  if (!at(Tok::kLetter, 'x') || peek().kind != Tok::kNumber) return false;
  if (before() != Tok::kNumber && before() != Tok::kClose) return false;
  const bool power =
      text_of(peek()) == "10" && (peek(2).kind == Tok::kCaret || peek(2).kind == Tok::kSuperscript);
  return power || (has(token(), kSpaceBefore) && has(peek(), kSpaceBefore));
}

NodeId Parser::term() noexcept {
  const std::size_t symbols_before = tree_.symbols.size();
  NodeId left = unary();
  bool signs = false;  // a sign of multiplication or division was there
  while (!failed()) {
    if (node(left).kind == Kind::kMoney && price_goes_on()) break;
    if (at(Tok::kWord) && text_of(token()) == "choose" && !signs) {  // 2n choose n
      advance();
      const NodeId right = unary();
      if (failed()) return kFailed;
      left = combine(Kind::kBinomial, left, right);
    } else if (at(Tok::kTimes) || at(Tok::kSlash) || times_letter()) {
      const Kind kind = at(Tok::kSlash) ? Kind::kDiv : Kind::kMul;
      signs = true;
      const bool cross = text_of(token()) == "\\times" || text_of(token()) == "×";
      advance();
      if (at(Tok::kEllipsis)) {
        left = kind == Kind::kMul ? dotted(left, true) : fail(Reason::kUnsupported);
        continue;
      }
      const NodeId right = unary();
      if (failed()) return kFailed;
      if (cross && (names_vector(right) || is_nabla(left)))
        left = cross_product(left, right);
      else
        left = kind == Kind::kMul ? multiply(left, right, true) : combine(kind, left, right);
    } else if (at_command(Cmd::kMod) && !in_congruence_) {
      advance();
      const NodeId right = unary();
      if (failed()) return kFailed;
      left = combine(Kind::kMod, left, right);
    } else if (at(Tok::kEllipsis)) {
      left = dotted(left, true);
    } else if (unit_starts(tree_.symbols.size() == symbols_before) || !primary_starts() ||
               bracketed_unit_end(tree_.symbols.size() == symbols_before) != 0 || modulus_ahead() ||
               restriction_ahead() || rounding_ahead() || union_letter(left)) {
      break;
    } else {
      if (at(Tok::kNumber) && node(left).kind == Kind::kNumber) return fail();  // "1 2"
      if (at(Tok::kCurrency)) return fail();  // 2€18: a price is no factor without a sign
      const bool closed = before() == Tok::kClose;
      const bool opened = at_open(Bracket::kRound);
      const NodeId right = power();
      if (failed()) return kFailed;
      // 63 degrees 45 minutes: the minutes add
      if (node(left).kind == Kind::kDegree && node(right).kind == Kind::kDegree &&
          node(right).aux != 0) {
        left = binary_node(Kind::kAdd, left, right);
        tree_.nodes[left].aux = 0;
        const NodeId sum = left;
        if (at(Tok::kNumber)) {
          const NodeId seconds = power();
          if (failed()) return kFailed;
          if (node(seconds).kind != Kind::kDegree || node(seconds).aux == 0) return fail();
          left = binary_node(Kind::kAdd, sum, seconds);
        }
        continue;
      }
      NodeId factor = right;
      if (closed && names_vector(right)) left = inner_product(left);
      if (opened && names_vector(left)) factor = inner_product(right);
      left = multiply(left, factor, false);
    }
  }
  return failed() ? kFailed : left;
}

NodeId Parser::unary() noexcept {
  bool negative = false;
  std::uint32_t signs = 0;
  while (at(Tok::kMinus) || at(Tok::kPlus)) {
    if (at(Tok::kMinus)) negative = !negative;
    advance();
    if (++signs > 4) return fail();
  }
  if (at(Tok::kPlusMinus) && signs == 0) {  // 3 \cdot \pm 2
    const auto sign = static_cast<std::uint8_t>(token().value);
    advance();
    const NodeId right = power();
    if (failed()) return kFailed;
    out_.has_plus_minus = true;
    return add_node(Kind::kPlusMinus, expr::kNoNode, right, sign, 0, node(right).lo);
  }
  const NodeId value = power();
  if (failed() || !negative) return value;
  return negate(value);
}

NodeId Parser::power() noexcept {
  DepthGuard guard(*this);
  if (!guard.ok) return kFailed;
  const bool literal = at(Tok::kNumber);
  const NodeId base = primary();
  return failed() ? kFailed : postfix(base, literal);
}

}  // namespace pyverify::latex
