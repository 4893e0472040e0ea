// Derivatives of scalars.
#pragma once

#include "expr/tree.hpp"

namespace pyverify::answer {

// The derivative by a variable, appended nodes; kNoNode for what has no rule here.
expr::NodeId derivative(expr::Tree& tree, expr::NodeId id, std::uint64_t variable);

}  // namespace pyverify::answer
