// Numbers, mixed numbers, repeating decimals and amounts of money.
#include <algorithm>

#include "latex/parser.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::NodeId;

NodeId Parser::literal() noexcept {
  const Token name = token();
  if (static_cast<unsigned char>(text_of(name)[0]) == 0xE2) {  // subscript digits: E2 82 80..89
    std::int64_t value = 0;
    const std::string_view digits = text_of(name);
    for (std::size_t k = 2; k < digits.size() && value < 1000000; k += 3)
      value = value * 10 + (static_cast<unsigned char>(digits[k]) & 0xF);
    advance();
    return integer(value);
  }
  if (name.value & kHex) {
    std::int64_t value = 0;
    const char prefix = text_of(name)[1];
    const int radix = prefix == 'b' ? 2 : prefix == 'o' ? 8 : 16;
    for (const char c : text_of(name).substr(2)) {
      if (value > (std::int64_t{1} << 58)) return fail(Reason::kLimitBits);
      value = value * radix + (c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    }
    advance();
    return integer(value);
  }
  advance();
  if (name.value & kRepeating) return repeating_node(text_of(name));
  const NodeId whole = number_node(name);
  if (failed()) return kFailed;
  if (at(Tok::kEllipsis) && (name.value & kPoint) && !has(token(), kSpaceBefore)) {
    // 0.333...: digits repeated at least three times are a repeating decimal
    const std::string_view text = text_of(name);
    const std::size_t point = text.find('.');
    const std::string_view fraction = text.substr(point + 1);
    for (std::size_t period = 1; period * 3 <= fraction.size(); ++period) {
      const std::string_view unit = fraction.substr(fraction.size() - period);
      std::size_t start = fraction.size();
      while (start >= period && fraction.substr(start - period, period) == unit) start -= period;
      if (fraction.size() - start >= 3 * period) {
        advance();
        std::string rewritten(text.substr(0, point + 1 + start));
        rewritten += "\\overline{";
        rewritten += unit;
        rewritten += '}';
        return repeating_node(rewritten);
      }
    }
    return fail(Reason::kAmbiguous);
  }
  if (at(Tok::kWord) && !has(token(), kSpaceBefore) && name.value == kPlainNumber) {  // 6th
    const std::string_view suffix = text_of(token());
    if (suffix == "th" || suffix == "st" || suffix == "nd" || suffix == "rd") {
      advance();
      return whole;
    }
  }
  if (is_integer_literal(whole)) return mixed_number(whole);
  return whole;
}

NodeId Parser::number_node(const Token& token) noexcept {
  const std::string_view text = text_of(token);
  expr::Number n;
  n.digits_begin = static_cast<std::uint32_t>(tree_.digits.size());
  n.scientific = (token.value & kExponent) != 0;
  n.grouped = (token.value & kGrouped) != 0;
  bool point = false;
  bool leading = true;
  std::uint64_t mantissa = 0;
  std::uint32_t kept = 0;
  std::int32_t exponent = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (static_cast<unsigned char>(c) == 0xEF && i + 2 < text.size() &&
        static_cast<unsigned char>(text[i + 1]) == 0xBC &&
        static_cast<unsigned char>(text[i + 2]) >= 0x90 &&
        static_cast<unsigned char>(text[i + 2]) <= 0x99) {
      c = static_cast<char>('0' + static_cast<unsigned char>(text[i + 2]) - 0x90);
      i += 2;
    }
    if (c == '.') {
      point = true;
    } else if (c == 'e' || c == 'E') {
      bool negative = false;
      for (++i; i < text.size(); ++i) {
        if (text[i] == '-')
          negative = true;
        else if (text[i] >= '0' && text[i] <= '9')
          exponent = std::min(exponent * 10 + (text[i] - '0'), 100000);
      }
      if (negative) exponent = -exponent;
      break;
    } else if (c >= '0' && c <= '9') {
      if (point && n.decimals < 60000) ++n.decimals;
      if (c != '0') leading = false;
      if (!leading && n.significant < 60000) ++n.significant;
      if (!leading) {
        tree_.digits.push_back(c);
        if (kept < 19) mantissa = mantissa * 10 + static_cast<std::uint64_t>(c - '0');
        ++kept;
      }
    }
  }
  if (leading) tree_.digits.push_back('0');
  n.decimal_point = n.decimals > 0;
  n.digits_count = static_cast<std::uint32_t>(tree_.digits.size()) - n.digits_begin;
  n.exponent = exponent - static_cast<std::int32_t>(n.decimals);
  if (static_cast<std::uint64_t>(n.digits_count) * 10 / 3 > budget_.limits().literal_bits)
    return fail(Reason::kLimitBits);
  if (kept <= 18 && n.exponent >= -18 && n.exponent <= 18) {
    std::int64_t scale = 1;
    for (std::int32_t i = 0; i < std::abs(n.exponent); ++i) scale *= 10;
    const auto value = static_cast<std::int64_t>(mantissa);
    n.value = n.exponent >= 0 ? number::mul(number::integer(value), number::integer(scale))
                              : number::make(value, scale);
  } else if (leading) {
    n.value = number::integer(0);
  }
  tree_.numbers.push_back(n);
  return leaf(Kind::kNumber, static_cast<std::uint32_t>(tree_.numbers.size() - 1));
}

// whole.fixed(repeat): (all digits - digits without the repeat) / (10^fixed (10^repeat - 1)).
NodeId Parser::repeating_node(std::string_view text) noexcept {
  std::uint64_t all = 0;
  std::uint64_t head = 0;
  std::uint32_t fixed = 0;
  std::uint32_t repeat = 0;
  bool point = false;
  bool tail = false;
  for (const char c : text) {
    if (c == '.') point = true;
    if (c == '\\') tail = true;
    if (c < '0' || c > '9') continue;
    if (all > 100000000000000ull) return fail(Reason::kLimitBits);
    all = all * 10 + static_cast<std::uint64_t>(c - '0');
    if (!tail) {
      head = all;
      if (point) ++fixed;
    } else {
      ++repeat;
    }
  }
  if (repeat == 0 || fixed + repeat > 16) return fail(Reason::kLimitBits);
  std::int64_t nines = 1;
  for (std::uint32_t i = 0; i < repeat; ++i) nines *= 10;
  nines -= 1;
  for (std::uint32_t i = 0; i < fixed; ++i) nines *= 10;
  const NodeId top = integer(static_cast<std::int64_t>(all - head));
  return binary_node(Kind::kDiv, top, integer(nines), 1);
}

// 1\frac12, 1 1/2, 1½: an integer directly before a fraction of two integer literals.
NodeId Parser::mixed_number(NodeId whole) noexcept {
  if (at(Tok::kFraction)) {
    const NodeId share = primary();
    return binary_node(Kind::kAdd, whole, share, 1);
  }
  if (at_command(Cmd::kFrac)) {
    const auto literal_argument = [&](std::size_t& at_token) {
      const Token& first = out_.tokens[std::min(at_token, out_.tokens.size() - 1)];
      if (first.kind == Tok::kNumber && (first.value == 0)) {
        at_token += 1;
        return true;
      }
      const Token& second = out_.tokens[std::min(at_token + 1, out_.tokens.size() - 1)];
      const Token& third = out_.tokens[std::min(at_token + 2, out_.tokens.size() - 1)];
      if (first.kind == Tok::kOpen && first.value == static_cast<std::uint16_t>(Bracket::kBrace) &&
          second.kind == Tok::kNumber && (second.value & ~kGrouped) == 0 &&
          third.kind == Tok::kClose) {
        at_token += 3;
        return true;
      }
      return false;
    };
    std::size_t look = next_ + 1;
    const Token& first = out_.tokens[std::min(look, out_.tokens.size() - 1)];
    const bool two_digits = first.kind == Tok::kNumber && first.end - first.begin >= 2;
    if (!literal_argument(look) || (!two_digits && !literal_argument(look))) return whole;
    const NodeId share = fraction();
    return failed() ? kFailed : binary_node(Kind::kAdd, whole, share, 1);
  }
  if (at(Tok::kNumber) && token().value == 0 && has(token(), kSpaceBefore) &&
      peek().kind == Tok::kSlash && peek(2).kind == Tok::kNumber && peek(2).value == 0 &&
      !has(peek(), kSpaceBefore)) {
    const NodeId top = number_node(token());
    advance();
    advance();
    const NodeId bottom = number_node(token());
    advance();
    return binary_node(Kind::kAdd, whole, binary_node(Kind::kDiv, top, bottom, 1), 1);
  }
  return whole;
}

NodeId Parser::money() noexcept {
  const auto first = static_cast<std::uint32_t>(next_);
  advance();
  const bool negative = at(Tok::kMinus);
  if (negative) advance();
  if (!primary_starts()) return fail();
  NodeId amount = power();
  if (!failed() && negative) amount = negate(amount);
  if (failed()) return kFailed;
  if (!scalar_like(amount)) return fail(Reason::kUnsupported);
  out_.units.push_back({first, first + 1});
  return add_node(Kind::kMoney, amount, static_cast<std::uint32_t>(out_.units.size() - 1), 0, 0,
                  node(amount).lo);
}

}  // namespace pyverify::latex
