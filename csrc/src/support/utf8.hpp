// Reads UTF-8 that may be anything: every position decodes to something and every step goes on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pyverify::support {

constexpr char32_t kReplacement = 0xFFFD;

// One code point and the bytes it takes. Bytes that are no UTF-8 (stray continuation, overlong
// form, surrogate, beyond U+10FFFF, cut short) read as U+FFFD of one byte.
struct CodePoint {
  char32_t value = kReplacement;
  std::uint32_t size = 1;
};

// Past the end: U+FFFD of size 0.
CodePoint decode_utf8(std::string_view text, std::size_t at) noexcept;
// The code point that ends just before `at`.
CodePoint decode_utf8_before(std::string_view text, std::size_t at) noexcept;

// Characters of valid UTF-8: its bytes that continue no character.
std::size_t count_characters(std::string_view text) noexcept;

// Everything that only separates or shows nothing: ASCII blanks, no-break and ideographic spaces,
// zero-width marks, direction marks, the byte order mark, fillers.
bool is_space(char32_t value) noexcept;
// Chinese characters (the unified ideographs), without punctuation.
bool is_han(char32_t value) noexcept;

constexpr bool is_ascii_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_ascii_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
constexpr bool is_ascii_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_ascii_letter(char c) noexcept { return is_ascii_upper(c) || is_ascii_lower(c); }
constexpr bool is_ascii_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char to_ascii_lower(char c) noexcept {
  return is_ascii_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace pyverify::support
