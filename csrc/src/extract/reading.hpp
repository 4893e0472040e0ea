// What kind of text is this? Rough, and enough to tell an answer from a sentence about one. No
// parsing of maths.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pyverify/extract.hpp"
#include "support/utf8.hpp"

namespace pyverify::extraction {

struct Shape {
  std::uint32_t words =
      0;  // of two letters or more, outside \text{...}; two Chinese characters are one
  std::uint32_t numbers = 0;
  std::uint32_t maths = 0;  // operators, commands, single letters
  bool starts_with_word = false;
  bool joined = false;  // and, or, 或, ...: several answers
};
Shape shape_of(std::string_view text) noexcept;

// A number, a choice or maths, with a short unit perhaps: 5, $5, \frac12, x = 3, (B) 42, 12 apples.
// No sentence.
bool reads_as_value(std::string_view text) noexcept;
// One capital letter A-J, bracketed or with a full stop perhaps.
bool reads_as_choice(std::string_view text) noexcept;

// Nothing to see (blanks, empty groups and boxes, a phantom, a comma), or a template nobody filled
// in
// (?, ..., answer, your answer here).
bool is_blank(std::string_view text) noexcept;
bool is_placeholder(std::string_view text) noexcept;

// maybe, might, not sure, 可能, a closing question mark: what follows or precedes is no final
// answer.
bool has_doubt(std::string_view text) noexcept;

// The value that a sentence states: what stands after its last "is", or its only number. Empty when
// it is not plainly one value (conditions, comparisons, alternatives, negations).
Span stated_value(std::string_view text, Span sentence) noexcept;

// A word of `text` that begins at or after `at` (letters only); empty at the end. `at` is set past
// it.
std::string_view next_word(std::string_view text, std::size_t& at) noexcept;
// The same word in any case; `lower` is lower case.
inline bool same_word(std::string_view word, std::string_view lower) noexcept {
  if (word.size() != lower.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (support::to_ascii_lower(word[i]) != lower[i]) return false;
  }
  return true;
}
template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& lower) noexcept {
  return std::any_of(lower.begin(), lower.end(),
                     [&](std::string_view one) { return same_word(word, one); });
}

}  // namespace pyverify::extraction
