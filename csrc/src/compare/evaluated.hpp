// Was the arithmetic done? (GRADING 1)
#pragma once

#include "answer/reading.hpp"

namespace pyverify::compare {

// One numeral, fraction, mixed number or power of ten, or a sum of rational multiples of radicals,
// pi, e and i. Anything with variables or structure counts as evaluated: only constants can be left
// undone.
bool is_evaluated(const answer::Reading& reading, expr::NodeId root) noexcept;

}  // namespace pyverify::compare
