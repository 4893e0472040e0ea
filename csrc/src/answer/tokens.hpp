// A text cut into words, numbers, Chinese characters and symbols, case folded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "answer/glyphs.hpp"

namespace pyverify::answer {

enum class TokenKind : std::uint8_t { kEnd, kWord, kNumber, kHan, kSymbol, kCommand };

struct TextToken {
  static constexpr std::size_t kLongestWord = 32;

  TokenKind kind = TokenKind::kEnd;
  bool space_before = false;
  bool hyphen_before = false;  // joined to the word before by a hyphen: twenty-one
  bool capital = false;        // begins with an upper-case letter
  bool cased = false;          // NaCl, MeV: a symbol whose capitals count
  std::uint8_t size = 0;       // of bytes; 0 for a word that is long or not ASCII
  char bytes[kLongestWord];    // the folded word, or the digits of a number
  char32_t code = 0;           // a symbol, a Chinese character, a word of one letter as it stands
  std::uint64_t hash = 0;      // of the folded word (plural kept), the number, the command's name
  std::size_t begin = 0;       // bytes of the text
  std::size_t end = 0;

  std::string_view word() const noexcept { return {bytes, size}; }
  bool is(std::string_view folded) const noexcept {
    return kind == TokenKind::kWord && word() == folded;
  }
  bool is_symbol(char32_t symbol) const noexcept {
    return kind == TokenKind::kSymbol && code == symbol;
  }
};

// Forward only; copy it to look ahead.
class TokenReader {
 public:
  explicit TokenReader(std::string_view text) noexcept : glyphs_(text) { advance(); }
  // False at the end, where the token's kind is kEnd.
  bool next(TextToken& token) noexcept;

 private:
  void advance() noexcept {
    if (!glyphs_.next(glyph_)) glyph_.code = 0, at_end_ = true;
  }
  char32_t ahead() const noexcept { return glyphs_.peek().code; }
  void read_word(TextToken& token) noexcept;
  void read_number(TextToken& token) noexcept;
  bool group_of_three_follows() const noexcept;

  GlyphReader glyphs_;
  Glyph glyph_;  // the next one
  bool at_end_ = false;
  bool after_word_ = false;  // the last token was a word or number that nothing has followed yet
};

// Letters that make words: no ideographs, no symbols.
bool is_letter(char32_t code) noexcept;

// Hash of a number's value, the same for "21" and "twenty-one".
std::uint64_t number_hash(std::int64_t value) noexcept;

}  // namespace pyverify::answer
