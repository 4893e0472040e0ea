// Parts of the strategy that reads boxes.
#pragma once

#include <string_view>

#include "extract/strategy.hpp"

namespace pyverify::extraction {

// What the box at a trigger is by itself, without the words and the formula around it: kAnswer when
// it is complete and holds something, kWithdrawn when it holds more than is ever read as an answer;
// else as look_at_box() says.
Found look_at_box_alone(Scan& scan, std::size_t hit);

// The brackets of the formula around a box; none in prose. `several`: more than the box is in them,
// as in (1, \boxed{4}).
struct Brackets {
  Span span;
  bool several = false;
};
Brackets brackets_around(const Scan& scan, Span box) noexcept;

// Do the words in front of a box, or those behind it, make another value of it: "half of
// \boxed{4}",
// "\boxed{4} million"? Then the box with those words; else the box.
Span with_turning_words(const Scan& scan, Span box) noexcept;

// Do two boxes with this between them form one list? Only separators, joining words, maths
// delimiters and names.
bool joins_boxes(std::string_view glue) noexcept;
// "\boxed{5} if n is odd and \boxed{4} if n is even": `behind` follows the second box.
bool joins_cases(std::string_view glue, std::string_view behind) noexcept;

// The answer that a complete box gives (`enclosing`: the content of a box around it, or nothing):
// its content, or more where its formula or its sentence touches it: -\boxed{5}, x \ge \boxed{5},
// \frac{1}{\boxed{5}}, \boxed{5}\sqrt{2}, not \boxed{5}. Empty when it is an operand: 1 -
// \boxed{5}.
Span box_in_context(const Scan& scan, Span box, Span enclosing, Span content) noexcept;

}  // namespace pyverify::extraction
