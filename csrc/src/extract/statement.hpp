// Sentences that state a value.
#pragma once

#include <string_view>

namespace pyverify::extraction {

// Do the words in front of a number say nothing that changes it? "The total cost is", "exactly";
// not "twice", "divisible by".
bool introduces_number(std::string_view prefix) noexcept;

// Is nothing in the last clause of `text`, the subject of a number, such as would change it? "twice
// the total", "whose square".
bool is_plain_subject(std::string_view text) noexcept;

// Is this a verb whose object a sentence states: has, costs, sold?
bool states(std::string_view word) noexcept;

}  // namespace pyverify::extraction
