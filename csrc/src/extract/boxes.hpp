// Parts of the strategy that reads boxes.
#pragma once

#include <string_view>

#include "extract/strategy.hpp"

namespace pyverify::extraction {

// Do two boxes with this between them form one list? Only separators, joining words, maths
// delimiters and names.
bool joins_boxes(std::string_view glue) noexcept;

// The answer that a complete box gives: its content, or more where its formula or its sentence
// touches it: -\boxed{5}, x \ge \boxed{5}, \frac{1}{\boxed{5}}, \boxed{5}\sqrt{2}, not \boxed{5}.
// Empty when it is an operand: 1 - \boxed{5}.
Span box_in_context(const Scan& scan, Span box, Span content) noexcept;

}  // namespace pyverify::extraction
