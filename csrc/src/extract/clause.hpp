// Which number of a sentence is the one that it states.
#pragma once

#include <string_view>

#include "pyverify/extract.hpp"

namespace pyverify::extraction {

struct StatedNumber {
  Span number;        // empty when the sentence has none
  bool sure = false;  // every other number is a circumstance or stands in another clause
};

// Main clauses state, and what surrounds them is told: in "She needs 9 trays a day for the next 5
// days to bake 45 loaves" the 5 hangs on a preposition and the 45 on a purpose. Of several numbers
// that are left the last one is taken. Reads English; in another language that is the last number.
StatedNumber stated_number(std::string_view text, Span sentence) noexcept;

}  // namespace pyverify::extraction
