#include "answer/tokens.hpp"

#include <iterator>

#include "answer/hash.hpp"
#include "support/utf8.hpp"

namespace pyverify::answer {
namespace {

char32_t fold(char32_t c) noexcept {
  if (c >= 'A' && c <= 'Z') return c + 32;
  if (c >= 0xc0 && c <= 0xde && c != 0xd7) return c + 32;
  if ((c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f)) return c + 32;
  if (c >= 0x400 && c <= 0x40f) return c + 80;
  return c;
}

bool is_upper(char32_t c) noexcept { return fold(c) != c; }

// Roman numerals that are characters of their own; 0 for others.
int roman_numeral(char32_t c) noexcept {
  return c >= 0x2160 && c <= 0x216b ? static_cast<int>(c - 0x2160 + 1) : 0;
}

}  // namespace

bool is_letter(char32_t c) noexcept {
  if (c < 0x80) return is_ascii_letter(c);
  return (c >= 0xc0 && c <= 0x24f && c != 0xd7 && c != 0xf7) ||
         (c >= 0x370 && c <= 0x52f && c != 0x37e && c != 0x387) || (c >= 0x1e00 && c <= 0x1fff) ||
         (c >= 0x3040 && c <= 0x30fa) || c == 0x30fc || (c >= 0xac00 && c <= 0xd7a3) ||
         (c >= 0x5d0 && c <= 0x5ea) || (c >= 0x620 && c <= 0x64a) || (c >= 0x900 && c <= 0x97f);
}

std::uint64_t number_hash(std::int64_t value) noexcept {
  char digits[24];
  std::size_t begin = std::size(digits);
  std::uint64_t rest =
      value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  do {
    digits[--begin] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (value < 0) digits[--begin] = '-';
  return hash_ascii({digits + begin, std::size(digits) - begin});
}

bool TokenReader::group_of_three_follows() const noexcept {
  GlyphReader copy = glyphs_;
  Glyph glyph;
  for (int i = 0; i < 3; ++i) {
    if (!copy.next(glyph) || !is_ascii_digit(glyph.code)) return false;
  }
  return !copy.next(glyph) || !is_ascii_digit(glyph.code);
}

void TokenReader::read_number(TextToken& token) noexcept {
  token.kind = TokenKind::kNumber;
  WordHash hash;
  bool point = false;
  std::size_t run = 0;  // digits so far before a separator
  bool fits = true;
  const auto keep = [&](char c) {
    hash.add(static_cast<unsigned char>(c));
    if (token.size < TextToken::kLongestWord) {
      token.bytes[token.size++] = c;
    } else {
      fits = false;
    }
  };
  if (glyph_.code == '.') keep('0');
  while (!at_end_) {
    if (is_ascii_digit(glyph_.code)) {
      keep(static_cast<char>(glyph_.code));
      ++run;
    } else if (glyph_.code == '.' && !point && is_ascii_digit(ahead())) {
      keep('.');
      point = true;
    } else if (!(glyph_.code == ',' && !point && run >= 1 && run <= 3 &&
                 group_of_three_follows())) {
      break;
    } else {
      run = 0;  // a separator of thousands leaves no trace
    }
    token.end = glyph_.end;
    advance();
  }
  if (!fits) token.size = 0;
  token.hash = hash.value();
}

void TokenReader::read_word(TextToken& token) noexcept {
  token.kind = TokenKind::kWord;
  token.capital = is_upper(glyph_.code);
  WordHash hash;
  WordHash as_written;
  bool lower = false;
  bool mixed = false;  // NaCl, MeV: a capital behind a small letter
  bool ascii = true;
  std::size_t letters = 0;
  const char32_t first = glyph_.code;
  while (!at_end_) {
    // don't, Pascal's: the apostrophe leaves no trace; f'(x) keeps its prime.
    if (glyph_.code == '\'' && letters > 1 && is_letter(ahead())) {
      advance();
      continue;
    }
    if (!is_letter(glyph_.code)) break;
    const char32_t c = fold(glyph_.code);
    mixed |= lower && is_upper(glyph_.code);
    lower |= !is_upper(glyph_.code);
    as_written.add(glyph_.code);
    hash.add(c);
    if (c < 0x80 && letters < TextToken::kLongestWord) {
      token.bytes[letters] = static_cast<char>(c);
    } else {
      ascii = false;
    }
    ++letters;
    token.end = glyph_.end;
    advance();
  }
  token.size = ascii ? static_cast<std::uint8_t>(letters) : 0;
  if (letters == 1) token.code = first;
  constexpr std::size_t kLongestSymbol = 4;
  token.cased = mixed && letters <= kLongestSymbol;
  token.hash = token.cased ? as_written.value() : hash.value();
}

bool TokenReader::next(TextToken& token) noexcept {
  const bool joins = after_word_;
  token.space_before = false;
  token.hyphen_before = false;
  token.capital = token.cased = false;
  token.size = 0;
  token.code = 0;
  token.kind = TokenKind::kEnd;
  while (!at_end_ && glyph_.code == ' ') {
    token.space_before = true;
    advance();
  }
  after_word_ = false;
  if (at_end_) return false;
  if (joins && !token.space_before && glyph_.code == '-' && is_letter(ahead())) {
    // A hyphen inside a word joins it; between single letters or before a digit it is a minus.
    // Which one it is shows only after the word behind it, so the joined word says so and the
    // reader of the tokens decides.
    advance();
    token.hyphen_before = true;
  }
  token.begin = glyph_.begin;
  token.end = glyph_.end;
  if (is_letter(glyph_.code)) {
    read_word(token);
    after_word_ = true;
    return true;
  }
  if (is_ascii_digit(glyph_.code) || (glyph_.code == '.' && is_ascii_digit(ahead()))) {
    read_number(token);
    after_word_ = true;
    return true;
  }
  token.code = glyph_.code;
  if (glyph_.code == kCommand) {
    token.kind = TokenKind::kCommand;
    WordHash hash;
    hash.add(U'\\');
    hash.add(glyph_.command);
    token.hash = hash.value();
  } else if (const int roman = roman_numeral(glyph_.code); roman != 0) {
    token.kind = TokenKind::kNumber;
    token.hash = number_hash(roman);
  } else {
    token.kind = support::is_han(glyph_.code) ? TokenKind::kHan : TokenKind::kSymbol;
    WordHash hash;
    hash.add(glyph_.code);
    token.hash = hash.value();
  }
  advance();
  return true;
}

}  // namespace pyverify::answer
