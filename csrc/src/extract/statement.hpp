// Sentences that state a value.
#pragma once

#include <string_view>

namespace pyverify::extraction {

// Do the words in front of a number say nothing that changes it? "The total cost is", "exactly";
// not "twice", "divisible by".
bool introduces_number(std::string_view prefix) noexcept;

}  // namespace pyverify::extraction
