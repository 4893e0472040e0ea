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

}  // namespace pyverify::extraction
