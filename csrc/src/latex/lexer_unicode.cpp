// Characters beyond ASCII.
#include "latex/lexer.hpp"
#include "support/utf8.hpp"

namespace pyverify::latex {
namespace {

constexpr std::uint16_t value_of(Cmd cmd) { return static_cast<std::uint16_t>(cmd); }

// The code point at `position`, which moves past it.
char32_t take(std::string_view source, std::size_t& position) {
  const support::CodePoint point = support::decode_utf8(source, position);
  position += point.size;
  return point.value;
}

// Conjunctions of two characters; those of one are in the table of characters.
struct HanConjunction {
  std::string_view text;
  Tok kind;
};
const HanConjunction* han_conjunction(std::string_view text) {
  static constexpr HanConjunction kConjunctions[] = {
      {"以及", Tok::kAnd}, {"或者", Tok::kOr}, {"并且", Tok::kAnd}, {"而且", Tok::kAnd}};
  for (const HanConjunction& conjunction : kConjunctions) {
    if (text.starts_with(conjunction.text)) return &conjunction;
  }
  return nullptr;
}

}  // namespace

void Lexer::unicode() noexcept {
  std::size_t end = position_;
  const char32_t c = take(source_, end);
  std::uint16_t form = 0;
  if (const HanConjunction* word = han_conjunction(source_.substr(position_))) {
    push(word->kind, 0, position_ + word->text.size());
    return;
  }
  if (c >= 0xFF10 && c <= 0xFF19) {
    push(Tok::kNumber, 0, scan_number(source_, position_, bracket_depth_ > 0, form)).value = form;
    return;
  }
  const CharacterToken token = find_character(c);
  switch (token.kind) {
    case Tok::kBad:
      break;
    case Tok::kOpen:
      push_open(static_cast<Bracket>(token.value), end);
      return;
    case Tok::kClose:
      push_close(static_cast<Bracket>(token.value), end);
      return;
    case Tok::kCommand: {
      const std::size_t begin = position_;
      push(token.kind, token.value, end);
      if (token.value == value_of(Cmd::kNumberSet)) {
        tokens_.back().match = c == U'ℝ'   ? 'R'
                               : c == U'ℤ' ? 'Z'
                               : c == U'ℕ' ? 'N'
                               : c == U'ℚ' ? 'Q'
                                           : 'C';
        tokens_.back().begin = static_cast<std::uint32_t>(begin);
      }
      return;
    }
    default:
      push(token.kind, token.value, end);
      return;
  }
  // spaces, invisible and directional marks
  if (c == 0xA0 || (c >= 0x2000 && c <= 0x200F) || c == 0x202F || (c >= 0x2028 && c <= 0x202E) ||
      c == 0x205F || (c >= 0x2060 && c <= 0x2069) || c == 0x3000 || c == 0xFEFF || c == 0xAD) {
    position_ = end;
    space_ = true;
    return;
  }
  // superscript digits, possibly several and signed
  const auto superscript = [](char32_t x) -> int {
    if (x == 0xB2 || x == 0xB3) return static_cast<int>(x - 0xB0);
    if (x == 0xB9) return 1;
    if (x == 0x2070 || (x >= 0x2074 && x <= 0x2079)) return static_cast<int>(x - 0x2070);
    return -1;
  };
  bool negative = false;
  std::size_t p = end;
  char32_t x = c;
  if (c == 0x207B) {
    negative = true;
    x = p < source_.size() ? take(source_, p) : 0;
  }
  if (superscript(x) >= 0) {
    unsigned value = 0;
    std::size_t last = p;
    while (superscript(x) >= 0 && value < 3000) {
      value = value * 10 + static_cast<unsigned>(superscript(x));
      last = p;
      x = p < source_.size() ? take(source_, p) : 0;
    }
    push(Tok::kSuperscript, static_cast<std::uint16_t>(value | (negative ? 0x8000u : 0u)), last);
    return;
  }
  if (c >= 0x2080 && c <= 0x2089) {  // subscript digits: _ and a number
    push(Tok::kUnderscore, 1, position_);
    std::size_t last = end;
    while (last < source_.size()) {
      std::size_t q = last;
      const char32_t y = take(source_, q);
      if (y < 0x2080 || y > 0x2089) break;
      last = q;
    }
    push(Tok::kNumber, 0, last);
    return;
  }
  if (c >= 0xFF21 && c <= 0xFF5A && (c <= 0xFF3A || c >= 0xFF41)) {  // full-width letters
    push(Tok::kLetter, static_cast<std::uint16_t>(c - 0xFEE0), end);
    return;
  }
  if (c == 0x2103 || c == 0x2109 || c == 0x212B) {  // degree Celsius, Fahrenheit, angstrom: a word
    push(Tok::kWord, 0, end);
    return;
  }
  if (c >= 0x2E80 && c <= 0x9FFF) {
    han();
    return;
  }
  if (c >= 0xC0 && c <= 0x24F) {  // accented Latin letters: part of a word
    push(Tok::kWord, 0, end);
    return;
  }
  push(Tok::kBad, 0, end);
}

void Lexer::han() noexcept {
  std::size_t end = position_;
  while (end < source_.size()) {
    std::size_t p = end;
    const char32_t c = take(source_, p);
    if (c < 0x2E80 || c > 0x9FFF || (c >= 0x3000 && c <= 0x303F)) break;
    const Tok kind = find_character(c).kind;
    if (kind != Tok::kBad && !(kind == Tok::kColon && end != position_)) break;
    if (han_conjunction(source_.substr(end)) != nullptr) break;
    end = p;
  }
  push(Tok::kHan, 0, end);
}

}  // namespace pyverify::latex
