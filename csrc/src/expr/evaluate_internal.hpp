// Evaluation with separate seeds for constants and variables; only expr/ needs it.
#pragma once

#include "expr/evaluate.hpp"
#include "expr/signature.hpp"

namespace pyverify::expr {

// Evaluates the nodes [begin, end), whose operands lie in the same range or have been evaluated before. `values` grows as
// needed; nothing else in it is touched.
void evaluate_range(const Tree& tree, NodeId begin, NodeId end, LogBase log_base, Seeds seeds,
                    Values& values, support::Budget& budget) noexcept;

}  // namespace pyverify::expr
