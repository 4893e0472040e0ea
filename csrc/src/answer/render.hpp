// A node as plain maths that a person can read, for explanations.
#pragma once

#include <string>

#include "answer/reading.hpp"

namespace pyverify::answer {

// "1/3", "(1, 2)", "x^2 + 2*x + 1", "[0, inf)", "{1, 2}", "5 cm", "x = 5", "\"no solution\"". At
// most 400 bytes, whole characters, "..." where it was cut. Empty for kNoNode.
std::string render(const Reading& reading, expr::NodeId id);

}  // namespace pyverify::answer
