// Derivatives of scalars.
#pragma once

#include "expr/tree.hpp"
#include "support/budget.hpp"

namespace pyverify::answer {

// The derivative by a variable, appended nodes; kNoNode for what has no rule here or takes too
// long.
expr::NodeId derivative(expr::Tree& tree, expr::NodeId id, std::uint64_t variable,
                        support::Budget& budget);

}  // namespace pyverify::answer
