// Counted things: which words can be one, and their hash.
#pragma once

#include <string_view>

namespace pyverify::answer {

// Function words, number words, percent words and the like: never something that is counted.
bool is_no_noun(std::string_view word) noexcept;
// Words that deny the value before them or make another of it: 5 never, 5不对, 3 halves, 3个半. No
// nouns either.
bool denies(std::string_view word) noexcept;

}  // namespace pyverify::answer
