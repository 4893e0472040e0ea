// What the features need to know of a character.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "pyverify/response.hpp"
#include "response/character_table.hpp"
#include "support/utf8.hpp"

namespace pyverify::response {

// Nearly all Chinese text.
constexpr bool is_common_han(char32_t value) noexcept { return value >= 0x4E00 && value <= 0x9FFF; }

// The script of a letter; none of anything else.
std::optional<Script> script_of(char32_t value) noexcept;

// Small letters of the scripts that have them in pairs, where the pair is regular: Latin up to
// U+024F and U+1E00-1EFF, Greek, Cyrillic, full-width Latin.
char32_t to_lower(char32_t value) noexcept;

// Written without blanks between the words: Han, kana, Thai, Lao, Khmer, Myanmar, and CJK
// punctuation.
bool is_unspaced(char32_t value) noexcept;

// What a character beyond ASCII is in a word.
CharacterClass class_of(char32_t value) noexcept;

// The ASCII character that a full-width form, a letter or a digit of the alphabets for maths stands
// for: Ａ, 𝐀, 𝒜, ℂ. Every other character is itself.
char32_t to_plain(char32_t value) noexcept;

constexpr bool is_full_width_digit(char32_t value) noexcept {
  return value >= 0xFF10 && value <= 0xFF19;
}

// Chinese and Japanese characters, which a sentence counts one by one.
inline bool is_han_or_kana(std::optional<Script> script) noexcept {
  return script == Script::kHan || script == Script::kKana;
}

// Does the code point at `at` count for content: a letter or digit of any script?
inline bool is_content(char32_t value) noexcept {
  if (value < 0x80) {
    const char c = static_cast<char>(value);
    return support::is_ascii_letter(c) || support::is_ascii_digit(c);
  }
  return is_full_width_digit(value) || (script_of(value).has_value() && !support::is_space(value));
}

}  // namespace pyverify::response
