// Numbers in prose.
#pragma once

#include <cstddef>
#include <string_view>

#include "pyverify/extract.hpp"

namespace pyverify::extraction {

// The last number that begins in text[begin, end): sign, currency, thousands, decimals, a fraction,
// percent, a scale word and a unit of measurement are part of it; what is grown together with it
// (20y, x^2, (3, 4)) too. Enumerators at the start of a line, step labels and digits inside words
// are none. Empty without one.
Span last_number_in(std::string_view text, std::size_t begin, std::size_t end) noexcept;

// The last number in words (twelve, twenty-one, two hundred), likewise; "one" alone is a pronoun.
Span last_number_word_in(std::string_view text, std::size_t begin, std::size_t end) noexcept;

// The number with what else belongs to it: 1 in front of 1/2, million, km, per hour, cm^2.
Span with_unit(std::string_view text, std::size_t begin, Span number, std::size_t end) noexcept;

// The whole term that a number in prose stands in: 6 * 7, log_3 15, |-3|, 8!, 35 - 15 *, x > 4.
Span whole_term(std::string_view text, std::size_t begin, std::size_t end, Span number) noexcept;

// The number with the words in front of it that change it: not 20, at least 20, negative 13, half
// of 10. The number itself without such.
Span with_modifier(std::string_view text, std::size_t begin, Span number) noexcept;

}  // namespace pyverify::extraction
