// Names: letters, their accents and marks, calls, angles, sets of numbers.
#include <algorithm>

#include "latex/parser.hpp"
#include "number/field.hpp"

namespace pyverify::latex {

using expr::Kind;
using expr::NodeId;

// One hash for a name however it is spelled: braces and styles are gone, backslashes dropped.
std::uint64_t Parser::raw_hash(std::size_t from, std::size_t to) const noexcept {
  std::uint64_t h = kRawName;
  for (std::size_t i = from; i < to && i < out_.tokens.size(); ++i) {
    const Token& t = out_.tokens[i];
    if ((t.kind == Tok::kOpen || t.kind == Tok::kClose) &&
        t.value == static_cast<std::uint16_t>(Bracket::kBrace))
      continue;
    if (t.kind == Tok::kLetter && t.value > 127) {
      h = number::mix(h, t.value);
      continue;
    }
    const std::string_view text = text_of(t);
    if (t.kind == Tok::kNumber &&
        static_cast<unsigned char>(text[0]) == 0xE2) {  // subscript digits: E2 82 80..89
      for (std::size_t k = 2; k < text.size(); k += 3)
        h = number::mix(h, '0' + (static_cast<unsigned char>(text[k]) & 0xF));
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
  const Token& after =
      out_.tokens[std::min<std::size_t>(token().match + 1, out_.tokens.size() - 1)];
  const bool labels =
      after.kind == Tok::kRelation && next_ >= 1 &&
      (next_ == 1 || out_.tokens[next_ - 2].kind == Tok::kComma ||
       out_.tokens[next_ - 2].kind == Tok::kAnd || out_.tokens[next_ - 2].kind == Tok::kPrime ||
       out_.tokens[next_ - 2].kind == Tok::kQuad || out_.tokens[next_ - 2].kind == Tok::kSemicolon);
  if (labels) return true;
  const auto letter = name.value;
  if (letter == 'g') {  // g(m+M) may be weight
    const Argument form = argument_form(next_);
    if (form.role == Role::kOpen && form.several) return false;
  }
  if (letter == 'f' || letter == 'g' || letter == 'F' || letter == 'G')
    return !has(token(), kSpaceBefore) || out_.plain;
  return letter >= 'A' && letter <= 'Z' && holds_comma();  // P(1, 2): a point
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
  if (!at(Tok::kClose) || next_ != close) return fail();
  advance();
  if (node(inner).kind == Kind::kList) {
    arguments.assign(tree_.items(node(inner)), tree_.items(node(inner)) + node(inner).b);
  } else {
    arguments.push_back(inner);
  }
  if (name == number::mix('C') && arguments.size() == 2 && scalar_like(arguments[0]) &&
      scalar_like(arguments[1])) {
    return binary_node(Kind::kBinomial, arguments[0], arguments[1],
                       1);  // C(5, 2), unless it turns out to be a point
  }
  tree_.symbols.push_back(made);
  return items_node(Kind::kCall, arguments, 0,
                    static_cast<std::uint16_t>(tree_.symbols.size() - 1));
}

NodeId Parser::letter() noexcept {
  const Token name = token();
  const bool bold = has(name, kBold);
  advance();
  if (name.value == 'm' && at_command(Cmd::kAngleMark)) return angle();  // the measure of an angle
  const std::uint64_t base = number::mix(name.value);
  if (bold && (name.value == 'i' || name.value == 'j' || name.value == 'k')) {
    const std::uint64_t unit = basis_name(static_cast<char>(name.value));
    return symbol(unit, unit, name.begin, name.end, false);
  }
  if (name.value == 'C' && at(Tok::kUnderscore)) {  // C_n^k
    const std::size_t mark = next_;
    std::size_t look = next_ + 1;
    const Token& lower = out_.tokens[std::min(look, out_.tokens.size() - 1)];
    const bool brace = lower.kind == Tok::kOpen &&
                       lower.value == static_cast<std::uint16_t>(Bracket::kBrace) &&
                       lower.match != 0;
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
  if (name.value == u'Δ' || name.value == u'δ') {
    if (const NodeId change = change_of(name); change != kFailed) return change;
  }
  // f^{-1}(x)
  if (name.value == 'f' || name.value == 'g' || name.value == 'F' || name.value == 'G' ||
      name.value == 'h') {
    const bool inverse = at(Tok::kCaret) && peek().kind == Tok::kOpen &&
                         peek(2).kind == Tok::kMinus && peek(3).kind == Tok::kNumber &&
                         text_of(peek(3)) == "1" && peek(4).kind == Tok::kClose;
    const Token& open = peek(5);
    if (inverse && open.kind == Tok::kOpen && open.match != 0 &&
        open.value == static_cast<std::uint16_t>(Bracket::kRound)) {
      next_ += 5;
      return call(name_hash(base, 0x696e7665727365), name.begin, out_.tokens[next_ - 1].end);
    }
  }
  if (name.value == 'e' && !bold && !at(Tok::kPrime)) return leaf(Kind::kE);
  if (name.value == 'i' && !at(Tok::kPrime)) return leaf(Kind::kI);
  return symbol(base, base, name.begin, name.end, false);
}

// \Delta x, \delta q: one name. kFailed, and nothing read, when the letter stands alone or names a
// triangle. \delta t is a product: damping, decay.
NodeId Parser::change_of(const Token& sign) noexcept {
  const Token what = token();
  const bool large = sign.value == u'Δ';
  if (has(what, kInText)) return kFailed;
  if (what.kind == Tok::kLetter) {
    if (!large && (what.value == 't' || what.value > 127)) return kFailed;
    advance();
    const std::uint64_t name = name_hash(number::mix(sign.value), number::mix(what.value));
    return symbol(name, name, sign.begin, what.end, false);
  }
  if (what.kind != Tok::kWord || !large || text_starts()) return kFailed;
  const std::string_view word = text_of(what);
  const auto capitals =
      std::count_if(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (capitals >= 2 && word != "KE" && word != "PE") return kFailed;
  const std::uint64_t sign_name = number::mix(sign.value);
  if (capitals == 2) {  // \Delta KE
    advance();
    const std::uint64_t name = name_hash(sign_name, raw_hash(next_ - 1, next_));
    return symbol(name, name, sign.begin, what.end, false);
  }
  const NodeId first = word_product();  // \Delta xy: the change of x times y
  if (failed()) return kFailed;
  const auto letter = static_cast<unsigned char>(word.front());
  const std::uint64_t name = name_hash(sign_name, number::mix(letter));
  if (node(first).kind == Kind::kSymbol) {
    expr::Symbol& made = tree_.symbols[node(first).a];
    made.name = made.base = name;
    made.text_begin = sign.begin;
    return first;
  }
  return symbol(name, name, sign.begin, what.begin + 1, false);
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

// \overline{3+4i}: a line over a sum or a product with i in it. kFailed, and nothing read, when it
// is a name.
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
      if (const NodeId conjugate = conjugated_sum(); conjugate != kFailed || failed())
        return conjugate;
    }
    if (token().match == 0) return fail();
    to = token().match + 1;
  }
  const std::size_t from = next_;
  const Token& last = out_.tokens[to - 1];
  const Token& first = at_open(Bracket::kBrace) ? peek() : token();
  if (first.kind != Tok::kLetter && first.kind != Tok::kWord) return fail(Reason::kUnsupported);
  next_ = to;
  const bool twice = which == "\\ddot";
  const bool alone = to - from == 1 || to - from == 3;                     // no \dot{x^2}
  if ((twice || which == "\\dot") && first.kind == Tok::kLetter && alone)  // by time
    return derived_name(first.value, 't', twice ? 2 : 1, name.begin, last.end);
  if (which == "\\hat" || which == "\\vec" || which == "\\mathbf") {
    if (first.kind == Tok::kLetter &&
        (first.value == 'i' || first.value == 'j' || first.value == 'k')) {
      const std::uint64_t unit = basis_name(static_cast<char>(first.value));
      return symbol(unit, unit, name.begin, last.end, false);
    }
  }
  // the accent belongs to the name; a bar and an overline are one accent
  std::uint64_t mark = kAccentMark;
  if (cmd != Cmd::kOverline && which != "\\bar") {
    for (const char c : which) mark = name_hash(mark, static_cast<unsigned char>(c));
  }
  const std::uint64_t made = name_hash(raw_hash(from, to), mark);
  return symbol(made, made, name.begin, last.end, false);
}

// \angle ABC is one name.
NodeId Parser::angle() noexcept {
  const Token name = token();
  advance();
  const std::size_t from = next_;
  while (at(Tok::kLetter) || at(Tok::kWord) || at(Tok::kUnderscore) || at(Tok::kNumber) ||
         at(Tok::kPrime) || at_open(Bracket::kBrace) || at_close(Bracket::kBrace)) {
    if (at(Tok::kNumber) && before() != Tok::kUnderscore && before() != Tok::kOpen) break;
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
    case 'R':
      set = NumberSet::kReal;
      break;
    case 'Z':
      set = NumberSet::kInteger;
      break;
    case 'N':
      set = NumberSet::kNatural;
      break;
    case 'Q':
      set = NumberSet::kRational;
      break;
    case 'C':
      set = NumberSet::kComplex;
      break;
    default:
      return fail(Reason::kUnsupported);
  }
  if (at(Tok::kUnderscore)) {  // \mathbb{R}_+, \mathbb{R}_{>0}, \mathbb{R}_{\ge 0}
    const bool brace = peek().kind == Tok::kOpen;
    const Token& sign = brace ? peek(2) : peek();
    using expr::Relation;
    const bool with_zero = sign.kind == Tok::kRelation &&
                           sign.value == static_cast<std::uint16_t>(Relation::kGreaterEqual);
    if (with_zero && set == NumberSet::kReal && text_of(peek(3)) == "0") {
      next_ = std::min(next_ + 5, out_.tokens.size() - 1);
      const NodeId zero = integer(0);
      return binary_node(Kind::kInterval, zero, leaf(Kind::kInfinity), expr::kClosedLeft);
    }
    if (sign.kind == Tok::kPlus || (sign.kind == Tok::kRelation &&
                                    sign.value == static_cast<std::uint16_t>(Relation::kGreater))) {
      const bool number = sign.kind == Tok::kRelation;
      if (set == NumberSet::kReal)
        set = NumberSet::kRealPositive;
      else if (set == NumberSet::kInteger)
        set = NumberSet::kIntegerPositive;
      else if (set == NumberSet::kNatural)
        set = NumberSet::kNaturalPositive;
      else
        return fail(Reason::kUnsupported);
      next_ += (brace ? 4u : 2u) + (number ? 1u : 0u);
      next_ = std::min(next_, out_.tokens.size() - 1);
    } else {
      return fail(Reason::kUnsupported);
    }
  }
  return leaf(Kind::kNumberSet, 0, static_cast<std::uint8_t>(set));
}

}  // namespace pyverify::latex
