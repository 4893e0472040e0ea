// Counted things: which words can be one, and their hash.
#pragma once

#include <string_view>

namespace pyverify::answer {

// Function words, number words, percent words and the like: never something that is counted.
bool is_no_noun(std::string_view word) noexcept;

}  // namespace pyverify::answer
